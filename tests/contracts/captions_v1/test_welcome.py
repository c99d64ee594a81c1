"""What a reader is told first: the welcome, and one page of history."""

from dataclasses import replace

from models.style import CaptionStyle
from models.transcript import Source
from tests.api.running import Person, Running, final
from tests.contracts.captions_v1.reader import letters, reading


async def test_the_subprotocol_is_agreed_on(server: Running, room: str) -> None:
    async with reading(server, room) as reader:
        assert reader.connection.subprotocol == "captions.v1"


async def test_a_client_without_subprotocols_is_served_too(server: Running, room: str) -> None:
    async with reading(server, room, subprotocols=None) as reader:
        assert reader.connection.subprotocol is None
        assert (await reader.next())["type"] == "welcome"


async def test_the_welcome_says_what_a_listener_has_to_know(server: Running, room: str) -> None:
    await server.say(room, "hello")

    async with reading(server, room) as reader:
        welcome = await reader.next()

    assert next(iter(welcome)) == "type"
    assert welcome == {
        "type": "welcome",
        "room": room,
        "title": "Tea",
        "instance": 0,
        "seq": 1,
        "first_seq": 1,
        "live": False,
        "language": "en",
        "engine": {
            "name": "scripted",
            "model": "",
            "quality": "good",
            "unsure_below": 0.0,
            "captioner": None,
        },
        "style": CaptionStyle().as_json(),
        "tracks": [],
        "track": "",
        "state": "scheduled",
        "participants": 0,
        "recording": "off",
        "note": "",
        "speaker_tracks": False,
    }


async def test_the_welcome_of_a_live_room_says_so(server: Running, host: Person) -> None:
    room = await server.live_room(host)

    async with reading(server, room) as reader:
        welcome = await reader.next()

    shown = {name: welcome[name] for name in ("live", "state", "instance", "recording", "seq")}
    assert shown == {"live": True, "state": "live", "instance": 1, "recording": "on", "seq": 0}
    assert welcome["participants"] == 1


async def test_a_room_that_listens_for_its_language_says_which_was_heard(
    server: Running, host: Person
) -> None:
    silent = await server.room(host, language="auto")
    spoken = await server.room(host, language="auto")
    await server.show(spoken, replace(final("guten Tag"), language="de"))
    await server.show(spoken, replace(final("typed"), language="", source=Source.TYPED))

    said = []
    for room in (silent, spoken):
        async with reading(server, room) as reader:
            said.append((await reader.next())["language"])

    assert said == ["", "de"]


async def test_the_newest_fifty_entries_come_first_in_one_page(server: Running, room: str) -> None:
    await server.say(room, *letters(60))

    async with reading(server, room) as reader:
        await reader.next()
        page = await reader.next()

    assert list(page) == ["type", "items", "before", "more"]
    assert [item["seq"] for item in page["items"]] == list(range(11, 61))
    assert (page["before"], page["more"]) == (11, True)
    assert all(next(iter(item)) == "type" for item in page["items"])


async def test_the_first_page_of_a_silent_room_is_empty(server: Running, room: str) -> None:
    async with reading(server, room) as reader:
        await reader.next()

        assert await reader.next() == {"type": "history", "items": [], "before": 1, "more": False}
