"""From rows to the table in the documentation: pure."""

import statistics
from collections.abc import Sequence

from bench.page import table as laid_out
from bench.peers.figures import SPOILED, SUSTAINED_S, Row, carried

_HEAD = [
    "rooms",
    "system",
    "WER, %",
    "first word",
    "shown p50",
    "shown p95",
    "committed p50",
    "committed p95",
    "erasure / UPWR",
    "missing, unmarked / in gaps",
    "never committed",
    "CPU s per audio s",
]


def table(rows: Sequence[Row], *, notes: Sequence[str]) -> str:
    """Write the notes, the table, medians over the runs with the least and the most, and sums."""
    block = laid_out(_HEAD, [_cells(row) for row in rows])
    return "\n\n".join([" ".join([*notes, disturbance(rows)]), block, sustained(rows)])


def disturbance(rows: Sequence[Row]) -> str:
    """Say how quiet the machine was."""
    shares = [run.others for row in rows for run in row.runs]
    return (
        f"Other programs took {100 * statistics.median(shares):.0f} % of the machine meanwhile, "
        f"{100 * max(shares):.0f} % in the worst run."
    )


def sustained(rows: Sequence[Row]) -> str:
    """Say how many rooms each system carried, as far as was tried."""
    cells = []
    for title in dict.fromkeys(row.title for row in rows):
        most, tried_more = carried(rows, title)
        cells.append([title, f"{most}" if tried_more else f"{most} or more"])
    said = (
        f"Rooms sustained: the most of these with a committed p95 of {SUSTAINED_S} s or less "
        f"and at most {100 * SPOILED:.0f} points more words wrong than with the fewest rooms."
    )
    return f"{said}\n\n{laid_out(['system', 'rooms sustained'], cells)}"


def _cells(row: Row) -> list[str]:
    if not row.runs:
        reason = f"not run: far from keeping up with {row.failed_at}"
        return [str(row.rooms), row.title, reason, *("–" for _ in _HEAD[3:])]
    each = row.each
    unmarked = _spread([f.unmarked for f in each], places=0)
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
        f"{unmarked} / {_spread([f.marked for f in each], places=0)}",
        _spread([f.lost for f in each], places=0),
        _spread([f.cpu_share for f in each]),
    ]


def _spread(values: Sequence[float | None], *, places: int = 2) -> str:
    """Write the median, and the least and the most where they differ."""
    known = [value for value in values if value is not None]
    if not known:
        return "–"
    middle, least, most = (
        f"{value:.{places}f}" for value in (statistics.median(known), min(known), max(known))
    )
    return middle if least == most else f"{middle} ({least}–{most})"
