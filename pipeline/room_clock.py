"""What time it is in a room, for who types there."""

import asyncio

_CAUGHT_UP_S = 0.1


class RoomClock:
    """The end of the newest frame that was heard, ``heard_s`` in seconds in the room clock.

    From `begin` until the first frames, as while an engine opens, time goes on by itself, and what
    was tapped meanwhile does not turn it back.
    """

    def __init__(self) -> None:
        self.heard_s = 0.0
        self._zero_s: float | None = None

    def begin(self) -> None:
        """Say that sample 0 is tapped about now."""
        self._zero_s = asyncio.get_running_loop().time()

    def heard(self, until_s: float) -> None:
        """Take the end of a frame."""
        self.heard_s = until_s
        if until_s >= self.now_s - _CAUGHT_UP_S:
            self._zero_s = None

    @property
    def now_s(self) -> float:
        """The time in the room clock."""
        if self._zero_s is None:
            return self.heard_s
        return max(self.heard_s, asyncio.get_running_loop().time() - self._zero_s)
