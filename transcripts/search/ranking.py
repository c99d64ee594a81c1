"""Which of the captions that are found come first: one calculation for every index.

BM25 (Robertson and Walker, 1994) over the candidates: how often each word is said in a caption,
rarer words counting more, in captions of common length. A caption that has the words as they were
typed, in their order, counts more, as does one in a room whose title has them, and one of late.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from transcripts.search.likeness import alikes, likenesses
from transcripts.search.query import Expression, Leaf, Prefix, Word, leaves
from transcripts.search.said import BEFORE, OWN, place

_K1, _B = 1.2, 0.75
_USUAL_LENGTH = 60.0
"""Characters of a caption of common length."""

_LEAST_WEIGHT = 0.5
_IN_ORDER = 1.5
_TITLE = 0.2
_RECENCY = 0.25
_HALF_LIFE_DAYS = 90.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """An instance of a room in one language. ``title_words`` have spaces around each."""

    no: int
    room_id: str
    instance: int
    track: str
    began_at: datetime
    title_words: str = ""


def scores(
    what: Expression | None,
    lines: Sequence[tuple[int, str]],
    takes: Mapping[int, Take],
    now: datetime,
) -> list[float]:
    """How well each line (its caption's id, what the index has) answers what is looked for."""
    boosts = {no: _boost(what, take, now) for no, take in takes.items()}
    owns = [f" {line.rpartition(OWN)[2]} " for _, line in lines]
    totals = _totals(what, owns)
    in_order = _in_order(what)
    return [
        (1 + total)
        * (_IN_ORDER if in_order and in_order in _spoken(line) else 1.0)
        * boosts[place(id)[0]]
        for (id, line), total in zip(lines, totals, strict=True)
    ]


def _totals(what: Expression | None, owns: Sequence[str]) -> list[float]:
    if groups := alikes(what):
        return likenesses(groups, owns)
    counts = [[own.count(said) for own in owns] for said in _said(what)]
    return _bm25(counts, [len(own) for own in owns])


def _bm25(counts: Sequence[Sequence[int]], lengths: Sequence[int]) -> list[float]:
    totals = [0.0] * len(lengths)
    shares = [_K1 * (1 - _B + _B * length / _USUAL_LENGTH) for length in lengths]
    for of_one in counts:
        having = sum(map(bool, of_one))
        weight = _LEAST_WEIGHT + math.log(1 + (len(lengths) - having + 0.5) / (having + 0.5))
        for at, count in enumerate(of_one):
            if count:
                totals[at] += weight * count * (_K1 + 1) / (count + shares[at])
    return totals


def _said(what: Expression | None) -> list[str]:
    """What is counted in a caption's own words with a space before and behind."""
    return [_written(leaf) for leaf in dict.fromkeys(leaves(what))]


def _written(leaf: Leaf) -> str:
    words = leaf.text if isinstance(leaf, Word) else " ".join(leaf.words)
    return f" {words}" if isinstance(leaf, Prefix) else f" {words} "


def _in_order(what: Expression | None) -> str:
    """All words as they were typed, where there are several."""
    written = [_written(leaf).strip() for leaf in leaves(what)]
    return f" {' '.join(written)}" if len(written) > 1 else ""


def _spoken(line: str) -> str:
    """The words of a line, those of the tail before the caption's own."""
    before, _, own = line.rpartition(OWN)
    _, mark, tail = before.partition(f" {BEFORE}")
    return f" {tail.replace(BEFORE, '')} {own}" if mark else f" {own}"


def _boost(what: Expression | None, take: Take, now: datetime) -> float:
    titled = sum(said in take.title_words for said in _said(what))
    age_days = max((now - take.began_at).total_seconds() / 86400, 0.0)
    recent: float = 0.5 ** (age_days / _HALF_LIFE_DAYS)
    return (1 + _TITLE * min(titled, 3)) * (1 + _RECENCY * recent)
