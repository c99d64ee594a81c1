"""Real engines that are killed, hang and find no memory, under sessions with real speech."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import TypeGuard

import numpy as np
import pytest
import soxr

from asr.choose import sphinx_spec, whisper_spec
from asr.host import Limits
from asr.process import WorkerSpec
from asr.supervisor import Supervised
from models.audio import FRAME_SAMPLES, RATE_HZ, SPEECH_RATE_HZ, Frame
from models.caption import Health, Status
from models.errors import EngineUnavailable
from models.transcript import Final, Gap, GapReason
from pipeline.session import Session
from pipeline.silero import SileroDetector
from pipeline.tap import TapItem
from tests.fixtures.clips import TINY_MODEL, clips
from tests.pipeline.fakes import ROOM, FakeJournal, WatchedBus

# Processes that are really killed, stopped and starved take their time.
pytestmark = pytest.mark.realtime

# KiB that suffice for nothing, for loading too little, and for loading but for no words
LOADING = {"faster-whisper": (200_000, 250_000), "pocketsphinx": (60_000, 120_000)}
HEARING = {"faster-whisper": 440_000, "pocketsphinx": 280_000}
ENGINES: dict[str, Callable[[], WorkerSpec]] = {
    "whisper": lambda: replace(
        whisper_spec(TINY_MODEL, "tiny", short_context=True), workers=1, threads=1
    ),
    "pocketsphinx": sphinx_spec,
}
LIMITS = Limits(first_retry_s=0.1, longest_retry_s=1.0)
IMPATIENT = replace(LIMITS, hang_s=6.0)


@pytest.fixture(params=ENGINES)
def spec(request: pytest.FixtureRequest) -> WorkerSpec:
    return ENGINES[request.param]()


@asynccontextmanager
async def started(
    spec: WorkerSpec, processes: int = 1, limits: Limits = LIMITS
) -> AsyncIterator[Supervised]:
    recogniser = Supervised(replace(spec, processes=processes), limits=limits)
    try:
        await recogniser.start()
        await comes(lambda: len(recogniser.pids) >= processes)
        yield recogniser
    finally:
        await recogniser.close()


async def comes(condition: Callable[[], object], *, within_s: float = 100.0) -> None:
    async with asyncio.timeout(within_s):
        while not condition():
            await asyncio.sleep(0.02)


class Room:
    """A room in which somebody says the clips over and over, until it is ended."""

    def __init__(self, recogniser: Supervised) -> None:
        self.journal, self.bus = FakeJournal(), WatchedBus()
        session = Session(
            ROOM,
            recogniser=recogniser,
            detector=SileroDetector,
            journal=self.journal,
            bus=self.bus,
        )
        self._over = False
        self._task = asyncio.create_task(session.run(self._talk()))

    async def end(self) -> None:
        self._over = True
        await self._task

    @property
    def finals(self) -> list[Final]:
        return [entry for entry in self.journal.entries if isinstance(entry, Final)]

    @property
    def gaps(self) -> list[Gap]:
        """Gaps of restarts; where the machine is busy, overload may leave others."""
        return [entry for entry in self.journal.entries if _is_of_a_restart(entry)]

    @property
    def told(self) -> list[Status]:
        return [item for _, item in self.bus.shown if isinstance(item, Status)]

    @property
    def story(self) -> list[str]:
        """What readers saw of engines, their gaps and captions, each once in a row."""
        seen: list[str] = []
        for _, item in self.bus.shown:
            match item:
                case Status(state=Health.DOWN):
                    word = "down"
                case Gap(reason=GapReason.ENGINE_RESTART):
                    word = "gap"
                case Final():
                    word = "caption"
                case _:
                    continue
            if not seen or seen[-1] != word:
                seen.append(word)
        return seen

    async def _talk(self) -> AsyncIterator[TapItem]:
        began_s = time.monotonic()
        for sample, pcm in _speech():
            if self._over:
                return
            await asyncio.sleep(max(0.0, began_s + sample / RATE_HZ - time.monotonic()))
            yield Frame(sample=sample, pcm=pcm)


def _is_of_a_restart(entry: object) -> TypeGuard[Gap]:
    return isinstance(entry, Gap) and entry.reason is GapReason.ENGINE_RESTART


def _speech() -> Iterator[tuple[int, "np.ndarray[tuple[int], np.dtype[np.int16]]"]]:
    pause = np.zeros(SPEECH_RATE_HZ, np.int16)
    said = np.concatenate([part for clip in clips()[:3] for part in (clip.pcm, pause)])
    pcm = soxr.resample(said, SPEECH_RATE_HZ, RATE_HZ).astype(np.int16)
    for at in range(0, 300 * RATE_HZ, FRAME_SAMPLES):
        place = at % (len(pcm) // FRAME_SAMPLES * FRAME_SAMPLES)
        yield at, pcm[place : place + FRAME_SAMPLES]


async def test_a_killed_engine_is_down_then_a_gap_then_captions_and_others_do_not_notice(
    spec: WorkerSpec,
) -> None:
    async with started(spec, processes=2) as recogniser:
        room = Room(recogniser)
        await comes(lambda: room.finals)
        victim = recogniser.pids[0]
        other = Room(recogniser)
        await comes(lambda: other.bus.shown and len(recogniser.pids) >= 2)
        os.kill(victim, signal.SIGKILL)
        await comes(lambda: room.gaps and room.finals[-1].start_s > room.gaps[-1].end_s - 0.1)
        await comes(lambda: other.finals)
        await asyncio.gather(room.end(), other.end())

    assert room.story[:4] == ["caption", "down", "gap", "caption"]
    assert "down" not in other.story
    assert other.gaps == []


async def test_rooms_that_share_a_dead_process_all_come_back() -> None:
    async with started(ENGINES["whisper"]()) as recogniser:
        rooms = [Room(recogniser) for _ in range(2)]
        await comes(lambda: all(room.finals for room in rooms))
        os.kill(recogniser.pids[0], signal.SIGKILL)
        await comes(lambda: all("down" in room.story for room in rooms))
        await comes(lambda: all(room.story[-1:] == ["caption"] for room in rooms))
        await asyncio.gather(*(room.end() for room in rooms))

    assert [room.story[:2] for room in rooms] == [["caption", "down"]] * 2


async def test_an_engine_that_stops_answering_is_killed_and_replaced(spec: WorkerSpec) -> None:
    async with started(spec, limits=IMPATIENT) as recogniser:
        room = Room(recogniser)
        await comes(lambda: room.finals)
        stopped = recogniser.pids[0]
        os.kill(stopped, signal.SIGSTOP)
        await comes(lambda: "down" in room.story)
        await comes(lambda: room.gaps and room.story[-1] == "caption")
        await room.end()

    assert room.story[:4] == ["caption", "down", "gap", "caption"]
    assert stopped not in recogniser.pids


class Memory:
    """Says how many KiB processes that are started from now on may use, and counts them."""

    def __init__(self, folder: Path) -> None:
        self._limit, self._starts = folder / "limit", folder / "starts"
        self.python = folder / "python"
        self.lift()
        self.python.write_text(
            f'#!/bin/sh\necho >>"{self._starts}"\nulimit -v $(cat "{self._limit}")\n'
            f'exec "{sys.executable}" "$@"\n'
        )
        self.python.chmod(0o700)

    def limit(self, kib: int) -> None:
        self._set(str(kib))

    def lift(self) -> None:
        self._set("unlimited")

    def _set(self, limit: str) -> None:
        """Change the limit at once: a process may be reading it."""
        written = self._limit.with_suffix(".new")
        written.write_text(limit)
        written.rename(self._limit)

    @property
    def starts(self) -> int:
        return len(self._starts.read_text().splitlines())


@pytest.fixture
def memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Memory:
    memory = Memory(tmp_path)
    monkeypatch.setattr("asr.process.sys.executable", str(memory.python))
    return memory


async def test_an_engine_without_memory_says_what_to_do_and_comes_back_when_there_is_some(
    memory: Memory, spec: WorkerSpec
) -> None:
    async with started(spec) as recogniser:
        room = Room(recogniser)
        await comes(lambda: room.finals)
        memory.limit(LOADING[spec.engine][1])
        before = memory.starts
        os.kill(recogniser.pids[0], signal.SIGKILL)
        await comes(lambda: any("memory" in status.note for status in room.told))
        failed_at_s = time.monotonic()
        await comes(lambda: memory.starts >= before + 3)
        starts = memory.starts - before
        waited_s = time.monotonic() - failed_at_s
        memory.lift()
        await comes(lambda: room.gaps and room.story[-1] == "caption")
        await room.end()

    assert starts <= 4 + waited_s / 0.2
    note = next(status.note for status in room.told if "memory" in status.note)
    assert "keeps stopping" not in note
    assert ("smaller one (ROOMSCRIBE_MODEL)" in note) == bool(spec.model)
    assert room.story[:4] == ["caption", "down", "gap", "caption"]


async def test_an_engine_that_never_finds_memory_does_not_start(
    memory: Memory, spec: WorkerSpec
) -> None:
    for limit in LOADING[spec.engine]:
        memory.limit(limit)
        recogniser = Supervised(spec, limits=LIMITS)
        with pytest.raises(EngineUnavailable, match="too little memory"):
            await recogniser.start()
        await recogniser.close()


async def test_an_engine_that_finds_memory_to_load_but_not_to_hear_is_said_down_once(
    memory: Memory, spec: WorkerSpec
) -> None:
    # whole windows: a short one may find room where a long one does not
    async with started(replace(spec, short_context=False), processes=2) as recogniser:
        room = Room(recogniser)
        await comes(lambda: room.finals)
        victim = recogniser.pids[0]
        other = Room(recogniser)
        await comes(lambda: other.finals and len(recogniser.pids) >= 2)
        memory.limit(HEARING[spec.engine])
        before = memory.starts
        os.kill(victim, signal.SIGKILL)
        await comes(lambda: "too little memory" in room.told[-1].note)
        first, heard = len(room.told), len(other.finals)
        await comes(lambda: memory.starts >= before + 4 and len(other.finals) > heard)
        last = len(room.told)
        memory.lift()
        await comes(lambda: room.story[-1] == "caption" and room.told[-1].state is not Health.DOWN)
        await asyncio.gather(room.end(), other.end())

    while_short = room.told[first - 1 : last]
    assert {status.state for status in while_short} == {Health.DOWN}
    assert len({status.note for status in while_short}) == 1
    back = next(status for status in room.told[last:] if status.state is not Health.DOWN)
    assert "memory" not in back.note
    assert room.gaps
    assert room.gaps[-1].end_s <= room.finals[-1].start_s + 0.1
    assert "down" not in other.story
    assert other.gaps == []
