"""Silero speech detection with the model file that the faster-whisper wheel carries."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from models.audio import Pcm
from models.errors import EngineUnavailable
from pipeline.speech import WINDOW_SAMPLES

_CONTEXT_SAMPLES = 64
_MODEL = Path("assets", "silero_vad_v6.onnx")


@cache
def _model() -> onnxruntime.InferenceSession:
    spec = find_spec("faster_whisper")
    folders = list(spec.submodule_search_locations or ()) if spec else []
    if not folders or not Path(folders[0], _MODEL).is_file():
        raise EngineUnavailable("the Silero model is missing: install faster-whisper again")
    options = onnxruntime.SessionOptions()
    options.inter_op_num_threads = 1
    options.intra_op_num_threads = 1
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(
        str(Path(folders[0], _MODEL)), options, providers=["CPUExecutionProvider"]
    )


class SileroDetector:
    """One room's detector: the network is shared, its recurrent state is not."""

    def __init__(self) -> None:
        self._session = _model()
        self._context: NDArray[np.float32] = np.zeros((1, _CONTEXT_SAMPLES), np.float32)
        self._h: NDArray[np.float32] = np.zeros((1, 1, 128), np.float32)
        self._c: NDArray[np.float32] = np.zeros((1, 1, 128), np.float32)

    def probability(self, window: Pcm) -> float:
        samples = window.astype(np.float32).reshape(1, WINDOW_SAMPLES) / np.float32(32768)
        heard = np.concatenate([self._context, samples], axis=1)
        out, self._h, self._c = self._session.run(
            None, {"input": heard, "h": self._h, "c": self._c}
        )
        self._context = samples[:, -_CONTEXT_SAMPLES:]
        return float(out.reshape(-1)[0])
