"""How much of what was misheard is found, held on the sentences that are kept for it."""

from collections.abc import Iterator

import pytest

from bench.misheard.__main__ import Figures, measure
from bench.misheard.haystack import mixed
from bench.misheard.heard import sentences
from bench.misheard.questions import Question, questions
from bench.misheard.rivals import Plain, Roomscribe

EVERY = 3


@pytest.fixture(scope="module")
def asked() -> list[Question]:
    return questions(sentences())[::EVERY]


@pytest.fixture(scope="module")
def found(asked: list[Question]) -> Iterator[Figures]:
    roomscribe = Roomscribe([sentence.heard for sentence in sentences()])
    yield measure(roomscribe, asked)
    roomscribe.close()


def test_what_was_misheard_is_found_by_the_words_that_were_said(found: Figures) -> None:
    assert found.recall[1] > 0.25
    assert found.recall[2] > 0.8
    assert found.recall[3] > 0.88


def test_what_was_heard_rightly_is_found_as_before(asked: list[Question], found: Figures) -> None:
    plain = measure(Plain([sentence.heard for sentence in sentences()]), asked)
    assert found.clear_recall == plain.clear_recall == 1.0
    assert found.clear_rank >= plain.clear_rank - 0.01
    assert found.precision >= plain.precision - 0.005


def test_captions_are_mixed_and_their_new_numbers_told() -> None:
    together, numbers = mixed(["a", "b"], ["c", "d", "e"])
    assert sorted(together) == ["a", "b", "c", "d", "e"]
    assert [together[number] for number in numbers] == ["a", "b", "c", "d", "e"]
