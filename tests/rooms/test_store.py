"""The room database itself; what it keeps is tested through the registry."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from models.errors import StorageFailed
from rooms.store import _MIGRATIONS, RoomStore


def test_a_database_that_cannot_be_opened_is_a_storage_failure(tmp_path: Path) -> None:
    with pytest.raises(StorageFailed):
        RoomStore(tmp_path / "missing" / "rooms.sqlite")


def test_opening_again_leaves_the_schema_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "rooms.sqlite"
    for _ in range(2):
        RoomStore(path).close()

    with closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA user_version").fetchone() == (7,)
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_database_from_before_rooms_had_terms_or_translations_opens(tmp_path: Path) -> None:
    path = tmp_path / "rooms.sqlite"
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.executescript(_MIGRATIONS[0] + "PRAGMA user_version = 1;")
        database.execute("INSERT INTO users VALUES ('u', 'Hana', '2026-01-01T00:00:00+00:00')")
        database.execute(
            "INSERT INTO rooms VALUES ('r', 'Tea', 'en', 'u', 'ended',"
            " '2026-01-01T00:00:00+00:00', 1, 1, 0, NULL, NULL, NULL, 3)"
        )

    store = RoomStore(path)
    room = store.room("r")
    assert room is not None
    store.save_room(replace(room, terms=("Kestrel", "Ødegård"), translate=True))
    store.close()
    again = RoomStore(path)

    kept = again.room("r")
    again.close()
    assert (room.title, room.instance, room.terms, room.translate) == ("Tea", 3, (), False)
    assert kept is not None
    assert kept.translate
    assert kept.terms == ("Kestrel", "Ødegård")


def test_using_a_closed_store_is_a_storage_failure(tmp_path: Path) -> None:
    store = RoomStore(tmp_path / "rooms.sqlite")
    store.close()

    with pytest.raises(StorageFailed):
        store.rooms()
