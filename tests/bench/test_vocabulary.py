"""The measurement of what a room's own words do, on as little speech as shows it."""

from dataclasses import replace

import pytest

from asr.sphinx import SphinxOptions
from bench.vocabulary import Speech, hear, speeches, terms_heard


@pytest.fixture(scope="module")
def thaddeus() -> Speech:
    """One sentence with two names in it, and the room's own words."""
    names = next(speech for speech in speeches() if speech.name == "clips with names")
    text = "Then Thaddeus will talk about the move to Postgres."
    return replace(names, utterances=names.utterances[3:4], text=text)


def test_what_is_measured_has_speech_text_and_words() -> None:
    found = speeches()

    assert [speech.name for speech in found] == [
        "demonstration",
        "ordinary clips",
        "clips with names",
    ]
    for speech in found:
        assert speech.utterances
        assert speech.text
        assert 0 < len(speech.terms) < len(speech.full) <= 100
    assert "Tollund" not in found[0].terms  # a demonstration is never fed what is said in it


def test_words_that_come_late_do_as_much_as_words_given_at_the_start(thaddeus: Speech) -> None:
    without, given, late = (
        hear(thaddeus, terms, SphinxOptions(), late=late)
        for terms, late in (((), False), (thaddeus.terms, False), (thaddeus.terms, True))
    )

    assert "thaddeus" not in without.text
    assert "thaddeus" in given.text
    assert late.text == given.text
    assert 0 < late.opened_s < 10
    assert late.factor > 0
    assert len(late.delays_s) == len(late.text.split())


def test_terms_are_counted_when_said_and_when_nobody_said_them(thaddeus: Speech) -> None:
    heard = "then thaddeus will talk about the moot wilhelmina"

    assert terms_heard(thaddeus, thaddeus.text) == (2, 2, 0)
    assert terms_heard(thaddeus, heard) == (2, 1, 1)
