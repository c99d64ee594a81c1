"""Who may read, and how a reader is turned away."""

import pytest

from tests.api.running import Person, Running, eventually
from tests.contracts.captions_v1.reader import reading, reading_along


async def test_a_room_that_does_not_exist_closes_4404(server: Running) -> None:
    async with reading(server, "nowhere") as reader:
        assert await reader.closed() == 4404


@pytest.mark.parametrize("token", ["nonsense", "a.b.c", "é", "e30.e30."])
async def test_a_bad_token_closes_4401(server: Running, room: str, token: str) -> None:
    async with reading(server, room, f"token={token}") as reader:
        assert await reader.closed() == 4401


async def test_a_private_room_is_closed_to_guests_and_strangers(
    server: Running, host: Person
) -> None:
    room = await server.room(host, private=True)
    stranger = await server.sign_in("Sam")

    for query in ("", f"token={stranger.token}"):
        async with reading(server, room, query) as reader:
            assert await reader.closed() == 4403
    async with reading(server, room, f"token={host.token}") as reader:
        assert (await reader.next())["type"] == "welcome"


async def test_a_token_may_come_in_the_authorization_header(server: Running, host: Person) -> None:
    room = await server.room(host, private=True)

    async with reading(server, room, additional_headers=host.headers) as reader:
        assert (await reader.next())["type"] == "welcome"
    for header in ("Basic aGk6aGk=", "Bearer", "Bearer nonsense"):
        headers = {"Authorization": header}
        async with reading(server, room, additional_headers=headers) as reader:
            assert await reader.closed() == 4401


async def test_who_is_removed_from_a_private_room_reads_no_further(
    server: Running, host: Person
) -> None:
    room = await server.live_room(host, private=True)
    guest = await server.sign_in("Sam")
    owner = await server.app.registry.user(host.id)
    await server.app.registry.invite(owner, room, guest.id)
    await server.http.post(f"/v1/rooms/{room}/join", headers=guest.headers)
    async with (
        reading_along(server, room, f"token={guest.token}") as reader,
        reading_along(server, room, f"token={host.token}") as keeper,
    ):
        await server.http.delete(f"/v1/rooms/{room}/participants/{guest.id}", headers=host.headers)
        code = await reader.closed()
        await server.say(room, "between us")
        await keeper.up_to(1)

    assert code == 4403
    assert reader.texts() == []


async def test_a_reader_that_left_is_forgotten(server: Running, room: str) -> None:
    bus = server.app.lives.bus(room)
    async with reading_along(server, room):
        assert len(bus) == 1

    async def forgotten() -> bool:
        return len(bus) == 0

    await eventually(forgotten)
