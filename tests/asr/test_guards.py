import pytest

from asr.guards import Evidence, is_heard, most_tokens, without_loop
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


def heard(
    *,
    no_speech: float = 0.0,
    logprob: float = -0.3,
    compression: float = 1.0,
    confidence: float = 0.95,
) -> bool:
    return is_heard(
        Evidence(
            no_speech=no_speech, logprob=logprob, compression=compression, confidence=confidence
        )
    )


def test_clear_words_are_heard() -> None:
    assert heard()


@pytest.mark.parametrize(
    ("logprob", "confidence"), [(-0.9, 0.87), (-0.5, 0.65), (-0.6, 0.55), (-1.2, 0.8)]
)
def test_words_that_are_hard_to_hear_are_kept(logprob: float, confidence: float) -> None:
    assert heard(logprob=logprob, confidence=confidence)


def test_a_sure_text_is_kept_against_the_belief_that_nobody_speaks() -> None:
    assert heard(no_speech=0.95, logprob=-0.3)
    assert heard(no_speech=0.7, logprob=-0.8)


def test_an_unsure_text_where_nobody_seems_to_speak_is_a_ghost() -> None:
    assert not heard(no_speech=0.7, logprob=-1.1)
    assert not heard(no_speech=0.99, logprob=-0.7)


def test_words_that_the_decoder_itself_does_not_believe_are_ghosts() -> None:
    assert not heard(confidence=0.55, logprob=-1.1)
    assert not heard(confidence=0.3)


def test_repetitions_and_wild_guesses_are_ghosts() -> None:
    assert not heard(compression=2.5)
    assert not heard(logprob=-1.6)
    assert not heard(logprob=float("nan"))


def test_thanks_said_three_times_in_chinese_are_no_loop() -> None:
    words = tuple(
        Word(text=text, start_s=n / 4, end_s=(n + 1) / 4, confidence=1.0, glued=True)
        for n, text in enumerate("谢谢大家" * 3)
    )

    assert without_loop(words) == words
    assert len(without_loop(words * 2)) == 4
