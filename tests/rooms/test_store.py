"""The room database itself; what it keeps is tested through the registry."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from models.errors import StorageFailed
from rooms.store import RoomStore


def test_a_database_that_cannot_be_opened_is_a_storage_failure(tmp_path: Path) -> None:
    with pytest.raises(StorageFailed):
        RoomStore(tmp_path / "missing" / "rooms.sqlite")


def test_opening_again_leaves_the_schema_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "rooms.sqlite"
    for _ in range(2):
        RoomStore(path).close()

    with closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA user_version").fetchone() == (1,)
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_using_a_closed_store_is_a_storage_failure(tmp_path: Path) -> None:
    store = RoomStore(tmp_path / "rooms.sqlite")
    store.close()

    with pytest.raises(StorageFailed):
        store.rooms()
