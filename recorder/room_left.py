"""How long the disk lasts at the present rate: pure."""

from dataclasses import dataclass

WARN_BELOW_S = 30 * 60.0
_STEPS_MIN = (1, 2, 5, 10, 20, 30)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomLeft:
    """What is free on the disk, what is recorded so far, and its growth, in bytes (a second).

    Joining needs room for all that is recorded once more, before the pieces are removed.
    """

    free: int
    recorded: int
    per_s: float

    @property
    def left_s(self) -> float:
        """How long can be recorded from now on, with the joined file; at least 0."""
        if self.per_s <= 0:
            return float("inf")
        return max(0.0, (self.free - self.recorded) / (2 * self.per_s))

    def warning(self) -> str:
        """One line when that is little, in coarse steps, so that it seldom changes; else empty."""
        if self.left_s >= WARN_BELOW_S:
            return ""
        step = next(minutes for minutes in _STEPS_MIN if self.left_s < minutes * 60)
        left = f"less than {step} minutes" if step > 1 else "less than a minute"
        return f"the disk is nearly full: there is room for {left} of recording"
