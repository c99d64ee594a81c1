"""From scores to the table in the documentation: pure."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.peers.scoring import Score, percentile

BEGIN = "<!-- bench-asr: begin, written by the command -->"
END = "<!-- bench-asr: end -->"
SUSTAINED_S = 3.3
SPOILED = 0.05
_HEAD = (
    "rooms",
    "system",
    "WER, %",
    "first word",
    "shown p50",
    "shown p95",
    "committed p50",
    "committed p95",
    "erasure / UPWR",
    "missing / never committed",
    "CPU s per audio s",
)


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
    """Delays in seconds; shares as fractions."""

    error_rate: float
    first_word_s: float | None
    shown_p50_s: float | None
    shown_p95_s: float | None
    committed_p50_s: float | None
    committed_p95_s: float | None
    erasure: float
    upwr: float
    missing: int
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


def figures(run: Run) -> Figures:
    """Pool a run's rooms: every word counts once."""
    words = sum(score.words for score in run.scores)
    shown = [delay for score in run.scores for delay in score.shown_s]
    committed = [delay for score in run.scores for delay in score.committed_s]
    return Figures(
        error_rate=sum(score.errors for score in run.scores) / words,
        first_word_s=_median([score.first_word_s for score in run.scores]),
        shown_p50_s=percentile(shown, 0.5),
        shown_p95_s=percentile(shown, 0.95),
        committed_p50_s=percentile(committed, 0.5),
        committed_p95_s=percentile(committed, 0.95),
        erasure=sum(score.erased for score in run.scores) / words,
        upwr=sum(score.rewritten for score in run.scores) / words,
        missing=sum(score.missing for score in run.scores),
        lost=sum(score.lost for score in run.scores),
        cpu_share=run.cpu_s / run.audio_s,
    )


def table(rows: Sequence[Row], *, notes: Sequence[str], ours: str = "") -> str:
    """Write the table, medians over the runs with the least and the most, and what follows.

    ``ours`` is the title that the others' processor time is compared with.
    """
    lines = [_line(_HEAD), _line(["---"] * len(_HEAD))]
    lines += [_line(_cells(row)) for row in rows]
    parts = [" ".join([*notes, disturbance(rows)]), "\n".join(lines), sustained(rows)]
    return "\n\n".join([*parts, *filter(None, [at_equal_delay(rows, ours)])])


def disturbance(rows: Sequence[Row]) -> str:
    """Say how quiet the machine was."""
    shares = [run.others for row in rows for run in row.runs]
    return (
        f"Other programs took {100 * statistics.median(shares):.0f} % of the machine meanwhile, "
        f"{100 * max(shares):.0f} % in the worst run."
    )


def sustained(rows: Sequence[Row]) -> str:
    """Say how many rooms each system carried, as far as was tried."""
    lines = ["| system | rooms sustained |", "| --- | --- |"]
    for title in dict.fromkeys(row.title for row in rows):
        tried = {row.rooms: row.runs for row in rows if row.title == title and row.runs}
        carried = max((rooms for rooms in tried if keeps_up(tried, rooms)), default=0)
        more = " or more" if carried == max(tried, default=-1) else ""
        lines.append(f"| {title} | {carried}{more} |")
    said = (
        f"Rooms sustained: the most of these with a committed p95 of {SUSTAINED_S} s or less "
        f"and at most {100 * SPOILED:.0f} points more words wrong than with the fewest rooms."
    )
    return "\n".join([said, "", *lines])


def at_equal_delay(rows: Sequence[Row], ours: str) -> str:
    """Compare the processor time of each other row with our cheapest one that is no later."""
    measured = [(row.title, *_delay_and_cpu(row)) for row in rows if row.runs]
    own = [(late_s, cpu) for title, late_s, cpu in measured if title == ours]
    shares = [
        min(costs) / cpu
        for title, late_s, cpu in measured
        if title.partition(",")[0] != ours
        and cpu > 0
        and (costs := [own_cpu for own_late_s, own_cpu in own if own_late_s <= late_s])
    ]
    if not shares:
        return ""
    return (
        f"At no more delay (committed p95) than each row of the others, {ours} takes "
        f"{100 * min(shares):.0f} to {100 * max(shares):.0f} % of its processor time."
    )


def keeps_up(tried: Mapping[int, Sequence[Run]], rooms: int) -> bool:
    """Whether a system captions so many rooms in time, and as well as its fewest."""
    late_s = _median([figures(run).committed_p95_s for run in tried[rooms]])
    first, now = (
        statistics.median(figures(run).error_rate for run in tried[count])
        for count in (min(tried), rooms)
    )
    return late_s is not None and late_s <= SUSTAINED_S and now <= first + SPOILED


def _delay_and_cpu(row: Row) -> tuple[float, float]:
    each = [figures(run) for run in row.runs]
    late_s = _median([f.committed_p95_s for f in each])
    cpu = statistics.median(f.cpu_share for f in each)
    return (float("inf") if late_s is None else late_s), cpu


def placed(page: str, block: str) -> str:
    """Put a block between the marks of a page. Raises `ValueError` where there are none."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError("the page has no marks for the table")
    return f"{before}{BEGIN}\n\n{block}\n\n{END}{after}"


def _cells(row: Row) -> list[str]:
    if not row.runs:
        reason = f"not run: far from keeping up with {row.failed_at}"
        return [str(row.rooms), row.title, reason, *("–" for _ in _HEAD[3:])]
    each = [figures(run) for run in row.runs]
    return [
        str(row.rooms),
        row.title,
        _spread([100 * f.error_rate for f in each], places=1),
        _spread([f.first_word_s for f in each]),
        _spread([f.shown_p50_s for f in each]),
        _spread([f.shown_p95_s for f in each]),
        _spread([f.committed_p50_s for f in each]),
        _spread([f.committed_p95_s for f in each]),
        f"{statistics.median(f.erasure for f in each):.2f} / "
        f"{statistics.median(f.upwr for f in each):.2f}",
        f"{statistics.median(f.missing for f in each):.0f} / "
        f"{statistics.median(f.lost for f in each):.0f}",
        _spread([f.cpu_share for f in each]),
    ]


def _median(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None


def _spread(values: Sequence[float | None], *, places: int = 2) -> str:
    """Write the median, and the least and the most where they differ."""
    known = [value for value in values if value is not None]
    if not known:
        return "–"
    middle, least, most = (
        f"{value:.{places}f}" for value in (statistics.median(known), min(known), max(known))
    )
    return middle if least == most else f"{middle} ({least}–{most})"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
