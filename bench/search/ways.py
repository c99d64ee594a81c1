"""The project's own index, filled and asked as a server does, and the plain table beside it."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from sqlalchemy import Connection, Engine, make_url, text

from bench.search.corpus import CAPTIONS_A_ROOM, Query, Said
from bench.search.report import OURS
from bench.search.rivals import LIMIT, PlainFts5, PlainTsvector, Way
from models.room import Speaker
from tests.postgres import postgres_server
from transcripts.database import open_engine, writing
from transcripts.search import fts5, said, tsvector
from transcripts.search.finding import TableIndex
from transcripts.search.index import PUBLIC, Page
from transcripts.search.parsing import parse
from transcripts.search.places import SearchRoom, put_room, take_number
from transcripts.search.tokens import tokens
from transcripts.search.tolerant import Reread, Tolerantly
from transcripts.upgrading import upgrade

BEGAN = datetime(2024, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 11, 1, tzinfo=UTC)
_BLOCK = 10_000


class Ours:
    """The index of a server's database; the journal beside it is empty."""

    name = OURS

    def __init__(self, engine: Engine, index: TableIndex) -> None:
        self._engine, self._index = engine, index
        self._words = Reread(index, patience_s=60)
        self._finder = Tolerantly(index, self._words)
        upgrade(engine)
        self._writing = writing(engine)
        self._reading = engine.connect()
        self._tails: dict[tuple[int, int], tuple[str, ...]] = {}

    def fill(self, captions: Iterable[Said]) -> None:
        rows = iter(captions)
        while block := list(islice(rows, _BLOCK)):
            with self._writing.begin() as connection:
                takes = {room: self._take(connection, room) for room in {one.room for one in block}}
                self._index.add(connection, [self._kept(one, takes[one.room]) for one in block])
        with self._writing.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("ANALYZE"))

    def find(self, query: Query) -> Sequence[int]:
        words = " ".join(query.words)
        typed = {"phrase": f'"{words}"', "prefix": f"{words}*"}.get(query.kind, words)
        if query.speaker is not None:
            typed += f" speaker:{_speaker(query.speaker).id}"
        parsed = parse(typed).query
        page = Page(now=NOW, limit=LIMIT)
        with self._reading.begin():
            answer = self._finder.find(self._reading, parsed, PUBLIC, page)
        return [hit.id for hit in answer.found.hits]

    def size(self) -> int:
        if self._engine.dialect.name == "sqlite":
            with self._engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            return Path(str(self._engine.url.database)).stat().st_size
        with self._reading.begin():
            size = "SELECT pg_total_relation_size('captions')"
            return int(self._reading.execute(text(size)).scalar_one())

    def close(self) -> None:
        """Give the database back."""
        self._words.join()
        self._reading.close()
        self._engine.dispose()

    def _take(self, connection: Connection, room: int) -> int:
        room_id = f"room{room}"
        host = _speaker(room % 200)
        put_room(
            connection,
            SearchRoom(
                room_id=room_id,
                title=f"Evening talk number {room}",
                host_id=host.id,
                host_name=host.name,
                private=False,
            ),
        )
        return take_number(connection, room_id, 1, "", BEGAN + timedelta(hours=2 * room))

    def _kept(self, one: Said, take: int) -> said.Kept:
        own = tuple(tokens(one.text))
        whose = one.room, one.speaker
        tail = self._tails.get(whose, ())
        self._tails[whose] = (*tail, *own)[-said.TAIL :]
        if one.seq == CAPTIONS_A_ROOM:
            self._tails.clear()
        caption = said.Said(
            id=said.caption_id(take, one.seq),
            room_id=f"room{one.room}",
            speaker=_speaker(one.speaker),
            language="en",
            start_s=one.start_s,
            end_s=one.start_s + 3,
            own=own,
            tail=tail,
        )
        return said.Kept.of(caption)


@contextmanager
def opened(store: str, folder: Path) -> Iterator[tuple[Way, Way]]:
    """Give our index and the plain table on a store, both empty."""
    with database(store, folder) as (engine, index, address):
        ours = Ours(engine, index)
        is_file = store == "sqlite"
        plain = PlainFts5(folder / "plain.db") if is_file else PlainTsvector(address)
        try:
            yield ours, plain
        finally:
            plain.close()
            ours.close()


@contextmanager
def database(store: str, folder: Path) -> Iterator[tuple[Engine, TableIndex, str]]:
    """Give an empty database, its index, and psycopg's address of another one beside it."""
    if store == "sqlite":
        yield open_engine(folder / "transcripts.db"), fts5.Fts5Index(), ""
        return
    with (
        postgres_server(fsync=True) as server,
        server.database() as url,
        server.database() as beside,
    ):
        plain = make_url(beside).set(drivername="postgresql")
        yield open_engine(make_url(url)), tsvector.TsvectorIndex(), plain.render_as_string(False)


def _speaker(number: int) -> Speaker:
    return Speaker(id=f"user{number}", name=f"Person {number}")
