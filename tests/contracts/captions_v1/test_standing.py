"""What somebody is in the room, told to their own connections alone."""

from typing import Any

from tests.api.running import Person, Running
from tests.contracts.captions_v1.reader import Message, Reader, reading, reading_along


async def _change(server: Running, room: str, by: Person, who: Person, **values: Any) -> None:
    url = f"/v1/rooms/{room}/participants/{who.id}"
    (await server.http.patch(url, json=values, headers=by.headers)).raise_for_status()


async def _join(server: Running, room: str, who: Person, role: str = "listener") -> None:
    url = f"/v1/rooms/{room}/join"
    (await server.http.post(url, json={"as": role}, headers=who.headers)).raise_for_status()


async def _you(reader: Reader, role: str) -> Message:
    while (you := await reader.take("you"))["role"] != role:
        pass
    return you


async def test_who_has_signed_in_is_told_after_the_welcome_and_a_guest_is_not(
    server: Running, host: Person
) -> None:
    room = await server.live_room(host)

    async with reading(server, room, f"token={host.token}") as reader:
        assert [(await reader.next())["type"] for _ in range(2)] == ["welcome", "you"]
    async with reading_along(server, room) as guest:
        await guest.answered()

    me = {"id": host.id, "name": "Hanna"}
    assert reader.all[1] == {
        "type": "you",
        "role": "host",
        "muted": False,
        "invited_by": None,
        "by": me,
    }
    assert "you" not in [message["type"] for message in guest.all]


async def test_an_invitation_reaches_every_page_of_its_person_and_nobody_else_until_answered(
    server: Running, host: Person
) -> None:
    room, sam, eve = await server.live_room(host), await server.sign_in("Sam"), "Eve"
    eve_person = await server.sign_in(eve)
    await _join(server, room, sam)
    mine = f"token={sam.token}"
    async with (
        reading_along(server, room, mine) as page,
        reading_along(server, room, mine) as screen,
        reading_along(server, room, f"token={eve_person.token}") as other,
    ):
        await page.send(type="pause")
        await _change(server, room, host, sam, role="speaker")
        invited = [await _you(one, "speaker") for one in (page, screen)]
        async with reading(server, room, mine) as later:
            again = await _you(later, "speaker")
        shown = await server.http.get(f"/v1/rooms/{room}/participants")
        await _join(server, room, sam, "speaker")
        answered = [await _you(one, "speaker") for one in (page, screen)]
        await other.answered()

    hanna = {"id": host.id, "name": "Hanna"}
    assert [one["invited_by"] for one in [*invited, again]] == [hanna] * 3
    assert [one["invited"] for one in shown.json()["items"]] == [False, True]
    assert [one["invited_by"] for one in answered] == [None, None]
    roles = [message["role"] for message in other.all if message["type"] == "you"]
    assert roles == [""]


async def test_who_declines_listens_again_and_may_be_invited_again(
    server: Running, host: Person
) -> None:
    room, sam = await server.live_room(host), await server.sign_in("Sam")
    await _join(server, room, sam)
    async with reading_along(server, room, f"token={sam.token}") as reader:
        await _change(server, room, host, sam, role="speaker")
        await _you(reader, "speaker")
        await _change(server, room, sam, sam, role="listener")
        declined = await _you(reader, "listener")
        await _change(server, room, host, sam, role="speaker")
        again = await _you(reader, "speaker")

    assert (declined["invited_by"], declined["by"]["name"]) == (None, "Sam")
    assert again["invited_by"]["name"] == "Hanna"


async def test_who_is_muted_demoted_or_removed_is_told_by_whom(
    server: Running, host: Person
) -> None:
    room, sam = await server.live_room(host), await server.sign_in("Sam")
    await _join(server, room, sam, "speaker")
    async with reading_along(server, room, f"token={sam.token}") as reader:
        await _change(server, room, host, sam, muted=True)
        muted = await reader.take("you")
        await _change(server, room, host, sam, role="listener")
        demoted = await _you(reader, "listener")
        url = f"/v1/rooms/{room}/participants/{sam.id}"
        await server.http.delete(url, headers=host.headers)
        removed = await _you(reader, "")

    assert (muted["muted"], muted["role"], muted["by"]["name"]) == (True, "speaker", "Hanna")
    assert demoted["by"]["name"] == removed["by"]["name"] == "Hanna"


async def test_the_host_is_told_when_the_room_begins_and_ends(
    server: Running, host: Person, room: str
) -> None:
    async with reading_along(server, room, f"token={host.token}") as reader:
        for step, role in (("start", "host"), ("end", "")):
            await server.http.post(f"/v1/rooms/{room}/{step}", headers=host.headers)
            assert (await _you(reader, role))["invited_by"] is None
