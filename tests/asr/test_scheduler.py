import threading
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from asr.lateness import TooLate
from asr.scheduler import BATCH, Company, Lane, Schedule, Scheduler, Turn


@dataclass(kw_only=True, eq=False)
class Room:
    """Asks for a window every ``every_s`` (0: without pause), each of which costs ``cost_s``."""

    name: str
    cost_s: float
    every_s: float = 0.0
    last: bool = False
    asks_at_s: float = 0.0
    lane: Lane = field(default_factory=Lane)


@dataclass(kw_only=True)
class Day:
    """What became of the rooms: how long each window waited, and the time spent on each room."""

    waits_s: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    spent_s: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    most_at_once: int = 0
    most_waiting: int = 0


def live(rooms: Sequence[Room], *, workers: int, until_s: float) -> Day:
    """Run rooms and workers in virtual time."""
    schedule: Schedule[tuple[Room, float]] = Schedule(workers=workers)
    day, now_s = Day(), 0.0
    flying: list[tuple[float, Turn[tuple[Room, float]]]] = []
    while now_s < until_s:
        for room in rooms:
            if not room.lane.busy and room.asks_at_s <= now_s:
                schedule.offer(room.lane, (room, now_s), now_s=now_s, urgent=room.last)
        day.most_waiting = max(day.most_waiting, len(schedule))
        while len(flying) < workers and (turn := schedule.take()) is not None:
            room, asked_s = turn.work
            day.waits_s[room.name].append(now_s - asked_s)
            day.spent_s[room.name] += room.cost_s
            flying.append((now_s + room.cost_s, turn))
        day.most_at_once = max(day.most_at_once, len(flying))
        asks = [room.asks_at_s for room in rooms if not room.lane.busy]
        now_s = min([ends_s for ends_s, _ in flying] + [at_s for at_s in asks if at_s > now_s])
        for ends_s, turn in [flight for flight in flying if flight[0] <= now_s]:
            flying.remove((ends_s, turn))
            schedule.done(turn, spent_s=turn.work[0].cost_s)
            room, asked_s = turn.work
            room.asks_at_s = max(now_s, asked_s + room.every_s)
    return day


def test_rooms_that_talk_without_pause_do_not_starve_another() -> None:
    greedy = [Room(name=f"greedy-{n}", cost_s=1.0) for n in range(6)]
    quiet = Room(name="quiet", cost_s=0.1, every_s=1.0, asks_at_s=20.0)

    day = live([*greedy, quiet], workers=1, until_s=600)

    # It waits for the one window that is in flight, never for the others' queue of six seconds.
    assert max(day.waits_s["quiet"]) <= 1.0
    assert len(day.waits_s["quiet"]) >= 290


def test_a_room_gets_its_share_however_long_its_windows_are() -> None:
    rooms = [Room(name=f"{cost_s}", cost_s=cost_s) for cost_s in (0.1, 0.2, 0.4, 0.8)]

    day = live(rooms, workers=1, until_s=600)

    assert list(day.spent_s.values()) == pytest.approx([150.0] * 4, rel=0.05)


def test_the_end_of_speech_goes_before_windows_that_only_look() -> None:
    schedule: Schedule[str] = Schedule()
    schedule.offer(Lane(), "interim", now_s=10.0)
    schedule.offer(Lane(), "final", now_s=10.02, urgent=True)

    assert [turn.work for turn in (schedule.take(), schedule.take()) if turn] == [
        "final",
        "interim",
    ]


def test_a_window_with_time_to_spare_comes_after_what_is_offered_meanwhile_but_not_last() -> None:
    schedule: Schedule[str] = Schedule(workers=1)
    schedule.offer(Lane(), "translation", now_s=0.0, spare_s=1.0)
    schedule.offer(Lane(), "meanwhile", now_s=0.5)
    schedule.offer(Lane(), "later", now_s=3.0)

    order = [turn.work for turn in iter(schedule.take, None)]

    assert order == ["meanwhile", "translation", "later"]


def test_calling_every_window_urgent_gains_no_more_than_a_share() -> None:
    rooms = [
        Room(name="hasty", cost_s=0.5, last=True),
        *(Room(name=f"patient-{n}", cost_s=0.5) for n in range(3)),
    ]

    day = live(rooms, workers=1, until_s=600)

    assert day.spent_s["hasty"] == pytest.approx(150.0, rel=0.05)
    assert max(day.waits_s["patient-0"]) <= 3.0


def test_a_silent_room_saves_nothing_up() -> None:
    returning = Room(name="returning", cost_s=0.5, asks_at_s=300.0)
    others = [Room(name="other", cost_s=0.5)]

    day = live([returning, *others], workers=1, until_s=360)

    assert day.spent_s["returning"] == pytest.approx(30.0, abs=1.0)
    assert max(day.waits_s["other"]) <= 1.0


def test_every_worker_is_used_and_no_room_has_two_windows() -> None:
    rooms = [Room(name=f"{n}", cost_s=0.3) for n in range(4)]

    assert live(rooms, workers=3, until_s=60).most_at_once == 3
    assert live(rooms[:2], workers=3, until_s=120).most_at_once == 2


def test_what_waits_is_bounded_by_the_rooms() -> None:
    rooms = [Room(name=f"{n}", cost_s=2.0) for n in range(8)]

    assert live(rooms, workers=1, until_s=600).most_waiting <= 8


def test_a_second_window_of_a_room_is_refused() -> None:
    schedule, lane = Schedule[str](), Lane()
    schedule.offer(lane, "one", now_s=0.0)

    with pytest.raises(ValueError, match="one window at a time"):
        schedule.offer(lane, "two", now_s=0.0)


@dataclass(kw_only=True)
class Batches:
    """When each batch began, how many windows it held, and how long its windows had waited."""

    sizes: list[int] = field(default_factory=list)
    waits_s: list[float] = field(default_factory=list)


def batched(rooms: Sequence[Room], *, cost_s: float, until_s: float) -> Batches:
    """Run one worker that decodes batches, each of which costs ``cost_s``, in virtual time."""
    schedule: Schedule[tuple[Room, float]] = Schedule(company=BATCH)
    seen, now_s, free_at_s = Batches(), 0.0, 0.0
    flying: list[Turn[tuple[Room, float]]] = []
    while now_s < until_s:
        if flying and now_s >= free_at_s - 1e-9:
            for turn in flying:
                schedule.done(turn, spent_s=cost_s / len(flying))
                room, asked_s = turn.work
                room.asks_at_s = max(now_s, asked_s + room.every_s)
            flying = []
        for room in rooms:
            if not room.lane.busy and room.asks_at_s <= now_s + 1e-9:
                schedule.offer(room.lane, (room, now_s), now_s=now_s)
        if not flying and len(schedule) and schedule.patience_s(now_s=now_s) <= 1e-9:
            flying, free_at_s = schedule.take_all(), now_s + cost_s
            seen.sizes.append(len(flying))
            seen.waits_s += [now_s - turn.work[1] for turn in flying]
        now_s += 0.005
    return seen


def test_a_gpu_decodes_the_windows_of_several_rooms_together() -> None:
    rooms = [Room(name=f"{n}", cost_s=0.0, every_s=0.5, asks_at_s=0.004 * n) for n in range(20)]

    seen = batched(rooms, cost_s=0.1, until_s=60)

    assert max(seen.sizes) == 8
    assert sum(seen.sizes) / len(seen.sizes) >= 5


def test_a_window_waits_fifty_milliseconds_for_company_and_no_longer() -> None:
    rooms = [Room(name=f"{n}", cost_s=0.0, every_s=1.0, asks_at_s=0.3 * n) for n in range(3)]

    seen = batched(rooms, cost_s=0.02, until_s=60)

    assert set(seen.sizes) == {1}
    assert max(seen.waits_s) == pytest.approx(0.05, abs=0.006)


def test_the_only_room_waits_for_nobody() -> None:
    seen = batched([Room(name="alone", cost_s=0.0, every_s=0.5)], cost_s=0.1, until_s=60)

    assert max(seen.waits_s) == 0.0


def test_windows_that_waited_for_a_busy_gpu_do_not_wait_again() -> None:
    rooms = [Room(name=f"{n}", cost_s=0.0, every_s=0.2, asks_at_s=0.06 * n) for n in range(3)]

    seen = batched(rooms, cost_s=0.3, until_s=60)

    assert max(seen.waits_s) <= 0.3 + 0.06


def test_rooms_in_threads_are_served_side_by_side_and_get_their_own_results() -> None:
    together = threading.Barrier(2, timeout=10)

    def double(numbers: Sequence[int]) -> list[int]:
        together.wait()
        return [2 * number for number in numbers]

    scheduler = Scheduler(double, workers=2)
    results: dict[int, list[int]] = {1: [], 2: []}

    def room(number: int) -> None:
        lane = Lane()
        results[number] = [scheduler.run(lane, number) for _ in range(3)]

    threads = [threading.Thread(target=room, args=(number,)) for number in results]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    scheduler.close()

    assert results == {1: [2, 2, 2], 2: [4, 4, 4]}


def test_what_a_window_raises_reaches_its_own_room_and_the_next_window_is_served() -> None:
    def half(numbers: Sequence[int]) -> list[float]:
        return [1 / number for number in numbers]

    lane = Lane()
    scheduler: Scheduler[int, float] = Scheduler(half, workers=1)

    with pytest.raises(ZeroDivisionError):
        scheduler.run(lane, 0)
    assert scheduler.run(lane, 2) == 0.5
    scheduler.close()


def test_a_window_whose_turn_comes_too_late_is_not_decoded_and_costs_its_room_nothing() -> None:
    busy, free = threading.Event(), threading.Event()
    decoded: list[int] = []

    def slow(numbers: Sequence[int]) -> list[int]:
        decoded.extend(numbers)
        busy.set()
        free.wait(10)
        return list(numbers)

    scheduler: Scheduler[int, int] = Scheduler(slow, workers=1)
    first = threading.Thread(target=scheduler.run, args=(Lane(), 1))
    first.start()
    busy.wait(10)
    lane = Lane()
    threading.Timer(0.2, free.set).start()

    with pytest.raises(TooLate):
        scheduler.run(lane, 2, patience_s=0.05)
    assert scheduler.run(lane, 3, patience_s=10.0) == 3
    first.join(10)
    scheduler.close()

    assert decoded == [1, 3]


def test_a_closed_scheduler_takes_nothing_more() -> None:
    scheduler: Scheduler[int, int] = Scheduler(list, workers=1)
    scheduler.close()

    with pytest.raises(RuntimeError, match="closed"):
        scheduler.run(Lane(), 1)


def test_one_window_of_a_batch_that_fails_does_not_touch_the_others() -> None:
    def half(numbers: Sequence[int]) -> list[float | Exception]:
        return [1 / number if number else ValueError("nothing") for number in numbers]

    company = Company(most=3, wait_s=0.2)
    scheduler: Scheduler[int, float] = Scheduler(half, workers=1, company=company)
    lanes = [Lane() for _ in range(3)]
    outcomes: dict[int, float | str] = {}

    def room(number: int) -> None:
        try:
            outcomes[number] = scheduler.run(lanes[number], number)
        except ValueError as error:
            outcomes[number] = str(error)

    threads = [threading.Thread(target=room, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    scheduler.close()

    assert outcomes == {0: "nothing", 1: 1.0, 2: 0.5}
