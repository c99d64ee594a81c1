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
        "translate": False,
        "tracks": [],
        "state": "scheduled",
        "host": {"id": host.id, "name": "Hanna"},
        "record": True,
        "speaker_tracks": False,
        "keep_days": None,
        "recording": "off",
        "open_floor": True,
        "private": False,
        "starts_at": starts_at.isoformat(),
        "started_at": None,
        "ended_at": None,
        "instance": 0,
        "participants": 0,
        "terms": [],
    }
    public = {name: value for name, value in room.items() if name != "terms"}
    assert (await server.http.get(f"/v1/rooms/{room['id']}")).json() == public
    assert (await server.http.get("/v1/rooms")).json() == {"items": [public]}


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"language": "english please"}, "language"),
        ({"language": "automatic"}, "language"),
        ({"starts_at": "tomorrow"}, "starts_at"),
        ({"starts_at": "2026-01-01T10:00:00"}, "starts_at"),
        ({"starts_at": "9999-12-31T23:59:59-12:00"}, "starts_at"),
        ({"starts_at": "0001-01-01T00:00:00+12:00"}, "starts_at"),
        ({"record": "perhaps"}, "record"),
        ({"private": []}, "private"),
        ({"terms": ["x" * 65]}, "terms"),
        ({"terms": ["a\x00b"]}, "terms"),
        ({"terms": [f"term {number}" for number in range(101)]}, "terms"),
        ({"terms": "Kestrel"}, "terms"),
        ({"terms": ["Kestrel", 7]}, "terms.1"),
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


async def test_the_hosts_terms_are_cleaned_and_can_be_changed(
    server: Running, host: Person
) -> None:
    room = await server.room(host, terms=["  Kestrel\n release ", "", "kestrel release", "Tollund"])
    url = f"/v1/rooms/{room}"

    assert (await server.http.get(url, headers=host.headers)).json()["terms"] == [
        "Kestrel release",
        "Tollund",
    ]
    reply = await server.http.patch(url, json={"terms": ["Postgres"]}, headers=host.headers)
    assert (reply.json()["title"], reply.json()["terms"]) == ("Tea", ["Postgres"])
    reply = await server.http.patch(url, json={"title": "Coffee"}, headers=host.headers)
    assert (reply.json()["title"], reply.json()["terms"]) == ("Coffee", ["Postgres"])
    reply = await server.http.patch(url, json={"terms": []}, headers=host.headers)
    assert reply.json()["terms"] == []
    reply = await server.http.patch(url, json={"terms": None}, headers=host.headers)
    assert_problem(reply, 422, "invalid", "terms")


async def test_the_hosts_terms_are_seen_and_changed_by_host_and_cohost_alone(
    server: Running, host: Person
) -> None:
    room = await server.live_room(host, terms=["Kestrel"])
    url = f"/v1/rooms/{room}"
    cohost, guest = await server.sign_in("Cleo"), await server.sign_in("Gus")
    for person in (cohost, guest):
        joined = await server.http.post(f"{url}/join", headers=person.headers)
        assert "Kestrel" not in joined.text
    people = f"{url}/participants/{cohost.id}"
    await server.http.patch(people, json={"role": "cohost"}, headers=host.headers)

    assert (await server.http.get(url, headers=cohost.headers)).json()["terms"] == ["Kestrel"]
    for headers in ({}, guest.headers):
        assert "Kestrel" not in (await server.http.get(url, headers=headers)).text
        assert "Kestrel" not in (await server.http.get("/v1/rooms", headers=headers)).text
    change = {"terms": ["Wrong"]}
    refused = await server.http.patch(url, json=change, headers=guest.headers)
    assert_problem(refused, 403, "not-allowed")
    changed = await server.http.patch(url, json={"terms": ["Right"]}, headers=cohost.headers)
    assert changed.json()["terms"] == ["Right"]


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
