"""From 48 kHz room audio to the 16 kHz that speech models hear, without moving it in time."""

import numpy as np
import soxr

from models.audio import RATE_HZ, SPEECH_RATE_HZ, Pcm


class Resampler:
    """A stateful resampler; output sample ``k`` is always input position ``3 * k``."""

    def __init__(self) -> None:
        self._stream = soxr.ResampleStream(RATE_HZ, SPEECH_RATE_HZ, 1, dtype="int16", quality="HQ")

    def push(self, pcm: Pcm) -> Pcm:
        """Take samples of shape (n,) at 48 kHz; give what is ready, shape (m,) at 16 kHz."""
        return np.asarray(self._stream.resample_chunk(pcm), dtype=np.int16)

    def flush(self) -> Pcm:
        """Give the last samples; nothing may be pushed afterwards."""
        rest = self._stream.resample_chunk(np.zeros(0, dtype=np.int16), last=True)
        return np.asarray(rest, dtype=np.int16)
