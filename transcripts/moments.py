"""Where in a journal a time of the room is."""

from sqlalchemy import Connection, bindparam, func, or_, select

from models.transcript import Source
from transcripts.entries import CORRECTION, FINAL
from transcripts.tables import NumberIn, TextIn, entries

_e = entries.c
# What a second pass has filled gaps with comes long after what was said beside it.
_TIMED = (
    select(_e.seq, _e.instance, NumberIn("end").label("end_s"))
    .where(_e.room_id == bindparam("room"), _e.track == bindparam("track"), _e.kind != CORRECTION)
    .where(or_(_e.kind != FINAL, TextIn("source") != f'"{Source.SECOND_PASS}"'))
)
_NEWEST = _TIMED.order_by(_e.seq.desc()).limit(1)
_NEWEST_OF = _NEWEST.where(_e.instance == bindparam("instance"))
_FROM = _TIMED.where(_e.seq >= bindparam("seq")).order_by(_e.seq).limit(1)
_FIRST = select(func.min(_e.seq)).where(
    _e.room_id == bindparam("room"),
    _e.track == bindparam("track"),
    _e.instance == bindparam("instance"),
)


def seq_at(
    connection: Connection, room_id: str, track: str, time_s: float, instance: int | None = None
) -> int:
    """Find the first final or gap of an instance, else of the newest, that ends after ``time_s``.

    The last one when all end before, 0 when there is none. Entries end almost in the order of their
    seq, so that halving finds the place with a few rows read, however long the room was.
    """
    values = {"room": room_id, "track": track}
    if instance is None:
        newest = connection.execute(_NEWEST, values).one_or_none()
    else:
        newest = connection.execute(_NEWEST_OF, values | {"instance": instance}).one_or_none()
    if newest is None:
        return 0
    high = int(newest.seq)
    low = int(connection.execute(_FIRST, values | {"instance": newest.instance}).scalar_one())
    while low < high:
        middle = (low + high) // 2
        seq, end_s = _first_from(connection, values, middle)
        if end_s > time_s:
            high = middle
        else:
            low = seq + 1
    return min(_first_from(connection, values, low)[0], int(newest.seq))


def _first_from(connection: Connection, values: dict[str, str], seq: int) -> tuple[int, float]:
    row = connection.execute(_FROM, {**values, "seq": seq}).one_or_none()
    return (int(row.seq), float(row.end_s)) if row else (seq, float("inf"))
