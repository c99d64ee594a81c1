"""What a reader is in the room that they read, told when it is news to them."""

from api import protocol
from models.room import Standing, User
from rooms.registry import RoomRegistry


class OwnStanding:
    """One connection's person in one room; a guest has no standing."""

    def __init__(self, registry: RoomRegistry, room_id: str, user: User | None) -> None:
        self._registry = registry
        self._room_id = room_id
        self._user = user
        self._told: Standing | None = None

    def news(self) -> protocol.Message | None:
        """Give the message that this person's own connection is sent now, if any."""
        if self._user is None:
            return None
        standing = self._registry.standing(self._room_id, self._user.id)
        if standing == self._told:
            return None
        self._told = standing
        return protocol.you(standing)
