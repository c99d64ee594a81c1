import itertools

import pytest

from asr.backoff import Backoff


@pytest.fixture
def backoff() -> Backoff:
    return Backoff(first_s=0.2, longest_s=10.0, settled_s=30.0)


def die(backoff: Backoff, *, lived_s: float = 1.0, worked: bool = False) -> float:
    backoff.died(lived_s=lived_s, worked=worked)
    return backoff.pause_s()


def test_pauses_grow_up_to_the_longest_while_nothing_works(backoff: Backoff) -> None:
    pauses = [die(backoff) for _ in range(2000)]
    assert pauses[:6] == [0.2, 0.4, 0.8, 1.6, 3.2, 6.4]
    assert set(pauses[6:]) == {10.0}


def test_starts_that_fail_make_pauses_grow_too_but_no_doubt(backoff: Backoff) -> None:
    pauses = [backoff.pause_s() for _ in range(10)]
    assert all(later >= sooner for sooner, later in itertools.pairwise(pauses))
    assert pauses[-1] == 10.0
    assert not backoff.doubtful


def test_a_process_that_dies_of_its_first_words_is_not_tried_ever_faster(backoff: Backoff) -> None:
    pauses = [die(backoff, lived_s=45.0, worked=False) for _ in range(5)]
    assert pauses == [0.2, 0.4, 0.8, 1.6, 3.2]


def test_a_long_life_with_work_makes_the_next_start_quick(backoff: Backoff) -> None:
    for _ in range(8):
        die(backoff)
    assert die(backoff, lived_s=31.0, worked=True) == 0.2
    assert die(backoff) == 0.4


def test_work_in_a_short_life_does_not(backoff: Backoff) -> None:
    assert [die(backoff, lived_s=5.0, worked=True) for _ in range(3)] == [0.2, 0.4, 0.8]


def test_one_death_is_no_reason_for_doubt_and_two_early_ones_are(backoff: Backoff) -> None:
    doubts = []
    for lived_s in (1.0, 1.0, 31.0):
        die(backoff, lived_s=lived_s, worked=True)
        doubts.append(backoff.doubtful)
    assert doubts == [False, True, False]
