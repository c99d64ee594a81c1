"""Rooms and their lives, asked over HTTP."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.api.problems import assert_problem
from tests.api.running import Person, Running, eventually


async def test_a_room_is_created_and_shown(server: Running, host: Person) -> None:
    starts_at = datetime.now(UTC) + timedelta(days=1)
    asked = {"title": "Tea", "language": "en-GB", "starts_at": starts_at.isoformat()}

    reply = await server.http.post("/v1/rooms", json=asked, headers=host.headers)
    room = reply.json()

    assert reply.status_code == 201
    assert room == {
        "id": room["id"],
        "title": "Tea",
        "language": "en-GB",
        "state": "scheduled",
        "host": {"id": host.id, "name": "Hanna"},
        "record": True,
        "open_floor": True,
        "private": False,
        "starts_at": starts_at.isoformat(),
        "started_at": None,
        "ended_at": None,
        "instance": 0,
        "participants": 0,
    }
    assert (await server.http.get(f"/v1/rooms/{room['id']}")).json() == room
    assert (await server.http.get("/v1/rooms")).json() == {"items": [room]}


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"language": "english please"}, "language"),
        ({"starts_at": "tomorrow"}, "starts_at"),
        ({"starts_at": "2026-01-01T10:00:00"}, "starts_at"),
        ({"starts_at": "9999-12-31T23:59:59-12:00"}, "starts_at"),
        ({"starts_at": "0001-01-01T00:00:00+12:00"}, "starts_at"),
        ({"record": "perhaps"}, "record"),
        ({"private": []}, "private"),
    ],
)
async def test_a_room_that_cannot_be_is_refused_by_field(
    server: Running, host: Person, values: dict[str, object], field: str
) -> None:
    reply = await server.http.post(
        "/v1/rooms", json={"title": "Tea"} | values, headers=host.headers
    )

    assert_problem(reply, 422, "invalid", field)


async def test_a_room_lives_and_ends_and_lives_again(
    server: Running, host: Person, room: str
) -> None:
    async def step(name: str) -> dict[str, Any]:
        reply = await server.http.post(f"/v1/rooms/{room}/{name}", headers=host.headers)
        assert reply.status_code == 200
        return dict(reply.json())

    live, ended, again = await step("start"), await step("end"), await step("start")

    assert [one["state"] for one in (live, ended, again)] == ["live", "ended", "live"]
    assert [one["instance"] for one in (live, ended, again)] == [1, 1, 2]
    assert (live["participants"], ended["participants"]) == (1, 0)
    assert ended["ended_at"] > live["started_at"]
    assert again["ended_at"] is None


async def test_a_room_that_goes_live_again_at_once_is_recorded_twice(
    server: Running, host: Person, room: str
) -> None:
    for step in ("start", "end", "start"):
        await server.http.post(f"/v1/rooms/{room}/{step}", headers=host.headers)

    async def first_is_over() -> bool:
        recordings = server.app.recorder.recordings(room)
        return all(one.instance == 2 for one in recordings if one.phase == "recording")

    await eventually(first_is_over)
    shown = await server.app.lives.news(await server.app.registry.room(room))

    assert shown.recording == "on"


async def test_the_order_of_a_rooms_life_is_kept(server: Running, host: Person, room: str) -> None:
    start, end = f"/v1/rooms/{room}/start", f"/v1/rooms/{room}/end"

    await server.http.post(start, headers=host.headers)
    assert_problem(await server.http.post(start, headers=host.headers), 409, "conflict")
    await server.http.post(end, headers=host.headers)
    assert_problem(await server.http.post(end, headers=host.headers), 409, "conflict")


async def test_a_scheduled_room_can_be_called_off(server: Running, host: Person, room: str) -> None:
    reply = await server.http.post(f"/v1/rooms/{room}/end", headers=host.headers)

    assert (reply.status_code, reply.json()["state"]) == (200, "ended")


async def test_rooms_are_listed_by_state(server: Running, host: Person, room: str) -> None:
    live = await server.live_room(host, "Now")

    async def listed(state: str) -> list[str]:
        reply = await server.http.get("/v1/rooms", params={"state": state})
        return [one["id"] for one in reply.json()["items"]]

    assert await listed("live") == [live]
    assert await listed("scheduled") == [room]
    assert await listed("ended") == []
    reply = await server.http.get("/v1/rooms", params={"state": "asleep"})
    assert_problem(reply, 422, "invalid", "state")


async def test_a_title_can_be_changed(server: Running, host: Person, room: str) -> None:
    url = f"/v1/rooms/{room}"

    changed = await server.http.patch(url, json={"title": "Coffee"}, headers=host.headers)

    assert changed.json()["title"] == "Coffee"
    assert (await server.http.get(url)).json()["title"] == "Coffee"
    for title in ("", None, "a\x00b"):
        reply = await server.http.patch(url, json={"title": title}, headers=host.headers)
        assert_problem(reply, 422, "invalid", "title")


async def test_a_private_room_is_seen_by_its_people_alone(server: Running, host: Person) -> None:
    room = await server.room(host, private=True)
    stranger = await server.sign_in("Sam")

    for headers in ({}, stranger.headers):
        assert (await server.http.get("/v1/rooms", headers=headers)).json() == {"items": []}
        for path in ("", "/participants", "/transcript", "/recordings"):
            reply = await server.http.get(f"/v1/rooms/{room}{path}", headers=headers)
            assert_problem(reply, 403, "not-allowed")
    listed = await server.http.get("/v1/rooms", headers=host.headers)
    assert [one["id"] for one in listed.json()["items"]] == [room]
