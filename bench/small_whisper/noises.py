"""What is no speech: hiss, hum, music, clapping, knocking, breath: thirty seconds of each."""

import random

import numpy as np
from numpy.typing import NDArray

from bench.small_whisper.features import mel_power
from bench.small_whisper.speech import RATE_HZ

LENGTH_S = 30

_SAMPLES = LENGTH_S * RATE_HZ
_OF_EACH = 9
_TILTS = (0.0, 0.5, 0.7, 1.0)
_SCALES = ((0, 4, 7, 12), (0, 3, 7, 12), (0, 5, 9, 12), (0, 4, 7, 10))

Sound = NDArray[np.float64]


def noise_powers(seed: int) -> list[NDArray[np.float32]]:
    """Give noises as mel power, shape (80, 3000) each, of mean one; the same for a seed."""
    chance, noise = random.Random(seed), np.random.default_rng(seed)
    steady, sudden = (_hiss, _hiss, _hum, _breathing), (_clapping, _knocking, _whistling)
    makers = (*steady, _plucked, _plucked, _organ, *sudden)
    powers = []
    for maker in makers * _OF_EACH:
        sound = maker(chance, noise)
        power = mel_power((0.1 * sound / sound.std()).astype(np.float32))[:, : LENGTH_S * 100]
        powers.append(power / power.mean())
    return powers


def _hiss(chance: random.Random, noise: np.random.Generator) -> Sound:
    """Make noise whose power falls with its frequency, as far as chance has it."""
    spectrum = np.fft.rfft(noise.standard_normal(_SAMPLES))
    hz = np.maximum(np.fft.rfftfreq(_SAMPLES, 1 / RATE_HZ), 20)
    return np.asarray(np.fft.irfft(spectrum * hz ** -chance.choice(_TILTS)))


def _hum(chance: random.Random, noise: np.random.Generator) -> Sound:
    hiss = _hiss(chance, noise)
    hz, loud = chance.choice((50, 60, 100, 120)), chance.uniform(0.5, 3)
    tone = _tone(hz, range(1, 8), np.arange(_SAMPLES) / RATE_HZ)
    return np.asarray(hiss / hiss.std() + loud * tone)


def _breathing(chance: random.Random, noise: np.random.Generator) -> Sound:
    """Let noise from within a band come and go, with silence between."""
    spectrum = np.fft.rfft(noise.standard_normal(_SAMPLES))
    hz, middle = np.fft.rfftfreq(_SAMPLES, 1 / RATE_HZ), chance.uniform(400, 2500)
    band = np.fft.irfft(spectrum / (1 + ((hz - middle) / chance.uniform(200, 1500)) ** 2))
    turns = np.arange(_SAMPLES) / (chance.uniform(1, 4) * RATE_HZ)
    heard = np.maximum(0, np.sin(2 * np.pi * turns)) ** chance.choice((1, 2, 4))
    return np.asarray(band / band.std() * heard + 1e-3 * noise.standard_normal(_SAMPLES))


def _plucked(chance: random.Random, noise: np.random.Generator) -> Sound:
    """Play a chord at each beat, with overtones that die away, and a drum."""
    length = int(RATE_HZ * chance.uniform(0.25, 0.8))
    t, sound, drummed = np.arange(length) / RATE_HZ, np.zeros(_SAMPLES), chance.random() < 0.7
    decay = chance.uniform(2, 8)
    for at in range(0, _SAMPLES - length, length):
        sound[at : at + length] += _chord(chance, t) * np.exp(-decay * t)
        if drummed:
            hit = noise.standard_normal(700) * np.exp(-np.arange(700) / 150)
            sound[at : at + 700] += 0.5 * hit
    return sound + 1e-3 * noise.standard_normal(_SAMPLES)


def _organ(chance: random.Random, noise: np.random.Generator) -> Sound:
    """Hold each chord, and let its loudness tremble."""
    length = int(RATE_HZ * chance.uniform(0.8, 3))
    t, sound = np.arange(length) / RATE_HZ, np.zeros(_SAMPLES)
    tremble = 1 + 0.4 * np.sin(2 * np.pi * chance.uniform(2, 7) * t)
    for at in range(0, _SAMPLES - length, length):
        sound[at : at + length] += _chord(chance, t) * tremble
    return sound + 1e-3 * noise.standard_normal(_SAMPLES)


def _clapping(chance: random.Random, noise: np.random.Generator) -> Sound:
    """Clap with many hands, now more, now less."""
    sound, length = np.zeros(_SAMPLES), RATE_HZ // 40
    decay = np.exp(-np.arange(length) / chance.uniform(30, 80))
    for at in noise.integers(0, _SAMPLES - length, LENGTH_S * chance.choice((20, 60, 160))):
        sound[at : at + length] += noise.standard_normal(length) * decay
    swell = 0.55 - 0.45 * np.cos(2 * np.pi * np.arange(_SAMPLES) / (chance.uniform(3, 9) * RATE_HZ))
    return np.asarray(sound * swell + 1e-3 * noise.standard_normal(_SAMPLES))


def _knocking(chance: random.Random, noise: np.random.Generator) -> Sound:
    """Knock and type: short dull sounds over a faint hiss."""
    sound, length = 1e-2 * noise.standard_normal(_SAMPLES), RATE_HZ // 15
    t = np.arange(length) / RATE_HZ
    for at in noise.integers(0, _SAMPLES - length, LENGTH_S * chance.choice((1, 3, 8))):
        dull = np.sin(2 * np.pi * chance.uniform(80, 900) * t)
        sound[at : at + length] += (dull + 0.5 * noise.standard_normal(length)) * np.exp(-60 * t)
    return sound


def _whistling(chance: random.Random, noise: np.random.Generator) -> Sound:
    """Glide one tone up and down."""
    t = np.arange(_SAMPLES) / RATE_HZ
    low, rate = chance.uniform(200, 1500), chance.uniform(0.1, 1.5)
    hz = low * (1.5 + np.sin(2 * np.pi * rate * t) * chance.uniform(0.05, 0.5))
    return np.sin(2 * np.pi * np.cumsum(hz) / RATE_HZ) + 0.02 * noise.standard_normal(_SAMPLES)


def _chord(chance: random.Random, t: Sound) -> Sound:
    root_hz = 110 * 2 ** (chance.randrange(24) / 12)
    return sum(
        (_tone(root_hz * 2 ** (step / 12), range(1, 5), t) for step in chance.choice(_SCALES)),
        np.zeros(len(t)),
    )


def _tone(hz: float, overtones: range, t: Sound) -> Sound:
    return sum((np.sin(2 * np.pi * hz * n * t) / n for n in overtones), np.zeros(len(t)))
