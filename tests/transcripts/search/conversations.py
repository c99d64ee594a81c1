"""Made-up conversations and queries, of few words, so that much is found."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from models.room import Speaker
from transcripts.search.matching import About
from transcripts.search.query import (
    And,
    Expression,
    Filters,
    Leaf,
    Not,
    Or,
    Phrase,
    Positive,
    Prefix,
    Query,
    Word,
)
from transcripts.search.said import Said, caption_id
from transcripts.search.tokens import tokens

WORDS = ("ab", "abc", "b", "c", "Café", "naïve", "don't", "1,000", "x-b", "東京", "ช้า", "NOT")
SPEAKERS = (
    None,
    Speaker(id="a", name="Ada Lovelace"),
    Speaker(id="b", name="Bob"),
    Speaker(id="ada", name="B c"),
)
LANGUAGES = ("en", "en-GB", "de")
TOKENS = tuple(dict.fromkeys(token for word in WORDS for token in tokens(word)))
BEGAN = datetime(2026, 11, 5, 23, tzinfo=UTC)


@dataclass(frozen=True)
class Room:
    about: About
    private: bool


ROOMS = tuple(
    Room(
        private=private,
        about=About(
            room_id=f"r{number}",
            title=title,
            host_id=f"h{number}",
            host_name=host,
            began_at=BEGAN + timedelta(days=20 * number),
        ),
    )
    for number, (title, host, private) in enumerate(
        [("Café talk", "Ada", False), ("The ab b", "Bob", False), ("", "Ada b", True)]
    )
)

texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map(" ".join)


@st.composite
def conversations(draw: st.DrawFn) -> list[Said]:
    """Captions of the rooms, of which each has one take, numbered from 1."""
    said = []
    for number, room in enumerate(ROOMS, start=1):
        for seq, (own, tail) in enumerate(draw(st.lists(st.tuples(texts, texts), max_size=5))):
            said.append(
                Said(
                    id=caption_id(number, seq + 1),
                    room_id=room.about.room_id,
                    speaker=draw(st.sampled_from(SPEAKERS)),
                    language=draw(st.sampled_from(LANGUAGES)),
                    start_s=seq,
                    end_s=seq + 1,
                    own=tuple(tokens(own)),
                    tail=tuple(tokens(tail)[-6:]),
                )
            )
    return said


_runs = st.lists(st.sampled_from(TOKENS), min_size=1, max_size=9).map(tuple)
leaves: st.SearchStrategy[Leaf] = st.one_of(
    st.sampled_from(TOKENS).map(Word),
    _runs.map(Phrase),
    _runs.map(Prefix),
    st.sampled_from(["a", "n", "ca"]).map(lambda text: Prefix((text,))),
)
positives: st.SearchStrategy[Positive] = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(tuple).map(Or),
        st.lists(inner | inner.map(Not), min_size=1, max_size=3).map(tuple).map(And),
    ),
    max_leaves=5,
)
expressions: st.SearchStrategy[Expression | None] = st.one_of(
    st.none(), positives, positives.map(Not)
)


def _some(*values: str) -> st.SearchStrategy[tuple[str, ...]]:
    """Mostly none, so that something is found."""
    few = st.lists(st.sampled_from(values), min_size=1, max_size=2).map(tuple)
    return st.one_of(st.just(()), st.just(()), few)


_days = st.one_of(st.none(), st.none(), st.dates(date(2026, 11, 1), date(2027, 1, 1)))
filters = st.builds(
    Filters,
    speakers=_some("ada", "Ada Lovelace", "a", "b", "nobody"),
    hosts=_some("ada", "h1", "b"),
    rooms=_some("r0", "r2", "cafe"),
    titles=_some("cafe", "Ab b", "r0"),
    languages=_some("en", "en-gb", "e"),
    after=_days,
    before=_days,
)
queries = st.builds(Query, what=expressions, filters=filters)
