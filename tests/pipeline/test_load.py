import pytest

from pipeline.load import Load


def _busy(load: Load, *, cost: float, pieces: int, piece_s: float = 0.1) -> float:
    """Let the engine work one piece after another; gives the time when it is done."""
    now_s = until_s = 0.0
    for _ in range(pieces):
        until_s += piece_s
        load.give(piece_s, until_s=until_s, now_s=now_s)
        now_s += cost * piece_s
        load.work(until_s, now_s=now_s)
    return now_s


@pytest.mark.parametrize("cost", [0.1, 1.0, 4.0])
def test_the_cost_of_audio_is_learned_within_seconds(cost: float) -> None:
    load = Load()

    _busy(load, cost=cost, pieces=40)

    assert load.cost == pytest.approx(cost, rel=0.1)
    assert load.ahead_s(2.0, now_s=1000.0) == pytest.approx(2.0 * cost, rel=0.1)


def test_before_anything_is_known_a_second_costs_a_second() -> None:
    assert Load().ahead_s(3.0, now_s=0.0) == 3.0


def test_recent_work_counts_most() -> None:
    load = Load()
    _busy(load, cost=0.1, pieces=200)
    load.give(1.0, until_s=21.0, now_s=100.0)
    load.work(21.0, now_s=104.0)

    assert load.cost > 3.0


def test_time_without_work_is_not_counted() -> None:
    load = Load()
    load.give(1.0, until_s=1.0, now_s=1.0)
    load.work(1.0, now_s=1.5)
    load.give(1.0, until_s=60.0, now_s=60.0)
    load.work(60.0, now_s=60.5)

    assert load.cost < 0.7


def test_an_engine_that_does_not_move_is_as_busy_as_one_has_waited() -> None:
    load = Load()
    _busy(load, cost=0.1, pieces=40)
    load.give(0.1, until_s=4.1, now_s=10.0)

    assert load.ahead_s(0.1, now_s=25.0) == pytest.approx(15.0)


def test_one_long_stall_is_soon_forgiven() -> None:
    load = Load()
    load.give(1.0, until_s=1.0, now_s=0.0)
    load.work(1.0, now_s=60.0)
    assert load.cost <= 8.0
    load.give(1.0, until_s=2.0, now_s=60.0)
    load.work(2.0, now_s=60.1)

    assert load.cost < 4.5


def test_an_engine_that_takes_audio_at_once_and_works_later_is_not_thought_dearer() -> None:
    load = Load()
    for n in range(1, 33):
        load.give(0.032, until_s=n * 0.032, now_s=n * 0.032)
        load.work(n * 0.032, now_s=n * 0.032 + (1.5 if n == 32 else 0.0))

    assert load.cost == pytest.approx(1.5, rel=0.05)
