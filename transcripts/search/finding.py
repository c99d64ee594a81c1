"""What both indexes have in common: candidates are ranked here, and given a page at a time."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy import Connection, bindparam, select

from transcripts.search.index import (
    CANDIDATES_LIMIT,
    NOTHING,
    Found,
    Hit,
    Order,
    Page,
    Reach,
)
from transcripts.search.places import NEWEST, few_rooms, ids_in_days, takes_of
from transcripts.search.query import NO_FILTERS, Query
from transcripts.search.ranking import Take, scores
from transcripts.search.said import Kept, place, room_facet
from transcripts.search.tables import captions
from transcripts.search.terms import Every, Wanted, one_of, wanted

_AT_ONCE = 500

Ids = tuple[int, int]
"""The least and the greatest id that a caption may have."""

Line = tuple[int, str]
"""A caption's id, and what the index has of it."""


class TableIndex(ABC):
    """Carries out `index.SearchIndex` on the tables that both databases have."""

    @abstractmethod
    def add(self, connection: Connection, captions: Sequence[Kept]) -> None:
        """Keep many captions of which none was kept before."""

    @abstractmethod
    def remove(self, connection: Connection, ids: Iterable[int]) -> None:
        """Find captions no more."""

    @abstractmethod
    def clear(self, connection: Connection) -> None:
        """Find nothing any more."""

    @abstractmethod
    def settle(self, connection: Connection) -> bool:
        """Overwrite some of what was removed; True when nothing of it is left."""

    @abstractmethod
    def words(self, connection: Connection) -> Iterator[tuple[str, int]]:
        """Give all words of captions, each with how many captions have it."""

    @abstractmethod
    def candidates(
        self, connection: Connection, wanted: Wanted, query: Query, reach: Reach, ids: Ids
    ) -> list[Line]:
        """Give the newest captions that are found, up to one more than are ranked."""

    def put(self, connection: Connection, captions: Sequence[Kept]) -> None:
        """Keep captions, each in the place of what was kept under its id."""
        known = dict(lines(connection, [caption.id for caption in captions]))
        changed = [caption for caption in captions if known.get(caption.id) != caption.line]
        self.remove(connection, [caption.id for caption in changed if caption.id in known])
        self.add(connection, changed)

    def find(self, connection: Connection, query: Query, reach: Reach, page: Page) -> Found:
        """Find captions that a reader may read; of an empty query there are none."""
        start = _Start.of(page)
        terms = wanted(query.what, query.filters)
        if not query or (terms.term is None and query.filters == NO_FILTERS):
            return NOTHING
        rooms = few_rooms(connection, reach, query.filters)
        if rooms is not None:
            terms = _in_rooms(terms, rooms)
        oldest, newest = ids_in_days(connection, query.filters)
        ids = (oldest, min(newest, start.newest))
        newest_first = self.candidates(connection, terms, query, reach, ids)
        exact = len(newest_first) <= CANDIDATES_LIMIT
        found = newest_first[:CANDIDATES_LIMIT]
        takes = takes_of(connection, {place(id)[0] for id, _ in found})
        return _page(query, found, takes, replace(page, now=start.now), start, exact=exact)


def lines(connection: Connection, ids: Sequence[int]) -> list[Line]:
    """What the index has of captions."""
    found: list[Line] = []
    for at in range(0, len(ids), _AT_ONCE):
        rows = connection.execute(_LINES, {"ids": list(ids[at : at + _AT_ONCE])})
        found += [(int(row[0]), str(row[1])) for row in rows]
    return found


_LINES = select(captions.c.id, captions.c.line).where(
    captions.c.id.in_(bindparam("ids", expanding=True))
)


@dataclass(frozen=True, slots=True)
class _Start:
    """Where a page begins; all pages rank the captions that the first one did."""

    newest: int
    skipped: int
    now: datetime

    @classmethod
    def of(cls, page: Page) -> "_Start":
        try:
            newest, skipped, now_s = (int(part, 36) for part in (page.cursor or "").split("-"))
            if 0 <= newest <= NEWEST and 0 <= skipped <= CANDIDATES_LIMIT:
                return cls(newest, skipped, datetime.fromtimestamp(now_s, UTC))
        except (ValueError, OverflowError, OSError):
            pass
        return cls(NEWEST, 0, page.now)

    def cursor(self, newest: int, skipped: int) -> str:
        now_s = max(int(self.now.timestamp()), 0)
        return "-".join(map(_base36, (min(newest, self.newest), skipped, now_s)))


def _page(
    query: Query,
    found: Sequence[Line],
    takes: dict[int, Take],
    page: Page,
    start: _Start,
    *,
    exact: bool,
) -> Found:
    if not found:
        return NOTHING
    ranked = list(zip(scores(query.what, found, takes, page.now), found, strict=True))
    if page.order is Order.BEST:
        ranked.sort(key=lambda scored: scored[0], reverse=True)  # equal ones stay newest first
    end = start.skipped + max(page.limit, 0)
    by_room = Counter(takes[place(id)[0]].room_id for id, _ in found)
    return Found(
        hits=tuple(_hit(id, score, takes) for score, (id, _) in ranked[start.skipped : end]),
        total=len(found),
        exact=exact,
        by_room=by_room,
        cursor=start.cursor(found[0][0], end) if end < len(ranked) else None,
    )


def _hit(id: int, score: float, takes: dict[int, Take]) -> Hit:
    number, seq = place(id)
    take = takes[number]
    return Hit(
        id=id,
        score=score,
        room_id=take.room_id,
        instance=take.instance,
        track=take.track,
        seq=seq,
    )


def _in_rooms(terms: Wanted, rooms: Sequence[str]) -> Wanted:
    """Ask for the rooms, too, where they are few: then others' captions are not gone through."""
    here = one_of([room_facet(room_id) for room_id in rooms])
    return replace(terms, term=Every((terms.term, here)) if terms.term else here)


def _base36(number: int) -> str:
    digits = ""
    while number or not digits:
        number, digit = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return digits
