"""What was misheard is found in both indexes, by who may read it, and by nobody when it is gone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, insert, make_url

from tests.transcripts.search.conversations import BEGAN
from tests.transcripts.search.databases import made
from transcripts.search.answering import Answer
from transcripts.search.index import PUBLIC, Page, Reach
from transcripts.search.keeping import index_for
from transcripts.search.parsing import parse
from transcripts.search.places import SearchRoom, put_room
from transcripts.search.said import Kept, Said, caption_id
from transcripts.search.tables import takes
from transcripts.search.tokens import tokens
from transcripts.search.tolerant import Known, Reread, Tolerantly
from transcripts.search.vocabulary import Vocabulary

OPEN, PRIVATE = 1, 2
SAID = (
    (OPEN, 1, "we rowed into the harbor at night"),
    (OPEN, 2, "the boat was full of fish"),
    (OPEN, 3, "lights of the harbor and the weather"),
    (PRIVATE, 1, "the umpire met us at the harper institute"),
)


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    if request.param == "sqlite":
        engine = made(tmp_path / "transcripts.db")
    else:
        engine = made(make_url(request.getfixturevalue("postgres_url")))
    with engine.begin() as connection:
        for number, private in ((OPEN, False), (PRIVATE, True)):
            _put_room(connection, number, private=private)
        index_for(engine).add(connection, [_kept(*one) for one in SAID])
    yield engine
    engine.dispose()


def _put_room(connection: Connection, number: int, *, private: bool) -> None:
    room_id = f"r{number}"
    take = {"no": number, "room_id": room_id, "instance": 1, "track": ""}
    connection.execute(insert(takes).values(**take, began_at=BEGAN.isoformat()))
    room = SearchRoom(room_id=room_id, title="", host_id="", host_name="", private=private)
    put_room(connection, room)


def _kept(take: int, seq: int, text: str) -> Kept:
    said = Said(
        id=caption_id(take, seq),
        room_id=f"r{take}",
        speaker=None,
        language="en",
        start_s=0.0,
        end_s=1.0,
        own=tuple(tokens(text)),
    )
    return Kept.of(said)


def ask(engine: Engine, text: str, reach: Reach = PUBLIC) -> Answer:
    index = index_for(engine)
    with engine.connect() as connection:
        finder = Tolerantly(index, Known(Vocabulary(index.words(connection))))
        return finder.find(connection, parse(text).query, reach, Page(now=BEGAN))


def numbers(answer: Answer) -> list[int]:
    return [hit.seq for hit in answer.found.hits]


def test_what_was_misheard_is_found_and_said_to_be_something_else(engine: Engine) -> None:
    answer = ask(engine, "harbour")
    assert sorted(numbers(answer)) == [1, 3]
    assert not answer.exact
    assert [(one.word, one.others) for one in answer.heard_as] == [("harbour", ("harbor",))]


def test_what_was_said_as_typed_is_all_that_is_shown(engine: Engine) -> None:
    answer = ask(engine, "harbor")
    assert sorted(numbers(answer)) == [1, 3]
    assert answer.exact
    assert answer.heard_as == ()


def test_captions_with_more_of_the_words_come_first(engine: Engine) -> None:
    assert numbers(ask(engine, "whether harbour"))[0] == 3
    assert numbers(ask(engine, "boats filled fishes"))[0] == 2


def test_what_must_not_be_said_is_not_found(engine: Engine) -> None:
    assert numbers(ask(engine, "harbour -lights")) == [1]


@pytest.mark.parametrize("text", ["empire", "umpires", "institutes", "harper institutes"])
def test_words_of_a_private_room_are_neither_found_nor_named(engine: Engine, text: str) -> None:
    answer = ask(engine, text)
    assert "r2" not in {hit.room_id for hit in answer.found.hits}
    named = {other for one in answer.heard_as for other in one.others}
    assert not named & {"umpire", "institute", "harper"}
    readers = ask(engine, text, Reach(private_rooms=frozenset({"r2"})))
    assert "r2" in {hit.room_id for hit in readers.found.hits}


def test_a_word_that_was_taken_out_is_known_no_more(engine: Engine) -> None:
    index = index_for(engine)
    with engine.begin() as connection:
        assert {"umpire", "harbor"} <= {word for word, _ in index.words(connection)}
        index.remove(connection, [caption_id(PRIVATE, 1)])
    with engine.connect() as connection:
        words = dict(index.words(connection))
    assert "umpire" not in words
    assert words["harbor"] == 2
    assert not any(set(word) & set("<:|") for word in words)


def test_words_are_read_beside_the_search_and_anew_when_they_are_old(engine: Engine) -> None:
    index = index_for(engine)
    words = Reread(index, least_s=0.0, rest=0.0, patience_s=30.0)
    assert "harbor" in words.known(engine)
    with engine.begin() as connection:
        index.add(connection, [_kept(OPEN, 4, "a lighthouse")])
    words.join()
    words.known(engine)
    words.join()
    assert "lighthouse" in words.known(engine)
    words.join()


def test_a_search_is_answered_when_the_words_cannot_be_read(engine: Engine) -> None:
    class Broken(type(index_for(engine))):  # type: ignore[misc]
        def words(self, connection: Connection) -> Iterator[tuple[str, int]]:
            raise OSError("the disk is gone")

    index = Broken()
    words = Reread(index, patience_s=30.0)
    with engine.connect() as connection:
        finder = Tolerantly(index, words)
        answer = finder.find(connection, parse("harbour").query, PUBLIC, Page(now=BEGAN))
    words.join()
    assert answer.exact
    assert answer.found.total == 0
