"""Both indexes find what a caption-by-caption look finds, for any conversation and query."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, insert, make_url

from tests.transcripts.search.conversations import ROOMS, conversations, queries
from tests.transcripts.search.databases import made, undone
from transcripts.search.index import Found, Page, Reach
from transcripts.search.keeping import index_for
from transcripts.search.matching import matches
from transcripts.search.places import SearchRoom, put_room
from transcripts.search.query import Query
from transcripts.search.said import Kept, Said, place
from transcripts.search.tables import takes

NOW = datetime(2027, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def engines(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[list[Engine]]:
    postgres = request.getfixturevalue("postgres")
    with postgres.database() as url:
        folder: Path = tmp_path_factory.mktemp("index")
        both = [made(folder / "transcripts.db"), made(make_url(url))]
        for engine in both:
            with engine.begin() as connection:
                _put_rooms(connection)
        yield both
        for engine in both:
            engine.dispose()


def _put_rooms(connection: Connection) -> None:
    for number, room in enumerate(ROOMS, start=1):
        about = room.about
        connection.execute(
            insert(takes).values(
                no=number,
                room_id=about.room_id,
                instance=1,
                track="",
                began_at=about.began_at.isoformat(),
            )
        )
        put_room(
            connection,
            SearchRoom(
                room_id=about.room_id,
                title=about.title,
                host_id=about.host_id,
                host_name=about.host_name,
                private=room.private,
            ),
        )


def expected(said: list[Said], query: Query, reach: Reach) -> set[int]:
    found = set()
    for one in said:
        room = ROOMS[place(one.id)[0] - 1]
        may_read = not room.private or room.about.room_id in reach.private_rooms
        if may_read and matches(query, one, room.about):
            found.add(one.id)
    return found


def found_by(engine: Engine, said: list[Said], asked: list[Query], reach: Reach) -> list[Found]:
    index = index_for(engine)
    with undone(engine) as connection:
        index.add(connection, [Kept.of(one) for one in said])
        return [index.find(connection, query, reach, Page(now=NOW)) for query in asked]


def check(engines: list[Engine], said: list[Said], asked: list[Query], reach: Reach) -> None:
    one, other = (found_by(engine, said, asked, reach) for engine in engines)
    for query, in_one, in_other in zip(asked, one, other, strict=True):
        assert {hit.id for hit in in_one.hits} == expected(said, query, reach), query
        assert in_one == in_other, query


SHARED = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
reaches = st.sampled_from([Reach(), Reach(private_rooms=frozenset({"r2"}))])


@settings(SHARED, max_examples=25)
@given(said=conversations(), asked=st.lists(queries, min_size=8, max_size=8), reach=reaches)
def test_both_indexes_find_the_same(
    engines: list[Engine], said: list[Said], asked: list[Query], reach: Reach
) -> None:
    check(engines, said, asked, reach)


@pytest.mark.soak
@settings(SHARED, max_examples=5000)
@given(said=conversations(), asked=st.lists(queries, min_size=20, max_size=20), reach=reaches)
def test_both_indexes_find_the_same_in_the_long_run(
    engines: list[Engine], said: list[Said], asked: list[Query], reach: Reach
) -> None:
    check(engines, said, asked, reach)
