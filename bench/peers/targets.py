"""What Roomscribe is to reach beside its peers, and whether it did: pure.

The limits are those of two processor cores and the small test model.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bench.page import table as laid_out
from bench.peers.figures import HOPELESS_S, Figures, Row, by_rooms, carried, median, spoiled

COMMITTED_S = {1: (0.3, 0.8), 4: (0.8, 1.7), 8: (1.7, 3.3)}
SHOWN_S = {1: 0.2}
MORE_ROOMS = 2.0
CPU_SHARE = 0.5
WORSE = 0.005
_MOST_ROOMS = max(COMMITTED_S)
_NOT_MEASURED = "not measured"
_SAID = (
    "Targets, set for two cores and the tests' small model. Medians of the runs; of what must "
    "never happen, the worst run."
)

Read = Callable[[Figures], float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One line: the target, what was measured, and whether that is enough; None if unknown."""

    text: str
    own: str
    best: str = "–"
    met: bool | None = None


class Targets:
    """Compares the rows titled ``ours`` with all others, but not with variants of ``ours``.

    ``offline`` is the word error rate of the model when nothing is live.
    """

    def __init__(self, rows: Sequence[Row], *, ours: str, offline: float) -> None:
        measured = [row for row in rows if row.runs]
        self._own = [row for row in measured if row.title == ours]
        self._peers = [row for row in measured if row.title.partition(",")[0] != ours]
        self._ours = ours
        self._offline = offline

    def table(self) -> str:
        """Write every target with what was measured; empty when ``ours`` was not."""
        if not self._own:
            return ""
        lines = [
            [line.text, line.own, line.best, _NOT_MEASURED if line.met is None else _yes(line.met)]
            for line in self.lines()
        ]
        head = ["target", self._ours, "best of the others", "met"]
        return f"{_SAID}\n\n{laid_out(head, lines)}"

    def lines(self) -> Iterator[Target]:
        """Judge every target."""
        yield from self._delays()
        yield self._sustained()
        yield self._processor_time()
        for rooms in COMMITTED_S:
            yield self._accuracy(rooms)
        yield from self._never("words shown but never committed", lambda run: run.lost)
        yield from self._never("words missing outside gaps", lambda run: run.unmarked)

    def _delays(self) -> Iterator[Target]:
        for rooms, (p50_s, p95_s) in COMMITTED_S.items():
            yield self._delay(rooms, "committed p50", p50_s, lambda run: run.committed_p50_s)
            yield self._delay(rooms, "committed p95", p95_s, lambda run: run.committed_p95_s)
        for rooms, p50_s in SHOWN_S.items():
            yield self._delay(rooms, "first shown p50", p50_s, lambda run: run.shown_p50_s)

    def _delay(self, rooms: int, name: str, limit_s: float, read: Read) -> Target:
        text = f"{_rooms(rooms)}: {name} ≤ {limit_s} s"
        own = _lowest(self._own, rooms, read)
        return Target(
            text=text,
            own=f"{own[0]:.2f} s" if own else "–",
            best=_named(_lowest(self._peers, rooms, read), "{:.2f} s"),
            met=own[0] <= limit_s if own else None,
        )

    def _accuracy(self, rooms: int) -> Target:
        own = _lowest(self._own, rooms, lambda run: 100 * run.error_rate)
        limit = 100 * (self._offline + WORSE)
        return Target(
            text=f"{_rooms(rooms)}: WER within {100 * WORSE:.1f} points of the model offline "
            f"({100 * self._offline:.1f} %)",
            own=f"{own[0]:.1f} %" if own else "–",
            best=_named(_lowest(self._peers, rooms, lambda run: 100 * run.error_rate), "{:.1f} %"),
            met=own[0] <= limit if own else None,
        )

    def _sustained(self) -> Target:
        titles = dict.fromkeys(row.title for row in self._peers)
        peers = [(*carried(self._peers, title), title) for title in titles]
        most, tried_more, best = max(peers, key=lambda peer: peer[0], default=(0, True, ""))
        own, own_tried_more = carried(self._own, self._ours)
        enough = own >= max(1.0, MORE_ROOMS * most)
        known = bool(self._own and peers) and (tried_more or not enough)
        return Target(
            text=f"rooms sustained: at least {MORE_ROOMS:.0f} times the best of the others",
            own=f"{own}" if own_tried_more else f"{own} or more",
            best=f"{most}{'' if tried_more else ' or more'} ({best})" if peers else "–",
            met=enough if known and (enough or own_tried_more) else None,
        )

    def _processor_time(self) -> Target:
        """Beside each row of a peer stands our cheapest one that is no later.

        Rows that save time by not doing the work do not count: words are spoiled, or it waits.
        """
        pairs = [
            (own.cpu_share / peer.cpu_share, own, peer)
            for peer in _sound(self._peers)
            if peer.cpu_share > 0 and (own := self._cheapest(peer.committed_p95_s)) is not None
        ]
        text = f"CPU at no more delay: at most {100 * CPU_SHARE:.0f} % of any row of the others"
        if not pairs:
            return Target(text=text, own="–")
        share, own, peer = max(pairs, key=lambda pair: pair[0])
        least = min(pairs, key=lambda pair: pair[0])[0]
        return Target(
            text=text,
            own=f"{100 * least:.0f} to {100 * share:.0f} %, at worst {_cpu(own)}",
            best=f"{_cpu(peer)} ({peer.title})",
            met=share <= CPU_SHARE,
        )

    def _cheapest(self, late_s: float) -> Row | None:
        rows = [row for row in _sound(self._own) if row.committed_p95_s <= late_s]
        return min(rows, key=lambda row: row.cpu_share, default=None)

    def _never(self, name: str, read: Callable[[Figures], int]) -> Iterator[Target]:
        """Judge a number that is to be 0 in every run."""
        for few in (True, False):
            own, peers = (
                [row for row in rows if (row.rooms <= _MOST_ROOMS) == few]
                for rows in (self._own, self._peers)
            )
            titles = dict.fromkeys(row.title for row in peers)
            each = [
                (_worst([row for row in peers if row.title == title], read), title)
                for title in titles
            ]
            yield Target(
                text=f"{'up to' if few else 'more than'} {_MOST_ROOMS} rooms: no {name}",
                own=f"{_worst(own, read)}" if own else "–",
                best=_named(min(each, default=None), "{:.0f}"),
                met=_worst(own, read) == 0 if own else None,
            )


def _lowest(rows: Sequence[Row], rooms: int, read: Read) -> tuple[float, str] | None:
    """Give the lowest median among rows with so many rooms, and whose it is."""
    found = [
        (value, row.title)
        for row in rows
        if row.rooms == rooms and (value := median([read(run) for run in row.each])) is not None
    ]
    return min(found, default=None)


def _worst(rows: Sequence[Row], read: Callable[[Figures], int]) -> int:
    return max((read(run) for row in rows for run in row.each), default=0)


def _sound(rows: Sequence[Row]) -> list[Row]:
    return [
        row
        for row in rows
        if row.committed_p95_s <= HOPELESS_S and not spoiled(by_rooms(rows, row.title), row.rooms)
    ]


def _named(found: tuple[float, str] | None, form: str) -> str:
    return f"{form.format(found[0])} ({found[1]})" if found else "–"


def _cpu(row: Row) -> str:
    late = f"p95 {row.committed_p95_s:.2f} s"
    return f"{row.cpu_share:.2f} with {_rooms(row.rooms)}, {late}"


def _rooms(count: int) -> str:
    return "1 room" if count == 1 else f"{count} rooms"


def _yes(met: bool) -> str:
    return "yes" if met else "**no**"
