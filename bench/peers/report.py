"""From scores to the table in the documentation: pure."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from bench.peers.scoring import Score, percentile

BEGIN = "<!-- bench-asr: begin, written by the command -->"
END = "<!-- bench-asr: end -->"
SUSTAINED_S = 3.3
_HEAD = (
    "rooms",
    "system",
    "WER",
    "first word",
    "shown p50 / p95",
    "committed p50 / p95",
    "erasure / UPWR",
    "lost",
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
    lost: float
    cpu_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """All runs of one system with one number of rooms."""

    rooms: int
    title: str
    runs: tuple[Run, ...]


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
        lost=sum(score.lost for score in run.scores),
        cpu_share=run.cpu_s / run.audio_s,
    )


def table(rows: Sequence[Row], *, notes: Sequence[str]) -> str:
    """Write the table, medians over the runs, with the notes and what follows from it."""
    lines = [_line(_HEAD), _line(["---"] * len(_HEAD))]
    lines += [_line(_cells(row)) for row in rows]
    return "\n".join([" ".join([*notes, disturbance(rows)]), "", *lines, "", sustained(rows)])


def disturbance(rows: Sequence[Row]) -> str:
    """Say how quiet the machine was."""
    shares = [run.others for row in rows for run in row.runs]
    return (
        f"Other programs took {100 * statistics.median(shares):.0f} % of the machine meanwhile, "
        f"{100 * max(shares):.0f} % in the worst run."
    )


def sustained(rows: Sequence[Row]) -> str:
    """Say how many rooms each system carried."""
    carried: dict[str, int] = {}
    for row in rows:
        late = _median([figures(run).committed_p95_s for run in row.runs])
        enough = late is not None and late <= SUSTAINED_S
        carried[row.title] = max(carried.get(row.title, 0), row.rooms if enough else 0)
    said = "; ".join(f"{title}: {rooms}" for title, rooms in carried.items())
    return f"Most rooms of these with a committed p95 of {SUSTAINED_S} s or less: {said}."


def placed(page: str, block: str) -> str:
    """Put a block between the marks of a page. Raises `ValueError` where there are none."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError("the page has no marks for the table")
    return f"{before}{BEGIN}\n\n{block}\n\n{END}{after}"


def _cells(row: Row) -> list[str]:
    each = [figures(run) for run in row.runs]
    return [
        str(row.rooms),
        row.title,
        f"{100 * statistics.median(f.error_rate for f in each):.1f} %",
        _seconds([f.first_word_s for f in each]),
        f"{_seconds([f.shown_p50_s for f in each])} / {_seconds([f.shown_p95_s for f in each])}",
        f"{_seconds([f.committed_p50_s for f in each])} / "
        f"{_seconds([f.committed_p95_s for f in each])}",
        f"{statistics.median(f.erasure for f in each):.2f} / "
        f"{statistics.median(f.upwr for f in each):.2f}",
        f"{statistics.median(f.lost for f in each):.0f}",
        f"{statistics.median(f.cpu_share for f in each):.2f}",
    ]


def _median(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None


def _seconds(values: Sequence[float | None]) -> str:
    middle = _median(values)
    return "–" if middle is None else f"{middle:.2f}"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
