"""What every journal promises, checked on each of them."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import make_url

from models.room import Speaker
from models.transcript import Correction, Entry, Final, Gap, GapReason, Word
from pipeline.journal import Journal
from transcripts.journal import SqlJournal
from transcripts.memory import InMemoryJournal
from transcripts.speakers import SpeakerOrder

AnyJournal = SqlJournal | InMemoryJournal
ADA = Speaker(id="ada", name="Ada")


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
async def journal(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[AnyJournal]:
    made: AnyJournal
    match request.param:
        case "memory":
            made = InMemoryJournal()
        case "sqlite":
            made = SqlJournal(tmp_path / "journal.db")
        case _:
            made = SqlJournal(make_url(request.getfixturevalue("postgres_url")))
    async with made:
        yield made


def final(name: str, start_s: float = 0.0) -> Final:
    word = Word(text=name, start_s=start_s, end_s=start_s + 0.1, confidence=0.1 + 0.2)
    other = Word(text="字", start_s=start_s + 0.1, end_s=start_s + 0.2, confidence=1.0, glued=True)
    return Final(
        id=name,
        rev=1,
        start_s=start_s,
        end_s=start_s + 1,
        speaker=ADA,
        text=name,
        words=(word, other),
    )


AT = datetime(2026, 5, 4, 18, 30, tzinfo=UTC)


def correction(name: str, replaces: int) -> Correction:
    return Correction(id=name, rev=2, text="better", by=ADA, replaces=replaces, at=AT)


async def fill(journal: Journal, *names: str, room: str = "r", instance: int = 1) -> list[Entry]:
    return [await journal.append(room, instance, final(name)) for name in names]


async def test_an_appended_entry_comes_back_with_its_number(journal: AnyJournal) -> None:
    gap = Gap(start_s=1.5, end_s=3.25, reason=GapReason.OVERLOAD)

    appended = [await journal.append("r", 1, entry) for entry in (final("a"), gap)]

    assert appended == [replace(final("a"), seq=1, instance=1), replace(gap, seq=2, instance=1)]
    assert list(await journal.after("r", 0, 10)) == appended


async def test_numbers_of_each_room_start_at_one(journal: AnyJournal) -> None:
    await fill(journal, "a", "b", room="one")
    await fill(journal, "c", room="two")

    assert await journal.latest("one") == 2
    assert await journal.latest("two") == 1
    assert await journal.latest("nowhere") == 0


async def test_numbers_continue_in_the_next_instance(journal: AnyJournal) -> None:
    await fill(journal, "a", "b", instance=1)
    (third,) = await fill(journal, "c", instance=2)

    assert third.seq == 3
    assert list(await journal.instances("r")) == [1, 2]


async def test_appends_at_the_same_time_leave_no_hole_and_no_double(journal: AnyJournal) -> None:
    rooms = ["one", "two"] * 100

    await asyncio.gather(*(journal.append(room, 1, final(f"c{n}")) for n, room in enumerate(rooms)))

    for room in ("one", "two"):
        entries = await journal.after(room, 0, 500)
        assert [entry.seq for entry in entries] == list(range(1, 101))


async def test_pages_before_and_after_a_number_ascend(journal: AnyJournal) -> None:
    entries = await fill(journal, *"abcde")

    assert list(await journal.after("r", 2, 2)) == entries[2:4]
    assert list(await journal.before("r", 4, 2)) == entries[1:3]
    assert list(await journal.before("r", 1, 2)) == []
    assert list(await journal.after("r", 5, 2)) == []
    assert list(await journal.after("r", 0, 0)) == []


async def test_a_caption_is_its_final_and_its_corrections(journal: AnyJournal) -> None:
    await fill(journal, "a", "b")
    await journal.append("r", 1, correction("a", replaces=1))

    caption = await journal.caption("r", "a")

    assert [(type(entry), entry.seq) for entry in caption] == [(Final, 1), (Correction, 3)]
    assert list(await journal.caption("r", "unknown")) == []


async def test_an_instance_keeps_corrections_that_were_made_later(journal: AnyJournal) -> None:
    await fill(journal, "a", instance=1)
    await fill(journal, "b", instance=2)
    await journal.append("r", 2, correction("a", replaces=1))

    assert [entry.seq for entry in await journal.transcript("r", 1)] == [1, 3]
    assert [entry.seq for entry in await journal.transcript("r")] == [1, 2, 3]


async def test_a_time_is_found_in_the_newest_instance(journal: AnyJournal) -> None:
    for number in range(5):
        await journal.append("r", 1, final(f"old{number}", start_s=number * 10))
    await journal.append("r", 1, correction("old0", replaces=1))
    for number in range(40):
        await journal.append("r", 2, final(f"new{number}", start_s=number * 2))
        await journal.append("r", 2, correction(f"new{number}", replaces=7 + 2 * number))

    found = [await journal.at("r", time_s) for time_s in (-1, 0, 0.9, 1, 2.5, 77, 78.5, 500)]

    assert found == [7, 7, 7, 9, 9, 85, 85, 85]
    assert [await journal.at(room, 3) for room in ("nowhere", "")] == [0, 0]


async def test_a_time_is_found_in_the_instance_that_is_asked_for(journal: AnyJournal) -> None:
    for instance in (1, 2):
        for number in range(5):
            entry = final(f"{instance}-{number}", start_s=number * 10)
            await journal.append("r", instance, entry)

    found = [await journal.at("r", 25, instance=instance) for instance in (1, 2, 3)]

    assert found == [4, 9, 0]
    assert await journal.at("r", 500, instance=1) == 5


async def test_an_entry_names_the_instance_that_it_was_said_in(journal: AnyJournal) -> None:
    await fill(journal, "a", instance=1)
    await fill(journal, "b", instance=2)

    read = await journal.after("r", 0, 9)

    assert [entry.instance for entry in read if isinstance(entry, Final)] == [1, 2]


async def test_later_corrections_of_a_page_are_found(journal: AnyJournal) -> None:
    await fill(journal, *"abcd")
    for name, seq in (("c", 3), ("a", 1), ("d", 4), ("c", 7)):
        await journal.append("r", 2, correction(name, replaces=seq))

    assert [entry.seq for entry in await journal.corrections("r", 2, 4)] == [5, 7, 8]
    assert [entry.seq for entry in await journal.corrections("r", 1, 5)] == [6, 7, 8]
    assert list(await journal.corrections("r", 2, 4, track="en")) == []


async def test_corrections_and_finals_are_told_apart_in_a_stretch(journal: AnyJournal) -> None:
    await fill(journal, "a")
    await journal.append("r", 1, correction("a", replaces=1))
    await fill(journal, "b")
    await journal.append("r", 1, Gap(start_s=1, end_s=2, reason=GapReason.OVERLOAD))
    await journal.append("r", 1, correction("b", replaces=3))

    assert [entry.seq for entry in await journal.corrections_in("r", 1, 4)] == [2]
    assert [entry.seq for entry in await journal.corrections_in("r", 3, 9)] == [5]
    assert [await journal.finals_in("r", *span) for span in ((1, 5), (2, 3), (4, 9))] == [2, 1, 0]
    assert await journal.finals_in("r", 1, 9, track="en") == 0
    assert list(await journal.corrections_in("elsewhere", 1, 9)) == []


async def test_each_track_of_a_room_has_numbers_of_its_own(journal: AnyJournal) -> None:
    (first,) = await fill(journal, "a")
    translated = await journal.append("r", 1, replace(final("a-en"), track="en"))
    (second,) = await fill(journal, "b")

    assert [first.seq, translated.seq, second.seq] == [1, 1, 2]
    assert list(await journal.after("r", 0, 10)) == [first, second]
    assert list(await journal.after("r", 0, 10, track="en")) == [translated]
    assert list(await journal.before("r", 9, 10, track="en")) == [translated]
    assert [await journal.latest("r"), await journal.latest("r", track="en")] == [2, 1]
    assert list(await journal.transcript("r", 1)) == [first, second]
    assert list(await journal.transcript("r", 1, track="en")) == [translated]


async def test_a_room_has_the_tracks_that_something_was_written_to(journal: AnyJournal) -> None:
    await fill(journal, "a")
    assert list(await journal.tracks("r")) == []

    for track in ("fr", "en"):
        await journal.append("r", 1, replace(final(f"a-{track}"), track=track))

    await journal.append("r", 2, replace(final("a-de"), track="de"))
    assert list(await journal.tracks("r")) == ["de", "en", "fr"]
    assert list(await journal.tracks("r", 1)) == ["en", "fr"]
    assert list(await journal.tracks("r", 3)) == []
    assert list(await journal.tracks("elsewhere")) == []


async def test_a_translated_caption_is_found_by_its_id_and_corrected_in_its_track(
    journal: AnyJournal,
) -> None:
    await journal.append("r", 1, replace(final("a-en"), track="en"))
    fixed = replace(correction("a-en", replaces=1), track="en")
    await journal.append("r", 2, fixed)

    assert [entry.track for entry in await journal.caption("r", "a-en")] == ["en", "en"]
    assert [entry.seq for entry in await journal.transcript("r", 1, track="en")] == [1, 2]


async def test_appends_to_tracks_at_the_same_time_leave_no_hole(journal: AnyJournal) -> None:
    tracks = ["", "en"] * 50
    entries = [replace(final(f"c{n}"), track=track) for n, track in enumerate(tracks)]

    await asyncio.gather(*(journal.append("r", 1, entry) for entry in entries))

    for track in ("", "en"):
        kept = await journal.after("r", 0, 500, track=track)
        assert [entry.seq for entry in kept] == list(range(1, 51))


async def test_speakers_come_in_the_order_of_their_first_captions(journal: AnyJournal) -> None:
    ben, cleo = (Speaker(id=name, name=name.title()) for name in ("ben", "cleo"))
    for name, speaker in (("a", ben), ("b", ADA), ("c", ben), ("d", None), ("e", cleo)):
        await journal.append("r", 1, replace(final(name), speaker=speaker))
    await journal.append("r", 1, replace(final("f"), speaker=Speaker(id="x", name="X"), track="de"))
    order = SpeakerOrder(journal)

    assert list(await journal.speakers("r")) == ["ben", "ada", "cleo"]
    assert list(await journal.speakers("r", after=2)) == ["ben", "cleo"]
    assert await order.of("r") == ("ben", "ada", "cleo")
    await journal.append("r", 2, replace(final("g"), speaker=Speaker(id="dan", name="Dan")))
    assert await order.of("r") == ("ben", "ada", "cleo", "dan")
    assert await order.of("elsewhere") == ()
