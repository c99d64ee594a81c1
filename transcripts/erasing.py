"""Taking words out of a journal's file, so that nothing of them is left in it.

SQLite overwrites what it frees when it is told to (`secure_delete`), but where rows change their
size, it moves their neighbours about, and copies of those stay in gaps between rows: words of
others, which may be deleted later (seen now and then with SQLite 3.40). An entry is therefore
overwritten in its place by one of the very same size, which leaves no trace.

PostgreSQL never overwrites: it writes a row anew and lets go of the old one, which VACUUM then
takes out of the table. How long traces stay in its own log and in backups is up to who runs it.
"""

from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, bindparam, select

from models.recording import Span
from models.transcript import Gap, GapReason
from transcripts.database import outside_transactions
from transcripts.entries import CORRECTION, FINAL, GAP, to_json
from transcripts.inserting import lock_rooms
from transcripts.tables import NumberIn, entries

_e = entries.c
_IN_ROOM = select(_e.track, _e.seq, _e.caption_id, _e.kind, _e.payload).where(
    _e.room_id == bindparam("room")
)
_FINALS = _IN_ROOM.add_columns(
    NumberIn("start").label("start_s"), NumberIn("end").label("end_s")
).where(_e.instance == bindparam("instance"), _e.kind == FINAL)
_CORRECTIONS = _IN_ROOM.where(_e.kind == CORRECTION)
# The caption's id stays: it is no word, and the index of ids need not move.
_OVERWRITE = (
    entries.update()
    .where(_e.room_id == bindparam("room"), _e.track == bindparam("of"), _e.seq == bindparam("at"))
    .values(kind=GAP, payload=bindparam("gap"), written_at=bindparam("now"))
)
# The index's, too.
_OUR_TABLES = (
    "SELECT quote_ident(tablename) FROM pg_tables"
    " WHERE schemaname = current_schema() AND tableowner = current_user"
)


def erase(connection: Connection, room_id: str, span: Span) -> int:
    """Put a gap in the place of each entry of what was said in ``span``, in every track.

    Gives how many there were. Nothing is left of them once this is committed and `settle` has
    succeeded.
    """
    lock_rooms(connection, [room_id])
    gap = to_json(Gap(start_s=span.start_s, end_s=span.end_s, reason=GapReason.DELETED))
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    finals = connection.execute(_FINALS, {"room": room_id, "instance": span.instance}).all()
    doomed = [row for row in finals if span.holds(row.start_s, row.end_s)]
    said = {row.caption_id for row in doomed}
    corrections = connection.execute(_CORRECTIONS, {"room": room_id}).all()
    doomed += [row for row in corrections if row.caption_id in said]
    for row in doomed:
        padded = _padded(gap, len(row.payload), len(row.kind) - len(GAP))
        place = {"room": room_id, "of": row.track, "at": row.seq}
        connection.execute(_OVERWRITE, place | {"gap": padded, "now": now})
    return len(doomed)


def settle(engine: Engine) -> bool:
    """Take out of the database for good what was overwritten; False while others read."""
    with outside_transactions(engine) as connection:
        if engine.dialect.name == "sqlite":
            return _empty_the_log(connection)
        for table in connection.exec_driver_sql(_OUR_TABLES).scalars().all():
            connection.exec_driver_sql(f"VACUUM {table}")
        return True


def _empty_the_log(connection: Connection) -> bool:
    """Bring all changes into the file and empty the log beside it."""
    connection.exec_driver_sql("PRAGMA busy_timeout = 100")
    try:
        (busy, *_) = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
    finally:
        connection.exec_driver_sql("PRAGMA busy_timeout = 5000")
    return not busy


def _padded(gap: str, length: int, more: int) -> str:
    """Pad a payload so that the row is as long as one of ``length`` with a ``more`` longer kind.

    A row's header has a length for each text, in one byte more for longer ones. Where no padding
    fits exactly, the row becomes a byte shorter.
    """
    wanted = length + more + _header_bytes(length)
    best = max(
        size for size in range(length, length + more + 1) if size + _header_bytes(size) <= wanted
    )
    return gap.ljust(best)


def _header_bytes(length: int) -> int:
    """How many bytes a row's header has for a text of so many bytes (SQLite's serial types)."""
    serial = 2 * length + 13
    return 1 if serial < 2**7 else 2 if serial < 2**14 else 3 if serial < 2**21 else 4
