"""The file that holds saved searches, notifications, and what is still to be sent, in SQLite."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from models.errors import StorageFailed

_MIGRATIONS = (
    """
    CREATE TABLE searches (
        id TEXT PRIMARY KEY,
        user_id TEXT NOT NULL,
        name TEXT NOT NULL,
        query TEXT NOT NULL,
        is_on INTEGER NOT NULL,
        page INTEGER NOT NULL,
        email TEXT NOT NULL,
        webhook TEXT NOT NULL,
        created_at TEXT NOT NULL
    ) STRICT;
    CREATE INDEX searches_by_user ON searches (user_id, created_at);
    CREATE TABLE positions (
        room_id TEXT NOT NULL,
        track TEXT NOT NULL,
        seq INTEGER NOT NULL,
        PRIMARY KEY (room_id, track)
    ) STRICT;
    CREATE TABLE addresses (
        user_id TEXT NOT NULL,
        address TEXT NOT NULL,
        confirm_key TEXT NOT NULL UNIQUE,
        stop_key TEXT NOT NULL UNIQUE,
        confirmed INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (user_id, address)
    ) STRICT;
    CREATE TABLE asked (address TEXT NOT NULL, user_id TEXT NOT NULL, at REAL NOT NULL) STRICT;
    CREATE INDEX asked_by_address ON asked (address, at);
    CREATE TABLE refused (address TEXT PRIMARY KEY) STRICT;
    CREATE TABLE webhooks (
        user_id TEXT NOT NULL,
        url TEXT NOT NULL,
        secret TEXT NOT NULL,
        stopped TEXT NOT NULL DEFAULT '',
        PRIMARY KEY (user_id, url)
    ) STRICT;
    CREATE TABLE counters (user_id TEXT PRIMARY KEY, seq INTEGER NOT NULL) STRICT;
    CREATE TABLE notifications (
        user_id TEXT NOT NULL,
        seq INTEGER NOT NULL,
        kind TEXT NOT NULL,
        subject TEXT NOT NULL,
        theme TEXT NOT NULL,
        about TEXT NOT NULL,
        at REAL NOT NULL,
        until REAL NOT NULL,
        more INTEGER NOT NULL DEFAULT 0,
        is_read INTEGER NOT NULL DEFAULT 0,
        on_page INTEGER NOT NULL,
        PRIMARY KEY (user_id, seq)
    ) STRICT;
    CREATE INDEX notifications_by_theme ON notifications (subject, theme, until);
    CREATE TABLE outbox (
        id TEXT PRIMARY KEY,
        user_id TEXT NOT NULL,
        seq INTEGER NOT NULL,
        subject TEXT NOT NULL,
        way TEXT NOT NULL,
        target TEXT NOT NULL,
        sums_up INTEGER NOT NULL,
        due REAL NOT NULL,
        tries INTEGER NOT NULL DEFAULT 0,
        made_at REAL NOT NULL
    ) STRICT;
    CREATE INDEX outbox_by_due ON outbox (due);
    """,
    """
    CREATE TABLE mailed (user_id TEXT NOT NULL, at REAL NOT NULL) STRICT;
    CREATE INDEX mailed_by_user ON mailed (user_id, at);
    """,
    """
    ALTER TABLE addresses ADD COLUMN was_confirmed INTEGER NOT NULL DEFAULT 0;
    UPDATE addresses SET was_confirmed = confirmed;
    """,
)


class Database:
    """One connection, used by one thread at a time; raises `StorageFailed` when the file fails.

    Every method may wait for the disk, and may be called from any thread. What is deleted is
    overwritten (`secure_delete`).
    """

    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        with _reported():
            self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
            self._db.execute("PRAGMA busy_timeout = 5000")
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = FULL")
            self._db.execute("PRAGMA secure_delete = ON")
            (version,) = self._db.execute("PRAGMA user_version").fetchone()
            for number, script in enumerate(_MIGRATIONS[version:], start=version + 1):
                self._db.executescript(f"BEGIN; {script} PRAGMA user_version = {number}; COMMIT;")

    def close(self) -> None:
        """Give the file back."""
        with self._lock:
            self._db.close()

    def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Give all rows that a statement gives, which may also change something."""
        with self._lock, _reported():
            return self._db.execute(statement, values).fetchall()

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Make all that is done in the context one transaction."""
        with self._lock, _reported():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")


@contextmanager
def _reported() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise StorageFailed(f"The notifications cannot be kept: {type(error).__name__}") from error
