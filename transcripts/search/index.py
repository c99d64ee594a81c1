"""The port to what keeps all captions and finds them again; `fts5` and `tsvector` carry it out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from sqlalchemy import Connection

from transcripts.search.query import Query
from transcripts.search.said import Kept

CANDIDATES_LIMIT = 5000
"""So many of the newest matches are ranked; where there are more, the total is a lower bound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Which rooms a reader may read: the public ones, and the private ones named here.

    ``everything`` is for who runs the server.
    """

    private_rooms: frozenset[str] = frozenset()
    everything: bool = False


PUBLIC = Reach()


class Order(StrEnum):
    """Which hits come first."""

    BEST = "best"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Which hits are wanted: so many, after those before ``cursor``.

    ``now`` is what recency is counted from.
    """

    now: datetime
    limit: int = 50
    cursor: str | None = None
    order: Order = Order.BEST


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A caption that is found, by its place in the journal: the seq of its final."""

    id: int
    score: float
    room_id: str
    instance: int
    track: str
    seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Hits in their order, and how many there are in all; ``exact`` or at least.

    ``by_room`` counts them for each room, as far as they were ranked. ``cursor`` leads to those
    that follow, None at the end.
    """

    hits: tuple[Hit, ...] = ()
    total: int = 0
    exact: bool = True
    by_room: Mapping[str, int] = field(default_factory=dict)
    cursor: str | None = None


NOTHING = Found()


class SearchIndex(Protocol):
    """Keeps captions in the tables of a database, in the caller's transaction.

    `find` never raises for any query or cursor; it raises `sqlalchemy.exc.SQLAlchemyError` where
    the database fails, as the others do.
    """

    def put(self, connection: Connection, captions: Sequence[Kept]) -> None:
        """Keep captions, each in the place of what was kept under its id."""
        ...

    def add(self, connection: Connection, captions: Sequence[Kept]) -> None:
        """Keep many captions of which none was kept before."""
        ...

    def remove(self, connection: Connection, ids: Iterable[int]) -> None:
        """Find captions no more; their words are gone from the file once `settle` is through."""
        ...

    def clear(self, connection: Connection) -> None:
        """Find nothing any more."""
        ...

    def settle(self, connection: Connection) -> bool:
        """Overwrite some of what was removed, in a short step; True when nothing of it is left."""
        ...

    def words(self, connection: Connection) -> Iterable[tuple[str, int]]:
        """Give all words of captions, each with how many captions have it, in any order."""
        ...

    def find(self, connection: Connection, query: Query, reach: Reach, page: Page) -> Found:
        """Find captions that a reader may read; of an empty query there are none."""
        ...
