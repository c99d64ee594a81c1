"""What is typed, as a query and hints."""

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from transcripts.search.parsing import Hint, parse
from transcripts.search.query import And, Filters, Not, Or, Phrase, Prefix, Query, Word

PIECES = st.sampled_from(
    [
        *("budget", "e-mail", "don't", "1,000", "東京", "ช้า", "Ünï", "a", "½", "ﷺ", "\ud800", "\0"),
        *('"', "“", "”", "*", "-", "--", "OR", "NOT ", "AND", "|", "(", ")", ":", " ", "  ", "<"),
        *("speaker:", "speeker:", "host:", "room:", "title:", "lang:", "after:", "before:"),
        *("2026", "-11", "-05", "/", "en", "en-GB", "ada", "\u0301", "\u3000", "x" * 80),
    ]
)
TYPED = st.one_of(st.text(), st.lists(PIECES, max_size=12).map("".join))


@given(TYPED)
@example("a1," + "1" * 3)
@example("speaker:\u0301")
def test_nothing_that_is_typed_raises_and_a_query_is_read_again_as_it_was(text: str) -> None:
    parsed = parse(text)

    assert parse(str(parsed.query)).query == parsed.query
    for hint in parsed.hints:
        assert 0 <= hint.start <= hint.end <= max(len(text), 1)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("budget", Word("budget")),
        ("Budget VOTE", And((Word("budget"), Word("vote")))),
        ('"the budget"', Phrase(("the", "budget"))),
        ("“the budget”", Phrase(("the", "budget"))),
        ("e-mail", Phrase(("e", "mail"))),
        ("bud*", Prefix(("bud",))),
        ('"the bud"*', Prefix(("the", "bud"))),
        ("budget -vote", And((Word("budget"), Not(Word("vote"))))),
        ("-vote budget", And((Word("budget"), Not(Word("vote"))))),
        ("budget NOT vote", And((Word("budget"), Not(Word("vote"))))),
        ('budget -"the vote"', And((Word("budget"), Not(Phrase(("the", "vote")))))),
        ("budget OR plan", Or((Word("budget"), Word("plan")))),
        ("a budget OR plan b", And((Word("a"), Or((Word("budget"), Word("plan"))), Word("b")))),
        ("budget AND vote", And((Word("budget"), Word("vote")))),
        ("budget or vote", And((Word("budget"), Word("or"), Word("vote")))),
        ("10:30", Phrase(("10", "30"))),
        ("http://example", Phrase(("http", "example"))),
        ("", None),
    ],
)
def test_words_phrases_beginnings_and_what_is_left_out(text: str, what: object) -> None:
    parsed = parse(text)

    assert parsed.query == Query(what=what)  # type: ignore[arg-type]
    assert not parsed.hints


@pytest.mark.parametrize(
    ("text", "filters"),
    [
        ("speaker:ada", Filters(speakers=("ada",))),
        ('speaker:"Ada Lovelace"', Filters(speakers=("Ada Lovelace",))),
        ("speaker:ada OR speaker:bob", Filters(speakers=("ada", "bob"))),
        (
            "host:ada room:r1 title:budget",
            Filters(hosts=("ada",), rooms=("r1",), titles=("budget",)),
        ),
        ("lang:en_GB", Filters(languages=("en-gb",))),
        ("after:2026-11", Filters(after=date(2026, 11, 1))),
        ("before:2026", Filters(before=date(2026, 1, 1))),
        ("after:2026/11/05", Filters(after=date(2026, 11, 5))),
        ("after:2025 after:2026", Filters(after=date(2026, 1, 1))),
        ("before:2025 before:2026", Filters(before=date(2025, 1, 1))),
    ],
)
def test_filters_say_of_which_captions(text: str, filters: Filters) -> None:
    parsed = parse(f"{text} budget")

    assert parsed.query == Query(what=Word("budget"), filters=filters)
    assert not parsed.hints


@pytest.mark.parametrize(
    ("text", "understood", "start", "end", "instead"),
    [
        ('vote "the budget', 'vote "the budget"', 5, 16, '"the budget"'),
        ("budget speaker:", "budget", 7, 15, None),
        ("budget speaker: ada", "budget ada", 7, 15, None),
        ("speeker:ada budget", "budget speaker:ada", 0, 8, "speaker:"),
        ("since:2026 budget", "budget after:2026", 0, 6, "after:"),
        ("budget after:soon", "budget", 7, 17, None),
        ("budget after:2026-13", "budget", 7, 20, None),
        ("budget lang:english!", "budget", 7, 20, None),
        ("budget - vote", "budget vote", 7, 8, None),
        ("budget -", "budget", 7, 8, None),
        ("OR budget", "budget", 0, 2, None),
        ("budget OR", "budget", 7, 9, None),
        ("budget OR OR vote", "budget OR vote", 10, 12, None),
        ("budget OR -vote", "budget -vote", 7, 9, None),
        ("-budget", "-budget", 0, 7, None),
        ("budget v*", "budget v", 7, 9, None),
        ("budget *", "budget", 7, 8, None),
        ('budget ""', "budget", 7, 9, None),
        ("budget -speaker:ada", "budget", 7, 19, None),
    ],
)
def test_a_mistake_is_hinted_at_and_the_rest_works(
    text: str, understood: str, start: int, end: int, instead: str | None
) -> None:
    parsed = parse(text)

    assert parsed.query == parse(understood).query
    (hint,) = parsed.hints
    assert (hint.start, hint.end, hint.instead) == (start, end, instead)
    assert hint.text.endswith((".", "2026", "lang:en", ":"))


def test_a_long_search_is_cut_and_says_so() -> None:
    many = parse("word " * 40)
    long = parse("x" * 2000)

    assert len(many.query.what.parts) == 32  # type: ignore[union-attr]
    assert [hint.text for hint in many.hints] == [
        "Only the first 32 words of this search are used."
    ]
    assert long.hints == (
        Hint(text="Only the beginning of this long search is used.", start=1000, end=2000),
    )
