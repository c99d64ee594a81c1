"""Queries that wait for what is said: the same are found as by asking each of them."""

import random
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from models.room import Speaker
from transcripts.search.matching import About, matches
from transcripts.search.parsing import parse
from transcripts.search.said import Said
from transcripts.search.standing import StandingQueries
from transcripts.search.tokens import tokens

ABOUT = About(
    room_id="r1",
    title="Tea",
    host_id="h1",
    host_name="Hanna",
    began_at=datetime(2026, 11, 5, tzinfo=UTC),
)
WORDS = ("ada", "ben", "kettle", "kettles", "tea", "teapot", "milk", "on")


def said(own: str, tail: str = "") -> Said:
    return Said(
        id=1,
        room_id="r1",
        speaker=Speaker(id="a", name="Ada"),
        language="en",
        start_s=0,
        end_s=1,
        own=tuple(tokens(own)),
        tail=tuple(tokens(tail)),
    )


_words = st.sampled_from(WORDS)
_terms = st.one_of(
    _words,
    _words.map(lambda word: f"{word[:3]}*"),
    _words.map(lambda word: f"-{word}"),
    st.lists(_words, min_size=2, max_size=9).map(lambda some: f'"{" ".join(some)}"'),
    st.sampled_from(("speaker:ada", "speaker:ben", "lang:en", "title:tea", "OR")),
)
_queries = st.lists(_terms, min_size=1, max_size=5).map(" ".join)
_texts = st.lists(_words, max_size=8).map(" ".join)


@given(st.lists(_queries, max_size=12), st.lists(st.tuples(_texts, _texts), max_size=6))
def test_the_same_queries_find_a_caption_as_by_asking_each(
    queries: list[str], captions: list[tuple[str, str]]
) -> None:
    standing = StandingQueries()
    parsed = {str(number): parse(query).query for number, query in enumerate(queries)}
    for id, query in parsed.items():
        standing.put(id, query)

    for own, tail in captions:
        caption = said(own, " ".join(tail.split()[-6:]))
        each = sorted(id for id, query in parsed.items() if matches(query, caption, ABOUT))
        assert standing.finding(caption, ABOUT) == each


def test_a_query_that_was_changed_or_taken_out_finds_no_more_what_it_found() -> None:
    standing = StandingQueries()
    standing.put("1", parse("kettle").query)
    standing.put("1", parse("milk").query)
    standing.put("2", parse("kettle").query)
    standing.remove("2")
    standing.remove("2")

    assert standing.finding(said("the kettle is on"), ABOUT) == []
    assert standing.finding(said("who takes milk"), ABOUT) == ["1"]
    assert len(standing) == 1


def test_few_of_many_queries_are_compared_with_a_caption() -> None:
    """Half of them have a word that every caption has, which is learned."""
    chance = random.Random(6)
    standing = StandingQueries()
    for number in range(2_000):
        common = chance.choice(("the ", ""))
        standing.put(str(number), parse(f"{common}w{chance.randrange(5_000)}").query)
    captions = [
        said(f"the {' '.join(f'w{chance.randrange(5_000)}' for _ in range(8))}") for _ in range(300)
    ]

    found = sum(len(standing.finding(caption, ABOUT)) for caption in captions)

    assert found > 300
    assert standing.compared < 2 * found
