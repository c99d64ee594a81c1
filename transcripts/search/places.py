"""Rooms and takes in the index's tables: where captions are, and which a reader may read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)

from transcripts.search.index import Reach
from transcripts.search.query import NO_FILTERS, Filters
from transcripts.search.ranking import Take
from transcripts.search.said import SEQ_BITS
from transcripts.search.tables import search_rooms, takes
from transcripts.search.tokens import tokens

FACETS_LIMIT = 64
"""Of so few rooms an index is asked for the rooms themselves, which is faster than leaving out."""

NEWEST = (1 << 62) - 1
"""No caption has a greater id."""

_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRoom:
    """What is asked of a room. One that is not ``private`` is open to everybody."""

    room_id: str
    title: str
    host_id: str
    host_name: str
    private: bool


def put_room(connection: Connection, room: SearchRoom) -> None:
    """Keep what is asked of a room, in the place of what was kept."""
    values = {
        "title": _storable(room.title),
        "title_words": _words(room.title),
        "host_id": room.host_id,
        "host_name": _storable(room.host_name),
        "host_words": _words(room.host_name),
        "private": room.private,
    }
    of_it = search_rooms.c.room_id == room.room_id
    if not connection.execute(update(search_rooms).where(of_it).values(**values)).rowcount:
        connection.execute(insert(search_rooms).values(room_id=room.room_id, **values))


def rooms_in(connection: Connection) -> dict[str, SearchRoom]:
    """What is kept of all rooms, by their ids."""
    rows = connection.execute(select(search_rooms))
    return {
        row.room_id: SearchRoom(
            room_id=row.room_id,
            title=row.title,
            host_id=row.host_id,
            host_name=row.host_name,
            private=row.private,
        )
        for row in rows
    }


def readable(reach: Reach, filters: Filters = NO_FILTERS) -> Select[int]:
    """Select the numbers of the takes that a reader may read and filters want."""
    rooms, of_takes = search_rooms.c, takes.c
    conditions: list[ColumnElement[bool]] = []
    if not reach.everything:
        conditions.append(or_(~rooms.private, rooms.room_id.in_(sorted(reach.private_rooms))))
    if filters.hosts:
        conditions.append(_any_of(filters.hosts, rooms.host_id, rooms.host_words))
    if filters.rooms:
        conditions.append(_any_of(filters.rooms, rooms.room_id, rooms.title_words))
    if filters.titles:
        conditions.append(or_(*(_has(rooms.title_words, value) for value in filters.titles)))
    if filters.after:
        conditions.append(of_takes.began_at >= filters.after.isoformat())
    if filters.before:
        conditions.append(of_takes.began_at < filters.before.isoformat())
    joined = takes.join(search_rooms, rooms.room_id == of_takes.room_id)
    return select(of_takes.no).select_from(joined).where(and_(True, *conditions))


def take_of(id: ColumnElement[int]) -> ColumnElement[int]:
    """The number of a caption's take, in a query."""
    return id.bitwise_rshift(literal_column(str(SEQ_BITS)))


def few_rooms(connection: Connection, reach: Reach, filters: Filters) -> list[str] | None:
    """Name the rooms that filters want; None when they are many or filters name none."""
    if not (filters.hosts or filters.rooms or filters.titles):
        return None
    numbers = readable(reach, filters)
    distinct = numbers.with_only_columns(takes.c.room_id).distinct().limit(FACETS_LIMIT + 1)
    found = [str(row[0]) for row in connection.execute(distinct)]
    return found if len(found) <= FACETS_LIMIT else None


def ids_in_days(connection: Connection, filters: Filters) -> tuple[int, int]:
    """The least and the greatest id that captions have in the days that filters want."""
    if not (filters.after or filters.before):
        return 1, NEWEST
    of_days = Filters(after=filters.after, before=filters.before)
    numbers = readable(Reach(everything=True), of_days)
    ends = numbers.with_only_columns(func.min(takes.c.no), func.max(takes.c.no))
    first, last = connection.execute(ends).one()
    return (1, 0) if first is None else (first << SEQ_BITS, (last + 1) << SEQ_BITS)


def takes_of(connection: Connection, numbers: Iterable[int]) -> dict[int, Take]:
    """Say what takes are, by their numbers."""
    found: dict[int, Take] = {}
    columns = (*takes.c, search_rooms.c.title_words)
    joined = takes.outerjoin(search_rooms, search_rooms.c.room_id == takes.c.room_id)
    wanted = sorted(set(numbers))
    for at in range(0, len(wanted), _AT_ONCE):
        some = takes.c.no.in_(wanted[at : at + _AT_ONCE])
        for row in connection.execute(select(*columns).select_from(joined).where(some)):
            found[row.no] = Take(
                no=row.no,
                room_id=row.room_id,
                instance=row.instance,
                track=row.track,
                began_at=datetime.fromisoformat(row.began_at),
                title_words=row.title_words or "",
            )
    return found


def take_number(
    connection: Connection, room_id: str, instance: int, track: str, began_at: datetime
) -> int:
    """Give the number of a take, which gets one if it has none yet."""
    known = find_take(connection, room_id, instance, track)
    if known is not None:
        return known
    result = connection.execute(
        insert(takes).values(
            room_id=room_id,
            instance=instance,
            track=track,
            began_at=began_at.astimezone(UTC).isoformat(timespec="milliseconds"),
        )
    )
    key = result.inserted_primary_key
    assert key is not None
    return int(key[0])


def find_take(connection: Connection, room_id: str, instance: int, track: str) -> int | None:
    """Give the number of a take, None for one without captions."""
    found = connection.execute(
        select(takes.c.no).where(
            takes.c.room_id == room_id, takes.c.instance == instance, takes.c.track == track
        )
    ).scalar()
    return None if found is None else int(found)


def _any_of(
    values: Iterable[str], id: ColumnElement[str], words: ColumnElement[str]
) -> ColumnElement[bool]:
    return or_(*(or_(id == _storable(value), _has(words, value)) for value in values))


def _has(words: ColumnElement[str], value: str) -> ColumnElement[bool]:
    # Tokens have no character that means something else to LIKE.
    return words.like(f"%{_words(value)}%")


def _words(text: str) -> str:
    return f" {' '.join(tokens(text))} "


def _storable(text: str) -> str:
    """A text without what a database cannot hold, and nobody can read."""
    return text.encode(errors="replace").decode().replace("\0", "")
