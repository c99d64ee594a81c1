"""The voice of who types, with a program that plays a file in the place of espeak-ng."""

import threading
import wave
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from models.audio import RATE_HZ
from models.errors import EngineUnavailable
from rooms.voice import EspeakVoice

_RATE_HZ = 8000


def voice_of(folder: Path, lasts_s: int) -> EspeakVoice:
    """A voice that says one sound whatever it is asked to say."""
    sound, program = folder / "sound.wav", folder / "voice"
    with wave.open(str(sound), "wb") as writer:
        writer.setparams((1, 2, _RATE_HZ, 0, "NONE", ""))
        writer.writeframes(np.full(lasts_s * _RATE_HZ, 900, dtype="<i2").tobytes())
    program.write_text(f"#!/bin/sh\nexec cat '{sound}'\n", encoding="utf-8")
    program.chmod(0o755)
    return EspeakVoice(str(program))


async def test_a_sound_is_made_beside_the_event_loop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    transform, threads = np.fft.rfft, list[threading.Thread]()

    def rfft(samples: NDArray[np.float64]) -> NDArray[np.complex128]:
        threads.append(threading.current_thread())
        return transform(samples)

    monkeypatch.setattr(np.fft, "rfft", rfft)

    sound = await voice_of(tmp_path, 2).speak("Hello", "en")

    assert len(sound) == 2 * RATE_HZ
    assert len(threads) == 1
    assert threads[0] is not threading.current_thread()


async def test_words_that_would_be_spoken_for_minutes_are_not_spoken(tmp_path: Path) -> None:
    with pytest.raises(EngineUnavailable):
        await voice_of(tmp_path, 121).speak("9" * 500, "en")
