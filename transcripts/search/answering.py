"""What is asked for and what comes of it: hits of captions, grouped by room.

A `Finder` may look for more than the words as they were typed; it says so, and which query its
hits are of.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Connection

from transcripts.search.index import Found, Hit, Page, Reach, SearchIndex
from transcripts.search.query import Query


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardAs:
    """A word that was typed, and what may have been heard in its place."""

    word: str
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was found, and the query that it was found with, in which marks are looked for.

    It is ``exact`` where nothing but the words themselves was looked for.
    """

    found: Found
    query: Query
    heard_as: tuple[HeardAs, ...] = ()
    exact: bool = True


class Finder(Protocol):
    """Answers a query in a transaction that may be cut off when it takes too long."""

    def find(self, connection: Connection, query: Query, reach: Reach, page: Page) -> Answer:
        """Find captions that a reader may read. Raises as `SearchIndex.find` does."""
        ...


class Exactly:
    """Finds the words as they were typed."""

    def __init__(self, index: SearchIndex) -> None:
        self._index = index

    def find(self, connection: Connection, query: Query, reach: Reach, page: Page) -> Answer:
        return Answer(found=self._index.find(connection, query, reach, page), query=query)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Hits in one track of one instance of a room, the best first."""

    room_id: str
    instance: int
    track: str
    hits: tuple[Hit, ...]


def grouped(hits: Iterable[Hit]) -> list[Group]:
    """Put hits together, what the best one is in first."""
    groups: dict[tuple[str, int, str], list[Hit]] = {}
    for hit in hits:
        groups.setdefault((hit.room_id, hit.instance, hit.track), []).append(hit)
    return [
        Group(room_id=room_id, instance=instance, track=track, hits=tuple(of_it))
        for (room_id, instance, track), of_it in groups.items()
    ]
