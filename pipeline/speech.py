"""The port to a speech detector: how likely it is that somebody talks in 32 ms of audio."""

from typing import Protocol

import numpy as np

from models.audio import SPEECH_RATE_HZ, Pcm

WINDOW_SAMPLES = 512
WINDOW_S = WINDOW_SAMPLES / SPEECH_RATE_HZ


class SpeechDetector(Protocol):
    """A detector with the memory of one room's audio."""

    def probability(self, window: Pcm) -> float:
        """Judge the next window, shape (512,) at 16 kHz; 0 to 1."""
        ...


class LevelDetector:
    """Takes everything louder than a level for speech: for tests with tones instead of voices."""

    def __init__(self, *, threshold: int = 300) -> None:
        self._threshold = threshold

    def probability(self, window: Pcm) -> float:
        level = float(np.sqrt(np.mean(window.astype(np.float32) ** 2)))
        return 1.0 if level > self._threshold else 0.0
