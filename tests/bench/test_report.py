import pytest

from bench.peers.report import BEGIN, END, Row, Run, figures, placed, table
from bench.peers.scoring import Score


def _run(*committed_s: float, errors: int = 0) -> Run:
    room = Score(
        words=4,
        errors=errors,
        lost=1,
        erased=2,
        rewritten=1,
        first_word_s=0.5,
        shown_s=(0.1, 0.2),
        committed_s=committed_s,
    )
    return Run(scores=(room,), cpu_s=3.0, audio_s=12.0, others=0.04)


def test_rooms_are_pooled_word_by_word() -> None:
    one, other = _run(1.0, errors=1).scores[0], _run(2.0, 3.0).scores[0]

    pooled = figures(Run(scores=(one, other), cpu_s=1.0, audio_s=2.0))

    assert pooled.error_rate == 1 / 8
    assert pooled.committed_p50_s == 2.0
    assert pooled.erasure == 0.5
    assert pooled.lost == 2


def test_a_row_shows_the_medians_of_its_runs() -> None:
    row = Row(rooms=4, title="Ours", runs=(_run(1.0), _run(9.0), _run(2.0)))

    shown = table([row], notes=["Measured."])

    assert (
        "| 4 | Ours | 0.0 % | 0.50 | 0.20 / 0.20 | 2.00 / 2.00 | 0.50 / 0.25 | 1 | 0.25 |" in shown
    )


def test_nothing_committed_is_shown_as_a_dash() -> None:
    assert "| – / – |" in table([Row(rooms=1, title="Ours", runs=(_run(),))], notes=[])


def test_a_system_carries_the_most_rooms_that_were_captioned_in_time() -> None:
    rows = [
        Row(rooms=1, title="Ours", runs=(_run(1.0),)),
        Row(rooms=4, title="Ours", runs=(_run(3.0),)),
        Row(rooms=1, title="Theirs", runs=(_run(3.0),)),
        Row(rooms=4, title="Theirs", runs=(_run(5.0),)),
    ]

    assert table(rows, notes=[]).endswith("Ours: 4; Theirs: 1.")


def test_a_table_says_how_quiet_the_machine_was() -> None:
    shown = table([Row(rooms=1, title="Ours", runs=(_run(1.0),))], notes=["Measured."])

    assert shown.startswith("Measured. Other programs took 4 % of the machine meanwhile")


def test_the_table_takes_the_place_of_the_one_before() -> None:
    page = f"before\n{BEGIN}\nold\n{END}\nafter\n"

    once = placed(page, "new")

    assert once == f"before\n{BEGIN}\n\nnew\n\n{END}\nafter\n"
    assert placed(once, "new") == once


def test_a_page_without_marks_is_left_alone() -> None:
    with pytest.raises(ValueError, match="no marks"):
        placed("before", "new")
