"""Where a listener was in a room's captions."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingPlace:
    """The last entry that was read: ``seq`` of ``track`` (empty is what is said)."""

    seq: int
    track: str
    set_at: datetime
