"""What a hit shows of its caption: the passage around what was found, and when that was said."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from models.transcript import Final, Word
from models.writing import pieces
from transcripts.effective import retimed

LONGEST = 240
"""So many characters of a caption are shown at most, besides an ellipsis at either end."""

_LEAD = 60  # shown before the first mark, so that it is read in its sentence
_LONG_WORD = 40  # one that is longer is cut anywhere

Range = tuple[int, int]
"""Where a stretch of a text begins and ends, in code points."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    """Some of a caption, what is marked in it, and when the first of that is said (room clock)."""

    text: str
    marks: tuple[Range, ...]
    at_s: float


def snippet(caption: Final, found: Iterable[Range]) -> Snippet:
    """Show ``found``, stretches of an effective caption's text; where there is none, its start."""
    text, marks = caption.text, merged(found)
    first = marks[0][0] if marks else 0
    at_s = _time_of(caption, first) if marks else caption.start_s
    start, end = _passage(text, first)
    before, after = "…" * (start > 0), "…" * (end < len(text))
    shift = len(before) - start
    shown = tuple(
        (max(from_, start) + shift, min(to, end) + shift)
        for from_, to in marks
        if from_ < end and to > start
    )
    return Snippet(text=f"{before}{text[start:end]}{after}", marks=shown, at_s=at_s)


def merged(found: Iterable[Range]) -> list[Range]:
    """Give stretches ascending, those that overlap as one."""
    marks: list[Range] = []
    for start, end in sorted(found):
        if marks and start <= marks[-1][1]:
            marks[-1] = (marks[-1][0], max(end, marks[-1][1]))
        elif end > start:
            marks.append((start, end))
    return marks


def _time_of(caption: Final, at: int) -> float:
    """When the word at a place of the text begins."""
    for word, (_, end) in _placed(caption):
        if end > at:
            return word.start_s
    return caption.start_s


def _placed(caption: Final) -> Iterator[tuple[Word, Range]]:
    end = 0
    for word in retimed(caption):
        start = max(caption.text.find(word.text, end), end)
        end = start + len(word.text)
        yield word, (start, end)


def _passage(text: str, first: int) -> Range:
    """Choose what is shown of a text: all of it where it is short, else what is around a place."""
    if len(text) <= LONGEST:
        return 0, len(text)
    start = min(max(0, first - _LEAD), len(text) - LONGEST)
    starts, ends = _borders(text)
    start = _near(starts, start, forward=start < first)
    end = len(text)
    if start + LONGEST < end:
        end = _near(ends, start + LONGEST, forward=False)
    return start, end


def _borders(text: str) -> tuple[list[int], list[int]]:
    """Where words begin, and where they end."""
    starts, ends, end = [], [], 0
    for piece in pieces(text):
        start = text.index(piece.text, end)
        end = start + len(piece.text)
        starts.append(start)
        ends.append(end)
    return starts, ends


def _near(borders: Sequence[int], at: int, *, forward: bool) -> int:
    """The nearest border from a place on, or back; the place itself inside of a very long word."""
    index = bisect_left(borders, at) if forward else bisect_right(borders, at) - 1
    if 0 <= index < len(borders) and abs(borders[index] - at) <= _LONG_WORD:
        return borders[index]
    return at
