"""What is measured, and what need not be: pure.

Rooms ascend and systems take turns, so that a noisy minute hits no one alone. A system that is far
from keeping up twice is not measured again with as many rooms, nor with more.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bench.peers.figures import HOPELESS_S, Run, figures, keeps_up

START_S = 12.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """``rooms`` are measured ``runs`` times, ``beyond`` once and by systems that keep up.

    ``once`` are systems that are measured once with each of ``rooms`` and never beyond.
    """

    systems: tuple[str, ...]
    once: frozenset[str] = frozenset()
    rooms: tuple[int, ...]
    beyond: tuple[int, ...] = ()
    runs: int = 1
    length_s: float

    @property
    def most_rooms(self) -> int:
        """How many speeches are needed."""
        return max(self.rooms + self.beyond)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One system with so many rooms, for the ``run``-th time."""

    rooms: int
    run: int
    system: str


Done = Mapping[tuple[int, str], Sequence[Run]]


def steps(plan: Plan) -> Iterator[Step]:
    """Give every step that there may be, in order."""
    for rooms, run, system in itertools.product(plan.rooms, range(plan.runs), plan.systems):
        if not run or system not in plan.once:
            yield Step(rooms=rooms, run=run, system=system)
    for rooms, system in itertools.product(plan.beyond, plan.systems):
        if system not in plan.once:
            yield Step(rooms=rooms, run=0, system=system)


def needed(step: Step, plan: Plan, done: Done) -> bool:
    """Whether a step can still tell something after what was measured."""
    runs = {rooms: each for (rooms, name), each in done.items() if name == step.system and each}
    if any(_hopeless(each, plan) for each in runs.values()):
        return False
    if step.rooms in plan.rooms:
        return True
    return bool(runs) and keeps_up(runs, max(runs))


def _hopeless(runs: Sequence[Run], plan: Plan) -> bool:
    """Judge by the better of two runs: one may have been disturbed."""
    judged = len(runs) >= min(2, plan.runs)
    return judged and all(_delay_s(run) > HOPELESS_S for run in runs)


def most_s(plan: Plan, left: Sequence[Step]) -> float:
    """Bound the time that steps take, starting and ending of servers included."""
    return len(left) * (plan.length_s + START_S)


def _delay_s(run: Run) -> float:
    committed_s = figures(run).committed_p95_s
    return float("inf") if committed_s is None else committed_s
