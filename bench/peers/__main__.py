"""``python -m bench.peers``: measure Roomscribe and its peers side by side.

Every system is started here on 127.0.0.1 with the same model, is given the same speech at the
speed of speech, and is ended again. A peer that cannot be installed or started is left out, with
one line that says why.
"""

import argparse
import asyncio
import os
import sys
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import websockets

from bench.peers import ceiling, report
from bench.peers.processes import cpu_s, machine_cpu_s
from bench.peers.report import Row, Run
from bench.peers.roomscribe import Roomscribe
from bench.peers.scoring import score
from bench.peers.speech import Speech, speeches
from bench.peers.system import TAIL_S, Screen, System, Unavailable
from bench.peers.whisperlive import WhisperLive
from bench.peers.whisperlivekit import WhisperLiveKit
from models.errors import RoomscribeError
from tests.fixtures.clips import TINY_MODEL

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "benchmarks.md"
SYSTEMS: tuple[System, ...] = (
    Roomscribe(),
    Roomscribe(short_context=True),
    WhisperLiveKit(),
    WhisperLiveKit(prompts=False),
    WhisperLive(),
)
_TROUBLE = (Unavailable, RoomscribeError, OSError, TimeoutError, websockets.WebSocketException)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is measured: systems, numbers of rooms, how often, and seconds of speech a room."""

    systems: tuple[System, ...]
    rooms: tuple[int, ...]
    runs: int
    length_s: float
    model: Path


async def measure(system: System, model: Path, said: Sequence[Speech]) -> Run:
    """Hold as many rooms as there are speeches at the same time. Raises what `_TROUBLE` lists."""
    screens = [Screen() for _ in said]
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(system.serve(model))
        rooms = [await stack.enter_async_context(server.room()) for _ in said]
        watch = _Watch(server.pid)
        async with asyncio.TaskGroup() as saying:
            for room, speech, screen in zip(rooms, said, screens, strict=True):
                saying.create_task(room.say(speech, screen))
        spent_s, others = watch.read()
        async with asyncio.TaskGroup() as finishing:
            for room in rooms:
                finishing.create_task(room.finish())
    return Run(
        scores=tuple(
            score(speech.words, screen.snapshots)
            for speech, screen in zip(said, screens, strict=True)
        ),
        cpu_s=spent_s,
        audio_s=sum(speech.length_s + TAIL_S for speech in said),
        others=others,
    )


class _Watch:
    """Counts processor time from its making on."""

    def __init__(self, server: int) -> None:
        self._server = server
        self._began = self._now()

    def read(self) -> tuple[float, float]:
        """Give the server's seconds, and the share of the machine that others took."""
        wall_s, all_s, bench_s, server_s = (
            now - then for now, then in zip(self._now(), self._began, strict=True)
        )
        others_s = max(0.0, all_s - bench_s - server_s)
        return server_s, others_s / wall_s / (os.cpu_count() or 1)

    def _now(self) -> tuple[float, float, float, float]:
        return time.monotonic(), machine_cpu_s(), time.process_time(), cpu_s(self._server)


def carry_out(plan: Plan) -> list[Row]:
    """Measure everything; systems take turns, so that a noisy minute hits no one alone."""
    said = speeches(max(plan.rooms), plan.length_s)
    runs: dict[tuple[int, str], list[Run]] = {}
    for count in plan.rooms:
        for number in range(plan.runs):
            for system in plan.systems:
                print(f"{count} rooms, run {number + 1}: {system.title} …", flush=True)
                run = _attempt(system, plan.model, said[:count])
                if run is not None:
                    print(f"  measured; other programs took {100 * run.others:.0f} %", flush=True)
                    runs.setdefault((count, system.title), []).append(run)
    return [
        Row(rooms=count, title=title, runs=tuple(done)) for (count, title), done in runs.items()
    ]


def _attempt(system: System, model: Path, said: Sequence[Speech]) -> Run | None:
    try:
        return asyncio.run(measure(system, model, said))
    except* _TROUBLE as group:
        print(f"{system.title} is left out here: {_first(group)}", flush=True)
    return None


def _first(error: BaseException) -> BaseException:
    return _first(error.exceptions[0]) if isinstance(error, BaseExceptionGroup) else error


def _prepared(names: Sequence[str]) -> tuple[System, ...]:
    ready = []
    for system in SYSTEMS:
        if system.name in names:
            try:
                system.prepare()
            except Unavailable as trouble:
                print(f"{system.title} is left out: {trouble}", flush=True)
            else:
                ready.append(system)
    return tuple(ready)


def _notes(plan: Plan) -> list[str]:
    times = "one run" if plan.runs == 1 else f"medians of {plan.runs} runs"
    return [
        f"Measured on {os.cpu_count()} cores,",
        f"{plan.length_s:.0f} s of speech in each room, {times}.",
        f"The same model offline, sentence by sentence, has a WER of "
        f"{100 * ceiling.error_rate(plan.model):.1f} %.",
        "Delays in seconds.",
    ]


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.peers", description=__doc__.split("\n", 1)[0])
    parser.add_argument("--rooms", default="1,4", help="numbers of rooms, with commas")
    parser.add_argument("--runs", type=int, default=1, help="how often each is measured")
    parser.add_argument("--seconds", type=float, default=60.0, help="speech in each room")
    names = ",".join(system.name for system in SYSTEMS)
    parser.add_argument("--systems", default=names, help=f"some of {names}")
    parser.add_argument("--model", type=Path, default=TINY_MODEL, help="a folder of weights")
    parser.add_argument("--write", action="store_true", help="put the table into the documentation")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; 1 when nothing could be measured."""
    options = _options(arguments)
    plan = Plan(
        systems=_prepared(options.systems.split(",")),
        rooms=tuple(int(count) for count in options.rooms.split(",")),
        runs=options.runs,
        length_s=options.seconds,
        model=options.model.resolve(),
    )
    rows = carry_out(plan)
    if not rows:
        print("Nothing was measured.")
        return 1
    block = report.table(rows, notes=_notes(plan))
    print(f"\n{block}")
    if options.write:
        page = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(report.placed(page, block), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
