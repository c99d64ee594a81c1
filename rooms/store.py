"""What must outlive the process: people, rooms, invitations and what listeners keep, in SQLite.

Every method is synchronous, may wait for the disk, and may be called from any thread.
"""

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from models.errors import StorageFailed
from models.reading import ReadingPlace
from models.room import Role, Room, RoomState, User

_MIGRATIONS = (
    """
    CREATE TABLE users (id TEXT PRIMARY KEY, name TEXT NOT NULL, created_at TEXT NOT NULL) STRICT;
    CREATE TABLE rooms (
        id TEXT PRIMARY KEY,
        title TEXT NOT NULL,
        language TEXT NOT NULL,
        host_id TEXT NOT NULL REFERENCES users (id),
        state TEXT NOT NULL,
        created_at TEXT NOT NULL,
        record INTEGER NOT NULL,
        open_floor INTEGER NOT NULL,
        private INTEGER NOT NULL,
        starts_at TEXT,
        started_at TEXT,
        ended_at TEXT,
        instance INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX rooms_by_state ON rooms (state, created_at);
    CREATE TABLE invitations (
        room_id TEXT NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
        user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        role TEXT NOT NULL,
        PRIMARY KEY (room_id, user_id)
    ) STRICT;
    CREATE TABLE caption_styles (
        user_id TEXT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
        style TEXT NOT NULL
    ) STRICT;
    """,
    "ALTER TABLE rooms ADD COLUMN terms TEXT NOT NULL DEFAULT '[]';",
    "ALTER TABLE rooms ADD COLUMN translate INTEGER NOT NULL DEFAULT 0;",
    """
    CREATE TABLE reading_places (
        room_id TEXT NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
        user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        track TEXT NOT NULL,
        seq INTEGER NOT NULL,
        set_at TEXT NOT NULL,
        PRIMARY KEY (room_id, user_id)
    ) STRICT;
    """,
    """
    CREATE TABLE alert_words (
        user_id TEXT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
        words TEXT NOT NULL
    ) STRICT;
    """,
    "ALTER TABLE rooms ADD COLUMN speaker_tracks INTEGER NOT NULL DEFAULT 0;",
    "ALTER TABLE rooms ADD COLUMN keep_days INTEGER;",
)

_ROOM_COLUMNS = (
    "id, title, language, host_id, state, created_at, record, open_floor, private,"
    " starts_at, started_at, ended_at, instance, terms, translate,"
    " speaker_tracks, keep_days"
)


class RoomStore:
    """The room service's tables; raises `StorageFailed` when the database does."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        with _reported():
            self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
            self._db.execute("PRAGMA busy_timeout = 5000")
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = FULL")
            self._db.execute("PRAGMA foreign_keys = ON")
            self._migrate()

    def close(self) -> None:
        """Give the file back."""
        with self._lock:
            self._db.close()

    def add_user(self, user: User) -> None:
        """Keep a new person."""
        self._write(
            "INSERT INTO users (id, name, created_at) VALUES (?, ?, ?)",
            (user.id, user.name, user.created_at.isoformat()),
        )

    def user(self, user_id: str) -> User | None:
        """A person, None when there is none of that id."""
        rows = self._read("SELECT id, name, created_at FROM users WHERE id = ?", (user_id,))
        for found, name, created_at in rows:
            return User(
                id=str(found), name=str(name), created_at=datetime.fromisoformat(str(created_at))
            )
        return None

    def save_room(self, room: Room) -> None:
        """Keep a room as it is now, new or not."""
        self._write(
            f"INSERT INTO rooms ({_ROOM_COLUMNS})"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET title = excluded.title, language = excluded.language,"
            " state = excluded.state, record = excluded.record, open_floor = excluded.open_floor,"
            " private = excluded.private, starts_at = excluded.starts_at,"
            " started_at = excluded.started_at, ended_at = excluded.ended_at,"
            " instance = excluded.instance, terms = excluded.terms,"
            " translate = excluded.translate, speaker_tracks = excluded.speaker_tracks,"
            " keep_days = excluded.keep_days",
            _room_row(room),
        )

    def room(self, room_id: str) -> Room | None:
        """A room, None when there is none of that id."""
        rows = self._read(f"SELECT {_ROOM_COLUMNS} FROM rooms WHERE id = ?", (room_id,))
        return _room(rows[0]) if rows else None

    def rooms(self, state: RoomState | None = None) -> list[Room]:
        """All rooms, or those in ``state``, newest first."""
        where, values = ("WHERE state = ?", (state.value,)) if state else ("", ())
        rows = self._read(
            f"SELECT {_ROOM_COLUMNS} FROM rooms {where} ORDER BY created_at DESC, rowid DESC",
            values,
        )
        return [_room(row) for row in rows]

    def invite(self, room_id: str, user_id: str, role: Role) -> None:
        """Add a person to a room's invited, or change the role that they will have."""
        self._write(
            "INSERT INTO invitations (room_id, user_id, role) VALUES (?, ?, ?)"
            " ON CONFLICT (room_id, user_id) DO UPDATE SET role = excluded.role",
            (room_id, user_id, role.value),
        )

    def uninvite(self, room_id: str, user_id: str) -> None:
        """Take a person off a room's invited."""
        self._write("DELETE FROM invitations WHERE room_id = ? AND user_id = ?", (room_id, user_id))

    def invitation(self, room_id: str, user_id: str) -> Role | None:
        """The role that a person was invited to, None when they were not."""
        rows = self._read(
            "SELECT role FROM invitations WHERE room_id = ? AND user_id = ?", (room_id, user_id)
        )
        return Role(str(rows[0][0])) if rows else None

    def private_rooms(self, user_id: str) -> dict[str, Role]:
        """The private rooms that a person is the host of or was invited to, with their role."""
        rows = self._read(
            "SELECT id, ?2 FROM rooms WHERE private AND host_id = ?1 UNION"
            " SELECT id, role FROM invitations JOIN rooms ON id = room_id"
            " WHERE private AND user_id = ?1 AND host_id <> ?1",
            (user_id, Role.HOST.value),
        )
        return {str(room_id): Role(str(role)) for room_id, role in rows}

    def style(self, user_id: str) -> str | None:
        """A person's caption style as JSON text, None when they never chose one."""
        rows = self._read("SELECT style FROM caption_styles WHERE user_id = ?", (user_id,))
        return str(rows[0][0]) if rows else None

    def save_style(self, user_id: str, style: str) -> None:
        """Keep a person's caption style, JSON text."""
        self._write(
            "INSERT INTO caption_styles (user_id, style) VALUES (?, ?)"
            " ON CONFLICT (user_id) DO UPDATE SET style = excluded.style",
            (user_id, style),
        )

    def alert_words(self, user_id: str) -> tuple[str, ...] | None:
        """A person's alert words, None when they never chose any."""
        rows = self._read("SELECT words FROM alert_words WHERE user_id = ?", (user_id,))
        return tuple(json.loads(str(rows[0][0]))) if rows else None

    def save_alert_words(self, user_id: str, words: tuple[str, ...]) -> None:
        """Keep a person's alert words."""
        self._write(
            "INSERT INTO alert_words (user_id, words) VALUES (?, ?)"
            " ON CONFLICT (user_id) DO UPDATE SET words = excluded.words",
            (user_id, json.dumps(words)),
        )

    def reading_place(self, room_id: str, user_id: str) -> ReadingPlace | None:
        """Where a person was in a room's captions, None when they never were there."""
        rows = self._read(
            "SELECT seq, track, set_at FROM reading_places WHERE room_id = ? AND user_id = ?",
            (room_id, user_id),
        )
        for seq, track, set_at in rows:
            at = datetime.fromisoformat(str(set_at))
            return ReadingPlace(seq=int(str(seq)), track=str(track), set_at=at)
        return None

    def save_reading_place(self, room_id: str, user_id: str, place: ReadingPlace) -> None:
        """Keep where a person is in a room's captions."""
        self._write(
            "INSERT INTO reading_places (room_id, user_id, track, seq, set_at)"
            " VALUES (?, ?, ?, ?, ?) ON CONFLICT (room_id, user_id) DO UPDATE"
            " SET track = excluded.track, seq = excluded.seq, set_at = excluded.set_at",
            (room_id, user_id, place.track, place.seq, place.set_at.isoformat()),
        )

    def _migrate(self) -> None:
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        for number, script in enumerate(_MIGRATIONS[version:], start=version + 1):
            self._db.executescript(f"BEGIN; {script} PRAGMA user_version = {number}; COMMIT;")

    def _read(self, statement: str, values: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
        with self._lock, _reported():
            return self._db.execute(statement, values).fetchall()

    def _write(self, statement: str, values: tuple[object, ...]) -> None:
        with self._lock, _reported():
            self._db.execute(statement, values)


@contextmanager
def _reported() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise StorageFailed(f"The room database failed: {error}") from error


def _room_row(room: Room) -> tuple[object, ...]:
    return (
        room.id,
        room.title,
        room.language,
        room.host_id,
        room.state.value,
        room.created_at.isoformat(),
        room.record,
        room.open_floor,
        room.private,
        _text(room.starts_at),
        _text(room.started_at),
        _text(room.ended_at),
        room.instance,
        json.dumps(room.terms),
        room.translate,
        room.speaker_tracks,
        room.keep_days,
    )


def _room(row: tuple[object, ...]) -> Room:
    return Room(
        id=str(row[0]),
        title=str(row[1]),
        language=str(row[2]),
        host_id=str(row[3]),
        state=RoomState(str(row[4])),
        created_at=datetime.fromisoformat(str(row[5])),
        record=bool(row[6]),
        open_floor=bool(row[7]),
        private=bool(row[8]),
        starts_at=_time(row[9]),
        started_at=_time(row[10]),
        ended_at=_time(row[11]),
        instance=int(str(row[12])),
        terms=tuple(json.loads(str(row[13]))),
        translate=bool(row[14]),
        speaker_tracks=bool(row[15]),
        keep_days=int(str(row[16])) if row[16] is not None else None,
    )


def _text(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _time(text: object) -> datetime | None:
    return datetime.fromisoformat(str(text)) if text is not None else None
