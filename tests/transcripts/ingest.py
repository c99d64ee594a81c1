"""Servers that caption rooms until they are killed, each a process; for `test_killed_ingest`.

``ingest.py DATABASE``, then the number of a server on a line of standard input. The id of its
process is printed, what readers are shown, each entry as a line of JSON, and, when somebody has
killed it, ``gone``. Each is forked from this one, which has everything loaded, so that a kill may
come early in its life, too.
"""

import asyncio
import json
import logging
import os
import random
import sys
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from sqlalchemy import URL, make_url

from models.caption import LiveItem
from models.room import Room, RoomState, Speaker
from models.transcript import Correction, Entry, Final, Gap, GapReason
from pipeline.captions import CaptionBus
from pipeline.keeping import Keeper
from transcripts.database import open_engine
from transcripts.entries import kind_of, to_json
from transcripts.journal import SqlJournal
from transcripts.search.keeping import IndexKeeper, index_for

ROOMS = ("tea", "garden", "harbour")
PEOPLE = [Speaker(id=name.lower(), name=name) for name in ("Ada", "Ben", "Cleo")]
WORDS = ("walrus", "carpenter", "walking", "close", "hand", "wept", "like", "anything", "see")


def main() -> None:
    logging.disable()  # what cannot be kept for now is tried again
    where = make_url(sys.argv[1])
    for number in sys.stdin:
        shown, told = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(shown)
            try:
                asyncio.run(serve(where, int(number), told))
            finally:
                os._exit(1)
        os.close(told)
        say(f"{child}\n")
        with os.fdopen(shown) as lines:
            for line in lines:
                say(line)
        os.waitpid(child, 0)
        say("gone\n")


def say(line: str) -> None:
    sys.stdout.write(line)
    sys.stdout.flush()


async def serve(where: URL, number: int, told: int) -> None:
    """Caption some rooms, for ever."""
    engine = open_engine(where)
    async with SqlJournal(where, IndexKeeper(index_for(engine))) as journal:
        await asyncio.gather(*(caption(journal, room, number, told) for room in ROOMS))


async def caption(journal: SqlJournal, room_id: str, number: int, told: int) -> None:
    room = Room(
        id=room_id,
        title=room_id.title(),
        language="en",
        host_id="ada",
        state=RoomState.LIVE,
        created_at=datetime.now(UTC),
        started_at=datetime.now(UTC),
        instance=number,
    )
    bus = CaptionBus()
    bus.watch = partial(tell, told, room_id)
    keeper = Keeper(room, journal, bus, on_disk=lambda _: None, retry_s=0.02)
    chance = random.Random(f"{room_id}{number}")
    count = 0
    while True:
        said = final(f"{room_id}-{number}-{count}", count, chance)
        entries: list[Entry] = [said, translated(said)] if chance.random() < 0.3 else [said]
        if chance.random() < 0.1:
            entries.append(Gap(start_s=count, end_s=count + 1, reason=GapReason.OVERLOAD))
        await asyncio.gather(*(keeper.keep(entry) for entry in entries))
        if chance.random() < 0.2:
            text = f"{said.text} {chance.choice(WORDS)}"
            await keeper.keep(
                Correction(id=said.id, rev=2, text=text, by=PEOPLE[0], replaces=count + 1)
            )
        count += 1


def final(id: str, count: int, chance: random.Random) -> Final:
    text = " ".join(chance.choices(WORDS, k=chance.randint(1, 12)))
    speaker = chance.choice(PEOPLE)
    return Final(id=id, rev=1, start_s=count, end_s=count + 1, speaker=speaker, text=text)


def translated(said: Final) -> Final:
    return replace(said, id=f"{said.id}-fr", track="fr", language="fr")


def tell(told: int, room_id: str, item: LiveItem) -> None:
    """Say what is given to who reads along."""
    if isinstance(item, Final | Correction | Gap):
        os.write(told, (json.dumps(as_told(room_id, item)) + "\n").encode())


def as_told(room_id: str, entry: Entry) -> list[str | int]:
    return [room_id, entry.track, entry.seq, kind_of(entry), to_json(entry)]


if __name__ == "__main__":
    main()
