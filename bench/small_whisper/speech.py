"""What is spoken: samples, and when each word is said; and the libraries that speak."""

import ctypes
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 16_000
ESPEAK_LIBRARY = "libespeak-ng.so.1"
FLITE_LIBRARY = "libflite.so.1"


class Unvoiced(Exception):
    """The voices are not installed, or a text could not be said with a time for every word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedWord:
    """A word as written, punctuation included; seconds from the first sample."""

    text: str
    start_s: float
    end_s: float

    def later(self, by_s: float) -> "TimedWord":
        """Give the word with its times moved."""
        return TimedWord(text=self.text, start_s=self.start_s + by_s, end_s=self.end_s + by_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """16 kHz mono samples within ±1, and their words in order."""

    samples: NDArray[np.float32]
    words: tuple[TimedWord, ...]
    voice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """One sentence as log10 mel power, shape (80, frames): near, and through a room and a codec.

    The samples, 16 kHz and 16 bit, are kept only of what is held out.
    """

    text: str
    words: tuple[TimedWord, ...]
    near: NDArray[np.float16]
    far: NDArray[np.float16]
    near_pcm: NDArray[np.int16] | None = None
    far_pcm: NDArray[np.int16] | None = None

    @property
    def frames(self) -> int:
        """How long it is, in frames of 10 ms."""
        return int(self.near.shape[1])


def require_voices() -> None:
    """Raise `Unvoiced`, which says what to install, where a library is missing."""
    try:
        for name in (ESPEAK_LIBRARY, FLITE_LIBRARY):
            ctypes.CDLL(name)
    except OSError:
        raise Unvoiced("The voices are missing: apt-get install espeak-ng flite") from None
