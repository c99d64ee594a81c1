"""Who is given what is not published: hosts and, as long as the room is live, who is there.

What hosts have cut is given to hosts alone.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence

from api.edits import RecordingEdits
from models.edit import AS_RECORDED, Edited
from models.errors import NotAllowed, NotPublished
from models.recording import Recording, Span
from models.room import RoomState, User
from models.transcript import Entry, Final
from recorder.choices import Doom
from recorder.recording import Recorder
from rooms.registry import RoomRegistry
from rooms.roles import Right
from transcripts.cutting import blanked, heard_last
from transcripts.journal import SqlJournal
from transcripts.withholding import said_in, unplaced, withheld


class Withholding:
    """Knows the unpublished spans of all rooms; there are none in nearly all of them."""

    def __init__(
        self,
        recorder: Recorder,
        registry: RoomRegistry,
        journal: SqlJournal,
        edits: RecordingEdits,
    ) -> None:
        self._recorder = recorder
        self._edits = edits
        self._registry = registry
        self._journal = journal
        self._spans: dict[str, tuple[Span, ...]] = {}
        self.changed: Callable[[str], Awaitable[None]] | None = None
        """Awaited with a room's id when something else of it may be withheld."""

    async def start(self) -> None:
        """Read what is not published."""
        for room_id in await asyncio.to_thread(self._with_unpublished):
            await self.refresh(room_id)

    async def refresh(self, room_id: str) -> None:
        """Read again what of a room is not published."""
        spans = await asyncio.to_thread(self._unpublished, room_id)
        self._spans[room_id] = spans  # what is withheld stays so while it is read again
        if not spans:
            del self._spans[room_id]
        if self.changed:
            await self.changed(room_id)

    def rooms(self) -> Collection[str]:
        """The rooms with something that is not published."""
        return self._spans.keys()

    def unpublished(self, room_id: str) -> tuple[Span, ...]:
        """What of a room is not published, whoever asks."""
        return self._spans.get(room_id, ())

    def is_published(self, recording: Recording) -> bool:
        """Whether others than hosts may hear a recording. Raises `StorageFailed`."""
        return self._recorder.decisions.of(recording.id).published

    async def require(self, user: User | None, recording: Recording) -> None:
        """Raise `NotPublished` or `NotAllowed` unless ``user`` may hear a recording."""
        await self._registry.require(user, recording.room_id, Right.READ)
        if await asyncio.to_thread(self.is_published, recording):
            return
        if not await self._registry.may(user, recording.room_id, Right.RECORD):
            raise NotPublished("This recording is not published: only hosts of its room have it")

    async def may(self, user: User | None, recording: Recording) -> bool:
        """Whether ``user`` may hear a recording. Raises `NotFound` without its room."""
        try:
            await self.require(user, recording)
        except NotAllowed:
            return False
        return True

    async def spans(self, user: User | None, room_id: str) -> tuple[Span, ...]:
        """Give what ``user`` may not read of a room that they may read.

        Who is in a live room reads back what was said in it; that it is not published counts from
        its end on.
        """
        spans = self._spans.get(room_id, ())
        if not spans or await self._registry.may(user, room_id, Right.RECORD):
            return ()
        room = await self._registry.room(room_id)
        live = room.instance if room.state is RoomState.LIVE else 0
        return tuple(span for span in spans if span.instance != live)

    async def entries(
        self, user: User | None, room_id: str, entries: Sequence[Entry]
    ) -> Sequence[Entry]:
        """Give entries of a room's journal as ``user`` may read them."""
        published = await self._published(await self.spans(user, room_id), room_id, entries)
        return await self._without_cuts(user, room_id, published)

    async def for_everybody(self, room_id: str, entries: Sequence[Entry]) -> Sequence[Entry]:
        """Give entries of a public room that may be told to people who are not there.

        What is not published is withheld while the room is live, too.
        """
        published = await self._published(self._spans.get(room_id, ()), room_id, entries)
        return await self._without_cuts(None, room_id, published)

    async def cuts(self, user: User | None, room_id: str, instance: int) -> Edited:
        """Say what of an instance's captions is cut for ``user``."""
        if await self._registry.may(user, room_id, Right.RECORD):
            return AS_RECORDED
        return self._edits.in_room(room_id, instance)

    async def _published(
        self, spans: Sequence[Span], room_id: str, entries: Sequence[Entry]
    ) -> Sequence[Entry]:
        if not spans:
            return entries
        hidden: dict[str, Span] = {}
        for caption_id in unplaced(entries):
            hidden |= said_in(await self._journal.caption(room_id, caption_id), spans)
        return withheld(entries, spans, hidden)

    async def _without_cuts(
        self, user: User | None, room_id: str, entries: Sequence[Entry]
    ) -> Sequence[Entry]:
        if not self._edits.any_in(room_id):
            return entries
        if await self._registry.may(user, room_id, Right.RECORD):
            return entries
        captions = {one.id: one for one in entries if isinstance(one, Final)}
        for caption_id in unplaced(entries):
            history = await self._journal.caption(room_id, caption_id)
            captions |= heard_last(history)
        instances = {one.instance for one in captions.values()}
        edited = {one: self._edits.in_room(room_id, one) for one in instances}
        return blanked(entries, edited, captions)

    def _with_unpublished(self) -> set[str]:
        """Name the rooms with something that is not published; every recording is read once."""
        recordings = self._recorder.recordings()
        kept = {one.room_id for one in recordings if not self.is_published(one)}
        return kept | {one.room_id for one, _ in self._recorder.decisions.doomed()}

    def _unpublished(self, room_id: str) -> tuple[Span, ...]:
        """Give the spans of what is not published, or is to be deleted and still is not."""
        going = [
            recording
            for recording, doom in self._recorder.decisions.doomed()
            if doom is Doom.ALL and recording.room_id == room_id
        ]
        kept = [one for one in self._recorder.recordings(room_id) if not self.is_published(one)]
        return tuple(self._recorder.words_of(recording) for recording in [*kept, *going])
