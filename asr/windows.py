"""What each room does with the decoder that all rooms share.

Speech in, through a `asr.streaming.WindowedStream`; out come jobs for the one scheduler, each with
what its room knows: language, hints, which model, and how long it may wait. Whatever decodes them
(`asr.whisper`) knows no rooms.
"""

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from asr.engine import Stream
from asr.language import HeldLanguage, HeldLanguageStream
from asr.lateness import Lateness
from asr.scheduler import Lane, Scheduler
from asr.streaming import StreamingOptions, Window, WindowedStream
from asr.terms import fit, hotwords
from models.audio import SPEECH_RATE_HZ
from models.room import AUTO_LANGUAGE, TRANSLATION
from models.transcript import Word

_LATE_INTERIM = 0.4  # of what the end of speech may be late
_SPARE_S = 1.0  # how much later than a caption's window a translation is due


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
class WindowResult:
    """What became of a window: words, or the probabilities of languages."""

    words: tuple[Word, ...] = ()
    languages: Mapping[str, float] = field(default_factory=dict)
    wild: bool = False


class RoomDecoder:
    """One room's way to the shared decoder, and how long its last window was under way.

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


def captions_of(
    scheduler: Scheduler[WindowJob, WindowResult],
    *,
    language: str,
    terms: Sequence[str],
    streaming: StreamingOptions,
    late_s: float = math.inf,
) -> Stream:
    """Open a room's stream; ``language`` is a code, or `AUTO_LANGUAGE` to find it and hold it."""
    held = HeldLanguage() if language == AUTO_LANGUAGE else None
    room = RoomDecoder(scheduler, language=language, held=held, late_s=late_s)
    room.learn(terms)
    stream = WindowedStream(
        room.decode,
        language=language,
        options=streaming,
        took=lambda: room.took_s,
        learn=room.learn,
        spoken=room.spoken if held else None,
        lighten=room.lighten,
    )
    return HeldLanguageStream(stream, held) if held else stream


def translation_of(
    scheduler: Scheduler[WindowJob, WindowResult],
    *,
    language: str,
    terms: Sequence[str],
    streaming: StreamingOptions,
) -> Stream:
    """Open a room's stream of English, which decodes each utterance once, when it has ended."""
    room = RoomDecoder(scheduler, language=language, translate=True)
    room.learn(terms)
    whole = replace(streaming, step_s=math.inf, missed_s=math.inf)
    return WindowedStream(room.decode, language=TRANSLATION, options=whole, learn=room.learn)
