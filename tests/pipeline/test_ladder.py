from collections.abc import Iterable, Mapping
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.caption import Rung
from pipeline.ladder import NEXT, NOTES, SMALLER, STEPS, Ladder, Signal, Step

ORDER = [Rung.NORMAL, Rung.STRETCHED, Rung.NO_INTERIMS, Rung.SMALLER_MODEL, Rung.SKIPPING]
ALL_STEPS = {**STEPS, **SMALLER}


def _climb(ladder: Ladder, loads: Iterable[float], *, from_s: float = 0.0) -> list[Rung]:
    """Watch one load a second."""
    return [ladder.watch(load_s, at_s=from_s + n) for n, load_s in enumerate(loads)]


def test_an_engine_that_keeps_up_leaves_everything_as_it_is() -> None:
    assert set(_climb(Ladder(), [2.9] * 100)) == {Rung.NORMAL}


@pytest.mark.parametrize(
    ("load_s", "rung"),
    [(3.1, Rung.STRETCHED), (5.1, Rung.NO_INTERIMS), (8.1, Rung.SKIPPING)],
)
def test_a_heavier_load_gives_up_more_at_once(load_s: float, rung: Rung) -> None:
    assert Ladder().watch(load_s, at_s=0.0) is rung


def test_a_light_load_must_last_before_a_rung_is_left() -> None:
    ladder = Ladder()
    ladder.watch(6.0, at_s=0.0)

    left = _climb(ladder, [1.0] * 27, from_s=1.0)

    assert left[:5] == [Rung.NO_INTERIMS] * 5
    assert left[5:26] == [Rung.STRETCHED] * 21
    assert left[26] is Rung.NORMAL


def test_one_heavy_moment_begins_the_calm_anew() -> None:
    ladder = Ladder()
    ladder.watch(4.0, at_s=0.0)

    assert set(_climb(ladder, [1.0, 1.0, 1.0, 1.0, 2.5] * 10)) == {Rung.STRETCHED}


def test_skipping_ends_as_soon_as_the_engine_has_nearly_caught_up() -> None:
    ladder = Ladder()
    ladder.watch(9.0, at_s=0.0)

    assert ladder.watch(2.1, at_s=1.0) is Rung.SKIPPING
    assert ladder.watch(2.0, at_s=2.0) is Rung.NO_INTERIMS


def test_the_engine_is_given_larger_pieces_on_higher_rungs() -> None:
    pieces = []
    for load_s in (0.0, 4.0, 6.0):
        ladder = Ladder()
        ladder.watch(load_s, at_s=0.0)
        pieces.append(ladder.piece_s)

    assert pieces == [0.0, 1.25, 3.0]


def test_a_rung_that_is_not_allowed_is_passed_over() -> None:
    ladder = Ladder({Rung.SKIPPING: STEPS[Rung.SKIPPING]})

    assert ladder.watch(7.9, at_s=0.0) is Rung.NORMAL
    assert ladder.watch(8.1, at_s=1.0) is Rung.SKIPPING
    assert ladder.watch(0.0, at_s=2.0) is Rung.NORMAL
    assert Ladder({}).watch(100.0, at_s=0.0) is Rung.NORMAL


def test_every_rung_can_be_reached_left_and_explained() -> None:
    for low, high in pairwise(ORDER):
        assert NEXT[low, Signal.HEAVIER] is high
        assert NEXT[high, Signal.LIGHTER] is low
        assert ALL_STEPS[high].leave_s < ALL_STEPS[high].enter_s
    assert [bool(NOTES[rung]) for rung in ORDER] == [False, True, True, True, True]


@pytest.mark.parametrize("steps", [STEPS, ALL_STEPS])
@given(loads=st.lists(st.floats(0, 20), max_size=60))
def test_whatever_came_before_a_quiet_minute_leads_back_to_normal(
    steps: Mapping[Rung, Step], loads: list[float]
) -> None:
    ladder = Ladder(steps)
    _climb(ladder, loads)

    assert _climb(ladder, [0.0] * 60, from_s=len(loads))[-1] is Rung.NORMAL


def test_nothing_is_skipped_before_a_smaller_model_was_tried() -> None:
    ladder = Ladder(ALL_STEPS)

    assert ladder.watch(20.0, at_s=0.0, until_s=20.0) is Rung.SMALLER_MODEL
    assert ladder.light
    assert ladder.watch(7.9, at_s=1.0) is Rung.SMALLER_MODEL
    assert ladder.watch(8.1, at_s=2.0) is Rung.SKIPPING
    assert ladder.light
    assert ladder.watch(1.0, at_s=3.0) is Rung.SMALLER_MODEL


def test_an_utterance_that_cannot_be_in_time_is_first_given_to_the_smaller_model() -> None:
    ladder = Ladder(ALL_STEPS)

    rungs = []
    for _ in range(2):
        ladder.skip()
        rungs.append(ladder.rung)

    assert rungs == [Rung.SMALLER_MODEL, Rung.SKIPPING]


def test_a_smaller_model_is_kept_while_the_usual_one_could_not_carry_the_room() -> None:
    ladder = Ladder(ALL_STEPS)
    ladder.watch(7.0, at_s=0.0)

    for at_s in range(1, 100):
        assert ladder.watch(0.5, at_s=at_s, usual_cost=2.0) is Rung.SMALLER_MODEL
    for at_s in range(100, 120):
        assert ladder.watch(0.5, at_s=at_s, usual_cost=0.5) is Rung.SMALLER_MODEL
    assert ladder.watch(0.5, at_s=120.0, usual_cost=0.5) is Rung.NO_INTERIMS
    assert not ladder.light


def test_a_smaller_model_whose_decodes_take_seconds_is_not_left_for_skipping() -> None:
    ladder = Ladder(ALL_STEPS)
    ladder.watch(7.0, at_s=0.0)

    assert ladder.watch(1.0, at_s=1.0, decode_s=3.0) is Rung.SMALLER_MODEL
    assert ladder.whole


def test_without_a_smaller_model_none_listens_while_speech_is_skipped() -> None:
    ladder = Ladder()

    assert ladder.watch(9.0, at_s=0.0) is Rung.SKIPPING
    assert not ladder.light


@pytest.mark.parametrize("rung", [Rung.NORMAL, Rung.STRETCHED])
def test_an_engine_whose_decodes_take_seconds_is_given_whole_utterances(rung: Rung) -> None:
    ladder = Ladder()
    ladder.watch(4.0 if rung is Rung.STRETCHED else 0.0, at_s=0.0)

    ladder.watch(0.0, at_s=1.0, decode_s=3.0)

    assert ladder.rung is Rung.NO_INTERIMS
    assert ladder.whole
    assert set(_climb_dear(ladder, 2.0)) == {Rung.NO_INTERIMS}


def _climb_dear(ladder: Ladder, decode_s: float) -> list[Rung]:
    return [ladder.watch(0.0, at_s=2.0 + n, decode_s=decode_s) for n in range(30)]


def test_an_engine_that_became_quick_shows_interims_again() -> None:
    ladder = Ladder()
    ladder.watch(0.0, at_s=0.0, decode_s=3.0)

    assert _climb_dear(ladder, 1.0)[-1] is Rung.NORMAL
    assert not ladder.whole


def test_audio_is_skipped_when_its_caption_would_come_too_late() -> None:
    ladder = Ladder()

    assert ladder.watch(0.0, at_s=0.0, until_s=7.9) is Rung.NORMAL
    assert ladder.watch(0.0, at_s=1.0, until_s=8.1) is Rung.SKIPPING
    assert ladder.watch(0.0, at_s=2.0, until_s=2.1) is Rung.SKIPPING
    assert ladder.watch(0.0, at_s=3.0, until_s=2.0) is Rung.NO_INTERIMS
