"""The port to a room's journal: the durable, numbered sequence of finals, corrections and gaps."""

from collections.abc import Sequence
from typing import Protocol

from models.transcript import Entry


class Journal(Protocol):
    """Numbered entries of all rooms.

    Each track of a room (what was said, and each translation) has numbers of its own, which start
    at 1 and have no holes. Caption ids are unique in a room.
    """

    async def append(self, room_id: str, instance: int, entry: Entry) -> Entry:
        """Make ``entry`` durable in its track and return it with its ``seq``.

        Raises `StorageFailed`.
        """
        ...

    async def after(
        self, room_id: str, seq: int, limit: int, *, track: str = ""
    ) -> Sequence[Entry]:
        """Up to ``limit`` entries with a greater seq, ascending."""
        ...

    async def before(
        self, room_id: str, seq: int, limit: int, *, track: str = ""
    ) -> Sequence[Entry]:
        """The ``limit`` entries just below ``seq``, ascending."""
        ...

    async def latest(self, room_id: str, *, track: str = "") -> int:
        """The greatest seq of the track, 0 when it has none."""
        ...

    async def caption(self, room_id: str, caption_id: str) -> Sequence[Entry]:
        """The caption's `Final` and its `Correction`s, ascending; empty when there is none."""
        ...

    async def tracks(self, room_id: str, instance: int | None = None) -> Sequence[str]:
        """The translations that the room has entries of, in the order of their languages.

        Those of one instance, when it is given.
        """
        ...
