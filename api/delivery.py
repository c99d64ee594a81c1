"""Which captions one reader is sent, and when: the protocol's rules without sockets or clocks.

The journal is the truth and ``sent`` is the reader's place in it. Live entries are only sent when
they follow ``sent`` directly; whatever else lies between is read from the journal, so that nothing
is lost and nothing comes twice, whether a reader paused, was slow, or came back after an outage.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from api.protocol import ResumeMode
from models.caption import Interim, LiveItem
from models.transcript import Correction, Entry, Final, Gap


class Mode(Enum):
    """How entries reach the reader."""

    LIVE = "live"
    PAUSED = "paused"
    CATCHING_UP = "catching-up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """How many entries wait while the reader has paused."""

    count: int
    latest_seq: int


class Delivery:
    """The state of one reader; ``sent`` is the last seq that it was given, ``latest`` exists."""

    def __init__(self, *, sent: int, latest: int) -> None:
        self.sent = sent
        self.latest = latest
        self.mode = Mode.LIVE
        self._wpm = 240.0
        self._paused_at = 0
        self._due_s = 0.0
        self._told = 0

    @property
    def behind(self) -> bool:
        """Whether entries must be read from the journal now, before anything live."""
        return self.mode is Mode.LIVE and self.sent < self.latest

    def live(self, items: Sequence[LiveItem]) -> list[LiveItem]:
        """Take what the bus brought; give what may be sent at once."""
        passed: list[LiveItem] = []
        for item in items:
            if isinstance(item, Final | Correction | Gap):
                self.latest = max(self.latest, item.seq)
                if self.mode is Mode.LIVE and item.seq == self.sent + 1:
                    self.sent = item.seq
                    passed.append(item)
            elif not isinstance(item, Interim) or (self.mode is Mode.LIVE and not self.behind):
                passed.append(item)
        return passed

    def read(self, entries: Sequence[Entry]) -> list[Entry]:
        """Take what the journal gave for ``sent``; give what is new, in order."""
        fresh = [item for item in entries if item.seq > self.sent]
        if fresh:
            self.sent = fresh[-1].seq
            self.latest = max(self.latest, self.sent)
        return fresh

    def pause(self) -> None:
        """Stop at the present place; harmless when paused."""
        if self.mode is not Mode.PAUSED:
            self.mode = Mode.PAUSED
            self._paused_at = self._told = max(self.sent, 0)

    def pending(self) -> Pending | None:
        """Say how many entries wait, whenever that has changed."""
        if self.mode is not Mode.PAUSED or self.latest == self._told:
            return None
        self._told = self.latest
        return Pending(count=self.latest - self._paused_at, latest_seq=self.latest)

    def resume(self, mode: ResumeMode, *, wpm: float, now_s: float) -> None:
        """Go on: at the newest caption, with all that was missed, or paced at ``wpm``."""
        if mode == "live":
            self.sent = self.latest
        self.mode = Mode.CATCHING_UP if mode == "catch-up" else Mode.LIVE
        self._wpm = wpm
        self._due_s = now_s

    def wait_s(self, now_s: float) -> float | None:
        """Seconds until the next caption of a catch-up is due; None when not catching up."""
        if self.mode is not Mode.CATCHING_UP:
            return None
        return max(0.0, self._due_s - now_s)

    def caught_up(self, entries: Sequence[Entry], now_s: float) -> list[Entry]:
        """Take the next entry of a catch-up (at most one is used) and plan the one after it.

        With none left the reader is live again.
        """
        if not entries:
            self.mode = Mode.LIVE
            return []
        fresh = self.read(entries[:1])
        words = sum(len(item.text.split()) for item in fresh if not isinstance(item, Gap))
        self._due_s = max(self._due_s, now_s) + max(words, 1) * 60 / self._wpm
        return fresh
