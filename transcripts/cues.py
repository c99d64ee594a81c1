"""Captions laid out as cues: at most two short lines each, broken where a reader would pause.

The widths and durations are those of common subtitle practice (42 characters, 20 characters a
second, at least a second).
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from models.room import Speaker
from models.transcript import Entry, Final, Gap, Word
from transcripts.effective import effective, retimed

LINE_CHARS = 42
CUE_CHARS = 2 * LINE_CHARS
MIN_S = 1.0
MIN_STEP_S = 0.5
CHARS_PER_S = 20
PAUSE_S = 0.6
LONG_PAUSE_S = 2.0

_SENTENCE_ENDS = ".!?…。！？"
_CLAUSE_ENDS = ",;:–—)、，"
_CLOSING = "\"'”’»)]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """What is shown from ``start_s`` to ``end_s``; a gap's cue has no speaker and ``is_gap``."""

    start_s: float
    end_s: float
    lines: tuple[str, ...]
    speaker: Speaker | None = None
    is_gap: bool = False


def lay_out(entries: Sequence[Entry], *, named: bool = False) -> list[Cue]:
    """All cues of a transcript by start time; corrections are applied.

    Cues of one speaker never overlap and start at least `MIN_STEP_S` apart; no word is broken or
    lost, and only a single word longer than a line makes a longer line. ``named`` keeps room for
    `label` on each cue's first line.
    """
    tracks: defaultdict[str | None, list[Cue]] = defaultdict(list)
    for final in effective(entries):
        indent = len(label(final.speaker)) if named else 0
        tracks[final.speaker.id if final.speaker else None] += _caption_cues(final, indent)
    cues = [cue for track in tracks.values() for cue in _timed(track)]
    cues += _timed(sorted(_gap_cues(entries), key=lambda cue: cue.start_s))
    return sorted(cues, key=lambda cue: cue.start_s)


def label(speaker: Speaker | None) -> str:
    """A speaker's name before what they say, cut when it would fill the line."""
    name = " ".join(speaker.name.split()) if speaker else ""
    if not name:
        return ""
    return f"{name[:17]}…: " if len(name) > 18 else f"{name}: "


def gap_text(gap: Gap) -> str:
    """What a reader is told about a gap."""
    length_s = f"{max(gap.end_s - gap.start_s, 0):.1f}".removesuffix(".0")
    return f"[captions missing: {length_s} s, {gap.reason.value}]"


def _gap_cues(entries: Iterable[Entry]) -> list[Cue]:
    return [
        Cue(start_s=gap.start_s, end_s=gap.end_s, lines=(gap_text(gap),), is_gap=True)
        for gap in entries
        if isinstance(gap, Gap)
    ]


def _caption_cues(final: Final, indent: int) -> list[Cue]:
    return [
        Cue(
            start_s=words[0].start_s,
            end_s=words[-1].end_s,
            lines=_lines([word.text for word in words], indent),
            speaker=final.speaker,
        )
        for words in _split(retimed(final), indent)
    ]


def _timed(cues: Sequence[Cue]) -> list[Cue]:
    """Give one speaker's cues time to be read, without overlap."""
    starts: list[float] = []
    for cue in cues:
        starts.append(max(cue.start_s, starts[-1] + MIN_STEP_S if starts else 0.0))
    timed = []
    for index, (cue, start_s) in enumerate(zip(cues, starts, strict=True)):
        needed_s = max(MIN_S, sum(map(len, cue.lines)) / CHARS_PER_S)
        end_s = max(cue.end_s, start_s + needed_s)
        if index + 1 < len(starts):
            end_s = min(end_s, starts[index + 1])
        timed.append(replace(cue, start_s=start_s, end_s=end_s))
    return timed


def _split(words: Sequence[Word], indent: int) -> list[Sequence[Word]]:
    """Cut words into as few cues as fit, of even length, preferably where a clause ends.

    Dynamic programming over the places to cut: ``best[i]`` is the least cost of the words before
    ``i`` and where their last cue begins.
    """
    texts = _Texts([word.text for word in words])
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(words) + 1):
        cut_cost = _cut_cost(words, end)
        start = end - 1
        options = [(best[start][0] + _cue_cost(texts.length(start, end)) + cut_cost, start)]
        while start and _pause_s(words, start) <= LONG_PAUSE_S:
            start -= 1
            if not texts.fit(start, end, indent):
                break
            cost = best[start][0] + _cue_cost(texts.length(start, end)) + cut_cost
            options.append((cost, start))
        best.append(min(options))
    cues: list[Sequence[Word]] = []
    end = len(words)
    while end:
        start = best[end][1]
        cues.append(words[start:end])
        end = start
    return cues[::-1]


class _Texts:
    """Words whose widths, joined by spaces, are asked for often."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._ends = [0, *accumulate(len(text) + 1 for text in texts)]

    def length(self, start: int, end: int) -> int:
        """How many characters the words from ``start`` to before ``end`` take."""
        return self._ends[end] - self._ends[start] - 1

    def fit(self, start: int, end: int, indent: int) -> bool:
        """Whether they fit into two lines; the fullest first line leaves the shortest second."""
        first_line_ends = self._ends[start] + LINE_CHARS - indent + 1
        at = bisect_right(self._ends, first_line_ends) - 1
        return at >= end or (at > start and self.length(at, end) <= LINE_CHARS)


def _cue_cost(length: int) -> float:
    # The fixed part asks for few cues, the square for even ones.
    return 1.5 + 2.0 * (length / CUE_CHARS) ** 2


def _cut_cost(words: Sequence[Word], end: int) -> float:
    if end == len(words):
        return 0.0
    return _break_cost(words[end - 1].text) if _pause_s(words, end) < PAUSE_S else 0.0


def _pause_s(words: Sequence[Word], at: int) -> float:
    return words[at].start_s - words[at - 1].end_s


def _break_cost(text: str) -> float:
    ending = text.rstrip(_CLOSING)[-1:] or text[-1:]
    if ending in _SENTENCE_ENDS:
        return 0.0
    return 0.2 if ending in _CLAUSE_ENDS else 1.0


def _lines(texts: Sequence[str], indent: int) -> tuple[str, ...]:
    """One line, or two of even length that are preferably cut where a clause ends."""
    lengths = _Texts(texts)
    count = len(texts)
    places = [
        at
        for at in range(1, count)
        if lengths.length(0, at) <= LINE_CHARS - indent and lengths.length(at, count) <= LINE_CHARS
    ]
    if lengths.length(0, count) <= LINE_CHARS - indent or not places:
        return (" ".join(texts),)

    def cost(at: int) -> float:
        uneven = abs(lengths.length(0, at) + indent - lengths.length(at, count)) / LINE_CHARS
        return uneven + 0.5 * _break_cost(texts[at - 1])

    at = min(places, key=cost)
    return " ".join(texts[:at]), " ".join(texts[at:])
