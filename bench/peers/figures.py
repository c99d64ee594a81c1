"""From the scores of rooms to the figures of a run, of a row, and of a system: pure."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.peers.scoring import Score, percentile

SUSTAINED_S = 3.3
HOPELESS_S = 1.5 * SUSTAINED_S
SPOILED = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One system with one number of rooms, once; CPU and audio in seconds over all rooms.

    ``others`` is the share of the machine that was taken by what is no part of the measurement.
    """

    scores: tuple[Score, ...]
    cpu_s: float
    audio_s: float
    others: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Delays in seconds; shares as fractions; words as counts over all rooms.

    ``unmarked`` words are missing and in no gap, ``marked`` ones lie in a gap (None for a system
    that marks none), ``lost`` ones were shown and never committed.
    """

    error_rate: float
    first_word_s: float | None
    shown_p50_s: float | None
    shown_p95_s: float | None
    committed_p50_s: float | None
    committed_p95_s: float | None
    erasure: float
    upwr: float
    unmarked: int
    marked: int | None
    lost: int
    cpu_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """All runs of one system with one number of rooms.

    None where the system was far from keeping up with ``failed_at`` rooms.
    """

    rooms: int
    title: str
    runs: tuple[Run, ...]
    failed_at: int = 0

    @property
    def each(self) -> list[Figures]:
        """The figures of every run."""
        return [figures(run) for run in self.runs]

    @property
    def committed_p95_s(self) -> float:
        """The median of the runs; without any caption it is infinite."""
        late_s = median([run.committed_p95_s for run in self.each])
        return float("inf") if late_s is None else late_s

    @property
    def cpu_share(self) -> float:
        """Processor seconds for each second of audio, the median of the runs."""
        return statistics.median(run.cpu_share for run in self.each)


def figures(run: Run) -> Figures:
    """Pool a run's rooms: every word counts once."""
    words = sum(score.words for score in run.scores)
    shown = [delay for score in run.scores for delay in score.shown_s]
    committed = [delay for score in run.scores for delay in score.committed_s]
    marked = [score.marked for score in run.scores if score.marked is not None]
    return Figures(
        error_rate=sum(score.errors for score in run.scores) / words,
        first_word_s=median([score.first_word_s for score in run.scores]),
        shown_p50_s=percentile(shown, 0.5),
        shown_p95_s=percentile(shown, 0.95),
        committed_p50_s=percentile(committed, 0.5),
        committed_p95_s=percentile(committed, 0.95),
        erasure=sum(score.erased for score in run.scores) / words,
        upwr=sum(score.rewritten for score in run.scores) / words,
        unmarked=sum(score.unmarked for score in run.scores),
        marked=sum(marked) if marked else None,
        lost=sum(score.lost for score in run.scores),
        cpu_share=run.cpu_s / run.audio_s,
    )


def keeps_up(tried: Mapping[int, Sequence[Run]], rooms: int) -> bool:
    """Whether a system captions so many rooms in time, and as well as its fewest."""
    late_s = median([figures(run).committed_p95_s for run in tried[rooms]])
    return late_s is not None and late_s <= SUSTAINED_S and not spoiled(tried, rooms)


def spoiled(tried: Mapping[int, Sequence[Run]], rooms: int) -> bool:
    """Whether more words are wrong than with the fewest rooms, by more than a chance would do."""
    first, now = (
        statistics.median(figures(run).error_rate for run in tried[count])
        for count in (min(tried), rooms)
    )
    return now > first + SPOILED


def carried(rows: Sequence[Row], title: str) -> tuple[int, bool]:
    """Give the most rooms that a system captioned well, and whether more were tried."""
    tried = by_rooms(rows, title)
    most = max((rooms for rooms in tried if keeps_up(tried, rooms)), default=0)
    return most, most < max(tried, default=-1)


def by_rooms(rows: Sequence[Row], title: str) -> dict[int, tuple[Run, ...]]:
    """Give the runs of a system, by the number of rooms."""
    return {row.rooms: row.runs for row in rows if row.title == title and row.runs}


def median(values: Sequence[float | None]) -> float | None:
    """Give the median of what is known; none of nothing."""
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None
