"""All the live rooms of this process."""

import asyncio
import gc
from collections.abc import Sequence

from models.errors import RoomNotLive
from rooms.embedded.live import LiveRoom
from rooms.embedded.opus import library


class EmbeddedRooms:
    """Opens and closes live rooms.

    ``ice_addresses`` are the local addresses that peers are offered; none means those of every
    interface, and 127.0.0.1 only when there is no other. Raises `EngineUnavailable` where there is
    no libopus.
    """

    def __init__(self, *, ice_addresses: Sequence[str] = ()) -> None:
        library()
        self._ice_addresses = tuple(ice_addresses)
        self._rooms: dict[str, LiveRoom] = {}

    async def open(self, room_id: str) -> LiveRoom:
        """Put a room on air and start its clock; gives the same room while it is."""
        if room_id not in self._rooms:
            room = LiveRoom(room_id, ice_addresses=self._ice_addresses)
            self._rooms[room_id] = room
            room.start()
        return self._rooms[room_id]

    def get(self, room_id: str) -> LiveRoom:
        """The room on air; raises `RoomNotLive`."""
        try:
            return self._rooms[room_id]
        except KeyError:
            raise RoomNotLive("The room is not live") from None

    def live(self) -> frozenset[str]:
        """The ids of the rooms on air."""
        return frozenset(self._rooms)

    async def close(self, room_id: str) -> None:
        """Take a room off air: taps end after the last frame; raises `RoomNotLive`."""
        room = self.get(room_id)
        del self._rooms[room_id]
        await room.close()

    async def aclose(self) -> None:
        """Take every room off air."""
        rooms, self._rooms = list(self._rooms.values()), {}
        await asyncio.gather(*(room.close() for room in rooms))


def settle_gc() -> None:
    """Keep the garbage collector from pausing the clock; call it once, after start-up."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 50)
