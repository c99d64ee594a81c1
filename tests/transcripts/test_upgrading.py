"""From every released version to this one, with what people had in it."""

import asyncio
import logging
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import select

from models.errors import StorageFailed
from models.recording import Span
from models.room import Speaker
from models.transcript import Correction, Final, Gap, GapReason
from tests.transcripts.old_files import Row, write
from transcripts.database import open_engine, writing
from transcripts.journal import SqlJournal
from transcripts.migrations import HEAD
from transcripts.search import tables as search_tables
from transcripts.search.keeping import index_for, is_behind, reindex
from transcripts.tables import metadata
from transcripts.upgrading import CLEAN, TO_BE_WRITTEN_ANEW, upgrade

ADA = Speaker(id="ada", name="Ada")
SAID = Final(id="a", rev=1, start_s=1, end_s=2, speaker=ADA, text="The walrus sinks.")
GAP = Gap(start_s=2, end_s=3, reason=GapReason.TAP_LOST)
BETTER = Correction(id="a", rev=2, text="The walrus sings.", by=ADA, replaces=1)
OLD = [Row(1, SAID), Row(2, GAP), Row(3, BETTER, instance=2)]
TRANSLATED = Row(1, replace(SAID, id="a-fr", track="fr", text="Le morse chante."))


def bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


def version_of(path: Path) -> int:
    with sqlite3.connect(path) as file:
        return int(file.execute("PRAGMA user_version").fetchone()[0])


@pytest.mark.parametrize("version", [1, 2, 3])
async def test_a_file_of_a_released_version_is_read_and_goes_on(
    tmp_path: Path, version: int
) -> None:
    path = tmp_path / "transcripts.db"
    write(path, version, [*OLD, *([TRANSLATED] if version > 1 else [])])

    for following in (4, 5):  # the second start finds it as the first has left it
        async with SqlJournal(path) as journal:
            kept = list(await journal.transcript("r"))[:3]
            tracks = list(await journal.tracks("r"))
            appended = await journal.append("r", 2, GAP)

        expected = [replace(SAID, seq=1, instance=1), replace(GAP, seq=2, instance=1)]
        assert kept == [*expected, replace(BETTER, seq=3)]
        assert tracks == (["fr"] if version > 1 else [])
        assert appended.seq == following
    assert version_of(path) == CLEAN


async def test_what_was_said_before_there_was_an_index_is_brought_into_it(tmp_path: Path) -> None:
    path = tmp_path / "transcripts.db"
    write(path, 3, [*OLD, TRANSLATED])
    async with SqlJournal(path) as journal:
        assert await journal.read(is_behind)

    engine = writing(open_engine(path))
    reindex(engine, index_for(engine))
    with engine.connect() as connection:
        lines = connection.execute(select(search_tables.captions.c.line)).scalars().all()
        assert not is_behind(connection)
    engine.dispose()

    assert [line.partition("| ")[2] for line in lines] == ["the walrus sings", "le morse chante"]


@pytest.mark.parametrize("version", [1, 2])
async def test_a_file_that_may_hold_traces_is_written_anew(tmp_path: Path, version: int) -> None:
    path = tmp_path / "transcripts.db"
    rows = [Row(n + 1, replace(SAID, id=f"c{n}", text=f"Walrus {'x' * 300}")) for n in range(500)]
    write(path, version, rows)
    with sqlite3.connect(path) as file:
        file.execute("DELETE FROM entries WHERE seq > 250")

    async with SqlJournal(path) as journal:
        await journal.erase("r", Span(instance=1, start_s=0, end_s=9))
        assert b"Walrus" not in bytes_of(tmp_path)


def is_full(_connection: object, _cursor: object, statement: str, *_: object) -> None:
    if statement == "VACUUM":
        raise sqlite3.OperationalError("database or disk is full")


async def test_a_file_that_could_not_be_written_anew_is_so_at_the_next_start(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "transcripts.db"
    write(path, 2, OLD)
    engine = open_engine(path)
    sqlalchemy.event.listen(engine, "before_cursor_execute", is_full)
    upgrade(engine)
    engine.dispose()

    assert "may leave traces" in caplog.text
    assert version_of(path) == TO_BE_WRITTEN_ANEW
    async with SqlJournal(path) as journal:
        assert await journal.latest("r") == 3
    assert version_of(path) == CLEAN


async def test_a_file_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "transcripts.db"
    with sqlite3.connect(path) as newer:
        newer.execute(f"PRAGMA user_version = {CLEAN + 1}")
    before = path.read_bytes()

    with pytest.raises(StorageFailed, match="newer version"):
        await SqlJournal(path).start()
    assert path.read_bytes()[100:] == before[100:]


async def test_tables_of_a_newer_version_are_left_alone(tmp_path: Path, postgres_url: str) -> None:
    for where in (tmp_path / "transcripts.db", sqlalchemy.make_url(postgres_url)):
        async with SqlJournal(where) as journal:
            await journal.append("r", 1, GAP)
        engine = open_engine(where)
        with engine.begin() as connection:
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        engine.dispose()

        with pytest.raises(StorageFailed, match="newer version"):
            await SqlJournal(where).start()


def test_both_databases_have_the_tables_that_are_written_down(
    tmp_path: Path, postgres_url: str
) -> None:
    for where in (tmp_path / "transcripts.db", sqlalchemy.make_url(postgres_url)):
        engine = open_engine(where)
        upgrade(engine)
        found = sqlalchemy.inspect(engine)
        for table in metadata.sorted_tables:
            columns = {
                column["name"]: column["nullable"]
                for column in found.get_columns(table.name)
                if column["name"] != "terms"  # PostgreSQL's own kind of column
            }
            indexes = {
                index["name"]: index["column_names"] for index in found.get_indexes(table.name)
            }
            keys = found.get_pk_constraint(table.name)["constrained_columns"]

            assert columns == {column.name: column.nullable for column in table.columns}
            assert keys == [column.name for column in table.primary_key]
            for index in table.indexes:
                assert indexes[str(index.name)] == [column.name for column in index.columns]
        engine.dispose()


def test_the_newest_step_is_the_one_that_is_compared() -> None:
    config = Config()
    config.set_main_option("script_location", "transcripts:migrations")

    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


async def test_several_servers_may_start_at_once(tmp_path: Path, postgres_url: str) -> None:
    for where in (tmp_path / "transcripts.db", sqlalchemy.make_url(postgres_url)):
        journals = [SqlJournal(where) for _ in range(4)]
        await asyncio.gather(*(journal.start() for journal in journals))
        appended = [await journal.append("r", 1, GAP) for journal in journals]
        await asyncio.gather(*(journal.close() for journal in journals))

        assert [entry.seq for entry in appended] == [1, 2, 3, 4]


async def test_steps_are_not_told_to_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.INFO)
    async with SqlJournal(tmp_path / "transcripts.db"):
        pass

    assert caplog.text == ""
    assert capsys.readouterr() == ("", "")


STARTS = """
import asyncio, sys
from pathlib import Path
from transcripts.journal import SqlJournal
async def start():
    async with SqlJournal(Path(sys.argv[1])):
        print("alembic" in sys.modules)
asyncio.run(start())
"""


def test_a_start_without_a_step_does_without_alembic(tmp_path: Path) -> None:
    command = [sys.executable, "-c", STARTS, str(tmp_path / "transcripts.db")]

    loaded = [subprocess.check_output(command, text=True).strip() for _ in range(2)]

    assert loaded == ["True", "False"]
