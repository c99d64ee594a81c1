"""How what is asked in other words is measured, without the model."""

import json
import re

import pytest

from bench.meaning.__main__ import Asked, measure
from bench.meaning.embedding import Letters
from bench.meaning.paraphrases import FIXTURE, paraphrases
from bench.meaning.ways import AnyWord, Meaning, Otherwise, Together, fused
from bench.misheard.heard import sentences
from bench.misheard.questions import Question
from bench.misheard.rivals import Plain

CAPTIONS = ["the ferry was cancelled", "a tortoise crossed the runway", "the vineyard suffered"]
SMALL = "a an and at because by during for from his in it its of on our over than that the to was"
SMALL += " which who why with"


@pytest.fixture(scope="module")
def meaning() -> Meaning:
    return Meaning(CAPTIONS, Letters())


def test_a_paraphrase_has_no_word_of_note_that_was_said_or_heard() -> None:
    by_said = {one.said: one.heard for one in sentences()}
    for one in json.loads(FIXTURE.read_text(encoding="utf-8")):
        text = f"{one['said']} {by_said[one['said']]}"
        shared = _words(one["asked"]) & _words(text) - _words(SMALL)
        assert not shared, one


def test_there_are_paraphrases_enough_to_tell_ways_apart() -> None:
    assert len({one.target for one in paraphrases(sentences())}) >= 40


def test_what_is_like_is_found_where_no_word_is_the_same(meaning: Meaning) -> None:
    assert Plain(CAPTIONS)("tortoises crossing") == []
    assert meaning("tortoises crossing")[0] == 1


def test_fusion_puts_first_what_both_ways_found() -> None:
    assert fused([[1, 2, 3], [4, 2]]) == [2, 1, 4, 3]
    assert Together(lambda _: [1, 2], lambda _: [2])("x") == [2, 1]


def test_the_second_way_is_gone_only_where_the_first_finds_nothing() -> None:
    either = Otherwise(lambda text: [7] if text == "there" else [], lambda _: [8])
    assert (either("there"), either("elsewhere")) == ([7], [8])


def test_one_word_is_enough_where_any_is_asked_for() -> None:
    assert AnyWord(CAPTIONS)("ferry to nowhere") == [0]


def test_figures_say_what_was_found_and_at_which_place() -> None:
    other = [_question("first", 5), _question("second", 5), _question("none", 5), _question("", 5)]
    places = {"first": [5], "second": [1, 5], "none": [1]}
    asked = Asked(other_words=other, misheard=[_question("first", 5)], clear=[_question("none", 1)])
    figures = measure(lambda text: places.get(text, []), asked)
    assert (figures.recall, figures.rank) == (0.5, 0.375)
    assert figures.misheard == {1: 1.0, 2: 0.0, 3: 0.0}
    assert (figures.clear_rank, figures.shown) == (1.0, 1.0)


def _question(text: str, target: int) -> Question:
    words = (text,) if text else ()
    return Question(words=words, relevant=frozenset({target}), target=target, clear=False)


def _words(text: str) -> set[str]:
    return set(re.findall("[a-z]+", text.lower()))
