"""Searches as people ask them: of what they may read, and shown as it may be read now.

The index holds only what every reader of a room may read, and is asked only for rooms that the
asker may read. What it names is read from the journal all the same, as a reader is given it, and
left out where that does not match: hosts, too, are shown nothing here that they have cut.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from api.edits import RecordingEdits
from api.withholding import Withholding
from models.errors import NotFound
from models.recording import Recording, RecordingPhase
from models.room import Room, User
from models.transcript import Correction
from recorder.recording import Recorder
from rooms.registry import RoomRegistry
from rooms.roles import Right
from transcripts.effective import effective
from transcripts.search.answering import Answer, Finder, Group, HeardAs, grouped
from transcripts.search.around import Around, around
from transcripts.search.index import Page, Reach
from transcripts.search.matching import About
from transcripts.search.places import takes_of
from transcripts.search.query import Query
from transcripts.search.said import place
from transcripts.search.searching import Searching, TooBroad
from transcripts.search.showing import Shown, show, title_marks
from transcripts.search.snippets import Range
from transcripts.search.tokens import tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who searches: a person, a guest, or with ``everything`` who runs the server."""

    user: User | None = None
    everything: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundCaption:
    """A hit, and the recording that it can be heard in; ``corrected`` by a person or a machine."""

    shown: Shown
    corrected: bool
    recording: Recording | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundRoom:
    """The hits in one track of an instance of a room; ``more`` are on other pages."""

    room: Room
    host: User
    instance: int
    track: str
    began_at: datetime
    title_marks: tuple[Range, ...]
    hits: tuple[FoundCaption, ...]
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """What a search came to; ``too_broad`` when it was given up."""

    rooms: tuple[FoundRoom, ...] = ()
    total: int = 0
    is_total: bool = True
    heard_as: tuple[HeardAs, ...] = ()
    exact: bool = True
    cursor: str | None = None
    too_broad: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """What was read of a search, in one look at the database."""

    answer: Answer
    groups: Sequence[tuple[Group, Around, datetime]]


class Search:
    """Answers searches."""

    def __init__(
        self,
        *,
        searching: Searching,
        registry: RoomRegistry,
        recorder: Recorder,
        withholding: Withholding,
        edits: RecordingEdits,
    ) -> None:
        self._searching = searching
        self._registry = registry
        self._recorder = recorder
        self._withholding = withholding
        self._edits = edits

    async def answer(self, asker: Asker, finder: Finder, query: Query, page: Page) -> Results:
        """Search. Raises `Busy` and `StorageFailed`."""
        reach = await self.reach(asker)
        try:
            read = await self._searching.ask(
                lambda connection: _look(connection, finder, query, reach, page)
            )
        except TooBroad:
            return Results(is_total=False, too_broad=True)
        found = read.answer.found
        shown_rooms = await asyncio.gather(
            *(
                self._room(asker, read.answer.query, group, near, began_at)
                for group, near, began_at in read.groups
            )
        )
        rooms, left = [], dict(found.by_room)
        for room in filter(None, shown_rooms):
            more = max(0, left.pop(room.room.id, 0) - _hits_of(room.room.id, read))
            rooms.append(replace(room, more=more))
        shown = sum(len(room.hits) for room in rooms)
        return Results(
            rooms=tuple(rooms),
            total=found.total - (len(found.hits) - shown),
            is_total=found.exact,
            heard_as=_heard(read.answer.heard_as, rooms),
            exact=read.answer.exact,
            cursor=found.cursor,
        )

    async def reach(self, asker: Asker) -> Reach:
        """Which rooms somebody may read. Who holds a ticket for a room will be asked for here."""
        if asker.everything:
            return Reach(everything=True)
        return Reach(private_rooms=await self._registry.private_rooms(asker.user))

    async def _room(
        self, asker: Asker, query: Query, group: Group, near: Around, began_at: datetime
    ) -> FoundRoom | None:
        """Show what was found in a room; None when the asker may not read it any more."""
        try:
            room = await self._registry.room(group.room_id)
            host = await self._registry.user(room.host_id)
            if not (asker.everything or await self._may(asker, room.id)):
                return None
        except NotFound:
            return None
        about = About(
            room_id=room.id,
            title=room.title,
            host_id=host.id,
            host_name=host.name,
            began_at=began_at,
        )
        hits = await self._captions(asker, query, about, group, near)
        if not hits:
            return None
        return FoundRoom(
            room=room,
            host=host,
            instance=group.instance,
            track=group.track,
            began_at=began_at,
            title_marks=title_marks(query, room.title),
            hits=hits,
            more=0,
        )

    async def _may(self, asker: Asker, room_id: str) -> bool:
        return await self._registry.may(asker.user, room_id, Right.READ)

    async def _captions(
        self, asker: Asker, query: Query, about: About, group: Group, near: Around
    ) -> tuple[FoundCaption, ...]:
        """Read hits as every reader of the room is given them, and leave out what is none."""
        given = await self._withholding.entries(None, group.room_id, near.entries)
        corrected = {entry.id for entry in given if isinstance(entry, Correction)}
        captions = effective(given)
        parts = await asyncio.to_thread(self._recorder.parts, group.room_id, group.instance)
        heard = [one for one in parts if await self._is_heard(asker, one)]
        found = []
        for hit in group.hits:
            shown = show(query, about, hit.seq, near.of(hit.seq, captions))
            if shown is not None:
                one = FoundCaption(
                    shown=shown,
                    corrected=shown.caption.id in corrected,
                    recording=_holding(heard, shown),
                )
                found.append(one)
        return tuple(found)

    async def _is_heard(self, asker: Asker, recording: Recording) -> bool:
        """Whether somebody may hear a recording that can be played."""
        if recording.phase is not RecordingPhase.FINISHED or not self._edits.is_known(recording):
            return False
        if asker.everything:
            return await asyncio.to_thread(self._withholding.is_published, recording)
        return await self._withholding.may(asker.user, recording)


def _look(connection: Connection, finder: Finder, query: Query, reach: Reach, page: Page) -> _Read:
    answer = finder.find(connection, query, reach, page)
    takes = takes_of(connection, (place(hit.id)[0] for hit in answer.found.hits))
    groups = [
        (group, around(connection, group), takes[place(group.hits[0].id)[0]].began_at)
        for group in grouped(answer.found.hits)
    ]
    return _Read(answer=answer, groups=groups)


def _hits_of(room_id: str, read: _Read) -> int:
    return sum(hit.room_id == room_id for hit in read.answer.found.hits)


def _holding(parts: Sequence[Recording], shown: Shown) -> Recording | None:
    """The recording that has the sound of a hit."""
    for one in parts:
        if one.span.start_s <= shown.snippet.at_s < one.span.end_s:
            return one
    return None


def _heard(heard_as: Sequence[HeardAs], rooms: Sequence[FoundRoom]) -> tuple[HeardAs, ...]:
    """Say what else was looked for as far as it is shown: the rest may be of others' rooms."""
    said = [f" {' '.join(tokens(one.shown.caption.text))} " for room in rooms for one in room.hits]
    told = []
    for one in heard_as:
        others = tuple(o for o in one.others if any(f" {o} " in text for text in said))
        if others:
            told.append(replace(one, others=others))
    return tuple(told)
