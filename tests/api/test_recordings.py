"""Recordings and their media, asked over HTTP."""

import asyncio
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from tests.api.problems import assert_problem
from tests.api.recorded import recorded
from tests.api.running import Person, Running, eventually, final, running
from tests.transcripts.as_text import as_text


async def test_a_room_that_was_never_live_has_no_recordings(server: Running, room: str) -> None:
    assert (await server.http.get("/v1/recordings")).json() == {"items": []}
    assert (await server.http.get(f"/v1/rooms/{room}/recordings")).json() == {"items": []}


async def test_a_recording_is_listed_with_its_media(server: Running, host: Person) -> None:
    room, recording = await recorded(server, host)

    listed = (await server.http.get("/v1/recordings")).json()["items"]
    of_room = (await server.http.get(f"/v1/rooms/{room}/recordings")).json()["items"]
    one = (await server.http.get(f"/v1/recordings/{recording}")).json()

    assert listed == of_room == [one]
    assert (one["room_id"], one["instance"], one["phase"]) == (room, 1, "finished")
    assert one["duration_s"] == 2.0
    assert one["losses"] == []
    assert [medium["format"] for medium in one["media"]] == ["ogg", "m4a", "mp3", "wav", "flac"]
    for medium in one["media"][:1]:
        assert (await server.http.get(medium["url"])).status_code == 200
    assert (await server.http.get(one["transcript_url"] + "vtt")).text.startswith("WEBVTT")


async def test_a_recording_names_its_translations(server: Running, host: Person) -> None:
    room, recording = await recorded(server, host)
    for instance, track in ((1, "en"), (2, "fr")):
        entry = replace(final("Good morning."), track=track)
        await server.show(room, entry, instance=instance)

    shown = (await server.http.get(f"/v1/recordings/{recording}")).json()
    url = shown["transcript_url"] + "ttml&track=en"
    reply = await server.http.get(url)

    assert shown["tracks"] == ["en"]
    assert reply.headers["content-type"] == "application/ttml+xml"
    assert "Good morning.</p>" in reply.text


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
    assert_problem(await server.http.get(url, params={"format": "exe"}), 422, "invalid", "format")


async def test_a_private_rooms_recording_takes_the_right(server: Running, host: Person) -> None:
    _, recording = await recorded(server, host, private=True)

    assert (await server.http.get("/v1/recordings")).json() == {"items": []}
    server.app.finishing.add(recording)
    await server.app.finishing.idle()
    for path in ("", "/media", "/peaks", "/chapters"):
        url = f"/v1/recordings/{recording}{path}"
        assert_problem(await server.http.get(url), 403, "not-allowed")
        assert (await server.http.get(url, params={"token": host.token})).status_code == 200


async def test_a_recording_is_renamed_by_who_may(server: Running, host: Person) -> None:
    _, recording = await recorded(server, host)
    stranger = await server.sign_in("Sam")
    url = f"/v1/recordings/{recording}"
    body = {"title": " Evening  tea "}

    refused = await server.http.patch(url, json=body, headers=stranger.headers)
    renamed = await server.http.patch(url, json=body, headers=host.headers)
    empty = await server.http.patch(url, json={"title": " "}, headers=host.headers)
    listed = (await server.http.get("/v1/recordings")).json()["items"]

    assert_problem(refused, 403, "not-allowed")
    assert (renamed.json()["title"], renamed.json()["may_decide"]) == ("Evening tea", True)
    assert_problem(empty, 422, "invalid", "title")
    assert [(one["title"], one["may_decide"]) for one in listed] == [("Evening tea", False)]
    mp3 = await server.http.get(f"{url}/media", params={"format": "mp3"})
    assert "Evening tea".encode("utf-16") in mp3.content or b"Evening tea" in mp3.content


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
    for part in ("media", "peaks", "chapters"):
        assert_problem(await server.http.get(f"{url}/{part}"), 409, "conflict")
    assert_problem(await server.http.delete(url, headers=host.headers), 409, "conflict")


async def test_a_recording_is_finished_after_its_room_and_says_how_far_it_is(
    server: Running, host: Person
) -> None:
    room = await server.live_room(host)
    recordings = f"/v1/rooms/{room}/recordings"

    async def heard() -> bool:
        (listed,) = (await server.http.get(recordings)).json()["items"]
        return bool(listed["duration_s"] >= 1)

    await eventually(heard)
    await server.http.post(f"/v1/rooms/{room}/end", headers=host.headers)
    await server.app.lives.finished(room)
    (waiting,) = (await server.http.get(recordings)).json()["items"]
    await server.app.finishing.idle()
    (finished,) = (await server.http.get(recordings)).json()["items"]

    assert (waiting["phase"], waiting["media"]) == ("finishing", [])
    assert waiting["progress"]["step"] in ("waiting", "joining")
    assert 0 <= waiting["progress"]["share"] <= 1
    assert (finished["phase"], finished["progress"]) == ("finished", None)
    assert finished["loudness"].keys() == {
        *("integrated_lufs", "range_lu", "true_peak_dbtp", "gain_db", "limited")
    }
    assert (await server.http.get(finished["peaks_url"])).status_code == 200


async def test_the_outline_of_a_recording_is_told_in_as_many_points_as_are_asked_for(
    server: Running, host: Person
) -> None:
    _, recording = await recorded(server, host)
    url = f"/v1/recordings/{recording}/peaks"
    assert_problem(await server.http.get(url), 409, "conflict")  # which has it made
    await server.app.finishing.idle()

    whole = await server.http.get(url)
    few = (await server.http.get(url, params={"points": 10})).json()
    part = (await server.http.get(url, params={"from": 0.5, "to": 1.01})).json()
    again = await server.http.get(url, headers={"If-None-Match": whole.headers["etag"]})

    outline = whole.json()
    assert (outline["version"], outline["channels"], outline["bits"]) == (2, 1, 8)
    assert (outline["sample_rate"], outline["samples_per_pixel"]) == (48_000, 960)
    assert (outline["length"], len(outline["data"])) == (100, 200)
    assert min(outline["data"]) < -10 < 10 < max(outline["data"])
    assert (few["length"], few["samples_per_pixel"]) == (10, 9600)
    assert min(few["data"]) == min(outline["data"])
    assert (part["start_s"], part["duration_s"], part["length"]) == (0.5, 0.52, 26)
    assert part["data"] == outline["data"][50:102]
    assert (again.status_code, again.content) == (304, b"")
    for field, wrong in (("points", "0"), ("points", "8001"), ("from", "-1"), ("from", "2.5")):
        reply = await server.http.get(url, params={field: wrong})
        assert_problem(reply, 422, "invalid", field)


async def test_chapters_are_found_until_the_host_edits_them(server: Running, host: Person) -> None:
    room, recording = await recorded(server, host)
    url = f"/v1/recordings/{recording}/chapters"
    stranger = await server.sign_in("Sam")

    assert (await server.http.get(url)).json() == {"rev": 1, "edited": False, "items": []}
    await server.say(room, "Good morning.")
    found = (await server.http.get(url)).json()
    body = {"rev": 2, "items": [{"start_s": 0, "title": " Hello "}, {"start_s": 1, "title": "<b>"}]}
    refused = await server.http.put(url, json=body, headers=stranger.headers)
    edited = (await server.http.put(url, json=body, headers=host.headers)).json()
    stale = await server.http.put(url, json=body, headers=host.headers)
    await server.say(room, "And more.")

    assert found["items"] == [{"start_s": 0, "title": "Ada: Good morning."}]
    assert_problem(refused, 403, "not-allowed")
    assert (edited["rev"], edited["edited"]) == (3, True)
    assert [one["title"] for one in edited["items"]] == ["Hello", "<b>"]
    assert_problem(stale, 409, "stale-revision")
    assert (await server.http.get(url)).json() == edited
    vtt = await server.http.get(url, params={"format": "vtt"})
    assert vtt.headers["content-type"].startswith("text/vtt")
    assert vtt.text.endswith("00:00:01.000 --> 00:00:02.000\n&lt;b&gt;\n")
    assert_problem(await server.http.get(url, params={"format": "x"}), 422, "invalid", "format")


async def test_a_document_is_headed_by_the_chapters_that_hosts_made(
    server: Running, host: Person
) -> None:
    room, recording = await recorded(server, host)
    await server.show(room, final("Good morning.", start_s=0))
    url = f"/v1/recordings/{recording}"
    server.app.finishing.add(recording)
    await server.app.finishing.idle()
    rev = (await server.http.get(f"{url}/chapters")).json()["rev"]
    mine = {"rev": rev, "items": [{"start_s": 0, "title": "How we began"}]}
    await server.http.put(f"{url}/chapters", json=mine, headers=host.headers)

    document = await server.http.get(f"{url}/transcript?format=docx")

    lines = as_text(document.content, "docx").splitlines()
    assert lines.index("How we began [00:00]") < lines.index("Good morning.")


async def test_a_host_goes_back_to_the_chapters_that_are_found(
    server: Running, host: Person
) -> None:
    room, recording = await recorded(server, host)
    url = f"/v1/recordings/{recording}/chapters"
    await server.say(room, "Good morning.")
    body = {"rev": 1, "items": [{"start_s": 0, "title": "Mine"}]}
    await server.http.get(url)
    await server.http.put(url, json=body, headers=host.headers)
    newest = {"rev": 2}
    stranger = await server.sign_in("Sam")

    refused = await server.http.delete(url, params=newest, headers=stranger.headers)
    stale = await server.http.delete(url, params={"rev": 1}, headers=host.headers)
    again = await server.http.delete(url, params=newest, headers=host.headers)

    assert_problem(refused, 403, "not-allowed")
    assert_problem(stale, 409, "stale-revision")
    found = [{"start_s": 0, "title": "Ada: Good morning."}]
    assert again.json() == {"rev": 3, "edited": False, "items": found}
    assert (await server.http.get(url)).json() == again.json()


@pytest.mark.parametrize(
    ("starts", "field"),
    [([0.5], "items.0.start_s"), ([0, 1, 1], "items.2.start_s"), ([0, 2.0], "items.1.start_s")],
)
async def test_chapters_begin_at_0_ascend_and_lie_within_the_recording(
    server: Running, host: Person, starts: list[float], field: str
) -> None:
    _, recording = await recorded(server, host)
    url = f"/v1/recordings/{recording}/chapters"
    items = [{"start_s": start_s, "title": "x"} for start_s in starts]

    reply = await server.http.put(url, json={"rev": 1, "items": items}, headers=host.headers)

    assert_problem(reply, 422, "invalid", field)


async def test_a_corrected_caption_is_in_the_next_m4a(server: Running, host: Person) -> None:
    room, recording = await recorded(server, host)
    url = f"/v1/recordings/{recording}/media"
    await server.say(room, "Good mourning.")

    first = await server.http.get(url, params={"format": "m4a"})
    again = await server.http.get(url, params={"format": "m4a"}, headers={"Range": "bytes=0-7"})
    await server.http.patch(
        f"/v1/rooms/{room}/captions/Good mourning.",
        json={"text": "Good morning.", "rev": 9},
        headers=host.headers,
    )
    corrected = await server.http.get(url, params={"format": "m4a"})

    assert b"Good mourning." in first.content
    assert again.content == first.content[:8]
    assert b"Good morning." in corrected.content
    assert b"Good mourning." not in corrected.content


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
