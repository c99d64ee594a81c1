"""Known speech for the fake microphone, and where it is found again in a recording."""

import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from api.demo.conversation import Turn, load
from models.audio import RATE_HZ, Pcm
from rooms.embedded.client import load_pcm

_STEP = RATE_HZ // 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """48 kHz mono samples and the turns in them; times from the first sample."""

    pcm: Pcm
    turns: tuple[Turn, ...]

    @property
    def text(self) -> str:
        """Everything that is said."""
        return " ".join(turn.text for turn in self.turns)

    def write(self, path: Path) -> Path:
        """Write a WAV file, as Chromium's fake microphone wants it."""
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE_HZ)
            file.writeframes(self.pcm.tobytes())
        return path


def speech(turns: int, *, lead_s: float = 1.5, tail_s: float = 1.5) -> Speech:
    """Take the first ``turns`` turns of the conversation, both voices in one track."""
    conversation = load()
    chosen = conversation.turns[:turns]
    until = round((chosen[-1].end_s + 0.3) * RATE_HZ)
    mixed = sum(load_pcm(voice.file)[:until].astype(np.int32) for voice in conversation.voices)
    silence = [np.zeros(round(length_s * RATE_HZ), np.int16) for length_s in (lead_s, tail_s)]
    clipped = np.clip(mixed, -32768, 32767).astype(np.int16)
    moved = tuple(
        Turn(
            speaker=turn.speaker,
            start_s=turn.start_s + lead_s,
            end_s=turn.end_s + lead_s,
            text=turn.text,
        )
        for turn in chosen
    )
    return Speech(pcm=np.concatenate([silence[0], clipped, silence[1]]), turns=moved)


def offset_s(recording: Pcm, spoken: Pcm) -> float:
    """Find where ``spoken`` begins in ``recording``, by the best match of their loudness."""
    heard, said = _loudness(recording), _loudness(spoken)
    match = np.correlate(heard - heard.mean(), said - said.mean(), mode="full")
    return (int(np.argmax(match)) - (len(said) - 1)) * _STEP / RATE_HZ


def _loudness(pcm: Pcm) -> NDArray[np.float64]:
    whole = pcm[: len(pcm) // _STEP * _STEP].astype(np.float64).reshape(-1, _STEP)
    return np.asarray(np.sqrt((whole**2).mean(axis=1)))
