"""The journal's file: its tables, and how it is opened.

What is deleted is overwritten (`secure_delete`), in the file as in `transcripts.erasing`.
"""

import logging
import sqlite3
from pathlib import Path

from models.errors import StorageFailed

log = logging.getLogger(__name__)

MIGRATIONS = (
    """
    CREATE TABLE entries (
        room_id TEXT NOT NULL,
        seq INTEGER NOT NULL,
        instance INTEGER NOT NULL,
        kind TEXT NOT NULL,
        caption_id TEXT,
        payload TEXT NOT NULL,
        written_at TEXT NOT NULL,
        PRIMARY KEY (room_id, seq)
    );
    CREATE INDEX entries_by_caption ON entries (room_id, caption_id, seq);
    CREATE INDEX entries_by_instance ON entries (room_id, instance, seq);
    """,
    """
    ALTER TABLE entries RENAME TO entries_of_one_track;
    DROP INDEX entries_by_caption;
    DROP INDEX entries_by_instance;
    CREATE TABLE entries (
        room_id TEXT NOT NULL,
        track TEXT NOT NULL,
        seq INTEGER NOT NULL,
        instance INTEGER NOT NULL,
        kind TEXT NOT NULL,
        caption_id TEXT,
        payload TEXT NOT NULL,
        written_at TEXT NOT NULL,
        PRIMARY KEY (room_id, track, seq)
    );
    INSERT INTO entries
        SELECT room_id, '', seq, instance, kind, caption_id, payload, written_at
        FROM entries_of_one_track;
    DROP TABLE entries_of_one_track;
    CREATE INDEX entries_by_caption ON entries (room_id, caption_id, seq);
    CREATE INDEX entries_by_instance ON entries (room_id, track, instance, seq);
    """,
)

OVERWRITTEN = 3
"""From this version on, what a file holds no more was overwritten, too."""


def connect(path: Path) -> sqlite3.Connection:
    """Open the file. Raises `sqlite3.Error`."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA busy_timeout = 5000")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA secure_delete = ON")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the tables to the newest version. Raises `StorageFailed` for one that is newer."""
    began = connection.execute("PRAGMA user_version").fetchone()[0]
    if began > OVERWRITTEN:
        connection.close()
        raise StorageFailed("the journal was written by a newer version of Roomscribe")
    for number, script in enumerate(MIGRATIONS[began:], start=began + 1):
        connection.executescript(
            f"BEGIN IMMEDIATE; {script}; PRAGMA user_version = {number}; COMMIT"
        )
    if began < OVERWRITTEN:
        _write_anew(connection, is_new=not began)


def _write_anew(connection: sqlite3.Connection, *, is_new: bool) -> None:
    """Write an old file anew, which may hold copies of its entries between them."""
    try:
        if not is_new:
            connection.execute("VACUUM")
        connection.execute(f"PRAGMA user_version = {OVERWRITTEN}")
    except sqlite3.Error as error:  # a full disk, as a rule: it is tried again at the next start
        log.warning("deleted captions may leave traces in the journal's file for now: %s", error)
