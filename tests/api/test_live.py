"""What the server keeps of rooms: as much as is live or read, and no more."""

from collections.abc import Sized

from api.live import LiveRooms
from tests.api.running import Person, Running, eventually
from tests.contracts.captions_v1.reader import reading


def kept(lives: LiveRooms) -> tuple[int, ...]:
    kinds: tuple[Sized, ...] = (
        lives._buses,
        lives._running,
        lives._vocabularies,
        lives._spoken,
        lives._recordings._standings,
    )
    return tuple(len(kind) for kind in kinds)


async def end(server: Running, host: Person, room: str) -> None:
    await server.http.post(f"/v1/rooms/{room}/end", headers=host.headers)
    await server.app.lives.finished(room)


async def forgotten(server: Running) -> None:
    async def nothing_is_kept() -> bool:
        return kept(server.app.lives) == (0, 0, 0, 0, 0)

    await eventually(nothing_is_kept)
    assert b"roomscribe_readers 0.0" in server.app.lives.metrics.text()


async def test_nothing_is_kept_of_rooms_that_are_over(server: Running, host: Person) -> None:
    for number in range(5):
        await end(server, host, await server.live_room(host, f"Room {number}"))

    await forgotten(server)


async def test_nothing_is_kept_of_a_room_that_was_only_looked_at(
    server: Running, host: Person, room: str
) -> None:
    async with reading(server, room) as reader:
        await reader.take("welcome")
        assert kept(server.app.lives)[0] == 1

    await forgotten(server)


async def test_a_later_reader_of_a_forgotten_room_is_sent_its_captions(
    server: Running, host: Person
) -> None:
    room = await server.live_room(host)
    await server.say(room, "one", "two")
    await end(server, host, room)
    await forgotten(server)

    async with reading(server, room) as reader:
        welcome = await reader.take("welcome")
        history = await reader.take("history")

    assert (welcome["state"], welcome["seq"]) == ("ended", 2)
    assert [item["text"] for item in history["items"]] == ["one", "two"]


async def test_a_correction_of_a_forgotten_room_is_counted_and_leaves_nothing(
    server: Running, host: Person
) -> None:
    room = await server.live_room(host)
    await server.say(room, "one")
    await end(server, host, room)
    await forgotten(server)

    reply = await server.http.patch(
        f"/v1/rooms/{room}/captions/one", json={"text": "won", "rev": 9}, headers=host.headers
    )

    assert reply.status_code == 200
    await forgotten(server)
    assert b"roomscribe_corrections_total 1.0" in server.app.lives.metrics.text()


async def test_a_reader_stays_connected_through_the_end_and_the_next_start(
    server: Running, host: Person
) -> None:
    room = await server.live_room(host)
    async with reading(server, room) as reader:
        await reader.take("welcome")
        await end(server, host, room)
        while (await reader.take("room"))["state"] != "ended":
            pass
        assert kept(server.app.lives)[0] == 1

        await server.http.post(f"/v1/rooms/{room}/start", headers=host.headers)
        while (await reader.take("room"))["state"] != "live":
            pass
        await server.say(room, "again", instance=2)

        assert (await reader.take("final"))["text"] == "again"
