"""How heavily one room loads its engine: pure, and timed by the room's own clock.

Audio comes in real time, so how much of it came is the time. While the engine is busy, the time
that passes is compared with the audio that is done, over the last second of audio: an engine that
decodes windows takes most of a second at once and then works for all of it.
"""

from collections import deque

from models.audio import SPEECH_RATE_HZ

_SAMPLE_S = 1 / SPEECH_RATE_HZ
_RECENT_S = 1.0
_DEAREST = 8.0  # a stall is no reason to expect every second to be as slow


class Load:
    """What the engine was given, how far it has come, and what a second of audio costs it.

    The pieces that wait are bounded by the overload ladder, which stops feeding.
    """

    def __init__(self) -> None:
        self._pieces: deque[tuple[float, float]] = deque()
        self._busy_from_s = 0.0
        self._recent: deque[tuple[float, float]] = deque()  # audio done, time spent
        # Before anything is known, a second of audio is taken to cost a second.
        self._note(_RECENT_S, _RECENT_S)
        self.worked_s = 0.0

    @property
    def cost(self) -> float:
        """Seconds of work for a second of audio, of late."""
        done_s = sum(done_s for done_s, _ in self._recent)
        spent_s = sum(spent_s for _, spent_s in self._recent)
        return min(spent_s / done_s, _DEAREST)

    def give(self, length_s: float, *, until_s: float, now_s: float) -> None:
        """Note that the engine was given ``length_s`` of audio that ends at ``until_s``."""
        if not self._pieces:
            self._busy_from_s = now_s
        self._pieces.append((until_s - length_s, until_s))

    def work(self, until_s: float, *, now_s: float) -> None:
        """Note that the engine has worked on everything up to ``until_s``."""
        done_s = self._take(until_s)
        if done_s > 0:
            self._note(done_s, now_s - self._busy_from_s)
            self._busy_from_s = now_s
        self.worked_s = max(self.worked_s, until_s)

    def ahead_s(self, lag_s: float, *, now_s: float) -> float:
        """Expect how long ``lag_s`` of audio takes; never less than the wait since it moved."""
        waited_s = now_s - self._busy_from_s if self._pieces else 0.0
        return max(lag_s * self.cost, waited_s)

    def _note(self, done_s: float, spent_s: float) -> None:
        self._recent.append((done_s, spent_s))
        excess_s = sum(done_s for done_s, _ in self._recent) - _RECENT_S
        while excess_s > 0:
            old_done_s, old_spent_s = self._recent.popleft()
            kept_s = old_done_s - excess_s
            if kept_s > 0:
                self._recent.appendleft((kept_s, old_spent_s * kept_s / old_done_s))
                return
            excess_s -= old_done_s

    def _take(self, until_s: float) -> float:
        """Remove what lies before ``until_s``; give its length."""
        done_s = 0.0
        while self._pieces and self._pieces[0][0] < until_s:
            start_s, end_s = self._pieces.popleft()
            done_s += min(end_s, until_s) - start_s
            if end_s > until_s + _SAMPLE_S:
                self._pieces.appendleft((until_s, end_s))
        return done_s
