"""All words that an index holds, and which of them a recogniser may have heard for another one.

It stands in memory and is made of what an index holds, so that nothing that was deleted stays in
it, and nothing has to be kept up to date while captions are written. A look-up compares a word with
all others by their letters and sounds as bits (numpy), and with the few that are left by edit
distance (rapidfuzz): some milliseconds among 170,000.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from math import exp, log1p

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from transcripts.search.sounding import sounds

LIMIT = 24
"""How many words or pairs of words may stand for one word."""

LONGEST = 40
"""Characters; a longer word is compared with none."""

_PAIRS = 6
_PART_LEAST = 2
_GROUP = 24
"""Of words that sound the same, how many of the most frequent are looked at for a pair."""

_SAME_SOUND, _LIKE_SOUND, _PAIR = 0.75, 0.6, 0.5
"""The largest share of letters that may differ: where words sound the same, nearly, or as two."""

_PAIR_COST = 0.3
_FREQUENCY = 0.06
"""What being said e times as often counts against the share of letters and sounds that differ."""

_STEEPNESS = 2.0
"""How fast a word becomes unlikely with the share of letters and sounds that differ.

These and the limits above are the best of a few that were tried (`bench.misheard`).
"""

Heard = tuple[str, ...]
"""One word, or two that were said one after the other."""


class Texts:
    """Texts beside their letters as bits, to find those that are a few edits from another."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = list(texts)
        self._letters = np.fromiter(map(_letters, self._texts), np.uint64, len(self._texts))
        self._lengths = np.fromiter(map(len, self._texts), np.int16, len(self._texts))

    def __len__(self) -> int:
        return len(self._texts)

    def within(self, text: str, most: int) -> Iterator[tuple[str, int]]:
        """Give the texts that are at most so many edits away, each with how many."""
        differing = np.bitwise_count(self._letters ^ np.uint64(_letters(text)))
        near = (differing <= 2 * most) & (np.abs(self._lengths - len(text)) <= most)
        found = [self._texts[at] for at in np.flatnonzero(near)]
        for other, distance in zip(found, _distances(text, found), strict=True):
            if distance <= most:
                yield other, distance


class Vocabulary:
    """Folded words (`transcripts.search.tokens`), each with how many captions hold it."""

    def __init__(self, counts: Iterable[tuple[str, int]] = ()) -> None:
        self._counts = dict(counts)
        self._terms = Texts(self._counts)
        groups = defaultdict[str, list[str]](list)
        self._most = max(self._counts.values(), default=0)
        for term in sorted(self._counts, key=self._counts.__getitem__, reverse=True):
            for key in sounds(term):
                groups[key].append(term)
        self._groups = dict(groups)
        self._keys = Texts(self._groups)

    def __len__(self) -> int:
        return len(self._counts)

    def __contains__(self, term: str) -> bool:
        return term in self._counts

    def count(self, heard: Heard) -> int:
        """How many captions have it, or at most, of two words."""
        return min(self._counts.get(term, 0) for term in heard)

    def rarity(self, heard: Heard) -> float:
        """What it tells of a caption that it is in it."""
        return log1p(self._most / (self.count(heard) + 0.5))

    def alike(self, word: str, most: int = LIMIT) -> dict[Heard, float]:
        """Give what may have been heard for a folded word: the likeliest, and how likely (0 to 1).

        Common words come first where there are too many: a recogniser hears them more easily.
        """
        if not self._counts or len(word) > LONGEST:
            return {}
        costs = self._near(word)
        for found, cost in (*self._sounding(word), *self._pairs(word)):
            costs[found] = min(cost, costs.get(found, cost))
        costs.pop((word,), None)
        return {found: exp(-_STEEPNESS * costs[found]) for found in self._likeliest(costs, most)}

    def _likeliest(self, costs: dict[Heard, float], count: int) -> list[Heard]:
        def cost(found: Heard) -> tuple[float, Heard]:
            return costs[found] - _FREQUENCY * log1p(self.count(found)), found

        return sorted(costs, key=cost)[:count]

    def _near(self, word: str) -> dict[Heard, float]:
        """Words within a few edits."""
        found = self._terms.within(word, _edits(word)) if _edits(word) else ()
        return {(term,): distance / max(len(word), len(term)) for term, distance in found}

    def _sounding(self, word: str) -> Iterator[tuple[Heard, float]]:
        """Words that sound the same or, where there is enough to hear, nearly."""
        differing = dict[str, float]()
        for key in sounds(word):
            near = self._keys.within(key, 1 if len(key) > 2 else 0)
            for other, distance in near:
                share = distance / max(len(key), len(other))
                for term in self._groups[other]:
                    differing[term] = min(share, differing.get(term, share))
        shares = _shares(word, list(differing))
        for (term, sound), share in zip(differing.items(), shares, strict=True):
            if share <= (_LIKE_SOUND if sound else _SAME_SOUND):
                yield (term,), (share + sound) / 2

    def _pairs(self, word: str) -> Iterator[tuple[Heard, float]]:
        """Pairs of words that are written or sound like the word."""
        cuts = range(_PART_LEAST, len(word) - _PART_LEAST + 1)
        pairs = {
            (word[:at], word[at:]): None
            for at in cuts
            if word[:at] in self._counts and word[at:] in self._counts
        }
        for key in sounds(word):
            for at in range(1, len(key)):
                ends = [*self._group(key[at:]), *self._group(f"A{key[at:]}")]
                pairs |= dict.fromkeys(product(self._group(key[:at]), ends))
        shares = _shares(word, ["".join(pair) for pair in pairs])
        costs: dict[Heard, float] = {
            pair: _PAIR_COST + share
            for pair, share in zip(pairs, shares, strict=True)
            if share <= _PAIR
        }
        for pair in self._likeliest(costs, _PAIRS):
            yield pair, costs[pair]

    def _group(self, key: str) -> list[str]:
        return [term for term in self._groups.get(key, ())[:_GROUP] if len(term) >= _PART_LEAST]


def _edits(word: str) -> int:
    """How many edits a word of this length bears before it is any other."""
    return 0 if len(word) < 4 else 1 if len(word) < 6 else 2


def _letters(text: str) -> int:
    bits = 0
    for letter in text:
        bits |= 1 << (ord(letter) & 63)
    return bits


def _distances(text: str, others: Sequence[str]) -> list[int]:
    found = process.cdist([text], others, scorer=OSA.distance, dtype=np.uint8)
    distances: list[int] = found[0].tolist()
    return distances


def _shares(text: str, others: Sequence[str]) -> list[float]:
    """How many of the letters differ."""
    found = _distances(text, others)
    return [
        distance / max(len(text), len(other)) for distance, other in zip(found, others, strict=True)
    ]
