"""Journals as released versions wrote them, before Alembic: with ``user_version`` 1, 2 and 3."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from models.transcript import Entry
from transcripts.entries import caption_id_of, kind_of, to_json

WITHOUT_TRACKS = """
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
"""
WITH_TRACKS = """
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
    CREATE INDEX entries_by_caption ON entries (room_id, caption_id, seq);
    CREATE INDEX entries_by_instance ON entries (room_id, track, instance, seq);
"""
TABLES = {1: WITHOUT_TRACKS, 2: WITH_TRACKS, 3: WITH_TRACKS}


@dataclass(frozen=True, slots=True)
class Row:
    """An entry of the room ``r`` in its place."""

    seq: int
    entry: Entry
    instance: int = 1


def write(path: Path, version: int, rows: Iterable[Row]) -> None:
    """Write a file of a version; version 1 takes entries of one track only."""
    old = sqlite3.connect(path)
    old.execute("PRAGMA journal_mode = WAL")
    # Files of the first versions hold traces of what was in them.
    old.execute(f"PRAGMA secure_delete = {'ON' if version == 3 else 'OFF'}")
    old.executescript(f"{TABLES[version]} PRAGMA user_version = {version};")
    for row in rows:
        entry, at = row.entry, "2026-01-01T00:00:00.000+00:00"
        values = [row.instance, kind_of(entry), caption_id_of(entry), to_json(entry), at]
        place = ["r", row.seq] if version == 1 else ["r", entry.track, row.seq]
        marks = ", ".join("?" * len(place + values))
        old.execute(f"INSERT INTO entries VALUES ({marks})", place + values)
    old.commit()
    old.close()
