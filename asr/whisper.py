"""The engine for real use: faster-whisper, from a folder of CTranslate2 weights."""

import functools
import math
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from faster_whisper import WhisperModel

from asr.engine import Stream
from asr.streaming import StreamingOptions, Window, WindowedStream
from models.caption import EngineInfo
from models.errors import EngineUnavailable
from models.transcript import Word


class WhisperEngine:
    """One loaded model for all rooms; CTranslate2 releases the GIL while it decodes.

    ``model`` is a folder (`asr.weights.find` gives one); nothing is ever downloaded here.
    """

    def __init__(
        self, model: str, *, threads: int = 2, options: StreamingOptions | None = None
    ) -> None:
        if not Path(model, "model.bin").is_file():
            raise EngineUnavailable(f"There are no whisper weights in {Path(model).name}.")
        try:
            self._model = WhisperModel(
                model,
                device="cpu",
                compute_type="int8",
                cpu_threads=threads,
                local_files_only=True,
            )
        except (RuntimeError, ValueError, OSError) as error:
            raise EngineUnavailable(
                f"The whisper weights in {Path(model).name} cannot be loaded."
            ) from error
        self._name = Path(model).name
        self._options = options or StreamingOptions()
        # The tokenizer and the feature extractor are shared, and not said to be thread-safe.
        self._decoding = threading.Lock()

    @property
    def info(self) -> EngineInfo:
        """What listeners are told about the engine."""
        return EngineInfo(name="faster-whisper", model=self._name, quality="good")

    def stream(self, *, language: str, terms: Sequence[str] = ()) -> Stream:
        """Open a stream; the room's terms are not used yet."""
        code = language.partition("-")[0].lower() or "en"
        decode = functools.partial(self._decode, code)
        return WindowedStream(decode, language=code, options=self._options)

    def _decode(self, language: str, window: Window) -> list[Word]:
        samples = window.pcm.astype(np.float32) / 32768
        with self._decoding:
            segments, _ = self._model.transcribe(
                samples,
                language=language if self._model.model.is_multilingual else "en",
                beam_size=5 if window.last else 1,
                temperature=0.0,
                word_timestamps=True,
                condition_on_previous_text=False,
                no_speech_threshold=0.6,
                log_prob_threshold=-1.0,
                compression_ratio_threshold=2.4,
            )
            return [
                Word(
                    text=word.word.strip(),
                    start_s=window.start_s + float(word.start),
                    end_s=window.start_s + float(word.end),
                    confidence=float(word.probability),
                )
                for segment in segments
                if _trusted(segment.compression_ratio, segment.avg_logprob)
                for word in segment.words or ()
                if word.word.strip()
            ]


def _trusted(compression_ratio: float, avg_logprob: float) -> bool:
    """Whether a segment is neither a repetition nor a wild guess."""
    return compression_ratio <= 2.4 and math.isfinite(avg_logprob) and avg_logprob > -1.5
