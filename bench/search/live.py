"""Fifty rooms whose captions are kept as fast as it goes, while others search."""

import asyncio
import time
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from sqlalchemy import Engine

from bench.search.corpus import Corpus
from bench.search.report import Live
from bench.search.ways import NOW, database
from models.room import Speaker
from models.transcript import Final
from transcripts.database import writing
from transcripts.journal import SqlJournal
from transcripts.search.finding import TableIndex
from transcripts.search.index import PUBLIC, Page
from transcripts.search.keeping import IndexKeeper
from transcripts.search.parsing import parse
from transcripts.search.places import SearchRoom, put_room

ROOMS = 50
FINDABLE = 30
_TEXTS = 20_000
_SEARCHERS = 2


def spoken(store: str, folder: Path, *, seconds: float) -> Live:
    """Measure finals per second: without the index, with it, and while others search."""
    with database(store, folder) as (engine, index, _):
        return asyncio.run(_measure(store, engine, index, seconds))


async def _measure(store: str, engine: Engine, index: TableIndex, seconds: float) -> Live:
    async with SqlJournal(engine.url) as journal:
        bare = await _finals_per_s(journal, "bare", seconds)
    async with SqlJournal(engine.url, IndexKeeper(index)) as journal:
        with writing(engine).begin() as connection:
            for room in range(ROOMS):
                for name in ("alone", "beside"):
                    put_room(connection, _room(f"{name}{room}"))
        indexed = await _finals_per_s(journal, "alone", seconds)
        searching = Searching(engine, index)
        tasks = [asyncio.create_task(searching.run()) for _ in range(_SEARCHERS)]
        searched = await _finals_per_s(journal, "beside", seconds)
        searching.goes_on = False
        await asyncio.gather(*tasks)
        findable = [await _findable_ms(journal, searching, n) for n in range(FINDABLE)]
    return Live(
        store=store,
        rooms=ROOMS,
        bare=bare,
        indexed=indexed,
        searched=searched,
        searches=searching.done / seconds,
        findable_ms=findable,
    )


async def _finals_per_s(journal: SqlJournal, name: str, seconds: float) -> float:
    texts = [one.text for one in islice(Corpus(_TEXTS).captions(), _TEXTS)]
    end = time.monotonic() + seconds
    done = 0

    async def room(number: int) -> None:
        nonlocal done
        at = 0
        while time.monotonic() < end:
            text = texts[(number * 397 + at) % len(texts)]
            await journal.append(f"{name}{number}", 1, _final(f"{name}{number}-{at}", at, text))
            at += 1
            done += 1

    await asyncio.gather(*(room(number) for number in range(ROOMS)))
    return done / seconds


@dataclass
class Searching:
    """Asks for one common and one rare word after the other."""

    engine: Engine
    index: TableIndex
    goes_on: bool = True
    done: int = 0
    words: list[str] = field(default_factory=lambda: _words())

    async def run(self) -> None:
        while self.goes_on:
            await asyncio.to_thread(self.find, self.words[self.done % len(self.words)])
            self.done += 1

    def find(self, word: str) -> int:
        """How many captions have a word."""
        with self.engine.connect() as connection, connection.begin():
            page = Page(now=NOW, limit=20)
            return self.index.find(connection, parse(word).query, PUBLIC, page).total


async def _findable_ms(journal: SqlJournal, searching: Searching, number: int) -> float:
    word = f"findable{number}word"
    await journal.append("beside0", 1, _final(f"findable{number}", 100_000 + number, f"a {word} b"))
    began = time.perf_counter()
    while not await asyncio.to_thread(searching.find, word):
        pass
    return (time.perf_counter() - began) * 1e3


def _final(id: str, at: int, text: str) -> Final:
    speaker = Speaker(id=f"user{at % 3}", name=f"Person {at % 3}")
    return Final(
        id=id, rev=1, start_s=at * 3.6, end_s=at * 3.6 + 3, speaker=speaker, text=text, words=()
    )


def _room(room_id: str) -> SearchRoom:
    return SearchRoom(
        room_id=room_id, title="A talk", host_id="user0", host_name="Person 0", private=False
    )


def _words() -> list[str]:
    vocabulary = Corpus(1).vocabulary
    return [
        word for pair in zip(vocabulary[20:60], vocabulary[9000:9040], strict=True) for word in pair
    ]
