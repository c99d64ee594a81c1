"""What nobody said never becomes a caption: sounds through the whole path, speech gate included.

The guards alone, without the gate before them, stop noise; of music and applause some leaks.
"""

from collections.abc import Iterator

import numpy as np
import pytest
import soxr

from asr.whisper import WhisperEngine, WhisperOptions
from models.audio import RATE_HZ, SPEECH_RATE_HZ
from tests.fixtures.clips import TINY_MODEL, clips, word_error_rate
from tests.fixtures.ghosts import (
    BLOCK_S,
    SOUNDS,
    at_16_khz,
    listen,
    pink_noise,
    played,
    silence,
    ungated,
)

SHORT_S, LONG_S = 20, 600


@pytest.fixture(scope="module")
def engine() -> Iterator[WhisperEngine]:
    engine = WhisperEngine(str(TINY_MODEL), WhisperOptions(threads=1, short_context=True))
    yield engine
    engine.close()


@pytest.mark.parametrize("name", SOUNDS)
def test_nothing_is_captioned_where_nobody_speaks(engine: WhisperEngine, name: str) -> None:
    assert listen(engine, played(SOUNDS[name], SHORT_S)).shown == []


@pytest.mark.parametrize("name", SOUNDS)
def test_what_is_said_after_it_is_captioned_alone(engine: WhisperEngine, name: str) -> None:
    clip = clips()[0]
    spoken = soxr.resample(clip.pcm, SPEECH_RATE_HZ, RATE_HZ)
    blocks = [next(played(SOUNDS[name], BLOCK_S)), spoken, next(played(silence, BLOCK_S))]

    heard = [w.text for h in listen(engine, iter(blocks)).shown if h.final for w in h.words]

    assert word_error_rate(clip.text, " ".join(heard)) <= 0.1


@pytest.mark.parametrize("name", ["silence", "white noise", "pink noise"])
def test_noise_says_nothing_even_without_the_gate(engine: WhisperEngine, name: str) -> None:
    assert ungated(engine, at_16_khz(name, 30)) == []


def test_the_guards_alone_stop_much_of_what_music_and_applause_sound_like(
    engine: WhisperEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    sounds = [at_16_khz(name, 30) for name in ("chords", "applause")]
    guarded = sum(len(ungated(engine, sound)) for sound in sounds)
    monkeypatch.setattr("asr.whisper.is_heard", lambda evidence: True)
    unguarded = sum(len(ungated(engine, sound)) for sound in sounds)

    assert guarded <= 0.8 * unguarded


def test_the_guards_take_no_word_of_speech_in_noise(
    engine: WhisperEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    noise = pink_noise(np.random.default_rng(1), 20 * SPEECH_RATE_HZ)
    noisy = []
    for clip in clips()[:4]:
        level = 0.3 * clip.pcm.std() / noise.std()  # ten decibels below the speech
        mixed = clip.pcm + level * noise[: len(clip.pcm)]
        noisy.append(np.clip(mixed, -32768, 32767).astype(np.int16))
    guarded = [ungated(engine, pcm) for pcm in noisy]
    monkeypatch.setattr("asr.whisper.is_heard", lambda evidence: True)

    assert guarded == [ungated(engine, pcm) for pcm in noisy]
    assert all(guarded)


@pytest.mark.soak
@pytest.mark.parametrize("name", SOUNDS)
def test_nothing_is_captioned_in_ten_minutes_without_speech(
    engine: WhisperEngine, name: str
) -> None:
    assert listen(engine, played(SOUNDS[name], LONG_S)).shown == []
