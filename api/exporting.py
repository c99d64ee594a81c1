"""Transcripts as files, written beside the server: hours of captions take seconds of work.

A thread would not do. It would share the interpreter with the rooms' sound, which has 20 ms for
each frame.
"""

import asyncio
import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from typing import ParamSpec, TypeVar

from models.errors import StorageFailed
from models.recording import Chapter
from transcripts.database import Where
from transcripts.rendering import Wanted, chapters, render, stand_back, titles

P = ParamSpec("P")
T = TypeVar("T")

_PROCESSES = 2  # others wait for their turn; they begin when they are first needed


class Exports:
    """Writes transcripts of the journal that is ``where``."""

    def __init__(self, where: Where) -> None:
        self._where = where
        self._pool: ProcessPoolExecutor | None = None

    async def file(self, wanted: Wanted) -> bytes:
        """Give a transcript's file in UTF-8. Raises `StorageFailed`."""
        return await self._run(render, self._where, wanted)

    async def chapters(self, wanted: Wanted, length_s: float) -> list[Chapter]:
        """Find the chapters of a recording of ``length_s``. Raises `StorageFailed`."""
        return await self._run(chapters, self._where, wanted, length_s)

    async def titles(self, wanted: Wanted, items: Sequence[Chapter]) -> list[Chapter]:
        """Take what is cut out of the titles of chapters. Raises `StorageFailed`."""
        return await self._run(titles, self._where, wanted, items)

    async def _run(self, work: Callable[P, T], *values: P.args, **_: P.kwargs) -> T:
        if self._pool is None:
            # Not forked: a copy of a server that has threads may hang.
            self._pool = ProcessPoolExecutor(
                _PROCESSES,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=stand_back,
            )
        pool, loop = self._pool, asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(pool, partial(work, *values))
        except BrokenProcessPool as error:
            if self._pool is pool:  # the next one begins anew
                self._pool = None
                pool.shutdown(wait=False)
            raise StorageFailed("the transcript could not be written: try again") from error

    async def close(self) -> None:
        """End the processes; what waits for its turn is given up."""
        pool, self._pool = self._pool, None
        if pool is not None:
            await asyncio.to_thread(pool.shutdown, cancel_futures=True)
