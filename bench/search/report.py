"""What was measured, as tables."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench import page
from bench.search.corpus import KINDS

OURS, PLAIN = "Roomscribe", "plain"
_NAMES = {"sqlite": ("SQLite", "plain FTS5"), "postgres": ("PostgreSQL", "plain tsvector")}
_MIB = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A store and its plain table at one size.

    ``rates`` are captions taken in per second, ``taken`` milliseconds by kind of query; all by way.
    """

    store: str
    size: int
    rates: Mapping[str, float]
    bytes_: Mapping[str, int]
    taken: Mapping[str, Mapping[str, Sequence[float]]]

    def line(self) -> str:
        """In one line, for who waits."""
        slowest = {kind: p99(times) for kind, times in self.taken[OURS].items()}
        times = ", ".join(f"{kind} {ms:.0f}" for kind, ms in slowest.items())
        return f"{self.store}, {self.size:,} captions, p99 in ms: {times}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """Finals that were made durable per second; ``searched`` while others searched."""

    store: str
    rooms: int
    bare: float
    indexed: float
    searched: float
    searches: float
    findable_ms: Sequence[float]

    def line(self) -> str:
        """In one line, for who waits."""
        return f"{self.store}, {self.rooms} rooms: {self.indexed:.0f} finals a second"


def p50(times: Sequence[float]) -> float:
    """The median."""
    return statistics.median(times)


def p99(times: Sequence[float]) -> float:
    """What all but one in a hundred are below."""
    return sorted(times)[min(len(times) - 1, int(len(times) * 0.99))]


def report(store: str, steps: Sequence[Step], live: Live) -> str:
    """Lay out what was measured of one store."""
    name, plain = _NAMES[store]
    head = [
        f"{name}, p50 / p99 in ms (× {plain}'s p50)",
        *(_captions(step.size) for step in steps),
    ]
    rows = [[kind, *(_cell(step, kind) for step in steps)] for kind in KINDS]
    rows.append(["size, MiB", *map(_sizes, steps)])
    rows.append(["taken in, captions/s", *map(_rates, steps)])
    return f"{page.table(head, rows)}\n\n{page.table(*_live(live))}"


def _captions(size: int) -> str:
    return f"{size // 1_000_000} M" if size >= 1_000_000 else f"{size // 1000} k"


def _cell(step: Step, kind: str) -> str:
    ours, plain = step.taken[OURS][kind], step.taken[PLAIN][kind]
    return f"{p50(ours):.1f} / {p99(ours):.1f} ({p50(ours) / p50(plain):.1f} ×)"


def _sizes(step: Step) -> str:
    ours, plain = step.bytes_[OURS], step.bytes_[PLAIN]
    return f"{ours / _MIB:.0f} ({ours / plain:.1f} ×)"


def _rates(step: Step) -> str:
    ours, plain = step.rates[OURS], step.rates[PLAIN]
    return f"{ours:,.0f} ({ours / plain:.2f} ×)"


def _live(live: Live) -> tuple[list[str], list[list[str]]]:
    head = [f"{_NAMES[live.store][0]}, {live.rooms} rooms speak as fast as they are kept", "found"]
    findable = f"{p50(live.findable_ms):.0f} / {p99(live.findable_ms):.0f} ms"
    return head, [
        ["finals/s, journal alone", f"{live.bare:,.0f}"],
        ["finals/s, with the index", f"{live.indexed:,.0f}"],
        ["finals/s while others search", f"{live.searched:,.0f}"],
        ["searches/s meanwhile", f"{live.searches:,.0f}"],
        ["from a final's commit to its hit, p50 / p99", findable],
    ]
