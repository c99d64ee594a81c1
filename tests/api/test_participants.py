"""Joining, speaking, and managing who is there, asked over HTTP."""

from tests.api.problems import assert_problem
from tests.api.running import Person, Running


async def test_people_join_speak_and_leave(server: Running, host: Person) -> None:
    room, guest = await server.live_room(host), await server.sign_in("Sam")
    base = f"/v1/rooms/{room}"

    joined = await server.http.post(f"{base}/join", json={"as": "speaker"}, headers=guest.headers)
    present = await server.http.get(f"{base}/participants")
    left = await server.http.post(f"{base}/leave", headers=guest.headers)
    after = await server.http.get(f"{base}/participants")

    sam = {
        "user": {"id": guest.id, "name": "Sam"},
        "role": "speaker",
        "muted": False,
        "speaking": False,
        "invited": False,
    }
    assert joined.json() == sam
    assert [one["role"] for one in present.json()["items"]] == ["host", "speaker"]
    assert (left.status_code, left.content) == (204, b"")
    assert [one["role"] for one in after.json()["items"]] == ["host"]


async def test_who_joins_without_saying_how_listens(server: Running, host: Person) -> None:
    room, guest = await server.live_room(host), await server.sign_in("Sam")

    joined = await server.http.post(f"/v1/rooms/{room}/join", headers=guest.headers)

    assert joined.json()["role"] == "listener"


async def test_joining_takes_a_live_room_and_a_known_way(
    server: Running, host: Person, room: str
) -> None:
    url = f"/v1/rooms/{room}/join"

    assert_problem(await server.http.post(url, headers=host.headers), 409, "room-not-live")
    reply = await server.http.post(url, json={"as": "god"}, headers=host.headers)
    assert_problem(reply, 422, "invalid", "as")


async def test_a_host_promotes_mutes_and_removes(server: Running, host: Person) -> None:
    room, guest = await server.live_room(host, open_floor=False), await server.sign_in("Sam")
    url = f"/v1/rooms/{room}/participants/{guest.id}"
    await server.http.post(f"/v1/rooms/{room}/join", headers=guest.headers)

    promoted = await server.http.patch(
        url, json={"role": "speaker", "muted": True}, headers=host.headers
    )
    removed = await server.http.delete(url, headers=host.headers)
    again = await server.http.post(f"/v1/rooms/{room}/join", headers=guest.headers)

    assert (promoted.json()["role"], promoted.json()["muted"]) == ("speaker", True)
    assert removed.status_code == 204
    assert_problem(again, 403, "not-allowed")


async def test_a_listener_manages_nobody(server: Running, host: Person) -> None:
    room, guest = await server.live_room(host), await server.sign_in("Sam")
    base = f"/v1/rooms/{room}"
    await server.http.post(f"{base}/join", headers=guest.headers)
    me, them = f"{base}/participants/{guest.id}", f"{base}/participants/{host.id}"

    for reply in (
        await server.http.patch(me, json={"role": "cohost"}, headers=guest.headers),
        await server.http.patch(them, json={"muted": True}, headers=guest.headers),
        await server.http.delete(them, headers=guest.headers),
        await server.http.patch(base, json={"title": "Mine"}, headers=guest.headers),
        await server.http.post(f"{base}/start", headers=guest.headers),
        await server.http.post(f"{base}/end", headers=guest.headers),
    ):
        assert_problem(reply, 403, "not-allowed")
