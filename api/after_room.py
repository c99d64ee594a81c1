"""What a recording's hearing writes into a room's journal after the room is over."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Protocol

from models.audio import seconds
from models.recording import Recording
from models.room import Room
from models.transcript import Correction, Entry, Final, Gap, GapReason
from pipeline.attribution import SpeakerTimeline
from pipeline.captioning import Captioner
from pipeline.whole import Listened
from recorder.heard import Heard, Purpose
from transcripts.journal import SqlJournal
from transcripts.second_pass import SecondPass


class Rooms(Protocol):
    """What is needed of rooms: `api.live.LiveRooms`, or a journal alone."""

    async def finished(self, room_id: str) -> None:
        """Wait until a room's own captions are complete."""
        ...

    async def add(self, room: Room, instance: int, entry: Entry) -> Entry:
        """Keep an entry, and show it to who reads along. Raises `StorageFailed`."""
        ...

    async def improve(self, room: Room, correction: Correction) -> bool:
        """Keep a correction, unless its caption has another text by now."""
        ...


class Writing(Protocol):
    """Takes what is heard, in order, and says how far that is done."""

    @property
    def language(self) -> str:
        """What is spoken, or `AUTO_LANGUAGE`."""
        ...

    async def take(self, heard: Heard, listened: Listened) -> Heard:
        """Write what follows from a stretch. Raises `StorageFailed`."""
        ...

    async def end(self, heard: Heard) -> Heard:
        """Write what follows from the end of the recording. Raises `StorageFailed`."""
        ...


class AfterRoom:
    """Writes captions and corrections of rooms that are over."""

    def __init__(self, rooms: Rooms, journal: SqlJournal) -> None:
        self._rooms = rooms
        self._journal = journal

    async def begin(self, room: Room, recording: Recording, heard: Heard) -> Writing:
        """Begin with a recording, or go on after an earlier run."""
        if heard.purpose is Purpose.CAPTIONS:
            return _Captions(self, room, recording.instance)
        await self._rooms.finished(room.id)  # the room's own last captions
        entries = await self._journal.transcript(room.id, recording.instance)
        silent = [*entries, *_without_sound(recording)]
        passing = await asyncio.to_thread(  # hours of captions take a while
            SecondPass, silent, instance=recording.instance, from_s=heard.until_s
        )
        return _Improving(self, room, recording.instance, passing)

    async def add(self, room: Room, instance: int, entry: Final | Gap) -> bool:
        """Keep an entry; False when an earlier run has written it already."""
        if isinstance(entry, Final) and await self._journal.caption(room.id, entry.id):
            return False
        await self._rooms.add(room, instance, entry)
        return True

    async def improve(self, room: Room, correction: Correction) -> bool:
        """Keep a correction; False when somebody was quicker: what a person wrote stays."""
        return await self._rooms.improve(room, replace(correction, at=datetime.now(UTC)))


class _Captions:
    """Captions of a recording that has none."""

    def __init__(self, after: AfterRoom, room: Room, instance: int) -> None:
        self._after = after
        self._room = room
        self._instance = instance
        self.language = room.language
        self._captioner = Captioner(f"i{instance}w", SpeakerTimeline())

    async def take(self, heard: Heard, listened: Listened) -> Heard:
        added = heard.added
        for final in listened.finals:
            # An id by time is the same in every run, so that nothing is written twice.
            placed, place_ms = replace(final, segment=0), round(final.words[0].start_s * 1000)
            for caption in self._captioner.captions(placed, stream=place_ms):
                if isinstance(caption, Final):
                    added += await self._after.add(self._room, self._instance, caption)
        if listened.lost:
            gap = Gap(
                start_s=listened.start_s,
                end_s=listened.end_s,
                reason=GapReason.ENGINE_RESTART,
            )
            await self._after.add(self._room, self._instance, gap)
        return replace(heard, until_s=listened.end_s, added=added)

    async def end(self, heard: Heard) -> Heard:
        return heard


class _Improving:
    """A second pass over captions that are there."""

    def __init__(self, after: AfterRoom, room: Room, instance: int, passing: SecondPass) -> None:
        self._after = after
        self._room = room
        self._instance = instance
        self._passing = passing
        self.language = passing.language or room.language

    async def take(self, heard: Heard, listened: Listened) -> Heard:
        written = self._passing.take(listened.end_s, listened.finals)
        heard = await self._write(heard, written)
        return replace(heard, until_s=self._passing.safe_s)

    async def end(self, heard: Heard) -> Heard:
        return await self._write(heard, self._passing.end())

    async def _write(self, heard: Heard, written: Sequence[Correction | Final]) -> Heard:
        changed, added = heard.changed, heard.added
        for entry in written:
            if isinstance(entry, Correction):
                changed += await self._after.improve(self._room, entry)
            else:
                added += await self._after.add(self._room, self._instance, entry)
        return replace(heard, changed=changed, added=added)


def _without_sound(recording: Recording) -> list[Entry]:
    """A recording's silence, whatever its reason, as gaps that stay: nothing is heard there."""
    return [
        Gap(
            start_s=seconds(loss.first_sample),
            end_s=seconds(loss.first_sample + loss.samples),
            reason=GapReason.OFF_RECORD,
        )
        for loss in recording.losses
    ]
