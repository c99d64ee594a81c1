"""One run of one system: so many rooms that speak at the same time."""

import asyncio
import os
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from bench.environments import Unavailable
from bench.peers.figures import Run
from bench.peers.processes import cpu_s, machine_cpu_s
from bench.peers.scoring import score
from bench.peers.speech import Speech
from bench.peers.system import TAIL_S, Screen, System
from models.errors import RoomscribeError

_PATIENCE_S = 300.0


def attempt(system: System, model: Path, said: Sequence[Speech]) -> Run | str:
    """Measure; when that cannot be done here, give one line that says why.

    Whatever goes wrong with one system ends its run alone: nobody watches the others.
    """
    trouble = ""
    try:
        return asyncio.run(_in_time(system, model, said))
    except* Exception as group:
        error = _first(group)
        known = isinstance(error, Unavailable | RoomscribeError)
        trouble = str(error) if known else f"{type(error).__name__} {error}".strip()
    return trouble


async def _in_time(system: System, model: Path, said: Sequence[Speech]) -> Run:
    longest_s = max(speech.length_s for speech in said)
    async with asyncio.timeout(longest_s + _PATIENCE_S):
        return await measure(system, model, said)


async def measure(system: System, model: Path, said: Sequence[Speech]) -> Run:
    """Hold as many rooms as there are speeches at the same time. Raises what its systems raise."""
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
            score(speech.words, screen.snapshots, screen.gaps(speech.words))
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


def _first(error: BaseException) -> BaseException:
    return _first(error.exceptions[0]) if isinstance(error, BaseExceptionGroup) else error
