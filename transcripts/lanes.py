"""Where cues stand when people talk at once: in lanes, from the bottom up.

A cue that nothing overlaps needs no place. In a group of those that do, each takes the lowest lane
that is free when it begins and keeps it, so that no cue moves while it is read.
"""

from collections.abc import Sequence

from pipeline.lines import LINES
from transcripts.pacing import Cue

LINES_A_LANE = LINES


def lanes(cues: Sequence[Cue]) -> list[int | None]:
    """Give each cue's lane, 0 at the bottom; None when it is alone. ``cues`` ascend by start."""
    free_at_s: list[float] = []
    taken: list[int] = []
    crowded: set[int] = set()
    shown: list[int] = []
    for at, cue in enumerate(cues):
        shown = [other for other in shown if cues[other].end_s > cue.start_s]
        crowded.update([at, *shown] if shown else [])
        shown.append(at)
        lane = next(
            (lane for lane, free_s in enumerate(free_at_s) if free_s <= cue.start_s),
            len(free_at_s),
        )
        free_at_s[lane : lane + 1] = [cue.end_s]
        taken.append(lane)
    return [lane if at in crowded else None for at, lane in enumerate(taken)]
