"""Whose window is decoded next: one schedule for all rooms of a process.

`Schedule` is pure: no clock and no thread. Each room has a `Lane`, and what the lane's windows cost
is charged to it, so that a later window of a room that took much is due later. This is the
constant bandwidth server of Abeni and Buttazzo (RTSS 1998): earliest deadline first, where a
deadline moves away by ``cost * rooms / workers``. A room that talks without pause therefore waits
for itself and for nobody else, and every window that waits comes first in the end, because the
others' deadlines move on and its own does not.

`Scheduler` is the thin shell: worker threads that take turns from the schedule, and rooms' threads
that wait for their result. On a GPU a worker would take several turns and decode them as one batch;
`Schedule.take` may be called again for that before any of them is done.
"""

import heapq
import itertools
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Generic, TypeVar

Work = TypeVar("Work")
Result = TypeVar("Result")

FIRST_COST_S = 0.1


@dataclass(slots=True, eq=False)
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
    start_s: float
    due_s: float
    share: float


class Schedule(Generic[Work]):
    """Deadline-ordered turns, fair by what each lane's windows cost."""

    def __init__(self, *, workers: int = 1) -> None:
        self._workers = workers
        self._waiting: list[tuple[float, int, Turn[Work]]] = []
        self._numbers = itertools.count()
        self._busy = 0

    def __len__(self) -> int:
        """How many windows wait."""
        return len(self._waiting)

    def offer(self, lane: Lane, work: Work, *, now_s: float, urgent: bool = False) -> None:
        """Let a lane's window wait for its turn.

        An ``urgent`` one (the end of speech) is due at once, but costs its lane as much as any
        other. Raises `ValueError` when the lane has a window already.
        """
        if lane.busy:
            raise ValueError("a room has one window at a time")
        lane.busy = True
        self._busy += 1
        start_s = max(now_s, lane.charged_until_s)
        share = max(1.0, self._busy / self._workers)
        due_s = start_s if urgent else start_s + lane.cost_s * share
        turn = Turn(lane=lane, work=work, start_s=start_s, due_s=due_s, share=share)
        heapq.heappush(self._waiting, (due_s, next(self._numbers), turn))

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
    """Runs ``work`` for the threads of all rooms, ``workers`` windows at a time.

    ``work`` is called from several threads at once and should release the GIL. Waiting windows are
    bounded by the lanes: each thread that calls `run` waits until its own window is done.
    """

    def __init__(self, work: Callable[[Work], Result], *, workers: int) -> None:
        self._work = work
        self._schedule: Schedule[tuple[Work, Future[Result]]] = Schedule(workers=workers)
        self._changed = threading.Condition()
        self._closed = False
        for number in range(workers):
            threading.Thread(target=self._serve, name=f"decode-{number}", daemon=True).start()

    def run(self, lane: Lane, work: Work, *, urgent: bool = False) -> Result:
        """Wait for the lane's turn and give the result; raises what ``work`` raised."""
        result: Future[Result] = Future()
        with self._changed:
            if self._closed:
                raise RuntimeError("the scheduler is closed")
            now_s = time.monotonic()
            self._schedule.offer(lane, (work, result), now_s=now_s, urgent=urgent)
            self._changed.notify()
        return result.result()

    def close(self) -> None:
        """End the workers once nothing waits."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _serve(self) -> None:
        while (turn := self._take()) is not None:
            work, result = turn.work
            began_s = time.monotonic()
            value, error = self._try(work)
            with self._changed:
                self._schedule.done(turn, spent_s=time.monotonic() - began_s)
            # Only now may the room's thread go on, because its lane has to be free.
            if error is None:
                result.set_result(value)  # type: ignore[arg-type]
            else:
                result.set_exception(error)

    def _take(self) -> Turn[tuple[Work, Future[Result]]] | None:
        with self._changed:
            while not len(self._schedule) and not self._closed:
                self._changed.wait()
            return self._schedule.take()

    def _try(self, work: Work) -> tuple[Result | None, Exception | None]:
        try:
            return self._work(work), None
        except Exception as error:
            return None, error
