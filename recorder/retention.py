"""For how long recordings are kept, and how long their deletion has been announced. Pure.

Nothing is deleted by the clock on the wall alone. It says what is due; but what is due is announced
first, and how long that was so is counted in time that has passed for certain.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from models.audio import seconds
from models.recording import Recording

NOTICE = timedelta(days=7)
"""So long before it is deleted, a recording is announced to be."""

LONGEST_DAYS = 36_500
_AWAY = timedelta(days=1)  # a server that was off for longer has announced nothing for so long
_JUMP = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A site's rule, in days: how long recordings are kept, and how long at most; 0 is for ever."""

    default_days: int = 0
    most_days: int = 0

    def days(self, wanted: int | None) -> int | None:
        """How long what is ``wanted`` is granted: None for ever. None leaves it to the site."""
        days = self.default_days if wanted is None else wanted
        if self.most_days and not 0 < days <= self.most_days:
            days = self.most_days
        return days or None


def due(recording: Recording, days: int) -> datetime:
    """When a recording has been kept for so many days after its end."""
    return recording.started_at + timedelta(seconds=seconds(recording.samples), days=days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notices:
    """For how many seconds each deletion has been announced; ``looked_at`` is when that was so."""

    looked_at: datetime | None = None
    shown_s: Mapping[str, float] = field(default_factory=dict)

    def after(
        self, now: datetime, passed: timedelta | None, announced: Collection[str]
    ) -> "Notices":
        """The notices at another look, at which these recordings are ``announced``.

        ``passed`` is what a clock that cannot be set says of the time since the last look, None at
        a start. Where the clock on the wall says another thing, it was set: all notices begin anew.
        """
        counted = self._counted(now, passed)
        before = self.shown_s if counted is not None else {}
        shown = {
            id: before[id] + (counted or timedelta()).total_seconds() if id in before else 0.0
            for id in announced
        }
        return Notices(looked_at=now, shown_s=shown)

    def left(self, recording_id: str) -> timedelta:
        """For how long a deletion is still to be announced."""
        return max(timedelta(), NOTICE - timedelta(seconds=self.shown_s.get(recording_id, 0.0)))

    def _counted(self, now: datetime, passed: timedelta | None) -> timedelta | None:
        """The time for which the notices were there; None when that cannot be known."""
        gone = now - self.looked_at if self.looked_at else timedelta()
        if passed is None:
            return min(max(gone, timedelta()), _AWAY)
        return None if abs(gone - passed) > _JUMP else max(timedelta(), min(gone, passed))
