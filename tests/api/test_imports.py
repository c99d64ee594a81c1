"""Files that are brought in: from the upload to captions, and what can go wrong."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable
from pathlib import Path
from typing import Any

import httpx
import pytest

from models.transcript import Final
from recorder import heard, imported
from tests.api.media_files import SPEECH, silent_video, video
from tests.api.problems import assert_problem
from tests.api.running import Person, Running, eventually, running
from tests.fixtures.clips import TINY_MODEL, clips, word_error_rate
from transcripts.given.caption_file import captions, read


def bring_in(
    server: Running, host: Person, file: Path, **query: object
) -> Awaitable[httpx.Response]:
    data = file.read_bytes()

    async def blocks() -> AsyncIterator[bytes]:
        for at in range(0, len(data), 4096):
            yield data[at : at + 4096]

    return server.http.post(
        "/v1/recordings",
        params={"name": file.name, **{name: str(value) for name, value in query.items()}},
        content=blocks(),
        headers={**host.headers, "Content-Length": str(len(data))},
    )


async def whole(server: Running, recording_id: str) -> dict[str, Any]:
    """Wait until a recording is finished and captioned."""
    await server.app.finishing.idle()

    hearing = server.app.hearing

    async def is_known() -> bool:
        return (hearing.work(recording_id) or hearing.heard(recording_id)) is not None

    await eventually(is_known)
    await asyncio.wait_for(hearing.idle(), 60)
    found: dict[str, Any] = (await server.http.get(f"/v1/recordings/{recording_id}")).json()
    return found


def left(server: Running) -> list[str]:
    return [path.name for path in server.app.recorder.root.glob("*")]


async def test_a_video_becomes_a_recording_with_captions_chapters_and_every_download(
    tmp_path: Path,
) -> None:
    engine = {"engine": "faster-whisper", "model": str(TINY_MODEL)}
    async with running(tmp_path, **engine) as server:
        host = await server.sign_in()
        reply = await bring_in(server, host, video(tmp_path / "Evening talk.mp4"))
        assert reply.status_code == 201
        made = reply.json()
        recording = await whole(server, made["id"])
        address = f"/v1/recordings/{made['id']}"
        text = (await server.http.get(f"{made['transcript_url']}json")).json()
        sound = await server.http.get(f"{address}/media", headers={"Range": "bytes=0-3"})
        peaks = await server.http.get(f"{address}/peaks?points=50")
        chapters = (await server.http.get(f"{address}/chapters")).json()["items"]
        m4a = await server.http.get(f"{address}/media?format=m4a")
        room = (await server.http.get(f"/v1/rooms/{made['room_id']}")).json()

    said = " ".join(caption["text"] for caption in text["captions"])
    assert word_error_rate(clips()[1].text, said) <= 0.10
    assert all(caption["words"] for caption in text["captions"])
    assert recording["phase"] == "finished"
    assert (recording["captioning"], recording["improved"]) == (None, None)
    assert recording["duration_s"] == pytest.approx(clips()[1].length_s, abs=0.3)
    assert (sound.content, peaks.status_code) == (b"OggS", 200)
    assert chapters
    assert b"ftyp" in m4a.content[:12]
    assert (room["title"], room["state"], room["host"]["id"]) == ("Evening talk", "ended", host.id)


CAPTIONS = """WEBVTT

00:00:00.000 --> 00:00:01.500
<v Ada>Good morning, everybody.

00:00:01.500 --> 00:00:03.000
<v Ben>Where is the harbour?
"""


async def bring_captions(server: Running, host: Person, text: str) -> httpx.Response:
    return await server.http.post("/v1/import/captions", content=text, headers=host.headers)


async def test_captions_that_come_with_a_file_are_its_transcript_and_nobody_listens(
    server: Running, host: Person, tmp_path: Path
) -> None:
    given = await bring_captions(server, host, CAPTIONS)
    assert given.status_code == 201
    assert {**given.json(), "id": ""} == {
        "id": "",
        "captions": 2,
        "speakers": ["Ada", "Ben"],
        "until_s": 3.0,
    }

    reply = await bring_in(
        server, host, video(tmp_path / "talk.mp4"), captions=given.json()["id"], language="de"
    )
    made = reply.raise_for_status().json()
    recording = await whole(server, made["id"])
    captions = (await server.http.get(f"{made['transcript_url']}json")).json()["captions"]
    again = await server.http.get(f"{made['transcript_url']}vtt")

    said = [
        (one["speaker"]["name"], one["text"], one["source"], one["language"]) for one in captions
    ]
    assert said == [
        ("Ada", "Good morning, everybody.", "captioner", "de"),
        ("Ben", "Where is the harbour?", "captioner", "de"),
    ]
    assert again.text.endswith(CAPTIONS.removeprefix("WEBVTT\n"))
    assert (recording["captioning"], recording["improved"]) == (None, None)
    folder = server.app.recorder.folder(made["id"])
    assert not (folder / heard.GIVEN).exists()
    kept = heard.load(folder)
    assert kept is not None
    assert (kept.purpose, kept.added, kept.engine) == ("given", 2, "")


async def test_captions_with_a_mistake_of_another_file_or_of_somebody_else_are_refused(
    server: Running, host: Person, tmp_path: Path
) -> None:
    wrong = await bring_captions(server, host, CAPTIONS.replace("01.500 -->", "09.500 -->"))
    late = await bring_captions(server, host, CAPTIONS.replace("00:00:0", "01:00:0"))
    other = await server.sign_in("Eve")
    large = await bring_captions(server, host, "x" * 5_000_001)

    file = video(tmp_path / "talk.mp4")
    misfit = await bring_in(server, host, file, captions=late.json()["id"])
    stolen = await bring_in(server, other, file, captions=late.json()["id"])

    assert "line 6: the cue ends before it begins" in wrong.json()["detail"]
    assert "line 6: this caption begins after the end of the sound" in misfit.json()["detail"]
    assert "choose them again" in stolen.json()["detail"]
    for reply in (wrong, misfit, stolen):
        assert_problem(reply, 422, "invalid", "captions")
    assert "at most 5 MB" in large.json()["detail"]
    assert left(server) == []


async def test_captions_that_wait_for_their_recording_are_written_once_after_a_restart(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as server:
        host = await server.sign_in()
        given = (await bring_captions(server, host, CAPTIONS)).json()["id"]
        made = (await bring_in(server, host, video(tmp_path / "a.mp4"), captions=given)).json()
        room = await server.app.registry.room(made["room_id"])
        (first, _) = captions(
            read(CAPTIONS.encode()), instance=room.instance, language="en", length_s=9
        )
        await server.app.journal.append(room.id, room.instance, first)  # an earlier run's
    async with running(tmp_path) as server:
        await whole(server, made["id"])
        reply = await server.http.get(f"{made['transcript_url']}json")

    texts = [one["text"] for one in reply.json()["captions"]]
    assert texts == ["Good morning, everybody.", "Where is the harbour?"]


async def test_sound_that_begins_late_in_a_video_keeps_its_place(
    server: Running, host: Person, tmp_path: Path
) -> None:
    on_time = (await bring_in(server, host, video(tmp_path / "a.mp4"))).json()
    late = (await bring_in(server, host, video(tmp_path / "b.mp4", late_s=1.0))).json()
    await server.app.finishing.idle()

    lengths = [server.app.recorder.recording(one["id"]).samples for one in (on_time, late)]
    assert lengths[1] - lengths[0] == pytest.approx(48_000, abs=4_000)


async def test_a_file_without_sound_a_broken_one_and_a_list_of_other_files_are_refused(
    server: Running, host: Person, tmp_path: Path
) -> None:
    (tmp_path / "broken.mp4").write_bytes(video(tmp_path / "v.mp4").read_bytes()[:3000])
    (tmp_path / "empty.mp3").write_bytes(b"")
    (tmp_path / "others.m3u8").write_text(f"#EXTM3U\n#EXTINF:9,\nfile:{SPEECH}\n#EXT-X-ENDLIST\n")
    (tmp_path / "others.ffconcat").write_text(f"ffconcat version 1.0\nfile {SPEECH}\n")
    names = ("broken.mp4", "empty.mp3", "others.m3u8", "others.ffconcat")
    files = [silent_video(tmp_path / "silent.mp4"), *(tmp_path / name for name in names)]

    replies = [await bring_in(server, host, file) for file in files]

    assert [reply.status_code for reply in replies] == [422] * 5
    details = [reply.json()["detail"] for reply in replies]
    assert details[0] == "there is no sound in this file"
    assert all("cannot be read" in detail for detail in details[1:])
    assert left(server) == []
    assert (await server.http.get("/v1/rooms?state=ended")).json() == {"items": []}


async def test_who_has_not_signed_in_and_wrong_values_are_refused_before_the_file_is_sent(
    server: Running, host: Person
) -> None:
    nobody = Person(id="", name="", token="nobody")
    assert (await bring_in(server, nobody, SPEECH)).status_code == 401
    assert (await bring_in(server, host, SPEECH, language="Klingon!")).status_code == 422
    long = await bring_in(server, host, SPEECH, title="x" * 121)
    assert (long.status_code, long.json()["field"]) == (422, "title")


async def test_a_file_that_is_too_large_is_refused_and_the_limit_can_be_asked_for(
    tmp_path: Path,
) -> None:
    large = tmp_path / "large.bin"
    large.write_bytes(bytes(1_100_000))
    async with running(tmp_path, import_max_mb=1) as server:
        host = await server.sign_in()
        limits = (await server.http.get("/v1/import")).json()
        announced = await bring_in(server, host, large)

        async def unannounced() -> AsyncIterator[bytes]:
            yield large.read_bytes()

        told = await server.http.post("/v1/recordings", content=unannounced(), headers=host.headers)
        assert left(server) == []

    assert limits["max_bytes"] == 1_000_000
    assert limits["free_bytes"] > 0
    assert [announced.status_code, told.status_code] == [413, 413]
    assert "at most 1 MB" in told.json()["detail"]


async def test_a_full_disk_refuses_a_file_before_live_rooms_have_none_left(
    server: Running, host: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imported, "RESERVE_BYTES", 1 << 60)

    reply = await bring_in(server, host, SPEECH)

    assert reply.status_code == 507
    assert "the disk is too full" in reply.json()["detail"]
    assert left(server) == []


async def test_an_upload_that_is_given_up_leaves_nothing(server: Running, host: Person) -> None:
    seen = asyncio.Event()

    async def half() -> AsyncIterator[bytes]:
        yield SPEECH.read_bytes()[:5000]
        seen.set()
        await asyncio.sleep(60)

    sending = asyncio.create_task(
        server.http.post("/v1/recordings", content=half(), headers=host.headers)
    )
    await seen.wait()

    async def arrives() -> bool:
        return bool(left(server))

    async def gone() -> bool:
        return not left(server)

    await eventually(arrives)
    sending.cancel()
    await eventually(gone)


async def test_an_import_goes_on_after_a_restart_wherever_it_was(tmp_path: Path) -> None:
    script = tmp_path / "script.json"
    lines = [{"start_s": at, "end_s": at + 0.9, "text": f"sentence {at}"} for at in range(3)]
    script.write_text(json.dumps({"lines": lines}))
    async with running(tmp_path) as server:
        host = await server.sign_in()
        made = (await bring_in(server, host, SPEECH, title="Talk", private=True)).json()
    async with running(tmp_path) as server:
        await server.app.finishing.idle()
    async with running(tmp_path) as server:
        await asyncio.wait_for(server.app.hearing.idle(), 60)
        entries = await server.app.journal.transcript(made["room_id"])
        hidden = await server.http.get(f"/v1/recordings/{made['id']}")
        shown = await server.http.get(f"/v1/recordings/{made['id']}", headers=host.headers)

    assert (hidden.status_code, shown.json()["phase"]) == (403, "finished")
    assert shown.json()["captioning"] is None
    finals = [entry for entry in entries if isinstance(entry, Final)]
    assert finals[0].text == "sentence 0"
    assert len({final.id for final in finals}) == len(entries)


async def test_a_recording_that_is_deleted_while_it_is_captioned_is_gone(
    server: Running, host: Person
) -> None:
    made = (await bring_in(server, host, SPEECH)).json()
    url = f"/v1/recordings/{made['id']}"

    async def is_captioned() -> bool:
        return bool((await server.http.get(url)).json()["captioning"])

    await eventually(is_captioned)
    reply = await server.http.delete(url, headers=host.headers)
    await server.app.hearing.idle()

    assert reply.status_code == 204
    assert left(server) == []
