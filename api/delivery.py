"""Which captions one reader is sent, and when: the protocol's rules without sockets or clocks.

The journal is the truth and ``sent`` is the reader's place in it. Live entries are only sent when
they follow ``sent`` directly; whatever else lies between is read from the journal, so that nothing
is lost and nothing comes twice, whether a reader paused, was slow, or came back after an outage.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from api.pacing import Look, paced
from api.protocol import ResumeMode
from api.waiting import Waiting
from models.caption import Interim, LiveItem
from models.style import Pace
from models.transcript import Correction, Entry, Final, Gap
from models.writing import word_count

_MOST_DONE = 256


class Mode(Enum):
    """How entries reach the reader."""

    LIVE = "live"
    PAUSED = "paused"
    CATCHING_UP = "catching-up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """How many finals wait while the reader has paused or catches up, and the newest entry.

    Corrections and gaps are not counted, but wait as well: ``latest_seq`` tells of them.
    """

    count: int
    latest_seq: int


class Delivery:
    """The state of one reader of a ``track``, whose numbers all numbers here are.

    ``sent`` is the last seq that it was given, ``latest`` exists.
    """

    def __init__(self, *, sent: int, latest: int, pace: Pace = "balanced", track: str = "") -> None:
        self.track = track
        self.sent = sent
        self.latest = latest
        self.mode = Mode.LIVE
        self._wpm = 240.0
        self._due_s = 0.0
        self._told: Pending | None = None
        self._waiting = Waiting(sent)
        self._interims = _OpenCaptions(pace)

    @property
    def behind(self) -> bool:
        """Whether entries must be read from the journal now, before anything live."""
        return self.mode is Mode.LIVE and self.sent < self.latest

    @property
    def uncounted(self) -> range:
        """The numbers of entries that `count` must hear of before `pending` can tell what waits."""
        return range(0) if self.mode is Mode.LIVE else self._waiting.uncounted(self.latest)

    def count(self, numbers: range, finals: int) -> None:
        """Take how many finals the journal has among ``numbers``, which were `uncounted`."""
        self._waiting.count(numbers, finals)

    def begin_after(self, seq: int) -> None:
        """Let the reader go on behind ``seq``, as if everything up to it had been sent."""
        self.sent = seq
        self._waiting = Waiting(seq)

    def live(self, items: Sequence[LiveItem]) -> list[LiveItem]:
        """Take what the bus brought; give what may be sent at once."""
        passed: list[LiveItem] = []
        for item in items:
            if isinstance(item, Final | Correction | Gap):
                if item.track == self.track and self._follows(item):
                    passed.append(item)
            elif isinstance(item, Interim):
                if item.track != self.track:
                    continue
                self._interims.hold(item)
                passed += self.interims()
            else:
                passed.append(item)
        return passed

    def interims(self) -> list[Interim]:
        """Give the newest of each open caption that the reader has not seen, when it may."""
        if self.mode is not Mode.LIVE or self.behind:
            return []
        return self._interims.show()

    def set_pace(self, pace: Pace) -> None:
        """Show interims at another pace from now on; `interims` gives what that uncovers."""
        self._interims.set_pace(pace)

    def read(self, entries: Sequence[Entry]) -> list[Entry]:
        """Take what the journal gave for ``sent``; give what is new, in order."""
        fresh = [item for item in entries if item.seq > self.sent]
        for item in fresh:
            self._interims.sent(item, early=item.seq > self.latest)
            self._waiting.sent(item)
        if fresh:
            self.sent = fresh[-1].seq
            self.latest = max(self.latest, self.sent)
        return fresh

    def pause(self) -> None:
        """Stop at the present place; `pending` says how many wait. Harmless when paused."""
        self.mode = Mode.PAUSED
        self._told = None

    def pending(self) -> Pending | None:
        """Say how many finals wait, after a pause and whenever that has changed."""
        now = Pending(count=self._waiting.finals, latest_seq=self.latest)
        if self.mode is Mode.LIVE or now == self._told:
            return None
        self._told = now
        return now

    def resume(self, mode: ResumeMode, *, wpm: float, now_s: float) -> range:
        """Go on: at the newest caption, with all that was missed, or paced at ``wpm``.

        Gives the numbers that are jumped over. The corrections among them must be sent at once:
        what they correct may be on the reader's page.
        """
        skipped = range(self.sent + 1, self.latest + 1) if mode == "live" else range(0)
        if skipped:
            self.begin_after(self.latest)
        if mode == "live":
            self._interims.skip()
        waits = mode == "catch-up" and self.sent < self.latest
        self.mode = Mode.CATCHING_UP if waits else Mode.LIVE
        self._wpm = wpm
        self._due_s = now_s
        self._told = None
        return skipped

    def wait_s(self, now_s: float) -> float | None:
        """Seconds until the next caption of a catch-up is due; None when not catching up."""
        if self.mode is not Mode.CATCHING_UP:
            return None
        return max(0.0, self._due_s - now_s)

    def caught_up(self, entries: Sequence[Entry], now_s: float) -> list[Entry]:
        """Take the next entry of a catch-up (at most one is used) and plan the one after it.

        After the last one the reader is live again.
        """
        fresh = self.read(entries[:1])
        if not entries or self.sent == self.latest:
            self.mode = Mode.LIVE
        words = sum(word_count(item.text) for item in fresh if not isinstance(item, Gap))
        self._due_s = max(self._due_s, now_s) + max(words, 1) * 60 / self._wpm
        return fresh

    def _follows(self, item: Entry) -> bool:
        if item.seq > self.latest + 1:
            self._interims.missed()
        self.latest = max(self.latest, item.seq)
        self._waiting.came(item)
        if item.seq <= self.sent:
            self._interims.sent(item)
            return False
        if self.mode is not Mode.LIVE or item.seq != self.sent + 1:
            self._interims.waits(item)
            return False
        self.sent = item.seq
        self._interims.sent(item)
        self._waiting.sent(item)
        return True


class _OpenCaptions:
    """The interims of one reader: what it sees of captions that are not final yet.

    The tables are bounded by the captions that are open at one time. A look is news until the
    reader was shown what its pace makes of it. Captions that are whole but in no journal wait, too,
    up to `_MOST_DONE`: nobody can ask for them later.
    """

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._looks: dict[str, Look] = {}
        self._news: set[str] = set()
        self._seen: dict[str, Interim] = {}
        self._over: set[str] = set()
        self._early: set[str] = set()

    def set_pace(self, pace: Pace) -> None:
        """Look again at what was held back so far."""
        self._pace = pace
        self._news |= {id for id, look in self._looks.items() if self._is_newer(look.item)}

    def hold(self, item: Interim) -> None:
        """Keep the newest of a caption; one that is taken back unseen is nothing to show."""
        if item.id in self._early:
            return
        self._over.discard(item.id)
        if item.text or item.id in self._seen:
            before = self._looks.pop(item.id, None)
            self._looks[item.id] = before.then(item) if before else Look(item=item)
            self._bound_done()
            self._news.add(item.id)
        else:
            self._forget(item.id)

    def show(self) -> list[Interim]:
        """Give what is news, which the reader sees from now on."""
        news = [look for id, look in self._looks.items() if id in self._news]
        self._news.clear()
        shown = [paced(self._pace, look, self._seen.get(look.item.id)) for look in news]
        for item in filter(None, shown):
            if item.text:
                self._seen[item.id] = item
            else:
                self._seen.pop(item.id, None)
        for look in news:
            if look.item.done:
                self._seen.pop(look.item.id, None)
            if look.item.done or not look.item.text:
                self._forget(look.item.id)
        return [item for item in shown if item]

    def sent(self, item: Entry, *, early: bool = False) -> None:
        """Note that the reader was given an entry, which ends the caption's interims.

        One that was read ``early`` is not out yet: the bus may still bring an older interim.
        """
        if isinstance(item, Final):
            self._seen.pop(item.id, None)
            self._forget(item.id)
            self._over.discard(item.id)
            (self._early.add if early else self._early.discard)(item.id)

    def waits(self, item: Entry) -> None:
        """Note that an entry exists which the reader will be given later, or never."""
        if isinstance(item, Final):
            self._forget(item.id)
            if item.id in self._seen:
                self._over.add(item.id)

    def missed(self) -> None:
        """Note that entries exist which the bus forgot: any of the captions may be over."""
        self._over |= self._seen.keys()
        self._looks = {id: look for id, look in self._looks.items() if look.item.done}
        self._news &= self._looks.keys()
        self._early.clear()

    def skip(self) -> None:
        """Take back the interims whose finals the reader will not be given."""
        for seen in [self._seen[id] for id in self._over if id in self._seen]:
            self.hold(replace(seen, rev=seen.rev + 1, text="", stable=0))
        self._over.clear()

    def _bound_done(self) -> None:
        done = [id for id, look in self._looks.items() if look.item.done]
        if len(done) > _MOST_DONE:
            self._forget(done[0])

    def _forget(self, id: str) -> None:
        self._looks.pop(id, None)
        self._news.discard(id)

    def _is_newer(self, item: Interim) -> bool:
        seen = self._seen.get(item.id)
        return seen is None or seen.rev < item.rev
