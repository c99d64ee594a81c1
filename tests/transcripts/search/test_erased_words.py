"""Of what was said and is deleted, nothing is left in any byte of the index's file."""

import asyncio
import random
from pathlib import Path

import pytest

from models.recording import Span
from models.room import Speaker
from models.transcript import Correction, Entry, Final
from transcripts.journal import SqlJournal
from transcripts.search.fts5 import Fts5Index
from transcripts.search.keeping import IndexKeeper
from transcripts.search.tokens import tokens

SPEAKERS = [Speaker(id="a", name="Ada"), Speaker(id="b", name="Bob")]


def bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def said(chance: random.Random, room: str, number: int) -> Final:
    words = [
        f"walrus{chance.getrandbits(64):016x}",
        *(f"w{chance.randint(0, 400)}" for _ in range(9)),
    ]
    chance.shuffle(words)
    words = words[: chance.randint(1, 10)]
    return Final(
        id=f"{room}{number}",
        rev=1,
        start_s=number,
        end_s=number + 1,
        speaker=chance.choice(SPEAKERS),
        text=" ".join(words) + chance.choice(["", "é" * chance.randint(0, 3000)]),
    )


async def leave_no_trace(folder: Path, *, seed: int, rooms: int, captions: int) -> None:
    """Say much in several rooms at a time, delete some of each, and look at every byte."""
    chance = random.Random(seed)
    async with SqlJournal(folder / "transcripts.db", IndexKeeper(Fts5Index())) as journal:
        kept: dict[str, list[Entry]] = {}
        for _ in range(2):
            for number in range(captions):
                for room in (f"r{number}" for number in range(rooms)):
                    one = said(chance, room, len(kept.setdefault(room, [])))
                    kept[room].append(one)
            waiting = [
                journal.append(room, 1, entry)
                for at in range(captions)
                for room, entries in kept.items()
                for entry in entries[-captions:][at : at + 1]
            ]
            await asyncio.gather(*waiting)
            for room, entries in kept.items():
                for entry in chance.sample(entries[-captions:], 3):
                    assert isinstance(entry, Final)
                    words = entry.text.split()
                    text = " ".join([*words[: len(words) // 2], "better"])
                    better = Correction(id=entry.id, rev=2, text=text, by=SPEAKERS[0], replaces=1)
                    await journal.append(room, 1, better)
            for room, entries in kept.items():
                start_s = chance.randint(0, len(entries) - 1)
                await journal.erase(room, Span(instance=1, start_s=start_s, end_s=start_s + 9))
        left = await asyncio.gather(*(journal.transcript(room) for room in kept))
        raw = bytes_of(folder)

    there = {token for entries in left for one in entries for token in _words(one)}
    ever = {token for entries in kept.values() for one in entries for token in _words(one)}
    gone = {token for token in ever - there if token.startswith("walrus")}
    assert len(gone) > rooms
    # A term's beginning may be written with the one before it, so its end is looked for.
    assert [token for token in gone if token[10:].encode() in raw] == []


def _words(entry: Entry) -> list[str]:
    return tokens(entry.text) if isinstance(entry, Final | Correction) else []


async def test_deleted_words_leave_no_trace_in_the_index(tmp_path: Path) -> None:
    await leave_no_trace(tmp_path, seed=1, rooms=4, captions=60)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(40))
async def test_deleted_words_leave_no_trace_whatever_is_said_between(
    tmp_path: Path, seed: int
) -> None:
    await leave_no_trace(tmp_path, seed=seed, rooms=6, captions=150)
