"""Searches in threads and connections of their own, so that a slow one holds up nobody who reads.

No more than some are asked at a time, and none for long.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, text

from models.errors import Busy, StorageFailed
from transcripts.database import FAILURES, Where, open_engine, reason, told

log = logging.getLogger(__name__)

T = TypeVar("T")

AT_ONCE = 2
WAITING_LIMIT = 32
"""Searches that wait or run; who comes then is told to try again."""

LIMIT_S = 2.0
"""A search that takes longer is given up."""

_LOOK_EVERY = 2000  # instructions of SQLite's machine: a fraction of a millisecond


class TooBroad(Exception):
    """A search took too long, and was given up."""


@dataclass(slots=True)
class Counts:
    """What has become of searches since the start."""

    asked: int = 0
    too_broad: int = 0
    refused: int = 0


class Searching:
    """Reads the database ``where``; made at the first search, until `close`."""

    def __init__(self, where: Where) -> None:
        self.limit_s = LIMIT_S
        self.waiting_limit = WAITING_LIMIT
        self.counts = Counts()
        self._where = where
        self._asked = 0
        self._engine: Engine | None = None
        self._threads: ThreadPoolExecutor | None = None

    async def ask(self, action: Callable[[Connection], T]) -> T:
        """Read what ``action`` reads. Raises `TooBroad`, `Busy` and `StorageFailed`."""
        self.counts.asked += 1
        if self._asked >= self.waiting_limit:
            self.counts.refused += 1
            raise Busy("Many people are searching just now. Try again in a moment.")
        if self._engine is None or self._threads is None:
            self._engine = open_engine(self._where)
            self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="search")
        loop = asyncio.get_running_loop()
        self._asked += 1
        try:
            return await loop.run_in_executor(self._threads, self._run, self._engine, action)
        except TooBroad:
            self.counts.too_broad += 1
            raise
        except FAILURES as error:
            log.warning("the transcripts cannot be searched: %s", reason(error))
            raise StorageFailed(f"the transcripts cannot be searched: {told(error)}") from None
        finally:
            self._asked -= 1

    async def close(self) -> None:
        """Give the connections back; what is asked then is done first."""
        threads, self._threads = self._threads, None
        engine, self._engine = self._engine, None
        if threads is not None:
            await asyncio.to_thread(threads.shutdown, cancel_futures=True)
        if engine is not None:
            engine.dispose()

    def _run(self, engine: Engine, action: Callable[[Connection], T]) -> T:
        with engine.connect() as connection, _limited(connection, self.limit_s) as cut_off:
            try:
                return action(connection)
            except FAILURES as error:
                if cut_off(error):
                    raise TooBroad from None
                raise


@contextmanager
def _limited(connection: Connection, limit_s: float) -> Iterator[Callable[[BaseException], bool]]:
    """Cut off what takes longer; gives what says whether an error comes of that."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SET LOCAL statement_timeout = {round(limit_s * 1000)}"))
        yield lambda error: getattr(getattr(error, "orig", None), "sqlstate", "") == "57014"
        return
    file: Any = connection.connection.driver_connection
    until_s = time.monotonic() + limit_s
    file.set_progress_handler(lambda: time.monotonic() > until_s, _LOOK_EVERY)
    try:
        yield lambda _: time.monotonic() > until_s
    finally:
        file.set_progress_handler(None, 0)
