"""Queries that wait for what is said: which of thousands find one caption, asked of a few of them.

Each query is kept under words of which one must be said wherever it finds something, and of those
that would do, under the ones that are said least. A caption is compared with the queries under its
own words alone. What is said how often is learned from the captions that are asked about.
"""

from collections import Counter
from collections.abc import Iterator

from transcripts.search.matching import About, matches
from transcripts.search.query import (
    And,
    Expression,
    Not,
    Or,
    Phrase,
    Prefix,
    Query,
    Word,
)
from transcripts.search.said import TAIL, Said

_ALWAYS = ""
"""Stands for queries of which no word has to be said."""
_FIRST_SORTING = 16
_MOST_WORDS = 100_000

Keys = frozenset[str]
"""Words, or beginnings of words with a star, of which at least one is said."""


class StandingQueries:
    """Queries by the ids that they were put under. Pure; for one thread at a time."""

    def __init__(self) -> None:
        self._queries: dict[str, Query] = {}
        self._keys: dict[str, Keys] = {}
        self._under: dict[str, set[str]] = {}
        self._captions = 0
        self._said: Counter[str] = Counter()
        self._next_sorting = _FIRST_SORTING
        self.compared = 0

    def __len__(self) -> int:
        return len(self._queries)

    def put(self, id: str, query: Query) -> None:
        """Keep a query, in the place of what was kept under its id."""
        self.remove(id)
        self._queries[id] = query
        self._keys[id] = keys = self._best(query.what) or frozenset({_ALWAYS})
        for key in keys:
            self._under.setdefault(key, set()).add(id)

    def remove(self, id: str) -> None:
        """Forget a query; harmless when there is none."""
        self._queries.pop(id, None)
        for key in self._keys.pop(id, frozenset()):
            self._under[key].discard(id)
            if not self._under[key]:
                del self._under[key]

    def finding(self, said: Said, about: About) -> list[str]:
        """Give the ids of the queries that find a caption."""
        spoken = {*said.own, *said.tail}
        self._learn(spoken)
        near = {id for key in _keys_of(spoken) for id in self._under.get(key, ())}
        self.compared += len(near)
        return sorted(id for id in near if matches(self._queries[id], said, about))

    def finds(self, id: str, said: Said, about: About) -> bool:
        """Whether one of the queries finds a caption."""
        return id in self._queries and matches(self._queries[id], said, about)

    def _learn(self, spoken: set[str]) -> None:
        """Count words; now and then, look again which of a query's are said least."""
        self._captions += 1
        self._said.update(spoken)
        if self._captions < self._next_sorting:
            return
        self._next_sorting = 4 * self._captions
        if len(self._said) > _MOST_WORDS:
            self._said = Counter(dict(self._said.most_common(_MOST_WORDS // 2)))
        for id, query in list(self._queries.items()):
            self.put(id, query)

    def _best(self, what: Expression | None) -> Keys | None:
        """Give keys of which one is said wherever ``what`` is found; None where there are none."""
        match what:
            case Word(text):
                return frozenset({text})
            case Phrase(words):
                return self._rarest(frozenset({word}) for word in words[-TAIL - 1 :])
            case Prefix(words):
                whole = [frozenset({word}) for word in words[-TAIL - 1 : -1]]
                return self._rarest(iter([*whole, frozenset({f"{words[-1]}*"})]))
            case And(parts):
                every = (self._best(part) for part in parts if not isinstance(part, Not))
                return self._rarest(keys for keys in every if keys)
            case Or(parts):
                of_parts = [self._best(part) for part in parts]
                some = [keys for keys in of_parts if keys]
                return frozenset().union(*some) if len(some) == len(of_parts) else None
            case _:
                return None

    def _rarest(self, choices: Iterator[Keys]) -> Keys | None:
        return min(choices, key=self._share, default=None)

    def _share(self, keys: Keys) -> float:
        """In what share of captions one of some keys is said, about."""
        return sum(self._share_of(key) for key in keys)

    def _share_of(self, key: str) -> float:
        if key.endswith("*"):
            return 4.0 ** (1 - len(key))
        # Of words that were never said the longest is the rarest, as far as one can tell.
        return self._said[key] / max(self._captions, 1) + 1e-6 / len(key)


def _keys_of(spoken: set[str]) -> Iterator[str]:
    yield _ALWAYS
    beginnings = {word[:length] for word in spoken for length in range(1, len(word) + 1)}
    yield from spoken
    yield from (f"{beginning}*" for beginning in beginnings)
