from bench.peers.figures import Row, Run, figures
from bench.peers.report import table
from tests.bench.made_runs import made_run


def test_rooms_are_pooled_word_by_word() -> None:
    one, other = made_run(1.0, errors=1).scores[0], made_run(2.0, 3.0).scores[0]

    pooled = figures(Run(scores=(one, other), cpu_s=1.0, audio_s=2.0))

    assert pooled.error_rate == 1 / 8
    assert pooled.committed_p50_s == 2.0
    assert pooled.erasure == 0.5
    assert (pooled.unmarked, pooled.marked, pooled.lost) == (2, None, 4)


def test_a_row_shows_the_medians_of_its_runs_with_the_least_and_the_most() -> None:
    row = Row(rooms=4, title="Ours", runs=(made_run(1.0), made_run(9.0), made_run(2.0)))

    shown = table([row], notes=["Measured."])

    delays = "0.50 | 0.20 | 0.20 | 2.00 (1.00–9.00) | 2.00 (1.00–9.00)"
    assert f"| 4 | Ours | 0.0 | {delays} | 0.50 / 0.25 | 1 / – | 2 | 0.25 |" in shown


def test_words_in_gaps_stand_beside_those_that_nothing_marks_with_the_worst_run() -> None:
    runs = [made_run(1.0, unmarked=unmarked, marked=5, lost=0) for unmarked in (0, 0, 3)]

    shown = table([Row(rooms=16, title="Ours", runs=tuple(runs))], notes=[])

    assert "| 0 (0–3) / 5 | 0 | 0.25 |" in shown


def test_nothing_committed_is_shown_as_a_dash() -> None:
    assert "| 0.20 | – | – |" in table([Row(rooms=1, title="Ours", runs=(made_run(),))], notes=[])


def test_what_was_not_run_says_why() -> None:
    rows = [
        Row(rooms=1, title="Theirs", runs=(made_run(9.0),)),
        Row(rooms=2, title="Theirs", runs=(), failed_at=1),
    ]

    shown = table(rows, notes=[])

    assert "| 2 | Theirs | not run: far from keeping up with 1 |" in shown
    assert "| Theirs | 0 |" in shown


def test_a_system_carries_the_most_rooms_that_were_captioned_in_time() -> None:
    rows = [
        Row(rooms=1, title="Ours", runs=(made_run(1.0),)),
        Row(rooms=4, title="Ours", runs=(made_run(3.0),)),
        Row(rooms=1, title="Theirs", runs=(made_run(3.0),)),
        Row(rooms=4, title="Theirs", runs=(made_run(5.0),)),
    ]

    shown = table(rows, notes=[])

    assert "| Ours | 4 or more |" in shown
    assert "| Theirs | 1 |" in shown


def test_rooms_whose_words_are_spoiled_are_not_carried() -> None:
    rows = [
        Row(rooms=1, title="Ours", runs=(made_run(1.0),)),
        Row(rooms=8, title="Ours", runs=(made_run(1.0, errors=1),)),
    ]

    assert "| Ours | 1 |" in table(rows, notes=[])


def test_a_table_says_how_quiet_the_machine_was() -> None:
    shown = table([Row(rooms=1, title="Ours", runs=(made_run(1.0),))], notes=["Measured."])

    assert shown.startswith("Measured. Other programs took 4 % of the machine meanwhile")
