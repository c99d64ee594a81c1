"""The HTTP interface, asked over the network as any client would."""

import asyncio
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from models.audio import FRAME_SAMPLES, Frame
from models.room import Room, RoomState
from models.style import CaptionStyle
from models.transcript import Gap, GapReason
from pipeline.channel import Channel
from pipeline.tap import TapItem
from rooms.embedded.opus import Encoder
from tests.api.running import Person, Running, eventually, final, running
from tests.fixtures.clips import clips

PROBLEM = "application/problem+json"
PAGE = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
NO_ONE = {"Authorization": "Bearer nonsense"}


@pytest.fixture
async def host(server: Running) -> Person:
    return await server.sign_in("Hanna")


@pytest.fixture
async def room(server: Running, host: Person) -> str:
    return await server.room(host, "Tea")


def assert_problem(reply: httpx.Response, status: int, kind: str, field: str = "") -> None:
    assert reply.headers["content-type"] == PROBLEM
    values = reply.json()
    assert (reply.status_code, values["status"]) == (status, status)
    assert (values["type"], values.get("field", "")) == (f"urn:roomscribe:{kind}", field)
    assert values["title"]
    assert values["detail"]


async def test_signing_in_gives_a_token_that_names_its_holder(server: Running) -> None:
    reply = await server.http.post("/v1/session", json={"name": "  Ada   L. "})
    values = reply.json()

    who = await server.http.get(
        "/v1/session", headers={"Authorization": f"bearer {values['token']}"}
    )

    assert reply.status_code == 200
    assert values["user"]["name"] == "Ada L."
    assert who.json() == {"user": values["user"]}


@pytest.mark.parametrize(
    "body", [{"name": ""}, {"name": " "}, {"name": "x" * 61}, {"name": 7}, {"name": None}, {}]
)
async def test_a_name_that_cannot_be_is_refused_by_field(
    server: Running, body: dict[str, object]
) -> None:
    assert_problem(await server.http.post("/v1/session", json=body), 422, "invalid", "name")


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"\xff\xfe", b'"name"', b'{"name": "\\ud800"}', b"{" * 5000]
)
async def test_a_body_that_cannot_be_read_is_a_problem_and_no_crash(
    server: Running, body: bytes
) -> None:
    reply = await server.http.post(
        "/v1/session", content=body, headers={"Content-Type": "application/json"}
    )

    assert reply.status_code in (400, 422)
    assert reply.headers["content-type"] == PROBLEM


async def test_who_is_not_signed_in_is_told_how(server: Running) -> None:
    for headers in ({}, NO_ONE, {"Authorization": "Basic aGk6aGk="}, {"Authorization": "Bearer"}):
        reply = await server.http.get("/v1/session", headers=headers)
        assert_problem(reply, 401, "not-signed-in")
        assert reply.headers["www-authenticate"] == "Bearer"


async def test_a_person_can_be_looked_up(server: Running, host: Person) -> None:
    reply = await server.http.get(f"/v1/users/{host.id}")

    assert reply.json() == {"id": host.id, "name": "Hanna"}
    assert_problem(await server.http.get("/v1/users/nobody"), 404, "not-found")


async def test_a_caption_style_is_kept(server: Running, host: Person) -> None:
    url, style = "/v1/me/caption-style", {"size_percent": 150, "edge": "raised"}

    before = await server.http.get(url, headers=host.headers)
    changed = await server.http.put(url, json=style, headers=host.headers)
    after = await server.http.get(url, headers=host.headers)

    assert before.json() == CaptionStyle().as_json()
    assert after.json() == changed.json() == CaptionStyle(size_percent=150, edge="raised").as_json()


async def test_a_caption_style_that_cannot_be_is_refused_by_field(
    server: Running, host: Person
) -> None:
    url = "/v1/me/caption-style"

    bad = await server.http.put(url, json={"weight": 10}, headers=host.headers)
    unknown = await server.http.put(url, json={"sparkle": 1}, headers=host.headers)
    half = await server.http.put(url, content=b'{"\\ud800": 1}', headers=host.headers)

    assert_problem(bad, 422, "invalid", "weight")
    assert_problem(unknown, 422, "invalid", "sparkle")
    assert half.status_code in (415, 422)
    assert_problem(await server.http.get(url), 401, "not-signed-in")
    assert_problem(await server.http.put(url, json={}), 401, "not-signed-in")


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


ROUTES = [
    ("GET", "/v1/rooms/{}"),
    ("PATCH", "/v1/rooms/{}"),
    ("POST", "/v1/rooms/{}/start"),
    ("POST", "/v1/rooms/{}/end"),
    ("POST", "/v1/rooms/{}/join"),
    ("POST", "/v1/rooms/{}/leave"),
    ("GET", "/v1/rooms/{}/participants"),
    ("PATCH", "/v1/rooms/{}/participants/nobody"),
    ("DELETE", "/v1/rooms/{}/participants/nobody"),
    ("GET", "/v1/rooms/{}/transcript"),
    ("PATCH", "/v1/rooms/{}/captions/c1"),
    ("GET", "/v1/rooms/{}/recordings"),
    ("POST", "/v1/rooms/{}/whip"),
    ("POST", "/v1/rooms/{}/whep"),
    ("DELETE", "/v1/rooms/{}/whip/r1"),
    ("DELETE", "/v1/rooms/{}/whep/r1"),
    ("GET", "/v1/recordings/{}"),
    ("GET", "/v1/recordings/{}/media"),
    ("DELETE", "/v1/recordings/{}"),
]
BODIES = {"PATCH": {"title": "Tea", "text": "hm", "rev": 1}}


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_what_does_not_exist_is_not_found(
    server: Running, host: Person, method: str, path: str
) -> None:
    headers = host.headers | ({"Content-Type": "application/sdp"} if "/wh" in path else {})
    for name in ("nowhere", "..%2F..", "%00"):
        reply = await server.http.request(
            method, path.format(name), json=BODIES.get(method), headers=headers
        )
        assert_problem(reply, 404, "not-found")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/rooms"),
        ("PATCH", "/v1/rooms/{}"),
        ("POST", "/v1/rooms/{}/start"),
        ("POST", "/v1/rooms/{}/end"),
        ("POST", "/v1/rooms/{}/join"),
        ("POST", "/v1/rooms/{}/leave"),
        ("PATCH", "/v1/rooms/{}/participants/nobody"),
        ("DELETE", "/v1/rooms/{}/participants/nobody"),
        ("PATCH", "/v1/rooms/{}/captions/c1"),
        ("DELETE", "/v1/recordings/{}"),
    ],
)
async def test_what_changes_things_takes_a_sign_in(
    server: Running, room: str, method: str, path: str
) -> None:
    for headers in ({}, NO_ONE):
        reply = await server.http.request(
            method, path.format(room), json=BODIES.get("PATCH"), headers=headers
        )
        assert_problem(reply, 401, "not-signed-in")


@pytest.mark.parametrize("path", ["/v1/rooms", "/v1/session", "/", "/web/base.css", "/healthz"])
async def test_another_method_is_refused_and_the_right_ones_are_named(
    server: Running, path: str
) -> None:
    for method in ("DELETE", "OPTIONS"):
        reply = await server.http.request(method, path)
        assert_problem(reply, 405, "method-not-allowed")
        assert "access-control-allow-origin" not in reply.headers
        assert reply.headers["allow"] or path.startswith("/web")


async def test_no_other_site_may_ask(server: Running) -> None:
    foreign = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "GET"}

    for method in ("GET", "OPTIONS"):
        reply = await server.http.request(method, "/v1/rooms", headers=foreign)
        assert not [name for name in reply.headers if name.startswith("access-control")]


async def said(server: Running, room: str) -> None:
    await server.show(room, final("Hello there.", start_s=1))
    await server.show(room, Gap(start_s=2, end_s=4, reason=GapReason.OVERLOAD))
    await server.show(room, final("Good & <bye>", start_s=4))


@pytest.mark.parametrize(
    ("format", "media_type", "begins"),
    [
        ("vtt", "text/vtt; charset=utf-8", "WEBVTT\n"),
        ("srt", "application/x-subrip; charset=utf-8", "1\n"),
        ("txt", "text/plain; charset=utf-8", "Tea"),
        ("json", "application/json", "{"),
    ],
)
async def test_a_transcript_comes_in_four_formats(
    server: Running, host: Person, format: str, media_type: str, begins: str
) -> None:
    room = await server.live_room(host)
    await said(server, room)
    url = f"/v1/rooms/{room}/transcript"

    reply = await server.http.get(url, params={"format": format})
    download = await server.http.get(url, params={"format": format, "download": "1"})

    assert reply.headers["content-type"] == media_type
    assert reply.text.startswith(begins)
    assert "Hello there." in reply.text
    assert "content-disposition" not in reply.headers
    disposition = f'attachment; filename="{room}.{format}"'
    assert download.headers["content-disposition"] == disposition


async def test_a_transcript_is_of_one_instance(server: Running, host: Person) -> None:
    room = await server.live_room(host)
    await server.say(room, "first time")
    for step in ("end", "start"):
        await server.http.post(f"/v1/rooms/{room}/{step}", headers=host.headers)
    await server.say(room, "second time", instance=2)
    url = f"/v1/rooms/{room}/transcript"

    newest = await server.http.get(url, params={"format": "txt"})
    first = await server.http.get(url, params={"format": "txt", "instance": 1})

    assert "second time" in newest.text
    assert "first time" not in newest.text
    assert "first time" in first.text


async def test_a_transcript_in_an_unknown_format_is_refused(server: Running, room: str) -> None:
    for params, field in (({"format": "pdf"}, "format"), ({"instance": "x"}, "instance")):
        reply = await server.http.get(f"/v1/rooms/{room}/transcript", params=params)
        assert_problem(reply, 422, "invalid", field)


async def test_a_correction_is_shown_everywhere(server: Running, host: Person) -> None:
    room = await server.live_room(host)
    await server.say(room, "helo")
    url = f"/v1/rooms/{room}/captions/helo"

    reply = await server.http.patch(url, json={"text": " Hello ", "rev": 9}, headers=host.headers)
    transcript = await server.http.get(f"/v1/rooms/{room}/transcript", params={"format": "txt"})

    assert reply.json() == {
        "type": "correction",
        "seq": 2,
        "id": "helo",
        "rev": 10,
        "text": "Hello",
        "by": {"id": host.id, "name": "Hanna"},
        "replaces": 1,
    }
    assert "Hello" in transcript.text
    assert "helo" not in transcript.text


async def test_a_correction_of_an_old_revision_is_refused(server: Running, host: Person) -> None:
    room = await server.live_room(host)
    await server.say(room, "helo")
    url = f"/v1/rooms/{room}/captions/helo"

    replies = await asyncio.gather(
        *(
            server.http.patch(url, json={"text": f"Hello {n}", "rev": 9}, headers=host.headers)
            for n in range(5)
        )
    )

    assert sorted(reply.status_code for reply in replies) == [200, 409, 409, 409, 409]
    refused = next(reply for reply in replies if reply.status_code == 409)
    assert_problem(refused, 409, "stale-revision")
    assert await server.app.journal.latest(room) == 2


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"text": "", "rev": 9}, "text"),
        ({"text": " \n ", "rev": 9}, "text"),
        ({"text": "x" * 2001, "rev": 9}, "text"),
        ({"text": "Hello \ud800", "rev": 9}, "text"),
        ({"text": "Hello"}, "rev"),
        ({"text": "Hello", "rev": "new"}, "rev"),
    ],
)
async def test_a_correction_that_cannot_be_is_refused_by_field(
    server: Running, host: Person, room: str, body: dict[str, object], field: str
) -> None:
    await server.say(room, "helo")

    reply = await server.http.patch(
        f"/v1/rooms/{room}/captions/helo",
        content=json.dumps(body),
        headers=host.headers | {"Content-Type": "application/json"},
    )

    assert_problem(reply, 422, "invalid", field)


async def test_only_who_may_correct_does(server: Running, host: Person, room: str) -> None:
    await server.say(room, "helo")
    stranger = await server.sign_in("Sam")
    url = f"/v1/rooms/{room}/captions/helo"

    reply = await server.http.patch(url, json={"text": "x", "rev": 9}, headers=stranger.headers)

    assert_problem(reply, 403, "not-allowed")
    assert await server.app.journal.latest(room) == 1


async def test_a_room_that_was_never_live_has_no_recordings(server: Running, room: str) -> None:
    assert (await server.http.get("/v1/recordings")).json() == {"items": []}
    assert (await server.http.get(f"/v1/rooms/{room}/recordings")).json() == {"items": []}


async def recorded(server: Running, host: Person, **fields: object) -> tuple[str, str]:
    """Record two seconds of speech without waiting for them; gives the room and the recording."""
    room_id = await server.room(host, "Kept", **fields)
    tap: Channel[TapItem] = Channel(200)
    encoder = Encoder()
    pcm = clips()[0].pcm.repeat(3)
    for number in range(100):
        block = pcm[number * FRAME_SAMPLES : (number + 1) * FRAME_SAMPLES]
        frame = Frame(sample=number * FRAME_SAMPLES, pcm=block, packet=encoder.encode(block))
        await tap.put(frame)
    tap.close()
    room = Room(
        id=room_id,
        title="Kept",
        language="en",
        host_id=host.id,
        state=RoomState.LIVE,
        created_at=datetime.now(UTC),
        started_at=datetime.now(UTC),
        instance=1,
    )
    recording = await server.app.recorder.record(room, tap, pre_skip=encoder.lookahead)
    return room_id, recording.id


async def test_a_recording_is_listed_with_its_media(server: Running, host: Person) -> None:
    room, recording = await recorded(server, host)

    listed = (await server.http.get("/v1/recordings")).json()["items"]
    of_room = (await server.http.get(f"/v1/rooms/{room}/recordings")).json()["items"]
    one = (await server.http.get(f"/v1/recordings/{recording}")).json()

    assert listed == of_room == [one]
    assert (one["room_id"], one["instance"], one["phase"]) == (room, 1, "finished")
    assert one["duration_s"] == 2.0
    assert one["losses"] == []
    assert [medium["format"] for medium in one["media"]] == ["ogg", "m4a", "mp3", "wav"]
    for medium in one["media"][:1]:
        assert (await server.http.get(medium["url"])).status_code == 200
    assert (await server.http.get(one["transcript_url"] + "vtt")).text.startswith("WEBVTT")


async def test_a_recording_can_be_had_in_parts(server: Running, host: Person) -> None:
    _, recording = await recorded(server, host)
    url = f"/v1/recordings/{recording}/media"
    whole = await server.http.get(url)

    async def part(wanted: str) -> httpx.Response:
        return await server.http.get(url, headers={"Range": wanted})

    middle, tail, beyond = (
        await part("bytes=4-9"),
        await part("bytes=-5"),
        await part("bytes=9999999-"),
    )

    size = len(whole.content)
    assert whole.content[:4] == b"OggS"
    assert whole.headers["accept-ranges"] == "bytes"
    assert whole.headers["content-type"] == "audio/ogg"
    assert (middle.status_code, middle.content) == (206, whole.content[4:10])
    assert middle.headers["content-range"] == f"bytes 4-9/{size}"
    assert tail.content == whole.content[-5:]
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{size}")


async def test_a_recording_is_converted_when_it_is_asked_for(server: Running, host: Person) -> None:
    _, recording = await recorded(server, host)
    url = f"/v1/recordings/{recording}/media"

    replies = await asyncio.gather(
        *(server.http.get(url, params={"format": "wav", "download": "1"}) for _ in range(3))
    )

    assert [reply.status_code for reply in replies] == [200, 200, 200]
    assert all(reply.content[:4] == b"RIFF" for reply in replies)
    assert replies[0].headers["content-type"] == "audio/wav"
    assert f'attachment; filename="{recording}.wav"' in replies[0].headers["content-disposition"]
    assert_problem(await server.http.get(url, params={"format": "flac"}), 422, "invalid", "format")


async def test_a_private_rooms_recording_takes_the_right(server: Running, host: Person) -> None:
    _, recording = await recorded(server, host, private=True)

    assert (await server.http.get("/v1/recordings")).json() == {"items": []}
    for path in ("", "/media"):
        url = f"/v1/recordings/{recording}{path}"
        assert_problem(await server.http.get(url), 403, "not-allowed")
        assert (await server.http.get(url, params={"token": host.token})).status_code == 200


async def test_a_recording_is_deleted_by_who_may(server: Running, host: Person) -> None:
    _, recording = await recorded(server, host)
    stranger = await server.sign_in("Sam")
    url = f"/v1/recordings/{recording}"

    assert_problem(await server.http.delete(url, headers=stranger.headers), 403, "not-allowed")
    assert (await server.http.delete(url, headers=host.headers)).status_code == 204
    assert_problem(await server.http.get(url), 404, "not-found")


async def test_a_running_recording_has_no_media_yet_and_stays(
    server: Running, host: Person
) -> None:
    room = await server.live_room(host)
    (listed,) = (await server.http.get(f"/v1/rooms/{room}/recordings")).json()["items"]
    url = f"/v1/recordings/{listed['id']}"

    assert (listed["phase"], listed["media"]) == ("recording", [])
    assert_problem(await server.http.get(f"{url}/media"), 409, "conflict")
    assert_problem(await server.http.delete(url, headers=host.headers), 409, "conflict")


def _forget_rooms(folder: Path) -> None:
    for file in folder.glob("rooms.db*"):
        file.unlink()


async def test_a_recording_whose_room_is_gone_hides_no_other(tmp_path: Path) -> None:
    async with running(tmp_path) as server:
        await recorded(server, await server.sign_in())
    _forget_rooms(tmp_path)

    async with running(tmp_path) as server:
        _, recording = await recorded(server, await server.sign_in())
        listed = (await server.http.get("/v1/recordings")).json()["items"]

    assert [one["id"] for one in listed] == [recording]


@pytest.mark.parametrize("path", ["/", "/rooms/x", "/recordings", "/recordings/x"])
async def test_pages_are_served(server: Running, path: str) -> None:
    reply = await server.http.get(path)

    assert reply.status_code == 200
    assert reply.headers["content-type"].startswith("text/html")
    assert '<html lang="en">' in reply.text


async def test_everything_that_a_page_names_is_there(server: Running) -> None:
    for page in ("/", "/rooms/x", "/recordings", "/recordings/x", "/nowhere"):
        html = (await server.http.get(page, headers=PAGE)).text
        for path in re.findall(r'(?:src|href)="(/web/[^"]+)"', html):
            assert (await server.http.get(path)).status_code == 200, path


async def test_a_person_who_goes_astray_sees_a_page(server: Running) -> None:
    for path in ("/nowhere", "/web/nothing.js", "/rooms/a/b"):
        reply = await server.http.get(path, headers=PAGE)
        assert reply.status_code == 404
        assert reply.headers["content-type"].startswith("text/html")
        assert "Page not found" in reply.text


async def test_a_program_that_goes_astray_is_told_in_its_language(server: Running) -> None:
    assert_problem(await server.http.get("/nowhere"), 404, "not-found")
    assert_problem(await server.http.get("/v1/nothing", headers=PAGE), 404, "not-found")
    assert_problem(await server.http.get("/v1/rooms/x", headers=PAGE), 404, "not-found")


@pytest.mark.parametrize("path", ["/web/../pyproject.toml", "/web/%2e%2e/pyproject.toml"])
async def test_nothing_outside_the_pages_folder_is_served(server: Running, path: str) -> None:
    assert (await server.http.get(path)).status_code == 404


@pytest.mark.parametrize("path", ["/", "/nowhere", "/v1/rooms", "/v1/session", "/web/base.css"])
async def test_every_answer_protects_the_page(server: Running, path: str) -> None:
    headers = (await server.http.get(path, headers=PAGE)).headers

    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "script-src" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["permissions-policy"] == "microphone=(self)"


@pytest.mark.parametrize("path", ["/", "/v1/rooms", "/web/base.css", "/healthz", "/nowhere"])
async def test_head_answers_as_get_does_without_the_body(server: Running, path: str) -> None:
    head, get = await server.http.head(path), await server.http.get(path)

    assert head.status_code == get.status_code
    assert head.content == b""
    for name in ("content-length", "content-type"):
        assert head.headers[name] == get.headers[name]


async def test_a_body_that_is_too_large_is_refused(server: Running, host: Person) -> None:
    body = json.dumps({"title": "x" * 65 * 1024}).encode()

    reply = await server.http.post("/v1/rooms", content=body, headers=host.headers)

    assert_problem(reply, 413, "too-large")
    assert (await server.http.get("/healthz")).status_code == 200


async def test_a_body_without_a_length_is_refused_when_it_has_grown_too_large(
    server: Running, host: Person
) -> None:
    async def chunks() -> Any:
        for _ in range(70):
            yield b" " * 1024

    reply = await server.http.post("/v1/rooms", content=chunks(), headers=host.headers)

    assert_problem(reply, 413, "too-large")


async def test_the_server_says_that_it_runs_and_with_which_engine(server: Running) -> None:
    assert (await server.http.get("/healthz")).json() == {"status": "ok"}
    assert (await server.http.get("/readyz")).json() == {
        "status": "ready",
        "engine": {"name": "scripted", "model": "", "quality": "good"},
        "notice": "",
    }


async def test_tokens_are_not_logged(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    async with running(tmp_path, log_level="info") as server:
        host = await server.sign_in()
        await server.http.get("/v1/session", params={"token": host.token, "x": "1"})
    logged = "".join(capfd.readouterr())

    assert "/v1/session?token=…&x=1" in logged
    assert host.token not in logged
