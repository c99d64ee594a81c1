"""In which order the people of a room were first captioned, which is what their marks go by.

Captions are only added to a journal, so the order of a room can grow and does not change: everybody
who asks, at any time, is given the same beginning. Only where captions are deleted it begins anew.
"""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Protocol

_ROOMS = 256  # what is forgotten is read again


class _Journal(Protocol):
    async def latest(self, room_id: str) -> int: ...

    async def speakers(self, room_id: str, *, after: int = 0) -> Sequence[str]: ...


class SpeakerOrder:
    """Remembers each room's order, so that asking again reads only what was said since."""

    def __init__(self, journal: _Journal) -> None:
        self._journal = journal
        self._known: OrderedDict[str, tuple[int, tuple[str, ...]]] = OrderedDict()

    async def of(self, room_id: str) -> tuple[str, ...]:
        """The ids of the room's speakers, who was captioned first coming first."""
        seq, order = self._known.get(room_id, (0, ()))
        latest = await self._journal.latest(room_id)
        if latest > seq:
            more = await self._journal.speakers(room_id, after=seq)
            order = tuple(dict.fromkeys([*order, *more]))
        self._known[room_id] = (max(seq, latest), order)
        self._known.move_to_end(room_id)
        while len(self._known) > _ROOMS:
            self._known.popitem(last=False)
        return order

    def forget(self, room_id: str) -> None:
        """Read a room's order anew, because captions were deleted."""
        self._known.pop(room_id, None)
