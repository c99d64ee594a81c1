"""Searches have a limit of time and of number, and are in nobody's way."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, make_url, text

from models.errors import Busy, StorageFailed
from transcripts.search.searching import AT_ONCE, Searching, TooBroad

_ENDLESS = text(
    "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n"
)


def endless(connection: Connection) -> None:
    connection.execute(_ENDLESS).all()


def one(connection: Connection) -> int:
    return int(connection.execute(text("SELECT 1")).scalar_one())


@pytest.fixture(params=["sqlite", "postgresql"])
async def searching(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Searching]:
    is_file = request.param == "sqlite"
    where = tmp_path / "t.db" if is_file else make_url(request.getfixturevalue("postgres_url"))
    made = Searching(where)
    yield made
    await made.close()


async def test_a_search_that_takes_too_long_is_given_up_and_the_next_is_answered(
    searching: Searching,
) -> None:
    searching.limit_s = 0.1
    began_s = time.monotonic()
    with pytest.raises(TooBroad):
        await searching.ask(endless)

    assert time.monotonic() - began_s < 5
    searching.limit_s = 60
    assert await searching.ask(one) == 1
    assert searching.counts.too_broad == 1


async def test_who_comes_when_too_many_wait_is_refused(searching: Searching) -> None:
    searching.waiting_limit = AT_ONCE
    may_end = threading.Event()
    running = [asyncio.create_task(searching.ask(lambda _: may_end.wait(20))) for _ in range(2)]
    await asyncio.sleep(0)

    with pytest.raises(Busy):
        await searching.ask(one)

    may_end.set()
    await asyncio.gather(*running)
    assert await searching.ask(one) == 1
    assert searching.counts.refused == 1


async def test_a_database_that_cannot_be_read_is_said_without_the_query(tmp_path: Path) -> None:
    searching = Searching(tmp_path / "nowhere" / "t.db")

    with pytest.raises(StorageFailed) as failed:
        await searching.ask(lambda c: c.execute(text("SELECT :word"), {"word": "walrus"}).all())

    assert "walrus" not in str(failed.value)
    await searching.close()


async def test_who_searches_is_not_told_where_the_database_is(
    caplog: pytest.LogCaptureFixture,
) -> None:
    searching = Searching(make_url("postgresql+psycopg://keeper:walrus@127.0.0.1:1/name"))

    with pytest.raises(StorageFailed, match=r"searched: the database cannot be reached$"):
        await searching.ask(one)

    assert "Connection refused" in caplog.text
    assert "walrus" not in caplog.text
    await searching.close()
