"""From 48 kHz room audio to the 16 kHz that speech models hear, without moving it in time."""

import numpy as np
import soxr
from numpy.typing import NDArray

from models.audio import RATE_HZ, SPEECH_RATE_HZ, Pcm


class Resampler:
    """A stateful resampler; output sample ``k`` is always input position ``3 * k``."""

    def __init__(self) -> None:
        self._stream = soxr.ResampleStream(
            RATE_HZ, SPEECH_RATE_HZ, 1, dtype="float32", quality="HQ"
        )

    def push(self, pcm: Pcm) -> Pcm:
        """Take samples of shape (n,) at 48 kHz; give what is ready, shape (m,) at 16 kHz."""
        return _rounded(self._stream.resample_chunk(pcm.astype(np.float32)))

    def flush(self) -> Pcm:
        """Give the last samples; nothing may be pushed afterwards."""
        return _rounded(self._stream.resample_chunk(np.zeros(0, dtype=np.float32), last=True))


def _rounded(samples: NDArray[np.float32]) -> Pcm:
    # soxr's own int16 output is dithered: silence would not stay silent
    return np.clip(np.rint(samples), -32768, 32767).astype(np.int16)
