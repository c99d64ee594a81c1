"""Where transcripts are kept, and what is said when that cannot be used."""

import re
import signal
import sys
from pathlib import Path

import pytest
from sqlalchemy import make_url

from api.cli import main
from models.errors import Invalid, StorageFailed
from models.transcript import Gap, GapReason
from tests.postgres import PostgresServer
from transcripts.database import address, named
from transcripts.journal import SqlJournal

GAP = Gap(start_s=0, end_s=1, reason=GapReason.TAP_LOST)


def test_transcripts_are_in_the_data_folder_unless_a_database_is_set(tmp_path: Path) -> None:
    assert address("", tmp_path).database == str(tmp_path / "transcripts.db")
    for given in ("postgres://me@host/name", "postgresql://me@host/name"):
        assert address(given, tmp_path).render_as_string() == "postgresql+psycopg://me@host/name"
    assert address(f"sqlite:///{tmp_path}/other.db", tmp_path).database == f"{tmp_path}/other.db"


@pytest.mark.parametrize(
    "given", ["mysql://me:walrus@host/name", "host/name?walrus", "sqlite://", "postgresql:walrus"]
)
def test_another_kind_of_database_is_refused_without_being_named(
    given: str, tmp_path: Path
) -> None:
    with pytest.raises(Invalid, match="has to be like postgresql://") as refused:
        address(given, tmp_path)
    assert "walrus" not in str(refused.value)


def test_who_lacks_psycopg_is_told_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    monkeypatch.setenv("ROOMSCRIBE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("ROOMSCRIBE_DATABASE", "postgresql://me:walrus@host/name")

    assert main(["serve"]) == 2
    said = capsys.readouterr().err
    assert "pip install 'roomscribe[postgres]'" in said
    assert "walrus" not in said


def test_a_database_that_cannot_be_reached_is_said_in_one_line_without_its_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ROOMSCRIBE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("ROOMSCRIBE_DATABASE", "postgresql://me:walrus@127.0.0.1:1/name")

    assert main(["serve"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("roomscribe: the journal cannot be opened: connection failed")
    assert "Connection refused" in said
    assert said.count("\n") == 1
    assert "walrus" not in said


def test_the_doctor_says_where_transcripts_are(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert named(tmp_path / "transcripts.db") == f"in {tmp_path}/transcripts.db"
    assert re.match(r"in PostgreSQL \d+", named(address(postgres_url, tmp_path)))
    with pytest.raises(StorageFailed, match="cannot be used: connection failed"):
        named(address("postgresql://me:walrus@127.0.0.1:1/name", tmp_path))
    assert list(tmp_path.iterdir()) == []


async def test_a_journal_goes_on_when_its_database_is_back(
    postgres: PostgresServer, postgres_url: str
) -> None:
    async with SqlJournal(make_url(postgres_url)) as journal:
        await journal.append("r", 1, GAP)
        postgres.stop(signal.SIGINT)
        try:
            # People in rooms read this: it names no machine.
            with pytest.raises(StorageFailed, match="stored: the database cannot be reached"):
                await journal.append("r", 1, GAP)
            with pytest.raises(StorageFailed, match="read: the database cannot be reached"):
                await journal.latest("r")
        finally:
            postgres.start()

        assert (await journal.append("r", 1, GAP)).seq == 2
        assert await journal.latest("r") == 2
