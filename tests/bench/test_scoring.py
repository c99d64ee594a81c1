import random

import pytest

from bench.peers.scoring import (
    Gap,
    Snapshot,
    SpokenWord,
    ahead_s,
    align,
    changes,
    percentile,
    plain_words,
    score,
    within,
)


def _said(text: str, *, each_s: float = 1.0) -> list[SpokenWord]:
    return [
        SpokenWord(text=word, start_s=number * each_s, end_s=(number + 1) * each_s)
        for number, word in enumerate(text.split())
    ]


def _at(at_s: float, committed: str, tentative: str = "") -> Snapshot:
    return Snapshot(at_s=at_s, committed=committed, tentative=tentative)


def test_case_and_punctuation_do_not_count() -> None:
    assert plain_words("No, that's Room 40!") == ["no", "that's", "room", "40"]


def test_what_was_heard_right_is_paired_and_has_no_errors() -> None:
    words = ["the", "red", "door"]

    alignment = align(words, words)

    assert alignment.pairs == {0: 0, 1: 1, 2: 2}
    assert alignment.errors == 0


def test_wrong_missing_and_invented_words_are_one_error_each() -> None:
    alignment = align(
        ["is", "the", "red", "door", "open", "now"], ["is", "a", "red", "open", "right", "now"]
    )

    assert alignment.errors == 3
    assert alignment.pairs == {0: 0, 2: 2, 4: 3, 5: 5}


def test_of_two_equal_words_the_earlier_one_is_what_was_heard_so_far() -> None:
    assert align(["is", "the", "driver", "in", "the"], ["is", "the"]).pairs == {0: 0, 1: 1}


@pytest.mark.parametrize("seed", range(20))
def test_an_alignment_has_the_fewest_edits(seed: int) -> None:
    chance = random.Random(seed)
    said = [chance.choice("abc") for _ in range(chance.randrange(9))]
    heard = [chance.choice("abc") for _ in range(chance.randrange(9))]

    alignment = align(said, heard)

    assert alignment.errors == _edits(said, heard)
    assert all(said[i] == heard[j] for i, j in alignment.pairs.items())
    assert sorted(alignment.pairs.values()) == list(alignment.pairs.values())


@pytest.mark.parametrize("seed", range(20))
def test_knowing_what_is_absent_does_not_make_an_alignment_worse(seed: int) -> None:
    chance = random.Random(seed)
    said = [chance.choice("abc") for _ in range(chance.randrange(9))]
    heard = [chance.choice("abc") for _ in range(chance.randrange(9))]
    absent = {number for number in range(len(said)) if chance.random() < 0.4}

    alignment = align(said, heard, absent)

    assert alignment.errors == _edits(said, heard)
    assert not alignment.pairs.keys() & set(alignment.missing)
    assert len(absent & set(alignment.missing)) >= len(absent & set(align(said, heard).missing))


def test_of_two_equal_words_the_one_in_a_gap_is_missing() -> None:
    assert align(["the", "red", "the", "blue"], ["the", "blue"], {0, 1}).missing == (0, 1)
    assert align(["the", "red", "the", "blue"], ["the", "blue"], {1, 2}).missing == (1, 2)


def _edits(said: list[str], heard: list[str]) -> int:
    if not said or not heard:
        return len(said) + len(heard)
    return min(
        _edits(said[1:], heard[1:]) + (said[0] != heard[0]),
        _edits(said[1:], heard) + 1,
        _edits(said, heard[1:]) + 1,
    )


def test_a_delay_counts_from_the_words_end_to_where_it_first_stands() -> None:
    result = score(
        _said("open the door"),
        [
            _at(1.2, "", "open"),
            _at(2.5, "open", "the"),
            _at(3.4, "open", "the door"),
            _at(5.0, "open the door"),
        ],
    )

    assert result.shown_s == pytest.approx((0.2, 0.5, 0.4))
    assert result.committed_s == pytest.approx((1.5, 3.0, 2.0))
    assert result.first_word_s == pytest.approx(0.2)
    assert (result.words, result.errors, result.lost) == (3, 0, 0)


def test_a_word_that_has_not_begun_cannot_be_heard_yet() -> None:
    result = score(_said("no no"), [_at(0.5, "no"), _at(3.0, "no no")])

    assert result.committed_s == pytest.approx((-0.5, 1.0))


def test_a_word_that_was_shown_and_never_committed_is_lost() -> None:
    result = score(_said("open the door"), [_at(3.5, "open the", "door"), _at(9.0, "open the")])

    assert result.lost == 1
    assert result.errors == 1
    assert len(result.committed_s) == 2


def test_a_word_that_another_one_took_the_place_of_is_wrong_but_not_missing() -> None:
    result = score(_said("open the door"), [_at(9.0, "open a door")], [])

    assert (result.errors, result.unmarked, result.marked) == (1, 0, 0)


def test_missing_words_in_a_gap_are_told_from_those_that_nothing_marks() -> None:
    said = _said("open the door of the house")

    result = score(said, [_at(9.0, "open the house")], [Gap(start_s=2.2, end_s=3.8)])

    assert (result.unmarked, result.marked, result.errors) == (1, 2, 3)


def test_words_of_a_gap_that_were_captioned_all_the_same_are_not_missing() -> None:
    result = score(_said("open the door"), [_at(9.0, "open the door")], [Gap(start_s=0, end_s=9)])

    assert (result.unmarked, result.marked) == (0, 0)


def test_every_missing_word_of_a_system_without_gaps_is_unmarked() -> None:
    result = score(_said("open the door"), [_at(9.0, "open")])

    assert (result.unmarked, result.marked) == (2, None)


def test_a_word_shown_before_its_speech_was_given_up_was_never_committed() -> None:
    result = score(
        _said("open the door"),
        [_at(2.5, "", "open the"), _at(9.0, "door")],
        [Gap(start_s=0.0, end_s=2.0)],
    )

    assert (result.lost, result.unmarked, result.marked) == (2, 0, 2)


def test_a_word_touches_a_gap_with_any_part_of_it() -> None:
    said = _said("a b c d e")

    assert within(said, [Gap(start_s=1.8, end_s=3.2)]) == {1, 2, 3}
    assert within(said, [Gap(start_s=2.2, end_s=2.8)]) == {2}
    assert within(said, []) == frozenset()


def test_a_clock_that_is_ahead_is_found_by_the_words_that_were_heard_right() -> None:
    said = _said("open the red door now")
    heard = [word.later(2.5) for word in _said("open the dead door now")]
    heard[0] = heard[0].later(0.4)

    assert ahead_s(said, heard) == pytest.approx(2.5)
    assert ahead_s(said, []) is None


def test_a_room_without_captions_has_only_errors() -> None:
    result = score(_said("open the door"), [])

    assert (result.errors, result.lost, result.first_word_s) == (3, 0, None)
    assert result.unmarked == 3


def test_a_word_that_becomes_another_is_rewritten_and_what_follows_it_is_erased() -> None:
    screens = [["the"], ["the", "read", "door"], ["the", "red", "door"], ["the", "red", "door"]]

    assert changes(screens) == (2, 1)


def test_appending_changes_nothing() -> None:
    assert changes([[], ["the"], ["the", "red"]]) == (0, 0)


def test_percentiles_are_values_that_were_measured() -> None:
    assert percentile([5.0, 1.0, 3.0], 0.5) == 3.0
    assert percentile(range(100), 0.95) == 95
    assert percentile([], 0.5) is None
