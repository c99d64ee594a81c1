"""Texts said by chance: which voice says them, how fast and how high."""

import random
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bench.small_whisper.espeak import Espeak
from bench.small_whisper.flite import VOICES, Flite
from bench.small_whisper.speech import RATE_HZ, Spoken, TimedWord, require_voices

ESPEAK_VOICES = (
    "en-us",
    "en-us",
    "en-gb",
    "en-gb-x-rp",
    "en-gb-scotland",
    "en-029",
    "en-us-nyc",
    "en-gb-x-gbclan",
)
ESPEAK_VARIANTS = ("",) * 4 + ("+m1", "+m2", "+m3", "+m4", "+m7", "+f1", "+f2", "+f3", "+f4", "+f5")

_SILENT_DB = 42.0


class Voices:
    """All voices; one object a process, since the libraries keep their state."""

    def __init__(self) -> None:
        require_voices()
        self._espeak, self._flite = Espeak(), Flite()

    def say(self, text: str, chance: random.Random) -> Spoken:
        """Say a text with a voice, a speed and a pitch by chance. Raises `Unvoiced`."""
        if chance.random() < 0.55:
            spoken = self._with_espeak(text, chance)
        else:
            voice = chance.choice(VOICES)
            spoken = self._flite.say(text, voice, stretch=chance.uniform(0.85, 1.3))
        return Spoken(
            samples=spoken.samples,
            words=_tightened(spoken.samples, spoken.words),
            voice=spoken.voice,
        )

    def _with_espeak(self, text: str, chance: random.Random) -> Spoken:
        return self._espeak.say(
            text,
            chance.choice(ESPEAK_VOICES) + chance.choice(ESPEAK_VARIANTS),
            words_per_minute=chance.randint(130, 215),
            pitch=chance.randint(25, 75),
            pitch_range=chance.randint(30, 70),
        )


def _tightened(samples: NDArray[np.float32], words: Sequence[TimedWord]) -> tuple[TimedWord, ...]:
    """Draw each word's ends in to where there is sound, in steps of 10 ms."""
    step = RATE_HZ // 100
    steps = len(samples) // step
    power = np.mean(samples[: steps * step].reshape(steps, step) ** 2, axis=1)
    level_db = 10 * np.log10(power + 1e-10)
    least_db = level_db.max() - _SILENT_DB
    drawn = []
    for word in words:
        first, end = int(word.start_s * 100), min(steps, round(word.end_s * 100))
        while end - first > 8 and level_db[end - 1] < least_db:
            end -= 1
        while end - first > 8 and level_db[first] < least_db:
            first += 1
        drawn.append(TimedWord(text=word.text, start_s=first / 100, end_s=end / 100))
    return tuple(drawn)
