"""Captions into the journal, and only then onto the bus."""

import asyncio
import logging
from collections.abc import Callable, Iterable

from models.errors import StorageFailed
from models.room import Room
from models.transcript import Entry, Final, Source
from pipeline.captions import CaptionBus
from pipeline.journal import Journal

log = logging.getLogger(__name__)


class Keeper:
    """Keeps the entries of one room instance, in the order in which it is given them.

    ``on_disk`` hears why entries cannot be kept, and an empty text whenever one was.
    """

    def __init__(
        self,
        room: Room,
        journal: Journal,
        bus: CaptionBus,
        *,
        on_disk: Callable[[str], None],
        retry_s: float,
    ) -> None:
        self._room = room
        self._journal = journal
        self._bus = bus
        self._on_disk = on_disk
        self._retry_s = retry_s
        self._writing = asyncio.Lock()
        self.until_s = 0.0
        """Where the newest caption of what was heard ends, in seconds in the room clock."""

    async def keep(self, entry: Entry) -> None:
        """Make an entry durable, then show it; a full disk delays it but loses nothing."""
        async with self._writing:
            kept = await self._append(entry)
            if isinstance(entry, Final) and not entry.track and entry.source is not Source.TYPED:
                self.until_s = max(self.until_s, entry.end_s)
            self._bus.publish(kept)
            self._on_disk("")

    async def keep_all(self, entries: Iterable[Entry]) -> None:
        """Keep several, in order."""
        for entry in entries:
            await self.keep(entry)

    async def _append(self, entry: Entry) -> Entry:
        while True:
            try:
                return await self._journal.append(self._room.id, self._room.instance, entry)
            except StorageFailed as error:
                log.error("room %s: the journal cannot be written: %s", self._room.id, error)
                self._on_disk(str(error))
                await asyncio.sleep(self._retry_s)
