from collections.abc import Sequence

from bench.peers.figures import Row, Run
from bench.peers.targets import Target, Targets
from tests.bench.made_runs import made_run


def _row(title: str, rooms: int, *runs: Run) -> Row:
    return Row(rooms=rooms, title=title, runs=runs)


def _good(late_s: float, *, cpu_s: float = 1.0) -> Run:
    return made_run(late_s, cpu_s=cpu_s, lost=0, unmarked=0, marked=0)


def _target(rows: Sequence[Row], text: str, *, offline: float = 0.0) -> Target:
    lines = Targets(rows, ours="Ours", offline=offline).lines()
    return next(line for line in lines if line.text.startswith(text))


def test_a_delay_stands_beside_the_best_of_the_others_with_as_many_rooms() -> None:
    rows = [
        _row("Ours", 4, made_run(0.5), made_run(0.9), made_run(0.7)),
        _row("Theirs", 1, made_run(0.1)),
        _row("Theirs", 4, made_run(2.5)),
        _row("Others'", 4, made_run(1.5)),
        _row("Ours, padded", 4, made_run(0.2)),
    ]

    line = _target(rows, "4 rooms: committed p50")

    assert (line.own, line.best, line.met) == ("0.70 s", "1.50 s (Others')", True)


def test_others_alone_have_no_targets() -> None:
    assert Targets([_row("Theirs", 1, made_run(0.1))], ours="Ours", offline=0.0).table() == ""


def test_a_delay_that_is_too_long_is_not_met_though_the_others_are_worse() -> None:
    rows = [_row("Ours", 1, made_run(0.9)), _row("Theirs", 1, made_run(2.5))]

    assert _target(rows, "1 room: committed p95").met is False
    assert "| 0.90 s | 2.50 s (Theirs) | **no** |" in Targets(rows, ours="Ours", offline=0).table()


def test_what_was_not_measured_is_neither_met_nor_missed() -> None:
    rows = [_row("Ours", 1, made_run(0.1))]

    line = _target(rows, "8 rooms: committed p50")

    assert (line.own, line.best, line.met) == ("–", "–", None)
    assert "not measured" in Targets(rows, ours="Ours", offline=0).table()


def test_twice_the_rooms_of_the_best_peer_are_enough() -> None:
    peers = [_row("Theirs", 4, _good(1.0)), _row("Theirs", 8, _good(9.0))]
    ours = [_row("Ours", 4, _good(1.0)), _row("Ours", 8, _good(1.0))]

    line = _target([*ours, *peers], "rooms sustained")

    assert (line.own, line.best, line.met) == ("8 or more", "4 (Theirs)", True)


def test_fewer_than_twice_the_rooms_are_not_enough_once_more_were_tried() -> None:
    peers = [_row("Theirs", 4, _good(1.0)), _row("Theirs", 8, _good(9.0))]
    ours = [_row("Ours", 4, _good(1.0)), _row("Ours", 8, _good(9.0))]

    assert _target([*ours, *peers], "rooms sustained").met is False
    assert _target([ours[0], *peers], "rooms sustained").met is None


def test_nobody_is_twice_as_good_as_a_peer_that_was_not_driven_to_its_limit() -> None:
    rows = [_row("Ours", 8, _good(1.0)), _row("Theirs", 4, _good(1.0))]

    assert _target(rows, "rooms sustained").met is None


def test_processor_time_is_compared_with_our_cheapest_row_that_is_no_later() -> None:
    rows = [
        _row("Ours", 1, _good(0.5, cpu_s=2.0)),
        _row("Ours", 4, _good(2.0, cpu_s=1.0)),
        _row("Ours, padded", 1, _good(2.0, cpu_s=0.1)),
        _row("Theirs", 1, _good(0.8, cpu_s=8.0)),
        _row("Theirs", 4, _good(4.5, cpu_s=3.0)),
        _row("Theirs", 8, _good(9.0, cpu_s=0.1)),
    ]

    line = _target(rows, "CPU")

    assert line.own.startswith("25 to 33 %")
    assert line.best == "0.25 with 4 rooms, p95 4.50 s (Theirs)"
    assert line.met is True


def test_time_that_is_saved_by_spoiling_words_does_not_count() -> None:
    rows = [
        _row("Ours", 1, _good(0.5, cpu_s=2.0)),
        _row("Ours", 24, made_run(0.6, errors=2, cpu_s=0.1)),
        _row("Theirs", 1, _good(0.8, cpu_s=3.0)),
        _row("Theirs", 8, made_run(9.0, errors=2, cpu_s=0.1)),
    ]

    line = _target(rows, "CPU")

    assert line.own.startswith("67 to 67 %")
    assert line.met is False


def test_accuracy_is_judged_beside_the_model_offline() -> None:
    rows = [_row("Ours", 1, made_run(0.1, errors=1)), _row("Theirs", 1, made_run(0.1))]

    assert _target(rows, "1 room: WER").met is False
    assert _target(rows, "1 room: WER", offline=0.25).met is True
    assert _target(rows, "1 room: WER").best == "0.0 % (Theirs)"


def test_a_single_word_in_a_single_run_misses_what_must_never_happen() -> None:
    runs = [_good(1.0), _good(1.0), made_run(1.0, lost=1, unmarked=0)]
    rows = [_row("Ours", 1, _good(1.0)), _row("Ours", 8, *runs), _row("Ours", 16, _good(1.0))]

    lost = _target(rows, "up to 8 rooms: no words shown")

    assert (lost.own, lost.met) == ("1", False)
    assert _target(rows, "more than 8 rooms: no words shown").met is True
    assert _target(rows, "up to 8 rooms: no words missing").met is True


def test_the_words_that_others_lose_stand_beside() -> None:
    rows = [
        _row("Ours", 1, _good(1.0)),
        _row("Theirs", 1, made_run(1.0, unmarked=1)),
        _row("Theirs", 4, made_run(1.0, unmarked=3)),
        _row("Others'", 1, made_run(1.0, unmarked=2)),
    ]

    assert _target(rows, "up to 8 rooms: no words missing").best == "2 (Others')"
