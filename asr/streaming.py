"""How a decoder of whole windows becomes a stream: a pure policy around a ``decode`` function.

The window grows from the start of an utterance and is decoded anew at every step; what two decodes
agree on is final (`asr.agreement`). Past fifteen seconds the window is trimmed behind agreed
words. At the end of speech the window is decoded once more, so the tail is never taken blindly.
The policy follows arXiv 2307.14743, section 3, but commits where others discard.
"""

import dataclasses
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from asr.agreement import Agreement, key
from asr.guards import without_loop
from asr.lateness import TooLate
from asr.segments import CaptionLength, Segments
from models.audio import SPEECH_RATE_HZ, Pcm
from models.transcript import Hypothesis, Word


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamingOptions:
    """Lengths in seconds.

    ``step_s`` of new audio lie between decodes: a quick decoder takes steps of ``haste`` times what
    its last decode took, but not less than ``least_step_s``, and a slow one of ``relief`` times
    that, but not more than ``slow_step_s``: it says less often what it hears and does not fall
    behind. Words within ``edge_s`` of the window's end are not agreed on, for they may go on.

    ``trim_s`` is the longest window, ``stall_s`` without any agreement commits what there is, and a
    tail of ``missed_s`` that the last decode says nothing about is decoded on its own. Less than
    ``shortest_s`` is not decoded.
    """

    step_s: float = 1.0
    least_step_s: float = 0.12
    haste: float = 4.0
    relief: float = 2.0
    slow_step_s: float = 5.0
    edge_s: float = 0.1
    trim_s: float = 15.0
    stall_s: float = 10.0
    missed_s: float = 1.2
    shortest_s: float = 0.3
    length: CaptionLength = dataclasses.field(default_factory=CaptionLength)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What is decoded: 16 kHz mono samples, shape (n,), and where they begin in the room clock.

    ``last`` is set at the end of speech, where accuracy counts for more than speed.
    """

    start_s: float
    pcm: Pcm
    last: bool = False


Decode = Callable[[Window], Sequence[Word]]
"""Raises `TooLate` for a window that is given up: shown words are committed then, not lost."""

Took = Callable[[], float]
Learn = Callable[[Sequence[str]], None]
Spoken = Callable[[], str]
Lighten = Callable[[bool], None]


class WindowedStream:
    """An `asr.engine.Stream` over a function that decodes windows.

    ``took`` says how many seconds the last decode took, waiting included; without it, steps are
    always as long as they may be. ``learn`` takes the room's own words for the decodes that follow.
    ``spoken`` says what language the last decode was in, where ``language`` is not known before.
    ``lighten`` lets a smaller model do the decodes that follow.
    """

    def __init__(
        self,
        decode: Decode,
        *,
        language: str,
        options: StreamingOptions | None = None,
        took: Took | None = None,
        learn: Learn | None = None,
        spoken: Spoken | None = None,
        lighten: Lighten | None = None,
    ) -> None:
        self._decode_window = decode
        self._options = options or StreamingOptions()
        self._took = took
        self._learn = learn
        self._spoken = spoken
        self._lighten = lighten
        self._segments = Segments(language=language, length=self._options.length)
        self._agreement = Agreement()
        self._window: Pcm = np.zeros(0, np.int16)
        self._start_s = self._moved_s = self._waiting_s = 0.0

    def begin(self, start_s: float) -> None:
        self._open(start_s)

    def learn(self, terms: Sequence[str]) -> bool:
        if self._learn:
            self._learn(terms)
        return True

    def lighten(self, on: bool) -> None:
        if self._lighten:
            self._lighten(on)

    def feed(self, pcm: Pcm) -> Iterator[Hypothesis]:
        self._window = np.concatenate((self._window, pcm))
        self._waiting_s += len(pcm) / SPEECH_RATE_HZ
        if self._waiting_s < self._step_s:
            return
        self._waiting_s = 0.0
        if self._is_too_short:
            return
        try:
            words = self._decode(last=False)
        except TooLate:
            return
        agreed = self._agreement.insert(words, before_s=self._end_s - self._options.edge_s)
        yield from self._take(agreed)
        yield from self._unstick()
        self._trim()
        yield from self._segments.show(self._agreement.tentative)

    def end(self, rest: Pcm | None = None) -> Iterator[Hypothesis]:
        if rest is not None:
            self._window = np.concatenate((self._window, rest))
        unheard = None
        try:
            if not self._is_too_short:
                yield from self._take(self._agreement.insert(self._decode(last=True)))
            yield from self._take(self._agreement.commit())
            yield from self._take(self._missed())
        except TooLate:
            yield from self._take(self._agreement.commit())
            unheard = self._unheard
        yield from self._segments.flush(unheard)
        self._open(self._end_s)

    @property
    def _step_s(self) -> float:
        if self._took is None:
            return self._options.step_s
        took_s = self._took()
        quick_s = max(self._options.least_step_s, self._options.haste * took_s)
        slow_s = min(self._options.slow_step_s, self._options.relief * took_s)
        return max(min(self._options.step_s, quick_s), slow_s)

    @property
    def _end_s(self) -> float:
        return self._start_s + len(self._window) / SPEECH_RATE_HZ

    @property
    def _is_too_short(self) -> bool:
        """Whether a decode would hear nothing; what is left of a window that was cut may be."""
        return len(self._window) < self._options.shortest_s * SPEECH_RATE_HZ

    def _open(self, start_s: float) -> None:
        self._agreement = Agreement()
        self._window = np.zeros(0, np.int16)
        self._start_s = self._moved_s = start_s
        self._waiting_s = 0.0

    def _take(self, agreed: Sequence[Word]) -> list[Hypothesis]:
        if agreed:
            self._moved_s = self._end_s
        return self._segments.add(agreed, self._agreement.tentative)

    def _decode(self, *, last: bool) -> Sequence[Word]:
        return self._words(Window(start_s=self._start_s, pcm=self._window, last=last))

    def _words(self, window: Window) -> Sequence[Word]:
        # Punctuation on its own is what a decoder makes of a window that begins after its word.
        words = without_loop([w for w in self._decode_window(window) if key(w.text)])
        if self._spoken:
            self._segments.language = self._spoken()
        end_s = window.start_s + len(window.pcm) / SPEECH_RATE_HZ
        return in_span(words, window.start_s + leading_silence_s(window.pcm), end_s)

    def _missed(self) -> Sequence[Word]:
        """Decode the tail on its own when nothing was heard in it.

        A decode that ends on a single timestamp token leaves the rest of its window out.
        """
        from_s = max(self._start_s, self._agreement.until_s)
        if self._end_s - from_s < self._options.missed_s:
            return ()
        tail = self._window[round((from_s - self._start_s) * SPEECH_RATE_HZ) :]
        self._agreement.insert(self._words(Window(start_s=from_s, pcm=tail, last=True)))
        return self._agreement.commit()

    @property
    def _unheard(self) -> tuple[float, float] | None:
        """The audio behind the last agreed word, if that may hold a word."""
        from_s = max(self._start_s, self._agreement.until_s)
        long = self._end_s - from_s >= self._options.shortest_s
        return (from_s, self._end_s) if long else None

    def _unstick(self) -> list[Hypothesis]:
        """Commit when decodes have disagreed for too long: shown words are better than none."""
        tentative = self._agreement.tentative
        if not tentative or self._end_s - self._moved_s < self._options.stall_s:
            return []
        agreed = self._agreement.commit(widest_gap(tentative))
        self._cut_at(agreed[-1].end_s)
        return self._take(agreed)

    def _trim(self) -> None:
        if self._end_s - self._start_s <= self._options.trim_s:
            return
        until_s = self._agreement.until_s
        if until_s > self._start_s:
            self._cut_at(until_s)
        elif not self._agreement.tentative:
            # Nothing was heard in all of it; the last step may hold the start of a word.
            self._cut_at(self._end_s - self._options.step_s)

    def _cut_at(self, at_s: float) -> None:
        cut = min(len(self._window), max(0, round((at_s - self._start_s) * SPEECH_RATE_HZ)))
        self._window = self._window[cut:]
        self._start_s += cut / SPEECH_RATE_HZ


def widest_gap(words: Sequence[Word]) -> int:
    """Find how many words come before the longest pause; all when there is one word."""
    gaps = [after.start_s - before.end_s for before, after in itertools.pairwise(words)]
    return gaps.index(max(gaps)) + 1 if gaps else len(words)


def in_span(words: Sequence[Word], start_s: float, end_s: float) -> tuple[Word, ...]:
    """Keep word times inside what was heard, in order, and each word at least 20 ms long."""
    placed: list[Word] = []
    from_s = start_s
    for word in words:
        begins_s = min(max(word.start_s, from_s), end_s)
        ends_s = min(max(word.end_s, begins_s + 0.02), end_s)
        placed.append(dataclasses.replace(word, start_s=begins_s, end_s=ends_s))
        from_s = begins_s
    return tuple(placed)


def leading_silence_s(pcm: Pcm, *, below_db: float = 36.0) -> float:
    """Measure the silence before speech: frames that far below the loudest.

    Whisper lets a window's first word begin with the window; this is where it really begins.
    """
    frame = SPEECH_RATE_HZ // 100
    whole = len(pcm) // frame * frame
    if not whole:
        return 0.0
    frames = pcm[:whole].astype(np.float32).reshape(-1, frame)
    energy = np.mean(frames * frames, axis=1)
    loud = np.flatnonzero(energy > energy.max() * 10 ** (-below_db / 10))
    return max(0.0, float(loud[0]) * 0.01 - 0.02) if len(loud) else 0.0
