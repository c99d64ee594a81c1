"""Whose window is decoded next: one schedule for all rooms of a process.

`Schedule` is pure: no clock and no thread. Each room has a `Lane`, and what the lane's windows cost
is charged to it, so that a later window of a room that took much is due later. This is the
constant bandwidth server of Abeni and Buttazzo (RTSS 1998): earliest deadline first, where a
deadline moves away by ``cost * rooms / workers``. A room that talks without pause therefore waits
for itself and for nobody else, and every window that waits comes first in the end, because the
others' deadlines move on and its own does not.

`Scheduler` is the thin shell: worker threads that take turns from the schedule, and rooms' threads
that wait for their result. On a GPU a worker takes several turns at once, and waits a moment for
them to come (`Company`).
"""

import heapq
import itertools
import math
import threading
import time
import weakref
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Generic, TypeVar

from asr.lateness import TooLate

Work = TypeVar("Work")
Result = TypeVar("Result")

FIRST_COST_S = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """How many windows a worker takes at most, and how long one waits for others to come.

    A window whose worker was busy has waited already. Nobody waits for rooms that do not exist.
    """

    most: int = 1
    wait_s: float = 0.0


ALONE = Company()
BATCH = Company(most=8, wait_s=0.05)


@dataclass(slots=True, eq=False, weakref_slot=True)
class Lane:
    """One room's place: until when it is charged, and what its last window cost.

    A lane holds at most one window, waiting or in flight; that bounds the schedule by its rooms.
    """

    charged_until_s: float = float("-inf")
    cost_s: float = FIRST_COST_S
    busy: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn(Generic[Work]):
    """A window's place in the order; ``share`` is how many rooms one worker has to serve."""

    lane: Lane
    work: Work
    offered_s: float
    start_s: float
    due_s: float
    share: float
    patience_s: float = math.inf

    def is_late(self, now_s: float) -> bool:
        """Whether nobody waits for it any more."""
        return now_s - self.offered_s > self.patience_s


class Schedule(Generic[Work]):
    """Deadline-ordered turns, fair by what each lane's windows cost."""

    def __init__(self, *, workers: int = 1, company: Company = ALONE) -> None:
        self._workers = workers
        self._company = company
        self._lanes: weakref.WeakSet[Lane] = weakref.WeakSet()
        self._waiting: list[tuple[float, int, Turn[Work]]] = []
        self._numbers = itertools.count()
        self._busy = 0

    def __len__(self) -> int:
        """How many windows wait."""
        return len(self._waiting)

    def offer(
        self,
        lane: Lane,
        work: Work,
        *,
        now_s: float,
        urgent: bool = False,
        spare_s: float = 0.0,
        patience_s: float = math.inf,
    ) -> None:
        """Let a lane's window wait for its turn.

        An ``urgent`` one (the end of speech) is due at once, but costs its lane as much as any
        other. One that has ``spare_s`` of time is due that much later, behind what others offer
        meanwhile. After ``patience_s`` it is not worth decoding any more. Raises `ValueError` when
        the lane has a window already.
        """
        if lane.busy:
            raise ValueError("a room has one window at a time")
        lane.busy = True
        self._lanes.add(lane)
        self._busy += 1
        start_s = max(now_s, lane.charged_until_s)
        share = max(1.0, self._busy / self._workers)
        due_s = spare_s + (start_s if urgent else start_s + lane.cost_s * share)
        turn = Turn(
            lane=lane,
            work=work,
            offered_s=now_s,
            start_s=start_s,
            due_s=due_s,
            share=share,
            patience_s=patience_s,
        )
        heapq.heappush(self._waiting, (due_s, next(self._numbers), turn))

    def patience_s(self, *, now_s: float) -> float:
        """Say how long a free worker does well to wait for company; 0 is to begin now."""
        everybody = self._busy >= len(self._lanes)
        if not self._waiting or everybody or len(self._waiting) >= self._company.most:
            return 0.0
        oldest_s = min(turn.offered_s for _, _, turn in self._waiting)
        return max(0.0, oldest_s + self._company.wait_s - now_s)

    def take_all(self) -> list[Turn[Work]]:
        """Take the turns that are due first, as many as go together."""
        count = min(self._company.most, len(self._waiting))
        return [heapq.heappop(self._waiting)[2] for _ in range(count)]

    def take(self) -> Turn[Work] | None:
        """Take the turn that is due first; None when nothing waits."""
        return heapq.heappop(self._waiting)[2] if self._waiting else None

    def done(self, turn: Turn[Work], *, spent_s: float) -> None:
        """Charge a turn that was taken to its lane, which may then offer its next window."""
        turn.lane.cost_s = spent_s
        turn.lane.charged_until_s = turn.start_s + spent_s * turn.share
        turn.lane.busy = False
        self._busy -= 1


class Scheduler(Generic[Work, Result]):
    """Runs ``work`` for the threads of all rooms, ``workers`` calls at a time.

    ``work`` takes up to ``company.most`` windows and gives a result or an error for each, in their
    order. It is called from several threads at once and should release the GIL. Waiting windows are
    bounded by the lanes: each thread that calls `run` waits until its own window is done.
    """

    def __init__(
        self,
        work: Callable[[Sequence[Work]], Sequence[Result | Exception]],
        *,
        workers: int,
        company: Company = ALONE,
    ) -> None:
        self._work = work
        self._schedule: Schedule[tuple[Work, Future[Result]]] = Schedule(
            workers=workers, company=company
        )
        self._changed = threading.Condition()
        self._closed = False
        for number in range(workers):
            threading.Thread(target=self._serve, name=f"decode-{number}", daemon=True).start()

    def run(
        self,
        lane: Lane,
        work: Work,
        *,
        urgent: bool = False,
        spare_s: float = 0.0,
        patience_s: float = math.inf,
    ) -> Result:
        """Wait for the lane's turn and give the result; raises what ``work`` gave or raised.

        Raises `TooLate` when the turn does not come within ``patience_s``.
        """
        result: Future[Result] = Future()
        with self._changed:
            if self._closed:
                raise RuntimeError("the scheduler is closed")
            now_s = time.monotonic()
            self._schedule.offer(
                lane,
                (work, result),
                now_s=now_s,
                urgent=urgent,
                spare_s=spare_s,
                patience_s=patience_s,
            )
            self._changed.notify()
        return result.result()

    def close(self) -> None:
        """End the workers once nothing waits."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _serve(self) -> None:
        while turns := self._take():
            began_s = time.monotonic()
            outcomes = self._try([turn.work[0] for turn in turns])
            each_s = (time.monotonic() - began_s) / len(turns)
            with self._changed:
                for turn in turns:
                    self._schedule.done(turn, spent_s=each_s)
            # Only now may the rooms' threads go on, because their lanes have to be free.
            for turn, outcome in zip(turns, outcomes, strict=True):
                if isinstance(outcome, Exception):
                    turn.work[1].set_exception(outcome)
                else:
                    turn.work[1].set_result(outcome)

    def _take(self) -> list[Turn[tuple[Work, Future[Result]]]]:
        with self._changed:
            while True:
                if len(self._schedule):
                    patience_s = self._schedule.patience_s(now_s=time.monotonic())
                    if patience_s and not self._closed:
                        self._changed.wait(patience_s)
                    elif turns := self._in_time(self._schedule.take_all()):
                        return turns
                elif self._closed:
                    return []
                else:
                    self._changed.wait()

    def _in_time(
        self, turns: Sequence[Turn[tuple[Work, Future[Result]]]]
    ) -> list[Turn[tuple[Work, Future[Result]]]]:
        """Send those away that nobody waits for any more; that costs their lanes nothing."""
        now_s = time.monotonic()
        for turn in turns:
            if turn.is_late(now_s):
                self._schedule.done(turn, spent_s=0.0)
                turn.work[1].set_exception(TooLate())
        return [turn for turn in turns if not turn.is_late(now_s)]

    def _try(self, works: Sequence[Work]) -> Sequence[Result | Exception]:
        try:
            return self._work(works)
        except Exception as error:
            return [error] * len(works)
