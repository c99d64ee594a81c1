"""Processes that record, or recover, until they are killed; for the torture test.

``killed.py PACKETS ROOT``, then one line a process on standard input: seconds after which it is
killed, or ``never``, and ``record SEED`` or ``recover``. Each is forked from this one, which has
everything loaded, so that a kill may come early in its life, too. ``gone`` is printed when it is
over. How many frames were written before one was asked for is in ``ROOT/../progress``.
"""

import asyncio
import hashlib
import os
import random
import signal
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from models.audio import FRAME_S, FRAME_SAMPLES, Frame
from models.room import Room, RoomState
from models.transcript import Final
from recorder.recording import Recorder
from tests.recorder.record_hum import packets_in
from transcripts.journal import SqliteJournal

PCM = np.zeros(FRAME_SAMPLES, np.int16)
SEGMENT_S = 0.4
ROOM = Room(
    id="tea",
    title="Tea",
    language="en",
    host_id="ada",
    state=RoomState.LIVE,
    created_at=datetime(2026, 5, 4, 18, 30, tzinfo=UTC),
    started_at=datetime(2026, 5, 4, 18, 30, tzinfo=UTC),
    instance=1,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A room of ``frames``, of which those from ``first`` to before ``end`` are off the record."""

    frames: int
    first: int
    end: int

    @classmethod
    def of(cls, seed: int) -> "Plan":
        chance = random.Random(seed)
        frames = chance.randrange(60, 1200)
        first = chance.randrange(frames)
        return cls(frames=frames, first=first, end=min(frames, first + chance.randrange(1, 300)))

    def is_off_record(self, index: int) -> bool:
        return self.first <= index < self.end


def words_of(packet: bytes) -> str:
    """A caption that tells which packet it belongs to."""
    return hashlib.sha256(packet).hexdigest()


async def play(
    plan: Plan, packets: list[bytes], progress: int, journal: SqliteJournal
) -> AsyncIterator[Frame]:
    for index in range(plan.frames):
        packet = packets[index % len(packets)]
        if index % 25 == 0 and not plan.is_off_record(index):
            await journal.append("tea", 1, caption(index, words_of(packet)))
        off_record = plan.is_off_record(index)
        yield Frame(sample=index * FRAME_SAMPLES, pcm=PCM, packet=packet, off_record=off_record)
        if (index + 1) % 50 == 0:
            os.pwrite(progress, f"{index + 1:8}".encode(), 0)


def caption(index: int, text: str) -> Final:
    at_s = index * FRAME_S
    return Final(
        id=str(index), rev=1, start_s=at_s, end_s=at_s + 0.1, speaker=None, text=text, words=()
    )


async def record(seed: int, packets: list[bytes], root: Path) -> None:
    progress = os.open(root.parent / "progress", os.O_CREAT | os.O_WRONLY)
    async with SqliteJournal(root.parent / "transcripts.db") as journal:
        recorder = Recorder(root, segment_s=SEGMENT_S)
        await recorder.record(ROOM, play(Plan.of(seed), packets, progress, journal), pre_skip=312)


def live(what: list[str], packets: list[bytes], root: Path) -> None:
    if what[0] == "record":
        asyncio.run(record(int(what[1]), packets, root))
    else:
        Recorder(root).recover()


def main() -> None:
    packets, root = packets_in(Path(sys.argv[1])), Path(sys.argv[2])
    for line in sys.stdin:
        after, *what = line.split()
        child = os.fork()
        if child == 0:
            try:
                live(what, packets, root)
            finally:
                os._exit(0)
        if after != "never":
            time.sleep(float(after))
            os.kill(child, signal.SIGKILL)  # not waited for yet: the id is still its own
        os.waitpid(child, 0)
        sys.stdout.write("gone\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
