"""The engine for real use: faster-whisper, from a folder of CTranslate2 weights.

It decodes the windows that rooms give to its scheduler (`asr.windows`).
"""

import copy
import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from faster_whisper import WhisperModel
from faster_whisper.transcribe import get_ctranslate2_storage
from numpy.typing import NDArray

from asr.batch import Meeting, Seat, side_by_side
from asr.context import shortened
from asr.engine import Stream
from asr.guards import Evidence, is_heard, most_tokens
from asr.language import FALLBACK, code, is_glued
from asr.scheduler import ALONE, BATCH, Scheduler
from asr.streaming import StreamingOptions
from asr.windows import WindowJob, WindowResult, captions_of, translation_of
from models.audio import SPEECH_RATE_HZ
from models.caption import EngineInfo
from models.errors import EngineUnavailable
from models.room import TRANSLATION
from models.transcript import Word

_WHISPER_VOCABULARY = 50_000
_WILD_LOGPROB = -1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WhisperOptions:
    """How one model is run: ``workers`` decodes at a time, with ``threads`` each.

    Each is of one window, or with ``batch`` of up to that many together (`asr.batch`).

    ``device`` is ``cpu`` or ``cuda``, ``device_index`` which GPU; `asr.machine` has the types.
    ``short_context`` encodes a window's own length instead of thirty seconds (`asr.context`).
    ``hints`` gives rooms' terms to the decoder; unset, when the weights know Whisper's own
    vocabulary, because those were trained with a text before the text. Others lose words by it.
    The end of speech is given up when its turn comes ``late_s`` after it was heard.
    """

    workers: int = 1
    threads: int = 2
    batch: int = 1
    device: str = "cpu"
    device_index: int = 0
    compute_type: str = "int8"
    short_context: bool = False
    hints: bool | None = None
    late_s: float = math.inf


@dataclass(frozen=True, slots=True, kw_only=True)
class _Weights:
    """A loaded model, and whether its decoder understands hints."""

    model: WhisperModel
    hints: bool

    @classmethod
    def load(cls, folder: str, options: WhisperOptions) -> "_Weights":
        """Load the weights in a folder. Raises `EngineUnavailable`."""
        if not Path(folder, "model.bin").is_file():
            raise EngineUnavailable(f"There are no whisper weights in {Path(folder).name}.")
        kind = _ShortContextModel if options.short_context else WhisperModel
        try:
            model = kind(
                folder,
                device=options.device,
                device_index=options.device_index,
                compute_type=options.compute_type,
                cpu_threads=options.threads,
                num_workers=options.workers,
                local_files_only=True,
            )
        except (RuntimeError, ValueError, OSError) as error:
            raise EngineUnavailable(
                f"The whisper weights in {Path(folder).name} cannot be loaded."
            ) from error
        known = model.hf_tokenizer.get_vocab_size() >= _WHISPER_VOCABULARY
        return cls(model=model, hints=known if options.hints is None else options.hints)


class WhisperEngine:
    """One loaded model for all rooms; CTranslate2 releases the GIL while it decodes.

    ``model`` is a folder (`asr.weights.find` gives one); nothing is ever downloaded here.
    ``smaller`` is another, or empty, whose weights must know the same languages. They are loaded at
    once, because under overload it would be the worst time.
    """

    def __init__(
        self,
        model: str,
        options: WhisperOptions | None = None,
        *,
        streaming: StreamingOptions | None = None,
        smaller: str = "",
        smaller_short_context: bool = False,
    ) -> None:
        options = options or WhisperOptions()
        self._usual = _Weights.load(model, options)
        self._smaller = self._usual
        if smaller:
            otherwise = replace(options, short_context=smaller_short_context)
            self._smaller = _Weights.load(smaller, otherwise)
        self._smaller_name = Path(smaller).name
        self._late_s = options.late_s
        self._name = Path(model).name
        self._streaming = streaming or StreamingOptions()
        company = replace(BATCH, most=options.batch) if options.batch > 1 else ALONE
        seats = options.workers * options.batch
        self._pool = ThreadPoolExecutor(seats, "window") if options.batch > 1 else None
        self._scheduler = Scheduler(self.decode_all, workers=options.workers, company=company)

    @property
    def info(self) -> EngineInfo:
        """What listeners are told about the engine."""
        known = self._usual.model.model.is_multilingual
        return EngineInfo(
            name="faster-whisper",
            model=self._name,
            quality="good",
            translates=known,
            smaller=self._smaller_name,
        )

    def stream(
        self, *, language: str, terms: Sequence[str] = (), translate: bool = False
    ) -> Stream:
        """Open a stream; the room's terms are a hint for each of its windows.

        The language ``auto`` is found out and held, by weights that know more than English.
        """
        known = self._usual.model.model.is_multilingual
        spoken = code(language) if known else FALLBACK
        if translate:
            return translation_of(
                self._scheduler, language=spoken, terms=terms, streaming=self._streaming
            )
        return captions_of(
            self._scheduler,
            language=spoken,
            terms=terms,
            streaming=self._streaming,
            late_s=self._late_s,
        )

    def close(self) -> None:
        """End the threads that decode."""
        self._scheduler.close()
        if self._pool is not None:
            self._pool.shutdown(wait=False)

    def decode_all(self, jobs: Sequence[WindowJob]) -> list[WindowResult | Exception]:
        """Decode the windows of one turn of a worker, as one batch when there are several.

        Those for the smaller model are a batch of their own.
        """
        light = [job for job in jobs if job.light]
        usual = [job for job in jobs if not job.light]
        of_light = iter(self._decode_with(self._smaller, light))
        of_usual = iter(self._decode_with(self._usual, usual))
        return [next(of_light if job.light else of_usual) for job in jobs]

    def _decode_with(
        self, weights: _Weights, jobs: Sequence[WindowJob]
    ) -> list[WindowResult | Exception]:
        if len(jobs) <= 1 or self._pool is None:
            return [_decode(job, weights) for job in jobs]
        whisper = weights.model.model
        meeting = Meeting(whisper, seats=len(jobs), store=get_ctranslate2_storage)
        start = weights.model.hf_tokenizer.token_to_id("<|startoftranscript|>")

        def decode(number: int, job: WindowJob) -> WindowResult:
            model = copy.copy(weights.model)
            model.model = Seat(whisper, meeting, number, start=start)
            return _decode(job, replace(weights, model=model))

        return side_by_side(self._pool, meeting, jobs, decode)


class _ShortContextModel(WhisperModel):  # type: ignore[misc]  # the library has no types
    """Encodes no more padding than a window needs; nothing that is shared is changed."""

    def encode(self, features: NDArray[np.float32]) -> Any:
        return super().encode(shortened(features))


def _decode(job: WindowJob, weights: _Weights) -> WindowResult:
    """Decode one window; several at once share nothing that changes (ADR 0010)."""
    window = job.window
    audio = window.pcm.astype(np.float32) / 32768
    if not job.language:
        return WindowResult(languages=dict(weights.model.detect_language(audio)[2]))
    written = TRANSLATION if job.translate else job.language
    generated, _ = weights.model.transcribe(
        audio,
        language=job.language,
        task="translate" if job.translate else "transcribe",
        beam_size=5 if window.last else 1,
        temperature=0.0,
        word_timestamps=True,
        condition_on_previous_text=False,
        max_new_tokens=most_tokens(len(window.pcm) / SPEECH_RATE_HZ, written),
        hotwords=(job.hotwords or None) if weights.hints else None,
        no_speech_threshold=0.6,
        log_prob_threshold=-1.0,
        compression_ratio_threshold=2.4,
    )
    segments = list(generated)
    words = tuple(
        Word(
            text=word.word.strip(),
            start_s=window.start_s + float(word.start),
            end_s=window.start_s + float(word.end),
            confidence=float(word.probability),
            glued=is_glued(word.word, written),
        )
        for segment in segments
        if is_heard(_evidence(segment))
        for word in segment.words or ()
        if word.word.strip()
    )
    return WindowResult(words=words, wild=any(s.avg_logprob < _WILD_LOGPROB for s in segments))


def _evidence(segment: Any) -> Evidence:
    """Gather what faster-whisper says about a segment; one without words is no evidence."""
    chances = [float(word.probability) for word in segment.words or ()]
    return Evidence(
        no_speech=float(segment.no_speech_prob),
        logprob=float(segment.avg_logprob),
        compression=float(segment.compression_ratio),
        confidence=sum(chances) / len(chances) if chances else 0.0,
    )
