"""Which words may have been heard for another one."""

import time
from itertools import product

import pytest

from transcripts.search.sounding import sounds
from transcripts.search.vocabulary import LIMIT, Vocabulary


def alike(word: str, *said: str) -> list[str]:
    return [" ".join(heard) for heard in Vocabulary((one, 3) for one in said).alike(word)]


@pytest.mark.parametrize(
    ("typed", "heard"),
    [
        ("harbour", "harbor"),
        ("umpire", "empire"),
        ("weights", "waits"),
        ("okonkwo", "congo"),
        ("shuttlecock", "shuttle"),
        ("recieve", "receive"),
        ("größe", "große"),
        ("москва", "масква"),
    ],
)
def test_a_word_is_found_by_what_it_was_heard_or_written_as(typed: str, heard: str) -> None:
    assert heard in alike(typed, heard, "yesterday", "mountains", "kettle")


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("websocket", ("web", "socket")),
        ("beeswax", ("bees", "wax")),
        ("weekend", ("weak", "end")),
    ],
)
def test_a_word_is_found_where_it_was_heard_as_two(typed: str, parts: tuple[str, str]) -> None:
    assert " ".join(parts) in alike(typed, *parts, "yesterday")


def test_short_words_stand_for_themselves_unless_they_sound_the_same() -> None:
    assert alike("of", "off", "on", "oz") == ["off"]


def test_the_word_itself_is_no_alternative() -> None:
    assert alike("harbour", "harbour") == []


def test_nearer_words_are_likelier() -> None:
    likely = Vocabulary([("harbor", 3), ("barber", 3)]).alike("harbour")
    assert likely["harbor",] > likely["barber",]


@pytest.mark.parametrize("word", ["", "a", "'", "x" * 64, "1,000", "東京", "\N{SNAKE}"])
def test_any_word_can_be_looked_up(word: str) -> None:
    assert Vocabulary().alike(word) == {}
    assert len(Vocabulary([("tokyo", 1), ("axe", 2), ("x" * 64, 1)]).alike(word)) <= LIMIT


def test_words_that_sound_the_same_have_the_same_key() -> None:
    assert sounds("sculptor") == sounds("sculpture")
    assert sounds("привет") == sounds("東京") == ()


@pytest.mark.timed
def test_a_look_up_among_170_000_words_takes_some_milliseconds() -> None:
    syllables = [f"{first}{vowel}" for first in "bcdfghklmnprst" for vowel in "aeio"]
    words = ["".join(parts) for parts in product(syllables, repeat=3)]
    vocabulary = Vocabulary((word, 1) for word in words)
    took_s = []
    for word in words[:: len(words) // 20]:
        began_s = time.process_time()
        vocabulary.alike(word)
        took_s.append(time.process_time() - began_s)
    assert len(vocabulary) > 170_000
    assert sorted(took_s)[10] < 0.03
