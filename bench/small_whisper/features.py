"""Whisper's log-mel features, made as faster-whisper makes them but left open for mixing."""

import numpy as np
from faster_whisper.feature_extractor import FeatureExtractor
from numpy.typing import NDArray

MELS = 80
POSITIONS = 1500

_FLOOR = 1e-10
_EXTRACTOR = FeatureExtractor()
_WINDOW = np.hanning(401)[:-1].astype(np.float32)


def mel_power(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Give the power in each band, shape (80, frames) with 10 ms frames, of 16 kHz samples.

    Powers of sounds that are heard at once add up, but for their phases.
    """
    padded = np.pad(samples.astype(np.float32), (0, 160))
    spectrum = _EXTRACTOR.stft(padded, 400, 160, window=_WINDOW, return_complex=True)
    power = np.abs(spectrum[:, :-1].astype(np.complex64)) ** 2
    return np.asarray(_EXTRACTOR.mel_filters @ power, np.float32)


def normalised(power: NDArray[np.float32]) -> NDArray[np.float32]:
    """Take the logarithm, keep the loudest 80 dB, and scale: what Whisper's encoder sees."""
    level = np.log10(np.maximum(power, _FLOOR))
    return np.asarray((np.maximum(level, level.max() - 8.0) + 4.0) / 4.0, np.float32)
