"""Taking words out of a journal's file, so that nothing of them is left in it.

SQLite overwrites what it frees when it is told to (`secure_delete`), but where rows change their
size, it moves their neighbours about, and copies of those stay in gaps between rows: words of
others, which may be deleted later (seen now and then with SQLite 3.40). An entry is therefore
overwritten in its place by one of the very same size, which leaves no trace.
"""

import sqlite3
from datetime import UTC, datetime

from models.recording import Span
from models.transcript import Gap, GapReason
from transcripts.entries import CORRECTION, FINAL, GAP, to_json


def erase(connection: sqlite3.Connection, room_id: str, span: Span) -> int:
    """Put a gap in the place of each entry of what was said in ``span``, in every track.

    Gives how many there were. Nothing is left of them once `settle` has succeeded.
    """
    gap = to_json(Gap(start_s=span.start_s, end_s=span.end_s, reason=GapReason.DELETED))
    connection.execute("BEGIN IMMEDIATE")
    doomed = _said_in(connection, room_id, span)
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    for rowid in doomed:
        _overwrite(connection, rowid, gap, now)
    connection.execute("COMMIT")
    return len(doomed)


def settle(connection: sqlite3.Connection) -> bool:
    """Bring all changes into the file and empty the log beside it; False while others read."""
    connection.execute("PRAGMA busy_timeout = 100")
    try:
        (busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        connection.execute("PRAGMA busy_timeout = 5000")
    return not busy


def _said_in(connection: sqlite3.Connection, room_id: str, span: Span) -> list[int]:
    timed = connection.execute(
        "SELECT rowid, caption_id, json_extract(payload, '$.start'), json_extract(payload, '$.end')"
        " FROM entries WHERE room_id = ? AND instance = ? AND kind = ?",
        (room_id, span.instance, FINAL),
    ).fetchall()
    said = {
        caption_id: rowid
        for rowid, caption_id, start_s, end_s in timed
        if span.holds(start_s, end_s)
    }
    corrections = connection.execute(
        "SELECT rowid, caption_id FROM entries WHERE room_id = ? AND kind = ?",
        (room_id, CORRECTION),
    ).fetchall()
    return [*said.values(), *(rowid for rowid, caption_id in corrections if caption_id in said)]


def _overwrite(connection: sqlite3.Connection, rowid: int, gap: str, now: str) -> None:
    kind, payload = connection.execute(
        "SELECT kind, payload FROM entries WHERE rowid = ?", (rowid,)
    ).fetchone()
    # The caption's id stays: it is no word, and the index of ids need not move.
    connection.execute(
        "UPDATE entries SET kind = ?, payload = ?, written_at = ? WHERE rowid = ?",
        (GAP, _padded(gap, len(payload), len(kind) - len(GAP)), now, rowid),
    )


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
