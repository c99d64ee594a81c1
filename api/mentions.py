"""Finds what people's saved searches look for in what is said in public rooms, and tells them.

It follows the journal: how far each track was looked through is kept together with the notices that
came of it, so that after a crash nothing is missed and nobody is told twice.
"""

import asyncio
import logging
from collections.abc import Sequence

from api.notifying import Notifying
from api.withholding import Withholding
from models.caption import LiveItem
from models.errors import NotFound, StorageFailed
from models.notification import Kind, Notice, SavedSearch
from models.room import Room
from models.transcript import Correction, Entry, Final, Gap
from pipeline.journal import Journal
from rooms.registry import RoomRegistry
from transcripts.search.looking import CONTEXT, Looked, look_through
from transcripts.search.matching import About
from transcripts.search.parsing import parse
from transcripts.search.standing import StandingQueries

log = logging.getLogger(__name__)

SPAN_S = 10 * 60
"""Of one search in one instance of a room a person is told once in this time, then how often."""

_PAGE = 100
_KEEP_EVERY_S = 2.0
_TRY_AGAIN_S = 5.0

Track = tuple[str, str]
"""A room's id, and which of its tracks."""


class Mentions:
    """Watches the journal for saved searches.

    What waits are names of tracks with news, each once, however much was said there: the captions
    themselves are read from the journal. So it is never in the way of captions, and what comes
    while it is behind is not lost.
    """

    def __init__(
        self,
        *,
        notifying: Notifying,
        registry: RoomRegistry,
        journal: Journal,
        withholding: Withholding,
        span_s: float = SPAN_S,
    ) -> None:
        self._notifying = notifying
        self._registry = registry
        self._journal = journal
        self._withholding = withholding
        self._span_s = span_s
        self._standing = StandingQueries()
        self._searches: dict[str, SavedSearch] = {}
        self._changed: dict[str, SavedSearch | None] = {}
        self._positions: dict[Track, int] = {}
        self._unkept: dict[Track, int] = {}
        self._waiting: dict[Track, None] = {}
        self._news = asyncio.Event()
        self._running: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Go on where the last run was; what was said before the very first counts not."""
        searches = self._notifying.searches
        for search in await asyncio.to_thread(searches.watched):
            self._changed[search.id] = search
        self._positions = await asyncio.to_thread(searches.positions)
        rooms = await self._registry.rooms()
        if not await asyncio.to_thread(searches.have_begun):
            newest = {track: await self._latest(track) for track in await self._tracks(rooms)}
            await asyncio.to_thread(searches.begin, newest)
            self._positions = newest
        self._news.set()
        self._running = asyncio.create_task(self._run(rooms), name="mentions")

    async def close(self) -> None:
        """Stop, and keep how far everything was looked through."""
        if self._running:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)
        try:
            await self._keep()
        except StorageFailed as error:  # after the next start it is looked through again
            log.warning("saved searches: %s", error)

    def heard(self, room_id: str, item: LiveItem) -> None:
        """Note that a room's journal has something new; called where it is shown."""
        if isinstance(item, Final | Correction | Gap) and item.seq:
            self._waiting.setdefault((room_id, item.track))
            self._news.set()

    def watch(self, search: SavedSearch) -> None:
        """Look out for a search from now on, as it is now; not for one that is off."""
        tells = search.on and (search.means.page or bool(search.means.ways))
        self._changed[search.id] = search if tells else None

    def forget(self, search_id: str) -> None:
        """Look out for a search no more."""
        self._changed[search_id] = None

    async def idle(self) -> None:
        """Wait until everything that is known of is looked through."""
        while self._waiting or self._news.is_set():
            await asyncio.sleep(0.01)

    async def _run(self, rooms: Sequence[Room]) -> None:
        has_caught_up = False
        while True:
            try:
                if not has_caught_up:
                    self._waiting |= dict.fromkeys(await self._tracks(rooms))
                    has_caught_up = True
                await self._look_through_waiting()
                await self._wait_for_news()
            except StorageFailed as error:
                log.warning("saved searches wait: %s", error)
                await asyncio.sleep(_TRY_AGAIN_S)

    async def _wait_for_news(self) -> None:
        """Wait until there is more to look through; without, keep how far that is."""
        if not self._waiting:
            self._news.clear()
        try:
            async with asyncio.timeout(_KEEP_EVERY_S if self._unkept else None):
                await self._news.wait()
        except TimeoutError:
            await self._keep()

    async def _look_through_waiting(self) -> None:
        while self._waiting:
            track = next(iter(self._waiting))
            del self._waiting[track]
            try:
                await self._look_through(track)
            except StorageFailed:
                self._waiting.setdefault(track)
                raise
            except NotFound:
                pass  # the room is gone, and its captions with it
            except Exception as error:  # one room must not end it for all
                log.warning("room %s: saved searches failed: %s", track[0], type(error).__name__)

    async def _look_through(self, track: Track) -> None:
        self._take_changes()
        room = await self._registry.room(track[0])
        if room.private or not self._searches:
            self._at(track, await self._latest(track))
            return
        about = await self._about(room)
        while entries := await self._after(track):
            notices = await self._notices(room, about, track, entries)
            if notices:
                await self._notifying.tell(notices, {track: entries[-1].seq})
            self._at(track, entries[-1].seq)
            if len(entries) < _PAGE:
                return  # whatever comes now is told by who keeps it

    async def _notices(
        self, room: Room, about: About, track: Track, entries: Sequence[Entry]
    ) -> list[Notice]:
        """Look through entries, as everybody may read them."""
        room_id, name = track
        before = await self._journal.before(room_id, entries[0].seq, CONTEXT, track=name)
        readable = await self._withholding.for_everybody(room_id, [*before, *entries])
        histories = {
            entry.id: await self._withholding.for_everybody(
                room_id, await self._journal.caption(room_id, entry.id)
            )
            for entry in entries
            if isinstance(entry, Correction)
        }
        found = await asyncio.to_thread(
            look_through, self._standing, about, readable, entries[0].seq, histories
        )
        return [
            self._notice(room, one, search)
            for one in found
            for search in (self._searches.get(id) for id in one.queries)
            if search and not (one.final.speaker and one.final.speaker.id == search.user_id)
        ]

    def _notice(self, room: Room, looked: Looked, search: SavedSearch) -> Notice:
        final = looked.final
        return Notice(
            user_id=search.user_id,
            kind=Kind.MENTION,
            subject=search.id,
            theme=f"{room.id}/{final.instance}",
            span_s=self._span_s,
            means=search.means,
            about={
                "name": search.name,
                "query": search.query,
                "room": room.id,
                "title": room.title,
                "instance": final.instance,
                "track": final.track,
                "caption": final.id,
            },
        )

    async def _about(self, room: Room) -> About:
        host = await self._registry.user(room.host_id)
        return About(
            room_id=room.id,
            title=room.title,
            host_id=host.id,
            host_name=host.name,
            began_at=room.started_at or room.created_at,
        )

    async def _after(self, track: Track) -> Sequence[Entry]:
        room_id, name = track
        return await self._journal.after(room_id, self._positions.get(track, 0), _PAGE, track=name)

    async def _latest(self, track: Track) -> int:
        return await self._journal.latest(track[0], track=track[1])

    async def _tracks(self, rooms: Sequence[Room]) -> list[Track]:
        return [
            (room.id, name) for room in rooms for name in ("", *await self._journal.tracks(room.id))
        ]

    def _at(self, track: Track, seq: int) -> None:
        if seq != self._positions.get(track, 0):
            self._positions[track] = self._unkept[track] = seq

    async def _keep(self) -> None:
        if self._unkept:
            await self._notifying.tell([], self._unkept)
            self._unkept = {}

    def _take_changes(self) -> None:
        changed, self._changed = self._changed, {}
        for id, search in changed.items():
            if search is None:
                self._searches.pop(id, None)
                self._standing.remove(id)
            else:
                self._searches[id] = search
                self._standing.put(id, parse(search.query).query)
