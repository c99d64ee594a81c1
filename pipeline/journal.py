"""The port to a room's journal: the durable, numbered sequence of finals, corrections and gaps."""

from collections.abc import Sequence
from typing import Protocol

from models.transcript import Entry


class Journal(Protocol):
    """Numbered entries of all rooms; numbers are per room, start at 1 and have no holes."""

    async def append(self, room_id: str, instance: int, entry: Entry) -> Entry:
        """Make ``entry`` durable and return it with its ``seq``. Raises `StorageFailed`."""
        ...

    async def after(self, room_id: str, seq: int, limit: int) -> Sequence[Entry]:
        """Up to ``limit`` entries with a greater seq, ascending."""
        ...

    async def before(self, room_id: str, seq: int, limit: int) -> Sequence[Entry]:
        """The ``limit`` entries just below ``seq``, ascending."""
        ...

    async def latest(self, room_id: str) -> int:
        """The greatest seq of the room, 0 when it has none."""
        ...

    async def caption(self, room_id: str, caption_id: str) -> Sequence[Entry]:
        """The caption's `Final` and its `Correction`s, ascending; empty when there is none."""
        ...
