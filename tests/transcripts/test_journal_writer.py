"""The writer of a journal, on both databases: what is committed together, and by how many."""

import asyncio
import threading
from typing import Any

import pytest
from sqlalchemy import Connection
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.exc import OperationalError

from models.errors import StorageFailed
from models.recording import Span
from models.room import Speaker
from models.transcript import Correction, Entry, Final, Gap, GapReason
from tests.transcripts.stores import where
from transcripts.database import Where
from transcripts.journal import SqlJournal

__all__ = ["where"]

ADA = Speaker(id="ada", name="Ada")
GAP = Gap(start_s=0, end_s=1, reason=GapReason.TAP_LOST)


def final(name: str, start_s: float = 0.0) -> Final:
    return Final(id=name, rev=1, start_s=start_s, end_s=start_s + 1, speaker=ADA, text=name)


class Noted:
    """An index that writes down what it is told, in a table of the same database."""

    async def prepare(self, journal: SqlJournal) -> None:
        await journal.write(
            lambda connection: connection.exec_driver_sql(
                "CREATE TABLE noted (room text, seq bigint, what text)"
            )
        )

    async def notes(self, journal: SqlJournal) -> list[tuple[str, int, str]]:
        query = "SELECT room, seq, what FROM noted ORDER BY room, seq"
        rows = await journal.read(lambda connection: connection.exec_driver_sql(query).all())
        return [(row.room, row.seq, row.what) for row in rows]

    def entered(self, connection: Connection, room_id: str, instance: int, entry: Entry) -> None:
        text = getattr(entry, "text", "")
        if text == "refused":
            raise ValueError("the walrus")
        if text == "broken":
            connection.exec_driver_sql("INSERT INTO nowhere VALUES (1)")
        what = f"{type(entry).__name__} {text}".strip()
        values = f"'{room_id}', {entry.seq}, '{what}'"
        connection.exec_driver_sql(f"INSERT INTO noted VALUES ({values})")

    def erased(self, connection: Connection, room_id: str, span: Span) -> None:
        connection.exec_driver_sql(f"DELETE FROM noted WHERE room = '{room_id}'")

    def settle(self, connection: Connection) -> bool:
        return True

    def rebuild(self, connection: Connection, room_id: str, instance: int) -> None:
        raise AssertionError


async def test_an_index_is_written_with_each_entry_and_knows_its_number(where: Where) -> None:
    noted = Noted()
    async with SqlJournal(where, noted) as journal:
        await noted.prepare(journal)
        better = Correction(id="a", rev=2, text="better", by=ADA, replaces=1)
        await asyncio.gather(*(journal.append("r", 1, one) for one in (final("a"), GAP, better)))

        assert await noted.notes(journal) == [
            ("r", 1, "Final a"),
            ("r", 2, "Gap"),
            ("r", 3, "Correction better"),
        ]
        await journal.erase("r", Span(instance=1, start_s=0, end_s=9))
        assert await noted.notes(journal) == []


@pytest.mark.parametrize("text", ["refused", "broken"])
async def test_captions_are_kept_when_the_index_fails_on_one_of_them(
    where: Where, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    noted = Noted()
    async with SqlJournal(where, noted) as journal:
        await noted.prepare(journal)
        names = ("a", text, "b")
        kept = await asyncio.gather(*(journal.append("r", 1, final(name)) for name in names))

        assert [entry.seq for entry in kept] == [1, 2, 3]
        assert await journal.transcript("r") == kept
        assert await noted.notes(journal) == [("r", 1, "Final a"), ("r", 3, "Final b")]
    assert "cannot be searched for until the index is made anew" in caplog.text
    assert "walrus" not in caplog.text


async def test_what_fails_half_way_changes_nothing(where: Where) -> None:
    def half(connection: Connection) -> None:
        connection.exec_driver_sql("INSERT INTO noted VALUES ('r', 1, 'half')")
        raise LookupError("the other half")

    noted = Noted()
    async with SqlJournal(where, noted) as journal:
        await noted.prepare(journal)
        with pytest.raises(StorageFailed, match="cannot be changed: the other half"):
            await journal.write(half)

        assert await noted.notes(journal) == []
        assert (await journal.append("r", 1, GAP)).seq == 1


async def test_a_journal_that_is_being_closed_answers_no_more(where: Where) -> None:
    journal = SqlJournal(where)
    await journal.start()
    is_reading, may_end = threading.Event(), threading.Event()

    def read(_: Connection) -> bool:
        is_reading.set()
        return may_end.wait(20)

    reading = asyncio.create_task(journal.read(read))
    await asyncio.to_thread(is_reading.wait, 20)
    closing = asyncio.create_task(journal.close())
    await asyncio.sleep(0)
    with pytest.raises(StorageFailed, match="not open"):
        await journal.latest("r")
    may_end.set()

    assert await reading
    await closing


async def test_numbers_have_no_holes_under_several_servers(where: Where) -> None:
    async def server(name: str) -> list[Entry]:
        async with SqlJournal(where) as journal:
            both = [journal.append(f"r{n % 2}", 1, final(f"{name}{n}")) for n in range(60)]
            told = list(await asyncio.gather(*both))
            told += [await journal.append("r0", 1, final(f"{name}{n}+")) for n in range(20)]
            return told

    told = [entry for one in await asyncio.gather(*map(server, "abc")) for entry in one]

    async with SqlJournal(where) as journal:
        for room, many in (("r0", 3 * 50), ("r1", 3 * 30)):
            kept = list(await journal.transcript(room))
            assert [entry.seq for entry in kept] == list(range(1, many + 1))
            assert all(entry in told for entry in kept)


async def test_a_caption_whose_commit_was_not_answered_is_not_kept_twice(
    where: Where, monkeypatch: pytest.MonkeyPatch
) -> None:
    def commit(_: object, connection: Any) -> None:
        connection.commit()
        raise OperationalError("COMMIT", {}, ConnectionError("the server is gone"))

    noted = Noted()
    async with SqlJournal(where, noted) as journal:
        await noted.prepare(journal)
        with monkeypatch.context() as patched:
            patched.setattr(DefaultDialect, "do_commit", commit)
            with pytest.raises(StorageFailed, match="the database cannot be reached"):
                await journal.append("r", 1, final("a"))
        again = await journal.append("r", 1, final("a"))
        other = await journal.append("r", 1, final("b"))

        assert [again.seq, other.seq] == [1, 2]
        assert await journal.transcript("r") == [again, other]
        assert await noted.notes(journal) == [("r", 1, "Final a"), ("r", 2, "Final b")]
