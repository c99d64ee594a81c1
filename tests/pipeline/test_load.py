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
    assert Load().ahead_s(3.0, now_s=0.0) == pytest.approx(3.0)


def test_recent_work_counts_most() -> None:
    load = Load()
    _busy(load, cost=0.1, pieces=200)
    for n in range(2):
        load.give(1.0, until_s=21.0 + n, now_s=100.0 + 4 * n)
        load.work(21.0 + n, now_s=104.0 + 4 * n)

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


def _windows(load: Load, *, count: int, step_s: float, decode_s: float) -> float:
    """Let an engine take audio at once and decode for a while after each ``step_s`` of it."""
    now_s = 0.0
    pieces = round(step_s * 10)
    for n in range(1, count * pieces + 1):
        now_s = max(now_s, n * 0.1)
        load.give(0.1, until_s=n * 0.1, now_s=now_s)
        now_s += decode_s if n % pieces == 0 else 0.0
        load.work(n * 0.1, now_s=now_s)
    return now_s


def test_an_engine_that_works_in_bursts_is_not_thought_dearer() -> None:
    load = Load()

    _windows(load, count=8, step_s=3.0, decode_s=1.5)

    assert load.cost == pytest.approx(0.5, abs=0.05)
    assert load.decode_s == pytest.approx(1.5)


def test_an_engine_that_works_as_it_hears_has_no_decode_to_wait_for() -> None:
    load = Load()
    now_s = _busy(load, cost=0.3, pieces=100)
    load.end(10.0, until_s=10.0, now_s=now_s)
    load.settle(10.0, now_s=now_s + 4.0)

    assert load.decode_s == 0.0
    assert load.final_s(10.0) == pytest.approx(4.0)


def _finals(load: Load, *utterances: tuple[float, float]) -> float:
    """End utterances of a length, each of which takes a time; gives when the last was final."""
    until_s = now_s = 100.0
    for length_s, spent_s in utterances:
        until_s += length_s
        load.end(length_s, until_s=until_s, now_s=now_s)
        now_s += spent_s
        load.settle(until_s, now_s=now_s)
    return now_s


def test_the_end_of_an_utterance_is_expected_to_cost_what_it_did() -> None:
    padded, streamed = Load(), Load()
    _finals(padded, (2.0, 3.0), (12.0, 3.0))
    _finals(streamed, (2.0, 0.6), (12.0, 3.6))

    assert [padded.final_s(n) for n in (1.0, 12.0)] == pytest.approx([3.0, 3.0])
    assert [streamed.final_s(n) for n in (2.0, 12.0)] == pytest.approx([0.6, 3.6])


def test_ends_that_wait_are_work_ahead_and_only_in_the_way_of_what_follows() -> None:
    load = Load()
    now_s = _finals(load, (4.0, 3.0), (4.0, 3.0))
    load.end(4.0, until_s=120.0, now_s=now_s)

    assert load.ahead_s(0.0, now_s=now_s + 1.0) == pytest.approx(2.0)
    assert load.behind_s(0.0, now_s=now_s + 1.0) == 0.0
    load.give(1.0, until_s=121.0, now_s=now_s + 1.0)
    assert load.behind_s(0.0, now_s=now_s + 1.0) == pytest.approx(2.0)
    load.end(4.0, until_s=121.0, now_s=now_s + 1.0)
    assert load.ahead_s(0.0, now_s=now_s + 1.0) == pytest.approx(5.0)


def test_an_end_that_takes_longer_than_ever_makes_the_next_one_dearer() -> None:
    load = Load()
    now_s = _finals(load, (4.0, 0.5))
    load.end(4.0, until_s=120.0, now_s=now_s)

    assert load.next_s(4.0, now_s=now_s + 0.1) == pytest.approx(0.5)
    assert load.next_s(4.0, now_s=now_s + 4.0) == pytest.approx(4.0)
    assert load.ahead_s(0.0, now_s=now_s + 4.0) == pytest.approx(3.5)


def test_audio_that_came_with_its_end_cost_nothing_of_its_own() -> None:
    load = Load()
    for n in range(1, 9):
        load.give(4.0, until_s=4.0 * n, now_s=10.0 * n)
        load.end(4.0, until_s=4.0 * n, now_s=10.0 * n)
        load.settle(4.0 * n, now_s=10.0 * n + 3.0)

    assert load.cost == 0.0
    assert load.final_s(4.0) == pytest.approx(3.0)


def test_how_much_dearer_the_usual_model_is_outlives_the_engines_process() -> None:
    load = Load()
    now_s = _busy(load, cost=2.0, pieces=80)
    load.switch(light=True, now_s=now_s)
    load.lose()

    for n in range(1, 101):
        load.give(0.1, until_s=0.1 * n, now_s=now_s + 0.05 * n)
        load.work(0.1 * n, now_s=now_s + 0.05 * n + 0.05)

    assert load.usual_cost == pytest.approx(2.0, rel=0.2)
