"""How much of Whisper's thirty seconds is encoded: pure.

faster-whisper pads every window's features with zeros to 3000 frames, and the encoder's time goes
with their number. A CTranslate2 model takes fewer. Whether it still hears as well is a property of
the weights, which `asr.proof` keeps; ``roomscribe prove`` tells.
"""

import numpy as np
from numpy.typing import NDArray

MARGIN_FRAMES = 100
LEAST_FRAMES = 400
STEP_FRAMES = 100


def shortened(features: NDArray[np.float32]) -> NDArray[np.float32]:
    """Cut padding off log-mel features, shape (mels, frames) with 10 ms frames; a copy.

    A second of padding stays, since models end a text where speech ends in silence. The length is
    a multiple of ``STEP_FRAMES``, at least ``LEAST_FRAMES``. Padding is exactly zero in every band,
    which sound and silence never are.
    """
    frames = features.shape[-1]
    filled = np.flatnonzero(features.any(axis=0))
    content = int(filled[-1]) + 1 if len(filled) else 0
    wanted = max(LEAST_FRAMES, content + MARGIN_FRAMES)
    keep = min(frames, -(-wanted // STEP_FRAMES) * STEP_FRAMES)
    return np.ascontiguousarray(features[:, :keep])
