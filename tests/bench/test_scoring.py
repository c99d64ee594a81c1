import random

import pytest

from bench.peers.scoring import (
    Snapshot,
    SpokenWord,
    align,
    changes,
    percentile,
    plain_words,
    score,
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


def test_a_room_without_captions_has_only_errors() -> None:
    result = score(_said("open the door"), [])

    assert (result.errors, result.lost, result.first_word_s) == (3, 0, None)


def test_a_word_that_becomes_another_is_rewritten_and_what_follows_it_is_erased() -> None:
    screens = [["the"], ["the", "read", "door"], ["the", "red", "door"], ["the", "red", "door"]]

    assert changes(screens) == (2, 1)


def test_appending_changes_nothing() -> None:
    assert changes([[], ["the"], ["the", "red"]]) == (0, 0)


def test_percentiles_are_values_that_were_measured() -> None:
    assert percentile([5.0, 1.0, 3.0], 0.5) == 3.0
    assert percentile(range(100), 0.95) == 95
    assert percentile([], 0.5) is None
