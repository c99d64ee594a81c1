"""Translations: caption tracks beside what is said, each with numbers of its own."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from models.transcript import Final, Gap, GapReason
from tests.api.problems import assert_problem
from tests.api.running import Person, Running, final, running
from tests.contracts.captions_v1.reader import Reader, reading, reading_along


def english(text: str, start_s: float = 0.0) -> Final:
    return replace(final(text, start_s), id=f"{text}-en", track="en")


async def say_both(server: Running, room: str, *texts: str) -> None:
    """Say texts, each with a translation of twice as many captions."""
    for text in texts:
        await server.show(room, replace(final(text), language="de"))
        for part in ("a", "b"):
            await server.show(room, english(f"{text} {part}"))


async def switch(reader: Reader, track: str) -> dict[str, object]:
    """Choose a track and read past its first page; gives the `track` message."""
    await reader.send(type="style", track=track)
    await reader.take("style")
    said = await reader.next()
    await reader.take("history")
    return said


async def test_a_room_without_translations_offers_no_track(server: Running, room: str) -> None:
    async with reading_along(server, room) as reader:
        await reader.send(type="style", track="en")
        await reader.take("style")
        await server.say(room, "as spoken")
        said = await reader.next()

    assert (reader.all[0]["tracks"], reader.all[0]["track"]) == ([], "")
    assert said["text"] == "as spoken"
    assert "track" not in said


async def test_a_reader_is_sent_what_is_said_unless_it_chooses_otherwise(
    server: Running, room: str
) -> None:
    await say_both(server, room, "eins")

    async with reading_along(server, room) as reader:
        await say_both(server, room, "zwei", "drei")
        numbers = await reader.up_to(3)

    assert (reader.all[0]["tracks"], reader.all[0]["track"]) == (["en"], "")
    assert numbers == [1, 2, 3]
    assert not any("track" in message for message in reader.all[1:])


async def test_choosing_a_track_shows_its_newest_page_and_then_what_is_live(
    server: Running, room: str
) -> None:
    await say_both(server, room, *(f"w{number}" for number in range(40)))

    async with reading_along(server, room) as reader:
        await reader.send(type="style", track="en", size_percent=150)
        style = await reader.next()
        track = await reader.next()
        page = await reader.next()
        await say_both(server, room, "neu")
        first, second = await reader.next(), await reader.next()

    assert (style["type"], style["style"]["track"]) == ("style", "en")
    assert track == {"type": "track", "track": "en", "seq": 80, "first_seq": 1}
    assert [item["seq"] for item in page["items"]] == list(range(31, 81))
    assert {item["track"] for item in page["items"]} == {"en"}
    assert [(first["seq"], first["text"]), (second["seq"], second["text"])] == [
        (81, "neu a"),
        (82, "neu b"),
    ]
    assert first["track"] == "en"


async def test_what_is_being_said_is_not_shown_to_who_reads_a_translation(
    server: Running, room: str
) -> None:
    await say_both(server, room, "eins")
    async with reading_along(server, room) as reader:
        await switch(reader, "en")
        server.murmur(room, "i9", 1, "noch nicht")
        await reader.answered()
        during = list(reader.all)
        await switch(reader, "")
        interim = await reader.take("interim")

    assert not any(message["type"] == "interim" for message in during)
    assert interim["text"] == "noch nicht"


async def test_going_back_to_what_is_said_loses_nothing(server: Running, room: str) -> None:
    await say_both(server, room, "eins")
    async with reading_along(server, room) as reader:
        await switch(reader, "en")
        await say_both(server, room, "zwei")
        await reader.up_to(4)
        said = await switch(reader, "")
        page = reader.all[-1]
        await say_both(server, room, "drei")
        last = await reader.take("final")

    assert (said["track"], said["seq"]) == ("", 2)
    assert [item["text"] for item in page["items"]] == ["eins", "zwei"]
    assert (last["seq"], last["text"]) == (3, "drei")


async def test_a_style_that_keeps_the_track_switches_nothing(server: Running, room: str) -> None:
    await say_both(server, room, "eins")
    async with reading_along(server, room) as reader:
        await switch(reader, "en")
        await reader.send(type="style", track="en", size_percent=200)
        await reader.take("style")
        await reader.send(type="ping")

        assert (await reader.next())["type"] == "pong"


async def test_coming_back_to_a_track_goes_on_where_it_was(server: Running, room: str) -> None:
    await say_both(server, room, "eins", "zwei", "drei")

    async with reading(server, room, "after=2&track=en") as reader:
        welcome = await reader.next()
        await reader.up_to(6)
        await say_both(server, room, "vier")
        numbers = await reader.up_to(8)

    assert (welcome["track"], welcome["seq"], welcome["first_seq"]) == ("en", 6, 1)
    assert numbers == [3, 4, 5, 6, 7, 8]
    assert reader.texts()[0] == "zwei a"


async def test_a_place_in_a_track_that_is_not_offered_is_no_place_in_another(
    server: Running, room: str
) -> None:
    await say_both(server, room, "eins", "zwei", "drei")

    async with reading(server, room, "after=2&track=fr") as reader:
        welcome = await reader.next()
        page = await reader.next()

    assert (welcome["track"], welcome["seq"]) == ("", 3)
    assert [item["seq"] for item in page["items"]] == [1, 2, 3]


async def test_the_track_of_who_signed_in_is_kept_for_every_room_that_offers_it(
    server: Running, host: Person, room: str
) -> None:
    plain = await server.room(host, "Plain")
    await server.say(plain, "as spoken")
    await say_both(server, room, "eins")
    async with reading_along(server, room, f"token={host.token}") as reader:
        await switch(reader, "en")

    async with reading_along(server, room, f"token={host.token}") as again:
        pass
    async with reading_along(server, plain, f"token={host.token}") as elsewhere:
        pass

    assert again.all[0]["track"] == "en"
    assert [item["text"] for item in again.all[-1]["items"]] == ["eins a", "eins b"]
    assert elsewhere.all[0]["track"] == ""
    assert [item["text"] for item in elsewhere.all[-1]["items"]] == ["as spoken"]


async def test_a_paused_reader_stays_paused_and_counts_the_new_track(
    server: Running, room: str
) -> None:
    await say_both(server, room, "eins")
    async with reading_along(server, room) as reader:
        await reader.send(type="pause")
        await reader.take("pending")
        await switch(reader, "en")
        paused = await reader.take("pending")
        await server.show(room, english("later"))
        waiting = await reader.take("pending")
        await reader.send(type="resume", mode="replay")
        shown = await reader.take("final")

    assert (paused["count"], paused["latest_seq"]) == (0, 2)
    assert (waiting["count"], waiting["latest_seq"]) == (1, 3)
    assert shown["text"] == "later"


async def test_only_entries_of_the_reader_s_track_wait_while_it_is_paused(
    server: Running, room: str
) -> None:
    await say_both(server, room, "eins")
    async with reading_along(server, room) as reader:
        await reader.send(type="pause")
        await reader.take("pending")
        await say_both(server, room, "zwei")
        waiting = await reader.take("pending")
        await reader.answered()

    assert (waiting["count"], waiting["latest_seq"]) == (1, 2)
    assert reader.all[-1]["type"] == "pong"


async def test_scrollback_gives_the_track_that_is_read(server: Running, room: str) -> None:
    await say_both(server, room, "eins", "zwei")
    async with reading_along(server, room, "after=4&track=en") as reader:
        await reader.send(type="scrollback", before=3, limit=2)
        page = await reader.take("history")

    assert [item["text"] for item in page["items"]] == ["eins a", "eins b"]


async def test_a_translation_can_be_corrected_for_its_readers(
    server: Running, host: Person, room: str
) -> None:
    await say_both(server, room, "eins")
    async with (
        reading_along(server, room) as spoken,
        reading_along(server, room, "after=2&track=en") as translated,
    ):
        reply = await server.http.patch(
            f"/v1/rooms/{room}/captions/eins a-en",
            json={"text": "one", "rev": 9},
            headers=host.headers,
        )
        correction = await translated.take("correction")
        await spoken.answered()

    assert reply.json() == correction
    assert (correction["seq"], correction["replaces"], correction["track"]) == (3, 1, "en")
    assert not any(message["type"] == "correction" for message in spoken.all)


async def test_a_gap_of_a_translation_is_told_to_its_readers_only(
    server: Running, room: str
) -> None:
    await say_both(server, room, "eins")
    async with (
        reading_along(server, room) as spoken,
        reading_along(server, room, "after=2&track=en") as translated,
    ):
        gap = Gap(start_s=1, end_s=2, reason=GapReason.OVERLOAD, track="en")
        await server.show(room, gap)
        told = await translated.take("gap")
        await spoken.answered()

    assert told == {
        "type": "gap",
        "seq": 3,
        "start": 1.0,
        "end": 2.0,
        "instance": 1,
        "reason": "overload",
        "track": "en",
    }
    assert not any(message["type"] == "gap" for message in spoken.all)


async def test_a_slow_reader_of_a_translation_misses_nothing(server: Running, room: str) -> None:
    await say_both(server, room, "eins")
    async with reading_along(server, room, "after=2&track=en") as reader:
        for number in range(400):
            await server.show(room, english(f"t{number}"))
            await server.show(room, final(f"m{number}"))
        numbers = await reader.up_to(402)

    assert numbers == list(range(3, 403))


@pytest.mark.parametrize("format", ["vtt", "txt", "json"])
async def test_a_transcript_is_given_in_a_translation(
    server: Running, room: str, format: str
) -> None:
    await say_both(server, room, "eins")

    for track, there, missing in (("en", "eins a", "xx"), ("", "eins", "eins a")):
        reply = await server.http.get(
            f"/v1/rooms/{room}/transcript",
            params={"format": format, "track": track, "instance": 1, "download": True},
        )
        assert reply.status_code == 200
        assert there in reply.text
        assert missing not in reply.text
        assert (".en." in reply.headers["content-disposition"]) is bool(track)


async def test_a_transcript_in_a_track_that_the_room_has_not_is_refused(
    server: Running, room: str
) -> None:
    reply = await server.http.get(f"/v1/rooms/{room}/transcript", params={"track": "fr"})

    assert_problem(reply, 422, "invalid", "track")


async def test_a_host_begins_and_ends_a_translation_while_the_room_is_live(tmp_path: Path) -> None:
    line = {"start_s": 0.0, "end_s": 1.0, "text": "Hallo", "translation": "Hello"}
    (tmp_path / "script.json").write_text(json.dumps({"lines": [line]}))
    told = []
    async with running(tmp_path) as server:
        host = await server.sign_in()
        room = await server.live_room(host, language="de")
        async with reading_along(server, room) as reader:
            await reader.take("room")
            for translate in (True, False):
                reply = await server.http.patch(
                    f"/v1/rooms/{room}", json={"translate": translate}, headers=host.headers
                )
                assert reply.json()["translate"] is translate
                told.append((await reader.take("room"))["tracks"])

    assert reader.all[0]["tracks"] == []
    assert told == [["en"], []]
