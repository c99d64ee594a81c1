"""An index kept of a journal: what every reader of a room may read, whatever became of it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, delete, insert, make_url, select, update
from sqlalchemy.exc import OperationalError

from models.errors import StorageFailed
from models.recording import Span
from models.room import Speaker
from models.transcript import Correction, Entry, Final, Gap, GapReason, Source, Word, numbered
from tests.transcripts.search.databases import made, undone
from transcripts import tables
from transcripts.entries import caption_id_of, kind_of, to_json
from transcripts.inserting import lock_rooms
from transcripts.search.index import Page, Reach
from transcripts.search.keeping import IndexKeeper, index_for, reindex
from transcripts.search.parsing import parse
from transcripts.search.places import SearchRoom, put_room
from transcripts.search.tables import captions, hidden, takes

NOW = datetime(2026, 11, 28, tzinfo=UTC)
ADA, BOB = Speaker(id="a", name="Ada"), Speaker(id="b", name="Bob")
ROOM = SearchRoom(room_id="r", title="Talk", host_id="a", host_name="Ada", private=False)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    if request.param == "sqlite":
        folder: Path = tmp_path_factory.mktemp("kept")
        engine = made(folder / "transcripts.db")
        yield engine
        engine.dispose()
    else:
        with request.getfixturevalue("postgres").database() as url:
            engine = made(make_url(url))
            yield engine
            engine.dispose()


class Journal:
    """Writes entries and keeps the index, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.keeper = IndexKeeper(index_for(connection.engine))
        self.seq = 0
        put_room(connection, ROOM)

    def write(self, *entries: Entry, instance: int = 1) -> None:
        for entry in entries:
            self.seq += 1
            self.connection.execute(
                insert(tables.entries).values(
                    room_id="r",
                    track=entry.track,
                    seq=self.seq,
                    instance=instance,
                    kind=kind_of(entry),
                    caption_id=caption_id_of(entry),
                    payload=to_json(entry),
                    written_at="2026-11-27T10:00:00.000+00:00",
                )
            )
            in_place = numbered(entry, seq=self.seq, instance=instance)
            self.keeper.entered(self.connection, "r", instance, in_place)

    def erase(self, span: Span) -> None:
        """Overwrite captions as `transcripts.erasing` does."""
        gap = Gap(start_s=span.start_s, end_s=span.end_s, reason=GapReason.DELETED)
        e = tables.entries.c
        finals = self.connection.execute(
            select(tables.entries, tables.NumberIn("start").label("a"))
            .add_columns(tables.NumberIn("end").label("b"))
            .where(e.kind == "final", e.instance == span.instance)
        ).all()
        gone = [row.caption_id for row in finals if span.holds(row.a, row.b)]
        self.connection.execute(
            update(tables.entries)
            .where(e.caption_id.in_(gone))
            .values(kind="gap", payload=to_json(gap))
        )
        self.keeper.erased(self.connection, "r", span)

    def hide(self, start_s: float, end_s: float, *, cut: bool = False) -> None:
        self.connection.execute(
            insert(hidden).values(room_id="r", instance=1, cut=cut, start_s=start_s, end_s=end_s)
        )
        self.keeper.rebuild(self.connection, "r", 1)

    def show(self) -> None:
        self.connection.execute(delete(hidden))
        self.keeper.rebuild(self.connection, "r", 1)

    def found(self, text: str) -> list[int]:
        """The seqs of the captions that a reader finds, ascending."""
        index = index_for(self.connection.engine)
        found = index.find(self.connection, parse(text).query, Reach(), Page(now=NOW))
        return sorted(hit.seq for hit in found.hits)


@pytest.fixture
def journal(engine: Engine) -> Iterator[Journal]:
    with undone(engine) as connection:
        yield Journal(connection)


def said(
    id: str, text: str, start_s: float = 0, *, speaker: Speaker = ADA, track: str = ""
) -> Final:
    parts = text.split()
    words = tuple(
        Word(text=part, start_s=start_s + at, end_s=start_s + at + 1, confidence=0.9)
        for at, part in enumerate(parts)
    )
    return Final(
        id=id,
        rev=1,
        start_s=start_s,
        end_s=start_s + len(parts),
        speaker=speaker,
        text=text,
        words=words,
        track=track,
    )


def corrected(id: str, text: str, rev: int = 2) -> Correction:
    return Correction(id=id, rev=rev, text=text, by=BOB, replaces=1)


def test_what_is_said_is_found_with_its_speaker_and_language(journal: Journal) -> None:
    journal.write(said("1", "a new budget"), said("2", "ein neuer Plan", track="de", speaker=BOB))

    assert journal.found("budget") == [1]
    assert journal.found("plan speaker:bob") == [2]
    assert journal.found("budget speaker:bob") == []
    (began, other) = journal.connection.execute(select(takes.c.began_at).order_by("no")).scalars()
    assert began == other == "2026-11-27T09:59:57.000+00:00"


def test_a_correction_takes_the_place_of_what_was_misheard(journal: Journal) -> None:
    journal.write(said("1", "a new gadget"), said("2", "for us", 3), corrected("1", "a new budget"))

    assert journal.found("gadget") == []
    assert journal.found("budget") == [1]
    assert journal.found('"new budget for us"') == [2]
    assert journal.found('"gadget for"') == []

    journal.write(corrected("1", "", rev=3))

    assert journal.found("budget") == []
    assert journal.found("budget us") == []
    assert journal.found("us") == [2]


def test_a_phrase_goes_on_in_the_next_caption_of_who_said_it(journal: Journal) -> None:
    journal.write(
        said("1", "we voted for the", 0),
        said("2", "never mind", 2, speaker=BOB),
        said("3", "budget", 5),
        said("4", "of the town", 6),
        said("5", "long after", 60),
    )

    assert journal.found('"voted for the budget"') == [3]
    assert journal.found('"for the budget of the town"') == [4]
    assert journal.found('"the never"') == []
    assert journal.found('"town long"') == []


def test_what_is_hidden_is_not_found_until_it_is_shown_again(journal: Journal) -> None:
    journal.write(said("1", "kept secret plans", 0), said("2", "and goes on", 4))
    journal.hide(0, 3)
    journal.write(said("3", "secret again", 2), corrected("1", "secret plots"))

    assert journal.found("secret") == []
    assert journal.found('"plans and"') == []
    assert journal.found("goes") == [2]

    journal.show()

    assert journal.found("secret") == [1, 3]
    assert journal.found('"plots and goes"') == [2]


def test_words_that_are_cut_are_not_found_and_their_neighbours_are(journal: Journal) -> None:
    journal.write(said("1", "kept secret plans", 0))
    journal.hide(1, 2, cut=True)

    assert journal.found("secret") == []
    assert journal.found("kept plans") == [1]

    journal.write(corrected("1", "kept secret plots"))

    assert journal.found("secret") == []
    assert journal.found("plots") == [1]


def test_what_is_erased_is_found_no_more_nor_is_its_end(journal: Journal) -> None:
    journal.write(said("1", "walrus plans", 0), said("2", "for us", 3), corrected("1", "walrus"))
    journal.write(said("3", "walrus", 1), instance=2)
    journal.erase(Span(instance=1, start_s=0, end_s=2))

    assert journal.found("walrus") == [4]
    assert journal.found('"walrus for"') == []
    assert journal.found("us") == [2]


def test_a_caption_of_the_second_pass_in_a_gap_is_found(journal: Journal) -> None:
    filled = replace(said("2", "heard later", 3), source=Source.SECOND_PASS)
    journal.write(
        Gap(start_s=3, end_s=6, reason=GapReason.OVERLOAD), said("1", "on it goes", 7), filled
    )

    assert journal.found("later") == [3]
    assert journal.found('"goes heard"') == []


def test_an_instance_is_not_indexed_while_another_server_writes_to_its_room(
    postgres_url: str,
) -> None:
    engine = made(make_url(postgres_url))
    keeper = IndexKeeper(index_for(engine))
    with undone(engine) as other, undone(engine) as connection:
        lock_rooms(other, ["r"])
        connection.exec_driver_sql("SET LOCAL lock_timeout = '20ms'")

        keeper.rebuild(connection, "elsewhere", 1)
        with pytest.raises(OperationalError, match="lock timeout"):
            keeper.rebuild(connection, "r", 1)
    engine.dispose()


def kept(connection: Connection) -> list[tuple[int, str]]:
    rows = connection.execute(
        select(captions.c.id, captions.c.line).where(captions.c.id > 0).order_by(captions.c.id)
    )
    return [(row.id, row.line) for row in rows]


WORDS = st.lists(st.sampled_from(["ab", "b", "c", "d"]), max_size=4).map(" ".join)
STEPS = st.one_of(
    st.tuples(st.just("say"), WORDS, st.integers(0, 30), st.sampled_from([ADA, BOB])),
    st.tuples(st.just("say"), WORDS, st.integers(0, 30), st.sampled_from([ADA, BOB])),
    st.tuples(st.just("correct"), WORDS, st.integers(0, 9)),
    st.tuples(st.sampled_from(["hide", "cut", "erase"]), st.integers(0, 30), st.integers(1, 9)),
    st.tuples(st.just("show")),
)


def _take(journal: Journal, step: tuple[object, ...], number: int) -> None:
    match step:
        case ("say", str(text), int(start_s), Speaker() as speaker):
            journal.write(said(str(number), text, start_s, speaker=speaker))
        case ("correct", str(text), int(id)):
            journal.write(corrected(str(id), text, rev=number + 2))
        case ("hide" | "cut" as how, int(start_s), int(length)):
            journal.hide(start_s, start_s + length, cut=how == "cut")
        case ("erase", int(start_s), int(length)):
            journal.erase(Span(instance=1, start_s=start_s, end_s=start_s + length))
        case _:
            journal.show()


QUIET = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def check(engine: Engine, steps: Sequence[tuple[object, ...]]) -> None:
    with undone(engine) as connection:
        journal = Journal(connection)
        for number, step in enumerate(steps):
            _take(journal, step, number)
        as_kept = kept(connection)
        found = {text: journal.found(text) for text in ("ab", '"b c"', "ab c", "-ab speaker:ada")}
        index_for(engine).clear(connection)
        journal.keeper.rebuild(connection, "r", 1)

        assert as_kept == kept(connection)
        assert found == {text: journal.found(text) for text in found}


@settings(QUIET, max_examples=25)
@given(steps=st.lists(STEPS, max_size=14))
def test_what_is_kept_step_by_step_is_what_the_journal_gives_as_a_whole(
    engine: Engine, steps: Sequence[tuple[object, ...]]
) -> None:
    check(engine, steps)


@pytest.mark.soak
@settings(QUIET, max_examples=3000)
@given(steps=st.lists(STEPS, max_size=40))
def test_what_is_kept_step_by_step_is_what_the_journal_gives_in_the_long_run(
    engine: Engine, steps: Sequence[tuple[object, ...]]
) -> None:
    check(engine, steps)


def test_an_index_is_made_anew_from_the_journal_and_says_how_far_it_is(tmp_path: Path) -> None:
    engine = made(tmp_path / "transcripts.db")
    with engine.begin() as connection:
        journal = Journal(connection)
        journal.write(said("1", "a new gadget"), corrected("1", "a new budget"))
        journal.write(said("2", "another day"), instance=2)
        before = kept(connection)
        index_for(engine).clear(connection)
        assert journal.found("budget") == []
    told: list[tuple[int, int]] = []

    total = reindex(engine, index_for(engine), lambda done, total: told.append((done, total)))

    assert total == 3
    assert told == [(0, 3), (2, 3), (3, 3)]
    with engine.connect() as connection:
        assert kept(connection) == before
        assert Journal(connection).found("budget") == [1]
    engine.dispose()


def test_a_damaged_journal_is_said_to_be_when_its_index_is_made_anew(tmp_path: Path) -> None:
    engine = made(tmp_path / "transcripts.db")
    with engine.begin() as connection:
        Journal(connection).write(said("1", "a new budget"))
        connection.execute(update(tables.entries).values(payload="{}"))

    with pytest.raises(StorageFailed, match="the journal is damaged: entry 1 cannot be read"):
        reindex(engine, index_for(engine))
    engine.dispose()
