"""Captions laid out as readable lines: at most two of 42 characters, broken where a reader pauses.

Breaks are chosen all at once, by the least sum of what each of them costs (`pipeline.breaks`) and
of how uneven the lines are: dynamic programming over the places to break, the idea of Knuth and
Plass, "Breaking Paragraphs into Lines" (1981). The lengths are those of common subtitle practice.
No word between spaces is ever broken: one that is longer than a line is a line of its own. Where no
spaces are written, lines end between pieces (`models.writing`). A Chinese, Japanese or Korean
letter is as wide as two of the others and counts as much.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate, pairwise
from unicodedata import category, east_asian_width

from models.transcript import Final, Word
from models.writing import Written, is_unspaced, joined, pieces
from pipeline.breaks import SENTENCE, break_cost, break_costs

LINE_CHARS = 42
LINES = 2
CAPTION_CHARS = LINES * LINE_CHARS + 1
PAUSE_S = 0.6
LONG_PAUSE_S = 2.0

_COLUMNS = {"W": 2, "F": 2}  # wide and full width (Unicode Standard Annex 11)
_NO_WIDTH = ("Mn", "Me", "Cf")
_BREAK_WEIGHT = 0.4
_SHORT_CHARS = 7
_LONELY_CHARS = LINE_CHARS // 2  # a single word that fills half a line does not look lost
_ORPHAN_COST = 1.0  # a break anywhere is better, but inside a name or behind a word that waits


@lru_cache(maxsize=4096)
def columns(text: str) -> int:
    """Count how many Latin letters are as wide: two for a Chinese one, none for a mark on one."""
    if text.isascii():
        return len(text)
    return sum(_COLUMNS.get(east_asian_width(c), 1) for c in text if category(c) not in _NO_WIDTH)


class Widths:
    """Words whose widths, joined as they are written, are asked for often."""

    def __init__(self, words: Sequence[Written]) -> None:
        self._words = words
        self._starts = list(accumulate((columns(word.text) for word in words), initial=0))
        self._spaces = list(accumulate((not word.glued for word in words), initial=0))

    def chars(self, start: int, end: int) -> int:
        """How many columns the words from ``start`` to before ``end`` take."""
        spaces = self._spaces[end] - self._spaces[start + 1] if end > start else 0
        return self._starts[end] - self._starts[start] + spaces

    def is_last_word(self, start: int, end: int) -> bool:
        """Whether they are the last word of several; without spaces nobody can say where one is."""
        if not start or end < len(self._words) or self._spaces[end] > self._spaces[start + 1]:
            return False
        return not any(is_unspaced(word.text) for word in self._words[start:end])

    def fit(self, start: int, end: int, *, indent: int = 0) -> bool:
        """Whether they fit into a caption's lines, the first of which begins after ``indent``."""
        used, room = start, LINE_CHARS - indent
        for _ in range(LINES):
            line = used
            while used < end and self.chars(line, used + 1) <= room:
                used += 1
            if used == line and used < end:  # longer than a line: it stands alone
                used += 1
            room = LINE_CHARS
        return used >= end


def lines(words: Sequence[Word], *, indent: int = 0, language: str = "en") -> tuple[str, ...]:
    """Lay words out as few even lines; ``indent`` is kept free in the first one."""
    costs = break_costs(words, language)
    return _lines(words, costs, indent)


def text_lines(text: str, *, language: str = "en") -> tuple[str, ...]:
    """Lay out text that has no times, as a person writes it."""
    parts = pieces(text)
    costs = [
        break_cost(one.text, other.text, language=language, glued=other.glued)
        for one, other in pairwise(parts)
    ]
    return _lines(parts, [SENTENCE, *costs], 0)


@lru_cache(maxsize=2048)  # a page of history is asked for by many readers
def final_lines(final: Final) -> tuple[str, ...]:
    """Lay out a final; its lines are its text, but for the spaces at their ends."""
    if final.words and joined(final.words) == " ".join(final.text.split()):
        return lines(final.words, language=final.language)
    return text_lines(final.text, language=final.language)


def captions(
    words: Sequence[Word], *, indent: int = 0, language: str = "en"
) -> list[Sequence[Word]]:
    """Cut words into as few captions as fit, of even length, where a reader would pause.

    A pause of `LONG_PAUSE_S` always ends a caption. The last word is a caption of its own only
    where no place that is not bad would cut more evenly.
    """
    widths = Widths(words)
    costs = break_costs(words, language)
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(words) + 1):
        options: list[tuple[float, int]] = []
        for start in range(end - 1, -1, -1):
            alone = start == end - 1
            if not alone and (
                pause_s(words, start + 1) > LONG_PAUSE_S
                or not widths.fit(start, end, indent=indent)
            ):
                break
            ragged = 1.5 + 2.0 * (widths.chars(start, end) / CAPTION_CHARS) ** 2
            orphan = _ORPHAN_COST if widths.is_last_word(start, end) else 0.0
            options.append((best[start][0] + ragged + orphan, start))
        ends_well = end == len(words) or pause_s(words, end) >= PAUSE_S
        cost, start = min(options)
        best.append((cost + (0.0 if ends_well else costs[end]), start))
    cut: list[Sequence[Word]] = []
    end = len(words)
    while end:
        cut.append(words[best[end][1] : end])
        end = best[end][1]
    return cut[::-1]


def pause_s(words: Sequence[Word], at: int) -> float:
    """Give the silence before the word ``at``, in seconds."""
    return words[at].start_s - words[at - 1].end_s


def _lines(words: Sequence[Written], costs: Sequence[float], indent: int) -> tuple[str, ...]:
    """Break into as few lines as possible, and among those at the least cost.

    ``best[end]`` is the fewest lines and the least cost of the words before ``end``, and where
    their last line begins.
    """
    widths = Widths(words)
    best: list[tuple[int, float, int]] = [(0, 0.0, 0)]
    for end in range(1, len(words) + 1):
        break_here = _BREAK_WEIGHT * costs[end] if end < len(words) else 0.0
        options: list[tuple[int, float, int]] = []
        for start in range(end - 1, -1, -1):
            room = LINE_CHARS if start else LINE_CHARS - indent
            chars = widths.chars(start, end)
            if chars > room and start < end - 1:
                break
            count, cost, _ = best[start]
            uneven = max(0, room - chars) / LINE_CHARS
            lonely = chars < _LONELY_CHARS and widths.is_last_word(start, end)
            orphan = _BREAK_WEIGHT * _ORPHAN_COST if lonely or chars < _SHORT_CHARS else 0.0
            options.append((count + 1, cost + uneven**2 + orphan + break_here, start))
        best.append(min(options))
    broken: list[str] = []
    end = len(words)
    while end:
        start = best[end][2]
        broken.append(joined(words[start:end]))
        end = start
    return tuple(broken[::-1])
