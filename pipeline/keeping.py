"""Captions into the journal, and only then onto the bus.

The one way to the disk for what is said: what is off the record goes past it, and is shown alone.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import replace

from models.audio import Frame
from models.caption import Interim
from models.errors import StorageFailed
from models.room import Room
from models.transcript import Entry, Final, Gap, Source
from pipeline.captions import CaptionBus
from pipeline.journal import Journal
from pipeline.off_record import OffRecord

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
        self.off_record = OffRecord()
        self._on_disk = on_disk
        self._retry_s = retry_s
        self._writing = asyncio.Lock()
        self.until_s = 0.0
        """Where the newest caption of what was heard ends, in seconds in the room clock."""

    async def keep(self, entry: Entry) -> None:
        """Make an entry durable, then show it; a full disk delays it but loses nothing.

        What was said off the record is shown at once, and that is all.
        """
        if isinstance(entry, Final) and self.off_record.has(entry):
            self._note_end(entry)
            self._bus.publish(passing(entry))
            return
        async with self._writing:
            kept = await self._append(entry)
            if isinstance(entry, Final):
                self._note_end(entry)
            self._bus.publish(kept)
            self._on_disk("")

    def show(self, interim: Interim) -> None:
        """Show what may still change, and whether it will be kept."""
        if interim.kept and self.off_record.has(interim):
            interim = replace(interim, kept=False)
        self._bus.publish(interim)

    async def heard(self, frame: Frame) -> Gap | None:
        """Take a frame; gives what the journal says where the record is left, or gone back to."""
        return await self._tell(self.off_record.heard(frame))

    async def ended(self) -> Gap | None:
        """Say that no frame follows."""
        return await self._tell(self.off_record.end())

    async def _tell(self, gap: Gap | None) -> Gap | None:
        if gap:
            self._bus.off_record(self.off_record.on)
            await self.keep(gap)
        return gap

    async def keep_all(self, entries: Iterable[Entry]) -> None:
        """Keep several, in order."""
        for entry in entries:
            await self.keep(entry)

    def _note_end(self, final: Final) -> None:
        if not final.track and final.source is not Source.TYPED:
            self.until_s = max(self.until_s, final.end_s)

    async def _append(self, entry: Entry) -> Entry:
        while True:
            try:
                return await self._journal.append(self._room.id, self._room.instance, entry)
            except StorageFailed as error:
                log.error("room %s: the journal cannot be written: %s", self._room.id, error)
                self._on_disk(str(error))
                await asyncio.sleep(self._retry_s)


def passing(final: Final) -> Interim:
    """What is shown of a caption that was said off the record: its last interim, and no final."""
    return Interim(
        id=final.id,
        rev=final.rev,
        start_s=final.start_s,
        end_s=final.end_s,
        speaker=final.speaker,
        text=final.text,
        stable=len(final.text),
        language=final.language,
        source=final.source,
        track=final.track,
        kept=False,
        done=True,
    )
