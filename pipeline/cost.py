"""What work costs an engine, learned from what it did: pure.

There are two kinds of work: audio, a second of which costs so much, and the end of an utterance,
which for engines that decode windows is a whole decode. An engine that works as it hears is judged
by its last second of audio, and so is found slow at once; one that decodes windows works in bursts,
of which several must be seen.
"""

from collections import deque
from collections.abc import Collection
from dataclasses import dataclass

RECENT_S = 1.0
LONG_S = 6.0
DEAREST = 8.0  # a stall is no reason to expect every piece, or second, to be as slow
IDLE = 0.05  # taking audio in costs as much, and says nothing about how an engine works

_PRIOR = 10
_LEAST_NOTES = 3
_BURST = 0.5  # without its dearest piece a burst costs less than this part of what it cost
_ENDS = 2


@dataclass(frozen=True, slots=True)
class Done:
    """Audio that was worked on, and the time that it took; both in seconds."""

    audio_s: float
    spent_s: float


def per_second(work: Collection[Done]) -> float:
    """Give the time that a second of audio took."""
    return sum(done.spent_s for done in work) / sum(done.audio_s for done in work)


class History:
    """The newest work: `LONG_S` of audio, and ``least`` pieces of it in any case."""

    def __init__(self, *, least: int = 0) -> None:
        self._least = least
        self._work: deque[Done] = deque()
        self.audio_s = 0.0

    def add(self, done: Done) -> None:
        """Remember the newest, and forget the oldest that is not needed any more."""
        self._work.append(done)
        self.audio_s += done.audio_s
        while self.audio_s - self._work[0].audio_s >= LONG_S and len(self._work) > self._least:
            self.audio_s -= self._work.popleft().audio_s

    def all(self) -> list[Done]:
        """Give what is remembered."""
        return list(self._work)

    def last(self, length_s: float) -> list[Done]:
        """Give that much audio, and the least pieces; of the oldest it may be a part."""
        last: list[Done] = []
        for done in reversed(self._work):
            if length_s <= 0 and len(last) >= self._least:
                break
            kept_s = done.audio_s if len(last) < self._least else min(done.audio_s, length_s)
            last.append(Done(kept_s, done.spent_s * kept_s / done.audio_s))
            length_s -= kept_s
        return last[::-1]


class Costs:
    """What one model was found to cost.

    ``second`` is the work for a second of audio, of late. ``in_bursts`` says that the engine
    decodes windows. ``together`` is work with the ends of utterances in it.
    """

    def __init__(self) -> None:
        self.second = 1.0
        self.in_bursts = False
        self.together = History()
        self._audio = History(least=_LEAST_NOTES)
        self._ends: deque[tuple[float, float]] = deque(maxlen=_ENDS)  # length, time spent
        self._dearest_s = 0.0
        # Before anything is known, a second of audio is taken to cost a second.
        for _ in range(_PRIOR):
            self._note(Done(RECENT_S / _PRIOR, RECENT_S / _PRIOR))

    def worked(self, done: Done) -> None:
        """Note audio that was worked on by itself."""
        self._dearest_s = max(self._dearest_s, done.spent_s)
        self._note(done)
        self.together.add(done)

    def came_with_its_end(self, audio_s: float) -> None:
        """Note audio that was worked on in one go with its end, and so cost nothing of its own."""
        self._note(Done(audio_s, 0.0), says_how=False)

    def ended(self, length_s: float, done: Done) -> None:
        """Note the end of an utterance of that length, and the audio that came with it."""
        self._ends.append((length_s, done.spent_s))
        self.together.add(done)

    def end_s(self, length_s: float) -> float:
        """Expect what the end of an utterance of that length costs.

        Some engines take a while for any utterance, others go by its length: neither is expected to
        cost more than it lately did. Before the first end it is the dearest piece of a burst.
        """
        if not self._ends:
            return self._dearest_s if self.in_bursts else 0.0
        least_s = min(spent_s for _, spent_s in self._ends)
        slope = min(spent_s / max(length, RECENT_S) for length, spent_s in self._ends)
        return max(least_s, slope * length_s)

    @property
    def decode_s(self) -> float:
        """What each decode of an engine that works in bursts costs at least; 0 for others."""
        return self.end_s(0.0) if self.in_bursts else 0.0

    def _note(self, done: Done, *, says_how: bool = True) -> None:
        self._audio.add(done)
        lately = self._audio.last(RECENT_S)
        dearest = max(range(len(lately)), key=lambda at: lately[at].spent_s)
        rest = lately[:dearest] + lately[dearest + 1 :]
        in_bursts = bool(rest) and per_second(rest) < _BURST * per_second(lately)
        if says_how and per_second(lately) > IDLE:
            self.in_bursts = in_bursts
        if in_bursts:
            lately = self._audio.last(LONG_S)
        self.second = min(per_second(lately), DEAREST)
