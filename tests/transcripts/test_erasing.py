"""What was said and is deleted, looked for in every byte of the journal's files."""

import asyncio
import random
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import make_url

from models.errors import StorageFailed
from models.recording import Span
from models.room import Speaker
from models.transcript import Correction, Entry, Final, Gap, GapReason
from tests.postgres import PostgresServer
from transcripts.journal import SqlJournal

ADA = Speaker(id="a", name="Ada")
SPAN = Span(instance=1, start_s=10, end_s=60)


def said(id: str, start_s: float, text: str, *, track: str = "") -> Final:
    return Final(
        id=id, rev=1, start_s=start_s, end_s=start_s + 1, speaker=ADA, text=text, track=track
    )


def corrected(id: str, text: str) -> Correction:
    return Correction(id=id, rev=2, text=text, by=ADA, replaces=1)


def bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


async def test_what_is_erased_leaves_its_numbers_in_every_track_and_not_a_word(
    tmp_path: Path,
) -> None:
    async with SqlJournal(tmp_path / "journal.db") as journal:
        entries: list[Entry] = [
            said("before", 5, "Kept before."),
            said("secret", 20, "Walrus plans."),
            said("secret-en", 20, "Walrus translated.", track="en"),
            corrected("before", "Kept before it."),
            corrected("secret", "Walrus plants."),
            said("across", 59.5, "Walrus at the edge."),
            said("after", 60, "Kept after."),
        ]
        for entry in entries:
            await journal.append("r", 1, entry)
        await journal.append("r", 2, said("again", 20, "Kept another day."))
        await journal.append("other", 1, said("other", 20, "Kept elsewhere."))

        erased = await journal.erase("r", SPAN)
        kept = await journal.transcript("r")
        translated = await journal.transcript("r", track="en")
        nothing = await journal.caption("r", "secret")
        raw = bytes_of(tmp_path)

    assert erased == 4
    assert b"Walrus" not in raw
    assert raw.count(b"Kept") == 5
    gap = Gap(start_s=10, end_s=60, reason=GapReason.DELETED, instance=1)
    assert [entry for entry in kept if isinstance(entry, Gap)] == [
        replace(gap, seq=seq) for seq in (2, 4, 5)
    ]
    assert [entry.seq for entry in kept] == [1, 2, 3, 4, 5, 6, 7]
    assert [entry.seq for entry in translated] == [1]
    assert all(isinstance(entry, Gap) for entry in nothing)


async def test_no_trace_is_left_whatever_the_sizes_and_whatever_is_said_between(
    tmp_path: Path,
) -> None:
    chance = random.Random(7)
    async with SqlJournal(tmp_path / "journal.db") as journal:
        for part in range(3):
            waiting = []
            for number in range(300):
                size = chance.choice([1, 20, 44, 200, 2000, 9000])
                text = f"Walrus{part}-{number} {'x' * chance.randint(0, size)}"
                start_s = chance.choice([0.0, 100.0 * part + 20])
                waiting.append(journal.append("r", 1, said(f"{part}-{number}", start_s, text)))
            await asyncio.gather(*waiting)
            span = Span(instance=1, start_s=100.0 * part + 10, end_s=100.0 * part + 60)
            gone = [
                entry.text.split()[0].encode()
                for entry in await journal.transcript("r")
                if isinstance(entry, Final) and span.holds(entry.start_s, entry.end_s)
            ]
            await journal.erase("r", span)
            raw = bytes_of(tmp_path)

            assert gone
            assert [text for text in gone if text + b" " in raw] == []
            assert raw.count(b"Walrus") > 100


async def test_who_reads_meanwhile_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    async with SqlJournal(path) as journal:
        await journal.append("r", 1, said("secret", 20, "Walrus plans."))
        reader = sqlite3.connect(path, isolation_level=None)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM entries").fetchone()
        erasing = asyncio.create_task(journal.erase("r", SPAN))
        await asyncio.sleep(0)  # it is in the queue before what is said next
        await journal.append("r", 1, said("more", 90, "Goes on."))
        assert not erasing.done()
        reader.execute("COMMIT")
        reader.close()

        assert await asyncio.wait_for(erasing, 10) == 1
        assert b"Walrus" not in bytes_of(tmp_path)


@pytest.mark.parametrize("length", [1, 43, 44, 45, 56, 57, 58, 8180, 8185, 8186])
async def test_a_row_stays_as_long_as_it_was(tmp_path: Path, length: int) -> None:
    path = tmp_path / "journal.db"
    async with SqlJournal(path) as journal:
        await journal.append("r", 1, said("first", 90, "x"))
        await journal.append("r", 1, said("secret", 20, "x" * length))
        await journal.append("r", 1, corrected("secret", "x" * length))
        await journal.erase("r", SPAN)
        (_, gap, other) = await journal.transcript("r")

    assert isinstance(gap, Gap)
    assert isinstance(other, Gap)
    assert b"xxxxxx" not in bytes_of(tmp_path)


async def test_postgresql_keeps_no_row_of_what_is_erased(
    postgres: PostgresServer, postgres_url: str
) -> None:
    url = make_url(postgres_url)
    async with SqlJournal(url) as journal:
        for number in range(40):
            text = f"Walrus {'x' * number * 300}"
            await journal.append("r", 1, said(f"secret{number}", 20, text))
            await journal.append("r", 1, said(f"kept{number}", 90, "Kept."))
        await journal.append("r", 1, corrected("secret7", "Walrus plants."))

        erased = await journal.erase("r", SPAN)
        kept = await journal.transcript("r")

    with postgres.connect(url.database or "") as connection:
        connection.execute("CREATE EXTENSION pgstattuple")
        tables = connection.execute(
            "SELECT oid::regclass::text FROM pg_class WHERE relname = 'entries' OR oid ="
            " (SELECT reltoastrelid FROM pg_class WHERE relname = 'entries')"
        ).fetchall()
        dead = [
            connection.execute("SELECT dead_tuple_count FROM pgstattuple(%s)", table).fetchone()
            for table in tables
        ]
        rows = connection.execute("SELECT count(*) FROM entries WHERE payload ~ 'Walrus'")
        left = rows.fetchone()

    assert erased == 41
    assert [entry.seq for entry in kept] == list(range(1, 82))
    assert sum(isinstance(entry, Gap) for entry in kept) == 41
    assert left == (0,)
    assert dead == [(0,), (0,)]


async def test_a_caption_that_another_server_deletes_cannot_be_corrected(
    postgres_url: str,
) -> None:
    url = make_url(postgres_url)
    async with SqlJournal(url) as one, SqlJournal(url) as other:
        await one.append("r", 1, said("secret", 20, "Walrus plans."))
        await one.erase("r", SPAN)

        with pytest.raises(StorageFailed, match="was deleted"):
            await other.append("r", 1, corrected("secret", "Walrus plants."))
        assert [type(entry) for entry in await other.transcript("r")] == [Gap]
