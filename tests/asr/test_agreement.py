from dataclasses import replace

import pytest

from asr.agreement import Agreement, key
from models.transcript import Word


def words(text: str, *, start_s: float = 0.0, each_s: float = 0.4) -> tuple[Word, ...]:
    return tuple(
        Word(
            text=word,
            start_s=start_s + n * each_s,
            end_s=start_s + (n + 1) * each_s,
            confidence=1.0,
        )
        for n, word in enumerate(text.split())
    )


def texts(agreed: tuple[Word, ...]) -> str:
    return " ".join(word.text for word in agreed)


def test_one_decode_agrees_to_nothing() -> None:
    agreement = Agreement()
    assert agreement.insert(words("good morning")) == ()
    assert texts(agreement.tentative) == "good morning"


def test_the_common_prefix_of_two_decodes_is_agreed() -> None:
    agreement = Agreement()
    agreement.insert(words("good morning every"))
    assert texts(agreement.insert(words("good morning everyone here"))) == "good morning"
    assert texts(agreement.tentative) == "everyone here"


def test_words_that_end_too_late_wait_for_the_next_decode() -> None:
    agreement = Agreement()
    agreement.insert(words("good morning"))
    assert texts(agreement.insert(words("good morning"), before_s=0.7)) == "good"
    assert texts(agreement.tentative) == "morning"
    assert texts(agreement.insert(words("good morning"), before_s=0.9)) == "morning"


def test_a_word_that_is_agreed_is_not_agreed_again() -> None:
    agreement = Agreement()
    for _ in range(2):
        agreement.insert(words("good morning"))
    assert agreement.insert(words("good morning everyone")) == ()
    assert texts(agreement.insert(words("good morning everyone"))) == "everyone"


def test_case_and_punctuation_do_not_stand_in_the_way() -> None:
    agreement = Agreement()
    agreement.insert(words("Good morning. everyone"))
    assert texts(agreement.insert(words("good Morning, Everyone"))) == "good Morning, Everyone"


def test_two_different_decodes_agree_to_nothing() -> None:
    agreement = Agreement()
    agreement.insert(words("open the door"))
    assert agreement.insert(words("close the door")) == ()


def test_words_that_moved_past_their_end_are_not_said_twice() -> None:
    agreement = Agreement()
    for _ in range(2):
        agreement.insert(words("the red door"))
    later = words("red door is open", start_s=1.05)
    agreement.insert(later)
    assert texts(agreement.insert(later)) == "is open"


def moved(decode: tuple[Word, ...], number: int, by_s: float) -> tuple[Word, ...]:
    """Let a decode place one word and all after it elsewhere."""
    return decode[:number] + tuple(
        replace(w, start_s=w.start_s + by_s, end_s=w.end_s + by_s) for w in decode[number:]
    )


@pytest.mark.parametrize("by_s", [-0.35, -0.2, 0.2, 0.4, 0.5])
@pytest.mark.parametrize("number", [0, 1, 2])
def test_an_agreed_word_that_the_next_decode_places_elsewhere_is_said_once(
    number: int, by_s: float
) -> None:
    agreement = Agreement()
    said = [agreement.insert(words("open the red")) for _ in range(2)]
    after = moved(words("open the red screen now"), number, by_s)

    said += [agreement.insert(after) for _ in range(2)]

    assert texts(sum(said, ())) == "open the red screen now"


@pytest.mark.parametrize("by_s", [-0.3, 0.3])
def test_the_first_word_of_all_is_said_once_wherever_it_moves(by_s: float) -> None:
    agreement = Agreement()
    said = [agreement.insert(words("please", start_s=0.5)) for _ in range(2)]
    after = words("please move", start_s=0.5 + by_s)

    said += [agreement.insert(after) for _ in range(2)]

    assert texts(sum(said, ())) == "please move"


def test_a_word_that_is_expected_before_it_is_said_waits_until_it_has_a_length() -> None:
    agreement = Agreement()
    expected = (*words("the black"), *words("cat", start_s=0.8, each_s=0.02))

    said = [agreement.insert(expected) for _ in range(3)]

    assert texts(sum(said, ())) == "the black"
    assert texts(agreement.tentative) == "cat"
    assert texts(agreement.insert(words("the black cat"))) == "cat"


def test_speech_is_agreed_until_where_the_newest_decode_places_it() -> None:
    agreement = Agreement()
    for _ in range(2):
        agreement.insert(words("open the red"))

    agreement.insert(moved(words("open the red"), 2, 0.3))

    assert agreement.until_s == pytest.approx(1.5)


def test_a_word_said_twice_is_kept_twice() -> None:
    agreement = Agreement()
    for _ in range(2):
        agreement.insert(words("number two"))
    both = words("number two two", each_s=0.4)
    agreement.insert(both)
    assert texts(agreement.insert(both)) == "two"


def test_the_same_words_after_a_pause_are_said_again() -> None:
    agreement = Agreement()
    for _ in range(2):
        agreement.insert(words("thank you"))
    again = words("thank you", start_s=5.0)
    agreement.insert(again)
    assert texts(agreement.insert(again)) == "thank you"


def test_commit_takes_what_is_tentative() -> None:
    agreement = Agreement()
    agreement.insert(words("good morning everyone"))
    assert texts(agreement.commit(2)) == "good morning"
    assert texts(agreement.commit()) == "everyone"
    assert agreement.until_s == words("good morning everyone")[-1].end_s


@pytest.mark.parametrize(("one", "other"), [("กิ", "กี"), ("की", "को"), ("คำ,", "คำ่")])
def test_words_that_differ_in_a_vowel_sign_are_not_the_same(one: str, other: str) -> None:
    assert key(one) != key(other)
    assert key(f"{one}!") == key(one)
