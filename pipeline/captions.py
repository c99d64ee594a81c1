"""The caption bus: everything that is shown live in one room, to everybody who reads along.

Each reader has a mailbox. It is bounded by what it holds, never by time: newer interims, statuses
and activities replace older ones of the same kind, and when more finals wait than a reader may
have, the mailbox forgets them and says so. They are in the journal, where the reader finds them.
An interim that is taken back before its reader saw it is nothing that waits. Captions that are said
off the record are in no journal: the newest of them wait as finals do.
"""

import asyncio
from collections.abc import Callable, Hashable

from models.caption import Interim, LiveItem, RoomNews, Status
from models.room import Activity
from models.transcript import Correction, Final, Gap

_RECENT = 20  # captions off the record for who comes back from a lost connection


class Mailbox:
    """What waits for one reader, newest state only; pure.

    ``overflowed`` turns true when entries were forgotten; `take` resets it.
    """

    def __init__(self, limit: int = 256) -> None:
        self._limit = limit
        self._items: dict[Hashable, LiveItem] = {}
        self._entries = 0
        self._seen: set[str] = set()
        self.overflowed = False

    def __len__(self) -> int:
        return len(self._items)

    def put(self, item: LiveItem) -> None:
        """Add ``item`` in its place."""
        if isinstance(item, Final | Correction | Gap):
            if not isinstance(item, Gap):
                self._items.pop(("interim", item.id), None)
                self._seen.discard(item.id)
            self._put_entry(item)
            return
        key = _key(item)
        self._items.pop(key, None)
        if isinstance(item, Interim) and item.done:
            self._make_room()
        if not isinstance(item, Interim) or item.text or item.id in self._seen:
            self._items[key] = item

    def take(self) -> tuple[list[LiveItem], bool]:
        """Empty the mailbox: its items in order, and whether entries were forgotten."""
        taken, overflowed = list(self._items.values()), self.overflowed
        for item in taken:
            if isinstance(item, Interim):
                open_ = item.text and not item.done
                (self._seen.add if open_ else self._seen.discard)(item.id)
        self._items.clear()
        self._entries = 0
        self.overflowed = False
        return taken, overflowed

    def peek(self) -> list[LiveItem]:
        """Show the items without taking them."""
        return list(self._items.values())

    def forget_settled(self) -> None:
        """Drop what is no news to a newcomer: entries, captions taken back, speakers gone quiet."""
        self._items = {key: item for key, item in self._items.items() if not _is_settled(item)}
        self._entries = 0

    def forget_done(self) -> None:
        """Drop captions that were said off the record."""
        self._items = {key: item for key, item in self._items.items() if not _is_done(item)}

    def _make_room(self) -> None:
        done = [key for key, item in self._items.items() if _is_done(item)]
        if len(done) >= self._limit:
            del self._items[done[0]]

    def _put_entry(self, item: Final | Correction | Gap) -> None:
        if self._entries >= self._limit:
            self._items = {key: kept for key, kept in self._items.items() if not _is_entry(kept)}
            self._entries = 0
            self.overflowed = True
        key = ("entry", item.track, item.seq)
        self._entries += key not in self._items
        self._items[key] = item


def _is_entry(item: LiveItem) -> bool:
    return isinstance(item, Final | Correction | Gap)


def _is_done(item: LiveItem) -> bool:
    return isinstance(item, Interim) and item.done


def _track(item: LiveItem) -> str | None:
    """Name the track that an item belongs to; None for what concerns them all."""
    match item:
        case Final() | Correction() | Gap():
            return item.track
        case Interim():
            return item.track
        case _:
            return None


def _is_settled(item: LiveItem) -> bool:
    match item:
        case Interim():
            return not item.text
        case Activity():
            return not item.on
        case _:
            return _is_entry(item)


def _key(item: Interim | Activity | Status | RoomNews) -> Hashable:
    match item:
        case Interim():
            return ("interim", item.id)
        case Activity():
            return ("activity", item.speaker.id)
        case _:
            return (type(item),)


class Subscription:
    """One reader's place on the bus, for one track."""

    def __init__(self, bus: "CaptionBus", limit: int) -> None:
        self._bus = bus
        self._limit = limit
        self._mailbox = Mailbox(limit)
        self._track = ""
        self._news = asyncio.Event()
        self._ended = False

    def put(self, item: LiveItem) -> None:
        """Deliver ``item`` if it is for this track; called by the bus."""
        if _track(item) in (None, self._track):
            self._mailbox.put(item)
            self._news.set()

    def follow(self, track: str) -> None:
        """Read another track from now on, beginning with the present state.

        What waits is forgotten: entries are in the journal.
        """
        self._track = track
        self._mailbox = Mailbox(self._limit)
        self._bus.show_now(self)

    def end(self) -> None:
        """Let the reader finish what is there; called by the bus."""
        self._ended = True
        self._news.set()

    async def take(self) -> tuple[list[LiveItem], bool]:
        """Wait for something to read; see `Mailbox.take`. Nothing at all means the room ended."""
        while not len(self._mailbox) and not self._ended:
            self._news.clear()
            await self._news.wait()
        return self._mailbox.take()

    def close(self) -> None:
        """Leave the bus."""
        self._bus.leave(self)
        self.end()


class CaptionBus:
    """One room's live captions.

    It remembers the newest interim of each open caption, the status, the room's news and who is
    speaking, so that somebody who joins in the middle sees what everybody sees; and, as long as the
    room is off the record, the last that was said there, for who was cut off. ``watch``, when it is
    set, is called with each item: for counting, never for reading along.
    """

    def __init__(self) -> None:
        self._readers: set[Subscription] = set()
        self._now = Mailbox(_RECENT)
        self._off_record = False
        self._closed = False
        self.watch: Callable[[LiveItem], None] | None = None

    def __len__(self) -> int:
        return len(self._readers)

    def subscribe(self, *, limit: int = 256) -> Subscription:
        """Join, beginning with the present state; ``limit`` is how many finals may wait."""
        reader = Subscription(self, limit)
        self._readers.add(reader)
        self.show_now(reader)
        if self._closed:
            reader.end()
        return reader

    def show_now(self, reader: Subscription) -> None:
        """Give a reader what everybody sees now."""
        for item in self._now.peek():
            reader.put(item)

    def leave(self, reader: Subscription) -> None:
        """Forget a reader; harmless when it has left already."""
        self._readers.discard(reader)

    def publish(self, item: LiveItem) -> None:
        """Show ``item`` to everybody; entries must come from the journal, with their seq."""
        self._now.put(item)
        self._now.forget_settled()
        if not self._off_record:
            self._now.forget_done()
        if self.watch:
            self.watch(item)
        for reader in self._readers:
            reader.put(item)

    def off_record(self, on: bool) -> None:
        """Say whether the room is off the record; what was said there is forgotten after it."""
        self._off_record = on
        if not on:
            self._now.forget_done()

    def close(self) -> None:
        """Tell readers that nothing more will come."""
        self._closed = True
        for reader in self._readers:
            reader.end()
