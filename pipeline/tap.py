"""The port through which a room engine hands over a live room's sound."""

from collections.abc import AsyncIterator
from typing import Protocol

from models.audio import Frame
from models.room import Activity

TapItem = Frame | Activity


class Tap(Protocol):
    """A live room's mix from now on: frames in order, and activity as it begins and ends.

    Frames are contiguous 20 ms; where ``sample`` jumps, the tap lost frames and the reader says so.
    Iteration ends when the room instance ends. A tap's own queue is bounded and drops its oldest.
    """

    def __aiter__(self) -> AsyncIterator[TapItem]:
        """Iterate once, by one reader."""
        ...
