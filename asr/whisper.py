"""The engine for real use: faster-whisper, from a folder of CTranslate2 weights."""

import copy
import math
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
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
from asr.language import FALLBACK, HeldLanguage, HeldLanguageStream, code
from asr.lateness import Lateness
from asr.scheduler import ALONE, BATCH, Lane, Scheduler
from asr.streaming import StreamingOptions, Window, WindowedStream
from asr.terms import fit, hotwords
from models.audio import SPEECH_RATE_HZ
from models.caption import EngineInfo
from models.errors import EngineUnavailable
from models.room import AUTO_LANGUAGE, TRANSLATION
from models.transcript import Word

_WHISPER_VOCABULARY = 50_000
_WILD_LOGPROB = -1.0
_LATE_INTERIM = 0.4  # of what the end of speech may be late
_SPARE_S = 1.0  # how much later than a caption's window a translation is due


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
class WindowJob:
    """A window with what its room says about it; without a ``language`` it is only detected.

    A ``light`` one is for the smaller model.
    """

    window: Window
    language: str
    hotwords: str
    translate: bool = False
    light: bool = False


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


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowResult:
    """What became of a window: words, or the probabilities of languages."""

    words: tuple[Word, ...] = ()
    languages: Mapping[str, float] = field(default_factory=dict)
    wild: bool = False


class _Room:
    """One room's way to the decoder, and how long its last window was under way.

    ``held`` finds the room's language by itself, until which only ends of speech are decoded. A
    room's way to its translation is another one, with a lane of its own, and never in a hurry.
    """

    def __init__(
        self,
        scheduler: Scheduler[WindowJob, WindowResult],
        *,
        language: str,
        held: HeldLanguage | None = None,
        translate: bool = False,
        late_s: float = math.inf,
    ) -> None:
        self._scheduler = scheduler
        self._translate = translate
        self._language = language
        self._held = held
        self._light = False
        self._hotwords = ""
        self._lane = Lane()
        self._late_s = late_s
        self._lateness = Lateness()
        self.took_s = 0.0

    def learn(self, terms: Sequence[str]) -> None:
        """Hint at these from the next window on."""
        self._hotwords = hotwords(fit(terms))

    def lighten(self, on: bool) -> None:
        """Let the smaller model decode from the next window on, or no more."""
        self._light = on

    def decode(self, window: Window) -> Sequence[Word]:
        """Wait for the room's turn and decode."""
        began_s = time.monotonic()
        words = self._words(window)
        self.took_s = time.monotonic() - began_s
        return words

    def spoken(self) -> str:
        """Give the language of the last window."""
        return self._held.best if self._held else self._language

    def _words(self, window: Window) -> Sequence[Word]:
        if self._held is None:
            return self._run(window, self._language).words
        if self._held.listening:
            self._listen(window, self._held)
            if self._held.listening and not window.last:
                return ()
        result = self._run(window, self._held.best)
        if window.last and result.wild:
            self._held.doubt()
        return result.words

    def _listen(self, window: Window, held: HeldLanguage) -> None:
        speech_s = len(window.pcm) / SPEECH_RATE_HZ
        if window.last or speech_s >= held.options.enough_s:
            held.hear(self._run(window, "").languages, speech_s=speech_s)

    def _run(self, window: Window, language: str) -> WindowResult:
        job = WindowJob(
            window=window,
            language=language,
            hotwords=self._hotwords,
            translate=self._translate,
            light=self._light,
        )
        if self._translate:
            return self._scheduler.run(self._lane, job, spare_s=_SPARE_S)
        return self._scheduler.run(
            self._lane, job, urgent=window.last, patience_s=self._patience_s(window)
        )

    def _patience_s(self, window: Window) -> float:
        """Say how long a window may wait: in the middle of speech, less than at its end."""
        end_s = window.start_s + len(window.pcm) / SPEECH_RATE_HZ
        late_s = self._lateness.of(end_s, now_s=time.monotonic())
        return self._late_s * (1.0 if window.last else _LATE_INTERIM) - late_s


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
            return self._translating(spoken, terms)
        held = HeldLanguage() if spoken == AUTO_LANGUAGE else None
        room = _Room(self._scheduler, language=spoken, held=held, late_s=self._late_s)
        room.learn(terms)
        stream = WindowedStream(
            room.decode,
            language=spoken,
            options=self._streaming,
            took=lambda: room.took_s,
            learn=room.learn,
            spoken=room.spoken if held else None,
            lighten=room.lighten,
        )
        return HeldLanguageStream(stream, held) if held else stream

    def _translating(self, language: str, terms: Sequence[str]) -> Stream:
        """Open a stream that decodes each utterance once, when it has ended."""
        room = _Room(self._scheduler, language=language, translate=True)
        room.learn(terms)
        whole = replace(self._streaming, step_s=math.inf, missed_s=math.inf)
        return WindowedStream(room.decode, language=TRANSLATION, options=whole, learn=room.learn)

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
