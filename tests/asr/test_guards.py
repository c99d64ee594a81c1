import pytest

from asr.guards import most_tokens, without_loop
from models.transcript import Word


def guarded(text: str) -> str:
    words = [Word(text=w, start_s=0.0, end_s=1.0, confidence=1.0) for w in text.split()]
    return " ".join(word.text for word in without_loop(words))


def test_a_phrase_that_loops_is_said_once() -> None:
    assert guarded("I think so " + "thank you very much " * 5) == "I think so thank you very much"


def test_a_single_word_that_loops_is_said_once() -> None:
    assert guarded("well " + "no " * 20) == "well no"


def test_a_short_repetition_is_speech() -> None:
    assert guarded("the number is two two two") == "the number is two two two"
    assert guarded("very very very good") == "very very very good"


def test_a_phrase_said_twice_is_speech() -> None:
    text = "we will open the red door today we will open the red door today"
    assert guarded(text) == text


@pytest.mark.parametrize(
    ("length_s", "language", "tokens"), [(0.5, "en", 19), (10, "en", 81), (10, "ja", 146)]
)
def test_a_decoder_may_not_write_more_than_can_be_said(
    length_s: float, language: str, tokens: int
) -> None:
    assert most_tokens(length_s, language) == tokens


def test_the_longest_text_leaves_room_for_the_longest_prompt() -> None:
    assert most_tokens(60, "zh") + 224 + 4 <= 448


def test_nothing_stays_nothing() -> None:
    assert guarded("") == ""
