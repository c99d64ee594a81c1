"""Where in a journal a time of the room is."""

import sqlite3

# What a second pass has filled gaps with comes long after what was said beside it.
_TIMED = (
    "room_id = ? AND track = ? AND kind <> 'correction'"
    " AND (kind <> 'final' OR json_extract(payload, '$.source') <> 'second-pass')"
)


def seq_at(
    connection: sqlite3.Connection,
    room_id: str,
    track: str,
    time_s: float,
    instance: int | None = None,
) -> int:
    """Find the first final or gap of an instance, else of the newest, that ends after ``time_s``.

    The last one when all end before, 0 when there is none. Entries end almost in the order of their
    seq, so that halving finds the place with a few rows read, however long the room was.
    """
    newest = connection.execute(
        f"SELECT instance, seq FROM entries WHERE {_TIMED} AND instance = coalesce(?, instance)"
        " ORDER BY seq DESC LIMIT 1",
        (room_id, track, instance),
    ).fetchone()
    if newest is None:
        return 0
    instance, high = newest
    low = connection.execute(
        "SELECT min(seq) FROM entries WHERE room_id = ? AND track = ? AND instance = ?",
        (room_id, track, instance),
    ).fetchone()[0]
    while low < high:
        middle = (low + high) // 2
        seq, end_s = _first_from(connection, room_id, track, middle)
        if end_s > time_s:
            high = middle
        else:
            low = seq + 1
    return min(_first_from(connection, room_id, track, low)[0], int(newest[1]))


def _first_from(
    connection: sqlite3.Connection, room_id: str, track: str, seq: int
) -> tuple[int, float]:
    row = connection.execute(
        "SELECT seq, json_extract(payload, '$.end') FROM entries"
        f" WHERE {_TIMED} AND seq >= ? ORDER BY seq LIMIT 1",
        (room_id, track, seq),
    ).fetchone()
    return (int(row[0]), float(row[1])) if row else (seq, float("inf"))
