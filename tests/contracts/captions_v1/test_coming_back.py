"""Reading on from a place in the journal, through restarts and to the end."""

import asyncio
from pathlib import Path

import pytest

from tests.api.running import Running, running
from tests.contracts.captions_v1.reader import letters, reading, reading_along


async def test_after_gives_everything_since_and_then_what_is_live(
    server: Running, room: str
) -> None:
    await server.say(room, *letters(250))

    async with reading_along(server, room, "after=30") as reader:
        await reader.up_to(250)
        await server.say(room, "now")
        numbers = await reader.up_to(251)

    assert numbers == list(range(31, 252))
    assert [message for message in reader.all if message["type"] == "history"] == []


async def test_nothing_is_lost_or_doubled_when_people_speak_during_the_handshake(
    server: Running, room: str
) -> None:
    await server.say(room, *letters(30))
    speaking = asyncio.create_task(server.say(room, *letters(300, "d")))

    readers = []
    for after in (0, 10, 30):
        async with reading_along(server, room, f"after={after}") as reader:
            await server.say(room, f"x{after}")
            readers.append((after, await reader.up_to(after + 60)))
    await speaking

    for after, numbers in readers:
        assert numbers == list(range(after + 1, after + 1 + len(numbers)))


async def test_a_first_page_and_what_follows_it_have_no_seam(server: Running, room: str) -> None:
    speaking = asyncio.create_task(server.say(room, *letters(200)))

    async with reading(server, room) as reader:
        numbers = await reader.up_to(200)
    await speaking

    assert numbers == list(range(numbers[0], 201))


@pytest.mark.parametrize("after", ["99", "-1", "--1", "soon", "", "1e3", "9" * 5000, "٣"])
async def test_an_after_that_is_no_place_in_the_journal_does_no_harm(
    server: Running, room: str, after: str
) -> None:
    await server.say(room, *letters(2))

    async with reading(server, room, f"after={after}") as reader:
        await reader.take("welcome")
        await server.say(room, "now")
        numbers = await reader.up_to(3)

    assert numbers in ([3], [1, 2, 3])


async def test_captions_go_on_counting_after_the_server_was_restarted(tmp_path: Path) -> None:
    async with running(tmp_path) as server:
        host = await server.sign_in()
        room = await server.live_room(host)
        await server.say(room, "before", "the end")

    async with running(tmp_path) as server:
        reply = await server.http.post(f"/v1/rooms/{room}/start", headers=host.headers)
        assert reply.json()["instance"] == 2
        async with reading(server, room, "after=1") as reader:
            welcome = await reader.next()
            await server.say(room, "again", instance=2)
            numbers = await reader.up_to(3)

    assert (welcome["instance"], welcome["seq"]) == (2, 2)
    assert numbers == [2, 3]
    assert reader.texts() == ["the end", "again"]


async def test_readers_are_told_that_the_room_ends_and_that_the_server_does(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as server:
        room = await server.live_room(await server.sign_in())
        async with reading_along(server, room) as reader:
            closing = asyncio.create_task(server.app.lives.close())
            while (await reader.take("room"))["state"] != "ended":
                pass
            code = await reader.closed()
        await closing

    assert code == 1012
