"""Whether a query finds a caption, and where in it."""

from datetime import UTC, datetime

import pytest

from models.room import Speaker
from transcripts.search.matching import About, matches, ranges
from transcripts.search.parsing import parse
from transcripts.search.said import Said
from transcripts.search.tokens import tokens

ABOUT = About(
    room_id="r1",
    title="The Budget Talk",
    host_id="h1",
    host_name="Grace Hopper",
    began_at=datetime(2026, 11, 5, 23, 30, tzinfo=UTC),
)


def said(own: str, tail: str = "") -> Said:
    return Said(
        id=1,
        room_id="r1",
        speaker=Speaker(id="a", name="Ada Lovelace"),
        language="en-GB",
        start_s=0,
        end_s=1,
        own=tuple(tokens(own)),
        tail=tuple(tokens(tail)),
    )


HERE = said("a new budget for the town hall", tail="we voted yesterday on")


@pytest.mark.parametrize(
    "query",
    [
        *("budget", "BUDGET", "new hall", '"budget for the"', "bud*", '"the to"*', "budget -plan"),
        *("budget OR plan", "plan OR hall new", "budget voted", '"yesterday on a new"'),
        *("speaker:ada", 'speaker:"ada lovelace"', "speaker:a", "speaker:bob OR speaker:ada"),
        *("host:grace", "host:h1", "room:r1", "room:talk", 'title:"budget talk"', "lang:en"),
        *("lang:en-gb", "after:2026-11-05", "before:2026-11-06", "after:2026 before:2027 new"),
        "new -voted",
    ],
)
def test_a_query_finds_what_is_said(query: str) -> None:
    assert matches(parse(query).query, HERE, ABOUT)


@pytest.mark.parametrize(
    "query",
    [
        *("", "plan", "budget plan", '"for budget"', "budget -hall", "-plan", "voted yesterday"),
        *("voted", '"voted yesterday"', '"on new"', '"the new"*', "speaker:love", "speaker:grace"),
        *("host:ada", "room:r2", "title:r1", "lang:e", "lang:de", "after:2026-11-06"),
        *("before:2026-11-05", "new speaker:bob"),
    ],
)
def test_a_query_finds_nothing_else(query: str) -> None:
    assert not matches(parse(query).query, HERE, ABOUT)


def test_a_long_phrase_is_compared_as_far_back_as_words_are_kept() -> None:
    before = "two three four five six seven"
    phrase = parse('"one two three four five six seven eight nine"').query

    assert matches(phrase, said("eight nine ten", tail=before), ABOUT)
    assert not matches(phrase, said("eight ten nine", tail=before), ABOUT)
    assert not matches(phrase, said("eight nine ten", tail="three four five six seven"), ABOUT)


def test_found_words_have_their_places() -> None:
    query = parse('budget OR hall "on a new" voted').query

    assert ranges(query.what, HERE.own, HERE.tail) == [(0, 1), (2, 2), (6, 6)]
