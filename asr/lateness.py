"""How late a room's windows come to be decoded: pure.

Audio is timed by the room's clock, decoding by another. Both go at the same pace, so the window
that was least late tells what their difference is, and every other window is later by what it
exceeds that. `TooLate` is how a window is given up that would come when nobody waits for it.
"""

_DRIFT = 2e-4  # by how much one of the two clocks may be fast


class TooLate(Exception):
    """A window's turn came, or would come, too late for anybody; it was not decoded."""


class Lateness:
    """What one room's windows show."""

    def __init__(self) -> None:
        self._least_s: float | None = None
        self._at_s = 0.0

    def of(self, end_s: float, *, now_s: float) -> float:
        """Tell how late, in seconds, audio that ends at ``end_s`` in the room clock is ``now_s``.

        Room time may go faster (a file is read), which is never late.
        """
        offset_s = now_s - end_s
        least_s = offset_s if self._least_s is None else self._least_s
        self._least_s = min(offset_s, least_s + _DRIFT * (now_s - self._at_s))
        self._at_s = now_s
        return offset_s - self._least_s
