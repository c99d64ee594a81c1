"""What a reader got of what was said, and when: pure functions over snapshots of a screen.

Texts are compared without case and punctuation. Delays count from the true end of each word to the
first snapshot in which it stands; a word that was never said right has no delay, it is an error.
"""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pipeline.steadiness import erasure, rewrites

_WORD = re.compile(r"[a-z0-9']+")
_EDIT = 100_000  # a pair costs -1, so that pairs decide between equally many edits


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

    ``missing`` words have nothing in their place at the end. ``lost`` words stood on the screen,
    right, and are not in the committed text at the end: shown, but never committed.
    ``erased`` counts words that were taken from the screen, to be shown again or not, and
    ``rewritten`` those of them that did not come back at once.
    """

    words: int
    errors: int
    missing: int
    lost: int
    erased: int
    rewritten: int
    first_word_s: float | None
    shown_s: tuple[float, ...]
    committed_s: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """Which heard word is which said one, and how many words are wrong, missing or too many.

    ``missing`` counts said words that nothing stands for.
    """

    pairs: dict[int, int]
    errors: int
    missing: int


def plain_words(text: str) -> list[str]:
    """Give the words alone."""
    return _WORD.findall(text.lower())


def align(said: Sequence[str], heard: Sequence[str]) -> Alignment:
    """Align with the fewest edits; of equally good ways the one with most pairs, the earlier ones.

    That is what a stream that is still being heard needs: "the" is the first one that was said.
    """
    costs = _costs(said, heard)
    pairs: dict[int, int] = {}
    i = j = missing = 0
    while i < len(said) and j < len(heard):
        if said[i] == heard[j]:
            pairs[i] = j
            i, j = i + 1, j + 1
        elif costs[i, j] == costs[i + 1, j + 1] + _EDIT:
            i, j = i + 1, j + 1
        elif costs[i, j] == costs[i + 1, j] + _EDIT:
            i, missing = i + 1, missing + 1
        else:
            j += 1
    errors = (int(costs[0, 0]) + len(pairs)) // _EDIT
    return Alignment(pairs=pairs, errors=errors, missing=missing + len(said) - i)


def _costs(said: Sequence[str], heard: Sequence[str]) -> NDArray[np.int64]:
    """Give what it costs to align the rest of ``said`` from i with the rest of ``heard`` from j."""
    numbers = {word: number for number, word in enumerate({*said, *heard})}
    column = np.array([numbers[word] for word in heard], np.int64)
    steps = np.arange(len(heard) + 1) * _EDIT
    costs = np.empty((len(said) + 1, len(heard) + 1), np.int64)
    costs[-1] = steps[::-1]
    for i in range(len(said) - 1, -1, -1):
        below = costs[i + 1]
        row = below + _EDIT
        both = below[1:] + np.where(column == numbers[said[i]], -1, _EDIT)
        row[:-1] = np.minimum(row[:-1], both)
        # skipping heard words costs one each: the cheapest place further on, and the way there
        costs[i] = np.minimum.accumulate((row + steps)[::-1])[::-1] - steps
    return costs


def score(words: Sequence[SpokenWord], snapshots: Sequence[Snapshot]) -> Score:
    """Score one room; ``snapshots`` ascend in time, and the last one is what stays."""
    said = [word.text for word in words]
    screens = [(shot.at_s, plain_words(f"{shot.committed} {shot.tentative}")) for shot in snapshots]
    finished = [(shot.at_s, plain_words(shot.committed)) for shot in snapshots]
    kept = align(said, finished[-1][1] if finished else ())
    shown = _first_seen(words, screens)
    committed = _first_seen(words, finished)
    erased, rewritten = changes([screen for _, screen in screens])
    return Score(
        words=len(said),
        errors=kept.errors,
        missing=kept.missing,
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
    words: Sequence[SpokenWord], screens: Sequence[tuple[float, list[str]]]
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
        for i in align(said[:begun], screen).pairs:
            seen.setdefault(i, at_s)
    return seen


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
