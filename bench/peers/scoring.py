"""What a reader got of what was said, and when: pure functions over snapshots of a screen.

Texts are compared without case and punctuation. Delays count from the true end of each word to the
first snapshot in which it stands; a word that was never said right has no delay, it is an error.
"""

import itertools
import re
import statistics
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pipeline.steadiness import erasure, rewrites

_WORD = re.compile(r"[a-z0-9']+")
_EDIT = 100_000  # a pair costs 1 less than nothing, so that pairs decide among equal edits
_CLOCK_S = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenWord:
    """A word that is truly said; seconds from the first sample."""

    text: str
    start_s: float
    end_s: float

    def later(self, by_s: float) -> "SpokenWord":
        """Move the word."""
        return replace(self, start_s=self.start_s + by_s, end_s=self.end_s + by_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Where a system says that it left something out; seconds."""

    start_s: float
    end_s: float

    def later(self, by_s: float) -> "Gap":
        """Move the gap."""
        return replace(self, start_s=self.start_s + by_s, end_s=self.end_s + by_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What a client could show ``at_s`` seconds after the first sample was sent.

    ``committed`` is what the server says will not change, ``tentative`` what follows it.
    """

    at_s: float
    committed: str
    tentative: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One room: counts of words, and delays in seconds, one for each word that has one.

    ``unmarked`` words have nothing in their place at the end, and nothing says so; ``marked`` ones
    lie in a gap that readers see, None where a system marks none. ``lost`` words stood on the
    screen, right, and are not in the committed text at the end: shown, but never committed.
    ``erased`` counts words that were taken from the screen, to be shown again or not, and
    ``rewritten`` those of them that did not come back at once.
    """

    words: int
    errors: int
    unmarked: int
    marked: int | None
    lost: int
    erased: int
    rewritten: int
    first_word_s: float | None
    shown_s: tuple[float, ...]
    committed_s: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """Which heard word is which said one, and how many words are wrong, missing or too many.

    ``missing`` are the said words that nothing stands for.
    """

    pairs: dict[int, int]
    errors: int
    missing: tuple[int, ...]


def plain_words(text: str) -> list[str]:
    """Give the words alone."""
    return _WORD.findall(text.lower())


def align(
    said: Sequence[str], heard: Sequence[str], absent: Collection[int] = frozenset()
) -> Alignment:
    """Align with the fewest edits; of equally good ways the one with most pairs, the earlier ones.

    That is what a stream that is still being heard needs: "the" is the first one that was said,
    unless that one is ``absent``: said words for which a gap stands, if possible, are missing.
    """
    removals = [_EDIT - (i in absent) for i in range(len(said))]
    costs = _costs(said, heard, removals)
    pairs: dict[int, int] = {}
    missing: list[int] = []
    i = j = errors = 0
    while i < len(said) and j < len(heard):
        if said[i] == heard[j] and costs[i, j] == costs[i + 1, j + 1] - 1:
            pairs[i] = j
            i, j = i + 1, j + 1
            continue
        errors += 1
        if said[i] != heard[j] and costs[i, j] == costs[i + 1, j + 1] + _EDIT:
            i, j = i + 1, j + 1
        elif costs[i, j] == costs[i + 1, j] + removals[i]:
            missing.append(i)
            i += 1
        else:
            j += 1
    missing += range(i, len(said))
    return Alignment(
        pairs=pairs, errors=errors + len(said) - i + len(heard) - j, missing=tuple(missing)
    )


def _costs(said: Sequence[str], heard: Sequence[str], removals: Sequence[int]) -> NDArray[np.int64]:
    """Give what it costs to align the rest of ``said`` from i with the rest of ``heard`` from j."""
    numbers = {word: number for number, word in enumerate({*said, *heard})}
    column = np.array([numbers[word] for word in heard], np.int64)
    steps = np.arange(len(heard) + 1) * _EDIT
    costs = np.empty((len(said) + 1, len(heard) + 1), np.int64)
    costs[-1] = steps[::-1]
    for i in range(len(said) - 1, -1, -1):
        below = costs[i + 1]
        row = below + removals[i]
        both = below[1:] + np.where(column == numbers[said[i]], -1, _EDIT)
        row[:-1] = np.minimum(row[:-1], both)
        # skipping heard words costs one each: the cheapest place further on, and the way there
        costs[i] = np.minimum.accumulate((row + steps)[::-1])[::-1] - steps
    return costs


def score(
    words: Sequence[SpokenWord], snapshots: Sequence[Snapshot], gaps: Sequence[Gap] | None = None
) -> Score:
    """Score one room; ``snapshots`` ascend in time, and the last one is what stays.

    ``gaps`` are in the clock of the words; None for a system that does not mark what it leaves out.
    """
    said = [word.text for word in words]
    absent = within(words, gaps or ())
    screens = [(shot.at_s, plain_words(f"{shot.committed} {shot.tentative}")) for shot in snapshots]
    finished = [(shot.at_s, plain_words(shot.committed)) for shot in snapshots]
    kept = align(said, finished[-1][1] if finished else (), absent)
    shown = _first_seen(words, screens, absent)
    committed = _first_seen(words, finished, absent)
    erased, rewritten = changes([screen for _, screen in screens])
    marked = sum(i in absent for i in kept.missing)
    return Score(
        words=len(said),
        errors=kept.errors,
        unmarked=len(kept.missing) - marked,
        marked=None if gaps is None else marked,
        lost=len(shown.keys() - kept.pairs.keys()),
        erased=erased,
        rewritten=rewritten,
        first_word_s=min(shown.values()) - words[0].end_s if shown else None,
        shown_s=tuple(at_s - words[i].end_s for i, at_s in sorted(shown.items())),
        committed_s=tuple(
            at_s - words[i].end_s for i, at_s in sorted(committed.items()) if i in kept.pairs
        ),
    )


def _first_seen(
    words: Sequence[SpokenWord],
    screens: Sequence[tuple[float, list[str]]],
    absent: Collection[int],
) -> dict[int, float]:
    """Find when each word first stood on the screen; only words that have begun can."""
    said = [word.text for word in words]
    seen: dict[int, float] = {}
    before: list[str] = []
    for at_s, screen in screens:
        if screen == before:
            continue
        before = screen
        begun = sum(word.start_s < at_s for word in words)
        for i in align(said[:begun], screen, absent).pairs:
            seen.setdefault(i, at_s)
    return seen


def within(words: Sequence[SpokenWord], gaps: Sequence[Gap]) -> frozenset[int]:
    """Give the words of which a part lies in a gap, or as good as: clocks differ by a little."""
    return frozenset(
        number
        for number, word in enumerate(words)
        for gap in gaps
        if word.start_s < gap.end_s + _CLOCK_S and word.end_s > gap.start_s - _CLOCK_S
    )


def ahead_s(said: Sequence[SpokenWord], heard: Sequence[SpokenWord]) -> float | None:
    """Tell how far the clock of what was heard is ahead; None when no word was heard right.

    It is the median over all words that were heard right, of where they end.
    """
    pairs = align([word.text for word in said], [word.text for word in heard]).pairs
    if not pairs:
        return None
    return statistics.median(heard[j].end_s - said[i].end_s for i, j in pairs.items())


def changes(screens: Sequence[Sequence[str]]) -> tuple[int, int]:
    """Count the words that were erased and those that were rewritten; see `pipeline.steadiness`."""
    erased = rewritten = 0
    for before, now in itertools.pairwise(screens):
        gone = erasure(before, now)
        erased += gone
        same = len(before) - gone
        rewritten += rewrites(before[same:], now[same:])
    return erased, rewritten


def percentile(values: Sequence[float], share: float) -> float | None:
    """Give the value below which ``share`` of the values lie; none of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else None
