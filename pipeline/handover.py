"""Who writes a room's captions: its recogniser, or a person who has taken over from it.

Pure. The recogniser listens all the time. What it had begun when a person took over it finishes;
what it hears from then on is held here, unseen. Each line that the person finishes settles what was
held of the same stretch: what began before the line was begun and ended before it was finished.
Whatever is left when the person goes was written by nobody and is given back, rather twice than
lost. All times are those of the room clock.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import replace

from models.room import Speaker
from models.transcript import Final, Gap, Hypothesis

_MOST_HELD = 1000  # an hour and a half of sentences; then the oldest are let go, as stale


class Handover:
    """The state of one room instance; ``holder`` captions it by hand, None is the recogniser."""

    def __init__(self) -> None:
        self.holder: Speaker | None = None
        self._taken_s = 0.0
        self._began_s = 0.0
        self._finished_s = 0.0
        self._stream = 0
        self._decided: dict[int, bool] = {}
        self._held: deque[Final | Gap] = deque(maxlen=_MOST_HELD)

    @property
    def unwritten(self) -> bool:
        """Whether something was heard that the holder has not written."""
        return any(isinstance(entry, Final) for entry in self._held)

    def take(self, by: Speaker, *, now_s: float) -> None:
        """Let ``by`` write from ``now_s`` on."""
        self.holder = by
        self._taken_s = self._began_s = self._finished_s = now_s
        self._held.clear()

    def release(self) -> list[Final | Gap]:
        """Let the recogniser write again; give what was heard meanwhile and nobody wrote."""
        self.holder = None
        left = list(self._left())
        self._held.clear()
        return left

    def wrote(self, *, began_s: float, finished_s: float) -> None:
        """Note a finished line, typed between two times: it settles what it was typed from."""
        self._began_s, self._finished_s = began_s, finished_s
        self._held = deque(self._left(), maxlen=_MOST_HELD)

    def shows(self, hypothesis: Hypothesis, *, stream: int) -> bool:
        """Whether readers see a hypothesis; a segment that was shown is shown to its end.

        One that a line may settle is undecided until it ends, and not seen so long.
        """
        if stream != self._stream:
            self._stream, self._decided = stream, {}
        segment = hypothesis.segment
        shown = self._decided.get(segment, False) or self._decide(hypothesis)
        if hypothesis.final:
            self._decided.pop(segment, None)
        else:
            self._decided[segment] = shown
        return shown

    def hold(self, entries: Iterable[Final | Gap]) -> list[Final | Gap]:
        """Keep what is not shown; what a line has settled already is let go.

        Gives what is left when nobody writes any more, as `release` does.
        """
        self._held.extend(entries)
        self._held = deque(self._left(), maxlen=_MOST_HELD)
        return [] if self.holder else self.release()

    def gap(self, gap: Gap) -> Gap | None:
        """Take audio that was not recognised; give the part that nobody could have written."""
        if self.holder is None:
            return gap
        self.hold([replace(gap, start_s=max(gap.start_s, self._taken_s))])
        early = replace(gap, end_s=min(gap.end_s, self._taken_s))
        return early if early.start_s < early.end_s else None

    def _decide(self, hypothesis: Hypothesis) -> bool:
        if not hypothesis.words:
            return True
        start_s, end_s = hypothesis.words[0].start_s, hypothesis.words[-1].end_s
        if self.holder:
            return start_s < self._taken_s
        return not self._is_settled(start_s, end_s)

    def _left(self) -> Iterable[Final | Gap]:
        for entry in self._held:
            if isinstance(entry, Gap):
                start_s = max(entry.start_s, self._finished_s)
                if start_s < entry.end_s:
                    yield replace(entry, start_s=start_s)
            elif not self._is_settled(entry.start_s, entry.end_s):
                yield entry

    def _is_settled(self, start_s: float, end_s: float) -> bool:
        return self._taken_s <= start_s < self._began_s and end_s <= self._finished_s
