"""Brings into the index what was said before there was one, while people read and search."""

import asyncio
import logging
from collections.abc import Sequence
from functools import partial

from models.errors import StorageFailed
from transcripts.journal import SqlJournal
from transcripts.journal_writer import Indexing
from transcripts.search.keeping import has_caught_up
from transcripts.search.unindexed import Unindexed, unindexed

log = logging.getLogger(__name__)


class FirstIndexing:
    """Indexes one instance after another, from `start` to its end or `close`.

    What is not done by then is done after the next start.
    """

    def __init__(self, journal: SqlJournal, indexing: Indexing) -> None:
        self._journal = journal
        self._indexing = indexing
        self._done = self._total = 0
        self._task: asyncio.Task[None] | None = None

    @property
    def percent(self) -> int | None:
        """How much of what was said is in the index; None when all of it is."""
        if self._done >= self._total:
            return None
        return self._done * 100 // self._total

    @property
    def waiting(self) -> int:
        """How many captions are not in the index yet."""
        return self._total - self._done

    async def start(self) -> None:
        """Look what is missing, and begin with it. Raises `StorageFailed`."""
        missing = await self._journal.read(unindexed)
        self._total = sum(one.captions for one in missing)
        if missing:
            log.info("%d captions from before are being indexed for search", self._total)
            self._task = asyncio.create_task(self._work(missing), name="first-indexing")

    async def finished(self) -> None:
        """Wait until all is done."""
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)

    async def close(self) -> None:
        """Stop behind the instance that is being indexed."""
        if self._task is not None:
            self._task.cancel()
            await self.finished()

    async def _work(self, missing: Sequence[Unindexed]) -> None:
        try:
            for one in missing:
                rebuild = partial(
                    self._indexing.rebuild, room_id=one.room_id, instance=one.instance
                )
                await self._journal.write(rebuild)
                self._done += one.captions
            await self._journal.write(has_caught_up)
        except StorageFailed as error:
            log.warning("captions from before are indexed after the next start: %s", error)
        else:
            log.info("all captions are indexed for search")
