"""kill -9 while rooms are captioned: what readers were shown, journal and index agree afterwards.

What was shown is in the journal, once, under the number that it was shown with; numbers have no
holes; and the index is what it would be if it were made anew from the journal. Servers are killed,
and PostgreSQL itself, while servers go on.
"""

import json
import os
import random
import signal
import subprocess
import sys
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import pytest
from sqlalchemy import URL, Connection, make_url, select

from tests.postgres import PostgresServer, postgres_server
from tests.transcripts.ingest import ROOMS, WORDS
from transcripts.database import file_address, open_engine, writing
from transcripts.search.finding import TableIndex
from transcripts.search.index import Page, Reach
from transcripts.search.keeping import IndexKeeper, index_for
from transcripts.search.parsing import parse
from transcripts.search.places import SearchRoom, put_room
from transcripts.search.tables import captions
from transcripts.tables import entries

_e = entries.c
NOW = datetime(2026, 11, 28, tzinfo=UTC)
SOME = 30
WAIT_S = 60


class Servers:
    """Server after server on one database, each of them killed."""

    def __init__(self, where: URL) -> None:
        self.where = where
        self.shown: list[tuple[str | int, ...]] = []
        self._more = threading.Condition()
        self._number = 0
        command = [sys.executable, "-m", "tests.transcripts.ingest"]
        self.process = subprocess.Popen(
            [*command, where.render_as_string(hide_password=False)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, entries: int, meanwhile: Callable[[], None] = lambda: None) -> None:
        """Run one until readers were shown so many entries more."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self._number += 1
        self.process.stdin.write(f"{self._number}\n")
        self.process.stdin.flush()
        pid = int(self.process.stdout.readline())
        reading = threading.Thread(target=self._read, args=(self.process.stdout,))
        reading.start()
        try:
            self.wait(entries)
            meanwhile()
        finally:
            os.kill(pid, signal.SIGKILL)  # not waited for before it is: the id is still its own
            reading.join()

    def wait(self, entries: int) -> None:
        """Wait until readers were shown so many more."""
        wanted = len(self.shown) + entries
        with self._more:
            assert self._more.wait_for(lambda: len(self.shown) >= wanted, WAIT_S)

    def _read(self, lines: IO[str]) -> None:
        for line in iter(lines.readline, "gone\n"):
            if not line:
                return
            with self._more:
                self.shown.append(tuple(json.loads(line)))
                self._more.notify_all()


@contextmanager
def servers(where: URL) -> Iterator[Servers]:
    started = Servers(where)
    try:
        yield started
    finally:
        started.process.kill()
        started.process.communicate()


def check(killed: Servers) -> None:
    """What was shown, journal and index agree."""
    engine = writing(open_engine(killed.where))
    with engine.connect() as connection, connection.begin() as transaction:
        check_journal(connection, killed.shown)
        check_index(connection)
        transaction.rollback()
    engine.dispose()


def check_index(connection: Connection) -> None:
    index = index_for(connection.engine)
    for name in ROOMS:
        room = SearchRoom(room_id=name, title=name, host_id="a", host_name="Ada", private=False)
        put_room(connection, room)
    kept, found = indexed(connection), hits(connection, index)
    assert kept
    assert all(total for total, _ in found.values())
    index.clear(connection)
    for room_id, instance in connection.execute(select(_e.room_id, _e.instance).distinct()).all():
        IndexKeeper(index).rebuild(connection, room_id, instance)
    assert indexed(connection) == kept
    assert hits(connection, index) == found


def indexed(connection: Connection) -> set[tuple[object, ...]]:
    """What the index holds, without what it has blanked."""
    c = captions.c
    query = select(c.id, c.start_s, c.end_s, c.line).where(c.id > 0)
    return {tuple(row) for row in connection.execute(query)}


def hits(connection: Connection, index: TableIndex) -> dict[str, tuple[int, list[int]]]:
    """How many captions have each word, and the best of them."""
    found = {
        word: index.find(connection, parse(word).query, Reach(), Page(now=NOW)) for word in WORDS
    }
    return {word: (one.total, [hit.id for hit in one.hits]) for word, one in found.items()}


def check_journal(connection: Connection, shown: list[tuple[str | int, ...]]) -> None:
    query = select(_e.room_id, _e.track, _e.seq, _e.kind, _e.payload)
    rows = connection.execute(query.order_by(_e.room_id, _e.track, _e.seq))
    kept = [tuple(row) for row in rows]
    assert set(shown) <= set(kept)
    assert [one for one, times in Counter(shown).items() if times > 1] == []
    numbers = defaultdict(list)
    for room, track, seq, *_ in kept:
        numbers[room, track].append(seq)
    assert {room for room, _ in numbers} == set(ROOMS)
    assert all(seqs == list(range(1, len(seqs) + 1)) for seqs in numbers.values())
    said = [payload for *_, kind, payload in kept if kind != "gap"]
    assert len(set(said)) == len(said)


def torture(where: URL, kills: int) -> None:
    chance = random.Random(kills)
    with servers(where) as killed:
        for _ in range(kills):
            killed.run(chance.choice([0, 1, SOME, 3 * SOME]))
        killed.run(SOME)
        check(killed)


def outages(postgres: PostgresServer, url: str, kills: int) -> None:
    with servers(make_url(url)) as killed:

        def die() -> None:
            for _ in range(kills):
                postgres.kill()
                postgres.start()
                killed.wait(SOME)

        killed.run(SOME, die)
        check(killed)


def test_a_kill_loses_nothing_of_a_file_that_readers_were_shown(tmp_path: Path) -> None:
    torture(file_address(tmp_path / "transcripts.db"), 5)


def test_a_kill_loses_nothing_of_a_database_that_readers_were_shown(postgres_url: str) -> None:
    torture(make_url(postgres_url), 5)


def test_a_database_that_is_killed_loses_nothing_and_keeps_nothing_twice() -> None:
    with postgres_server(fsync=True) as postgres, postgres.database() as url:
        outages(postgres, url, 1)


@pytest.mark.soak
def test_a_file_survives_a_hundred_kills(tmp_path: Path) -> None:
    torture(file_address(tmp_path / "transcripts.db"), 100)


@pytest.mark.soak
def test_a_database_survives_a_hundred_kills_of_servers_and_fifty_of_its_own() -> None:
    with postgres_server(fsync=True) as postgres:
        with postgres.database() as url:
            torture(make_url(url), 100)
        with postgres.database() as url:
            outages(postgres, url, 50)
