"""Recordings and their media, asked over HTTP."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import httpx

from models.audio import FRAME_SAMPLES, Frame
from models.room import Room, RoomState
from pipeline.channel import Channel
from pipeline.tap import TapItem
from rooms.embedded.opus import Encoder
from tests.api.problems import assert_problem
from tests.api.running import Person, Running, running
from tests.fixtures.clips import clips


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
