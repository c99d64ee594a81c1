"""Ways of looking for captions, by words, by meaning, and by both."""

from collections.abc import Sequence

import numpy as np

from bench.meaning.embedding import Embedder
from bench.misheard.rivals import FIRST, Plain, Way
from transcripts.search.tokens import tokens

SMOOTHING = 60
"""k of reciprocal rank fusion, as in Cormack, Clarke and Büttcher, SIGIR 2009."""


class AnyWord(Plain):
    """FTS5 by bm25, where one word is enough."""

    def __call__(self, text: str) -> list[int]:
        return self.matching(" OR ".join(f'"{word}"' for word in tokens(text)))


class Meaning:
    """The captions whose vectors are nearest to that of what is asked, of all of them."""

    def __init__(self, captions: Sequence[str], embedder: Embedder) -> None:
        self._embedder = embedder
        self._vectors = embedder.encode(captions).astype(np.float16).astype(np.float32)

    def __call__(self, text: str) -> list[int]:
        likeness = self._vectors @ self._embedder.encode([text])[0]
        nearest = np.argpartition(-likeness, min(FIRST, len(likeness) - 1))[:FIRST]
        return [int(number) for number in nearest[np.argsort(-likeness[nearest])]]


class Together:
    """Both at once, by reciprocal rank fusion."""

    def __init__(self, *ways: Way) -> None:
        self._ways = ways

    def __call__(self, text: str) -> list[int]:
        return fused([way(text) for way in self._ways])[:FIRST]


class Otherwise:
    """The second way where the first one finds nothing."""

    def __init__(self, first: Way, second: Way) -> None:
        self._first, self._second = first, second

    def __call__(self, text: str) -> list[int]:
        return self._first(text) or self._second(text)


def fused(rankings: Sequence[Sequence[int]]) -> list[int]:
    """Put rankings together: each gives what it has a share of one by its rank."""
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, number in enumerate(ranking, 1):
            scores[number] = scores.get(number, 0.0) + 1 / (SMOOTHING + rank)
    return sorted(scores, key=lambda number: -scores[number])
