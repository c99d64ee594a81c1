import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.caption import Interim
from models.transcript import Final
from pipeline.steadiness import erasure, rewrites, steadiness

TEXTS = st.lists(st.sampled_from("abc"), max_size=8)


def _interim(text: str, id: str = "i1") -> Interim:
    return Interim(id=id, rev=1, start_s=0, end_s=1, speaker=None, text=text)


def _final(text: str, id: str = "i1") -> Final:
    return Final(id=id, rev=9, start_s=0, end_s=1, speaker=None, text=text)


def test_a_caption_that_only_grows_is_perfectly_steady() -> None:
    shown = steadiness([_interim("the"), _interim("the kettle"), _final("the kettle is on")])

    assert (shown.normalised_erasure, shown.upwr) == (0.0, 0.0)
    assert (shown.interims, shown.words) == (2, 4)


def test_a_word_that_changes_erases_what_follows_it_but_is_one_rewrite() -> None:
    shown = steadiness([_interim("a kettle is on"), _final("the kettle is on")])

    assert (shown.erased, shown.rewritten) == (4, 1)
    assert shown.normalised_erasure == 1.0
    assert shown.upwr == 0.25


def test_a_word_that_is_put_between_pushes_words_on_without_rewriting_them() -> None:
    shown = steadiness([_interim("the is on"), _final("the kettle is on")])

    assert (shown.erased, shown.rewritten) == (2, 0)


def test_every_change_counts_not_only_the_last() -> None:
    shown = steadiness([_interim("cat"), _interim("cap"), _interim("cat"), _final("cat")])

    assert shown.upwr == 2.0


def test_a_caption_that_is_taken_back_was_shown_for_nothing() -> None:
    shown = steadiness([_interim("hm well"), _interim(""), _final("yes", id="i2")])

    assert (shown.erased, shown.rewritten, shown.words) == (2, 2, 1)
    assert shown.interims == 1


def test_captions_are_compared_with_themselves_alone() -> None:
    shown = steadiness(
        [_interim("one"), _interim("two", id="i2"), _final("one"), _final("two", "i2")]
    )

    assert shown.erased == 0


def test_a_letter_or_a_comma_that_changes_is_seen() -> None:
    shown = steadiness([_interim("well then"), _final("Well, then")])

    assert shown.upwr == pytest.approx(0.5)


def test_nothing_shown_is_steady() -> None:
    assert steadiness([]).normalised_erasure == steadiness([]).upwr == 0.0


@given(TEXTS, TEXTS)
def test_rewrites_are_never_more_than_what_is_erased(before: list[str], now: list[str]) -> None:
    assert 0 <= rewrites(before, now) <= erasure(before, now) <= len(before)
    assert rewrites(before, before) == 0
