"""Processes that record, recover, move or delete until they are killed; for the torture test.

``killed.py PACKETS ROOT S3``, then one line a process on standard input: after how many beats it is
killed, and after how many seconds more, or ``never``; and ``record SEED``, ``recover``, ``finish``,
or, with the S3 server at that address, ``upload`` or ``delete``. Each is forked from this one,
which has everything loaded, so that a kill may come early in its life, too. A beat is ten frames, a
word of the finishing job on how far it is, or something that is asked of the store: a moment stays
the same moment however busy the machine is. ``gone`` and the number of beats are printed when
it is over. How many frames were written before one was asked for is in ``ROOT/../progress``.
"""

import asyncio
import hashlib
import os
import random
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from models.audio import FRAME_S, FRAME_SAMPLES, Frame, Sent
from models.room import Speaker
from models.transcript import Final
from recorder import forgotten
from recorder.job import finish
from recorder.object_store import Given, Stored
from recorder.recording import Recorder
from recorder.s3 import Bucket, S3Objects
from recorder.transfer import Transfer, remove
from tests.recorder.record_hum import packets_in
from tests.recorder.taps import SILENT_PCM, TEA
from transcripts.journal import SqlJournal

Beat = Callable[[], int]

ADA = Speaker(id="ada", name="Ada")
SEGMENT_S = 0.4
BUCKET, PART_BYTES = "recordings", 32_768


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

    def is_ada(self, index: int) -> bool:
        """Whether Ada speaks, alone: two seconds of three."""
        return index % 150 < 100


def words_of(packet: bytes) -> str:
    """A caption that tells which packet it belongs to."""
    return hashlib.sha256(packet).hexdigest()


async def play(
    plan: Plan, packets: list[bytes], progress: int, journal: SqlJournal, beat: Beat
) -> AsyncIterator[Frame]:
    for index in range(plan.frames):
        packet = packets[index % len(packets)]
        if index % 25 == 0 and not plan.is_off_record(index):
            await journal.append("tea", 1, caption(index, words_of(packet)))
        off_record = plan.is_off_record(index)
        sample = index * FRAME_SAMPLES
        sent = (Sent(speaker=ADA, sample=sample, packet=packet),) * plan.is_ada(index)
        yield Frame(sample=sample, pcm=SILENT_PCM, packet=packet, off_record=off_record, sent=sent)
        if (index + 1) % 10 == 0:
            beat()
        if (index + 1) % 50 == 0:
            os.pwrite(progress, f"{index + 1:8}".encode(), 0)


def caption(index: int, text: str) -> Final:
    at_s = index * FRAME_S
    return Final(
        id=str(index), rev=1, start_s=at_s, end_s=at_s + 0.1, speaker=None, text=text, words=()
    )


async def record(seed: int, packets: list[bytes], root: Path, beat: Beat) -> None:
    progress = os.open(root.parent / "progress", os.O_CREAT | os.O_WRONLY)
    async with SqlJournal(root.parent / "transcripts.db") as journal:
        recorder = Recorder(root, segment_s=SEGMENT_S)
        tap = play(Plan.of(seed), packets, progress, journal, beat)
        await recorder.record(TEA, tap, pre_skip=312, tracks=True)


class CountedStore(S3Objects):
    """The torture's bucket; its objects go in several parts, so that there is more to interrupt."""

    def __init__(self, address: str, beat: Beat = lambda: 0) -> None:
        keys = {"region": "us-east-1", "access_key": "key", "secret_key": "secret"}
        bucket = Bucket(name=BUCKET, endpoint=address, **keys)
        super().__init__(bucket, part_bytes=PART_BYTES)
        self._beat = beat

    def put(self, key: str, pieces: Iterable[bytes], given: Given) -> None:
        self._beat()
        super().put(key, pieces, given)
        self._beat()

    def find(self, key: str) -> Stored | None:
        self._beat()
        return super().find(key)

    def read(self, key: str, start: int, end: int) -> bytes:
        self._beat()
        return super().read(key, start, end)

    def delete(self, keys: Sequence[str]) -> None:
        self._beat()
        super().delete(keys)
        self._beat()


def upload(recorder: Recorder, store: CountedStore) -> None:
    """What a server does after a start: finish, move, and let go what was moved."""
    recorder.recover()
    for recording in recorder.recordings():
        folder = recorder.folder(recording.id)
        moving = Transfer(store=store, folder=folder, recording=recording)
        moving.upload()
        moving.release()


def delete(recorder: Recorder, store: CountedStore) -> None:
    """Delete everything, and what the store has of it."""
    for recording in recorder.recordings():
        recorder.delete(recording.id)
    for name in forgotten.all_of(recorder.root):
        remove(store, recorder.root, name)


def live(what: list[str], packets: list[bytes], root: Path, s3: str, beat: Beat) -> None:
    def told(_step: str, _share: float) -> None:
        beat()

    match what[0]:
        case "record":
            asyncio.run(record(int(what[1]), packets, root, beat))
        case "finish":
            for recording in Recorder(root).recordings():
                finish(root, recording.id, told)
        case "recover":
            Recorder(root).recover()
        case kind:
            store = CountedStore(s3, beat)
            recorder = Recorder(root, store=store)
            (upload if kind == "upload" else delete)(recorder, store)


def main() -> None:
    packets, root, s3 = packets_in(Path(sys.argv[1])), Path(sys.argv[2]), sys.argv[3]
    for line in sys.stdin:
        after, *what = line.split()
        beats, told = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                live(what, packets, root, s3, partial(os.write, told, b"."))
            finally:
                os._exit(0)
        os.close(told)
        heard = kill(child, beats, after)
        os.close(beats)
        sys.stdout.write(f"gone {heard}\n")
        sys.stdout.flush()


def kill(child: int, beats: int, after: str) -> int:
    """Kill the child at its moment, unless it is over by then; gives how many beats it had."""
    left, _, more_s = after.partition(":")
    heard, wanted = 0, int(left) if more_s else sys.maxsize
    while heard < wanted and (data := os.read(beats, min(4096, wanted - heard))):
        heard += len(data)
    if more_s:
        time.sleep(float(more_s))
        os.kill(child, signal.SIGKILL)  # not waited for yet: the id is still its own
    os.waitpid(child, 0)
    return heard


if __name__ == "__main__":
    main()
