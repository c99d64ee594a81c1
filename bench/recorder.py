"""What recording rooms costs beside other recorders, and how fast a long recording is finished.

``python -m bench.recorder [--short] [--write]`` records one room and many in real time, ours, with
ffmpeg and with aiortc's MediaRecorder, each in a process of its own, in turns, and takes medians.
Processor time is of all of a way's processes. Then it records rooms of several lengths as fast as
it goes, and finishes each once as a server does: `recorder.job`, and an m4a. That takes a quarter
of an hour; ``--short`` takes less than a minute.
"""

import argparse
import asyncio
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from bench import page
from bench.recording_ways import WAYS, Sound, measure, room
from models.audio import FRAME_S, Frame
from models.recording import Chapter, Recording
from recorder.derived import Derived, Extras
from recorder.recording import Recorder

MARK = "bench-recorder"
_MIB = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How much is measured; lengths in seconds."""

    rooms: tuple[int, ...]
    live_s: float
    lengths_s: tuple[int, ...]
    runs: int


FULL = Plan(rooms=(1, 20), live_s=10, lengths_s=(600, 3600, 10_800), runs=3)
SHORT = Plan(rooms=(1, 5), live_s=2, lengths_s=(60, 300), runs=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """How a recording was finished: wall-clock and processor seconds, peak memory in KiB."""

    job_s: float
    job_cpu_s: float
    job_kib: int
    m4a_s: float
    m4a_kib: int


def live(plan: Plan, folder: Path) -> dict[tuple[str, int], float]:
    """Measure each way with each number of rooms, in turns; percent of one core."""
    found: dict[tuple[str, int], list[float]] = {}
    for run in range(plan.runs):
        for rooms in plan.rooms:
            for way in WAYS:
                place = folder / f"{way}-{rooms}-{run}"
                found.setdefault((way, rooms), []).append(measure(way, rooms, plan.live_s, place))
                shutil.rmtree(place)
                print(f"{way}, {rooms} rooms: {found[way, rooms][-1]:.1f} %", flush=True)
    return {key: statistics.median(values) for key, values in found.items()}


def finish(length_s: int, sound: Sound, folder: Path) -> Finished:
    """Record a room of ``length_s`` as fast as it goes, and finish it."""
    recorder = Recorder(folder)
    recording = asyncio.run(
        recorder.record(room(0), _tap(length_s, sound), pre_skip=sound.pre_skip, join=False)
    )
    began = time.monotonic()
    line = [sys.executable, "-m", "recorder.job", str(folder), recording.id]
    with subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
        with Memory() as memory:
            _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    job_s = time.monotonic() - began
    if process.returncode:
        raise SystemExit("the recording could not be finished")
    began = time.monotonic()
    with Memory() as memory_of_m4a:
        asyncio.run(_m4a(folder, recorder.recording(recording.id)))
    return Finished(
        job_s=job_s,
        job_cpu_s=usage.ru_utime + usage.ru_stime,
        job_kib=memory.peak_kib,
        m4a_s=time.monotonic() - began,
        m4a_kib=memory_of_m4a.peak_kib,
    )


class Memory:
    """Watches what the processes below this one hold together at most, while the context lasts.

    What the kernel says of an ended child will not do: it counts what its parent held at the fork.
    """

    def __init__(self) -> None:
        self.peak_kib = 0
        self._ended = threading.Event()
        self._watching = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._watching.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._ended.set()
        self._watching.join()

    def _watch(self) -> None:
        while not self._ended.wait(0.1):
            self.peak_kib = max(self.peak_kib, _resident_below(os.getpid()))


def _resident_below(above: int) -> int:
    """What all processes below one hold now, in KiB."""
    total = 0
    for task in Path(f"/proc/{above}/task").glob("*/children"):
        with suppress(OSError):  # processes come and go
            for pid in map(int, task.read_text().split()):
                status = Path(f"/proc/{pid}/status").read_text()
                if found := re.search(r"VmRSS:\s+(\d+) kB", status):
                    total += int(found[1]) + _resident_below(pid)
    return total


async def _tap(length_s: int, sound: Sound) -> AsyncIterator[Frame]:
    for number in range(round(length_s / FRAME_S)):
        yield sound.frame(number)


async def _m4a(folder: Path, recording: Recording) -> None:
    extras = Extras(room="Bench", chapters=(Chapter(start_s=0, title="All"),))
    await Derived().make(folder / recording.id, recording, "m4a", extras)


def finished(plan: Plan, folder: Path) -> dict[int, Finished]:
    """Finish a room of each length."""
    found: dict[int, Finished] = {}
    sound = Sound()
    for length_s in plan.lengths_s:
        place = folder / str(length_s)
        place.mkdir()
        found[length_s] = finish(length_s, sound, place)
        shutil.rmtree(place)
        print(f"{length_s} s: {found[length_s]}", flush=True)
    return found


def report(plan: Plan, used: dict[tuple[str, int], float], done: dict[int, Finished]) -> str:
    """Lay the results out as tables."""
    first, rooms = WAYS["ours"][0], plan.rooms
    head = ["CPU of recording, % of one core", *(_rooms(count) for count in rooms)]
    rows = [
        [name, *(_beside(used[way, count], used["ours", count], name == first) for count in rooms)]
        for way, (name, _) in WAYS.items()
    ]
    finish_head = ["finishing", *(_length(length_s) for length_s in plan.lengths_s)]
    return "\n\n".join(
        [
            f"Recorded in real time for {plan.live_s:.0f} s, median of {plan.runs}; finished once.",
            page.table(head, rows),
            page.table(finish_head, _finish_rows(done)),
        ]
    )


def _finish_rows(done: dict[int, Finished]) -> list[list[str]]:
    def speeds(taken_s: Callable[[Finished], float]) -> list[str]:
        return [f"{taken_s(one):.1f} s, {at / taken_s(one):.0f} ×" for at, one in done.items()]

    def memory(kib: Callable[[Finished], int]) -> list[str]:
        return [f"{kib(one) / _MIB:.0f} MiB" for one in done.values()]

    return [
        ["joined, measured and drawn", *speeds(lambda one: one.job_s)],
        ["processor time of that", *speeds(lambda one: one.job_cpu_s)],
        ["peak memory, with ffmpeg's", *memory(lambda one: one.job_kib)],
        ["then an m4a", *speeds(lambda one: one.m4a_s)],
        ["peak memory of its ffmpeg", *memory(lambda one: one.m4a_kib)],
    ]


def _beside(value: float, ours: float, is_ours: bool) -> str:
    return f"{value:.1f}" if is_ours or not ours else f"{value:.1f} ({value / ours:.1f} ×)"


def _rooms(count: int) -> str:
    return "one room" if count == 1 else f"{count} rooms"


def _length(length_s: int) -> str:
    return f"{length_s // 3600} h" if length_s >= 3600 else f"{length_s // 60} min"


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(prog="python -m bench.recorder", description=__doc__)
    parser.add_argument("--short", action="store_true", help="less of everything")
    parser.add_argument("--runs", type=int, default=0, help="how often rooms are recorded")
    parser.add_argument("--write", action="store_true", help="put them into the documentation")
    options = parser.parse_args(arguments)
    plan = SHORT if options.short else FULL
    if options.runs:
        plan = Plan(
            rooms=plan.rooms, live_s=plan.live_s, lengths_s=plan.lengths_s, runs=options.runs
        )
    with tempfile.TemporaryDirectory() as folder:
        block = report(plan, live(plan, Path(folder)), finished(plan, Path(folder)))
    print(f"\n{block}")
    if options.write:
        page.write(block, MARK)
    return 0


if __name__ == "__main__":
    sys.exit(main())
