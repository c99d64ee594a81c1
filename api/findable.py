"""Keeps the search index as readers of rooms may read them: rooms' names, and what is hidden.

The index is told in the same moment in which something is decided, before who decided it is
answered. What was decided while nobody told it is caught up with at the next start.
"""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterable
from functools import partial

from sqlalchemy import Connection

from api.edits import RecordingEdits
from api.withholding import Withholding
from models.edit import Passage
from models.errors import NotFound
from models.room import Room
from rooms.registry import RoomRegistry
from transcripts.journal import SqlJournal
from transcripts.journal_writer import Indexing
from transcripts.search.hiding import NOTHING, Hidden, Instance, hidden, hide
from transcripts.search.places import SearchRoom, put_room, rooms_in


class FindableRooms:
    """Tells the index how rooms are called, whose they are, and which are private."""

    def __init__(self, journal: SqlJournal, registry: RoomRegistry) -> None:
        self._journal = journal
        self._registry = registry
        self._told: dict[str, SearchRoom] = {}

    async def start(self) -> None:
        """Tell of all rooms, and of each from now on that changes. Raises `StorageFailed`."""
        self._told = await self._journal.read(rooms_in)
        self._registry.changed = self.tell
        await self._tell([await self._described(room) for room in await self._registry.rooms()])

    async def tell(self, room: Room) -> None:
        """Tell of one room. Raises `StorageFailed`."""
        await self._tell([await self._described(room)])

    async def _tell(self, rooms: Iterable[SearchRoom]) -> None:
        if changed := [one for one in rooms if self._told.get(one.room_id) != one]:
            await self._journal.write(partial(_put, rooms=changed))
            self._told |= {one.room_id: one for one in changed}

    async def _described(self, room: Room) -> SearchRoom:
        try:
            host_name = (await self._registry.user(room.host_id)).name
        except NotFound:
            host_name = ""
        return SearchRoom(
            room_id=room.id,
            title=room.title,
            host_id=room.host_id,
            host_name=host_name,
            private=room.private,
        )


class FindableSpans:
    """Tells the index what of recordings is not published, deleted or cut, and what is again."""

    def __init__(
        self,
        journal: SqlJournal,
        indexing: Indexing,
        registry: RoomRegistry,
        withholding: Withholding,
        edits: RecordingEdits,
    ) -> None:
        self._journal = journal
        self._indexing = indexing
        self._registry = registry
        self._withholding = withholding
        self._edits = edits
        self._told: dict[Instance, Hidden] = {}
        self._telling = asyncio.Lock()

    async def start(self) -> None:
        """Tell what is hidden, and from now on what is decided. Raises `StorageFailed`.

        What other servers hide in the same database is theirs to decide.
        """
        own = {room.id for room in await self._registry.rooms()}
        told = await self._journal.read(hidden)
        self._told = {of: one for of, one in told.items() if of[0] in own}
        self._withholding.changed = self.tell
        self._edits.changed = self.tell
        known = {room_id for room_id, _ in self._told}
        await self._tell({*known, *self._withholding.rooms(), *self._edits.rooms()})

    async def tell(self, room_id: str) -> None:
        """Something of a room may be hidden now, or hidden no more. Raises `StorageFailed`."""
        await self._tell({room_id})

    async def _tell(self, room_ids: Collection[str]) -> None:
        async with self._telling:
            now = {of: one for room_id in room_ids for of, one in self._of(room_id).items()}
            known = [of for of in self._told if of[0] in room_ids]
            for of in {*now, *known}:
                one = now.get(of, NOTHING)
                if one != self._told.get(of, NOTHING):
                    await self._journal.write(partial(self._rewrite, of=of, now=one))
                    self._told[of] = one

    def _rewrite(self, connection: Connection, of: Instance, now: Hidden) -> None:
        hide(connection, {of: now})
        self._indexing.rebuild(connection, *of)

    def _of(self, room_id: str) -> dict[Instance, Hidden]:
        """What of a room's instances others than its hosts are not given."""
        withheld: dict[int, list[Passage]] = defaultdict(list)
        for span in self._withholding.unpublished(room_id):
            withheld[span.instance].append((span.start_s, span.end_s))
        edited = self._edits.instances(room_id)
        cut = {one: self._edits.in_room(room_id, one).hidden for one in edited}
        return {
            (room_id, one): Hidden(
                withheld=tuple(sorted(withheld.get(one, ()))), cut=tuple(sorted(cut.get(one, ())))
            )
            for one in {*withheld, *cut}
        }


def _put(connection: Connection, rooms: Iterable[SearchRoom]) -> None:
    for one in rooms:
        put_room(connection, one)
