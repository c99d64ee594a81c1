"""All of a recording as one zip."""

import hashlib
import io
import json
import zipfile
from dataclasses import replace
from typing import Any

from tests.api.problems import assert_problem
from tests.api.recorded import recorded
from tests.api.running import Person, Running, final
from tests.transcripts.as_text import as_text


async def unpacked(server: Running, recording: str, **query: Any) -> dict[str, bytes]:
    reply = await server.http.get(f"/v1/recordings/{recording}/archive", params=query)
    reply.raise_for_status()
    assert reply.headers["content-type"] == "application/zip"
    assert f'filename="{recording}.zip"' in reply.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(reply.content)) as archive:
        assert archive.testzip() is None
        return {
            name.removeprefix(f"{recording}/"): archive.read(name) for name in archive.namelist()
        }


async def a_recording(server: Running, host: Person) -> str:
    room, recording = await recorded(server, host)
    await server.show(room, final("Good morning.", start_s=0.2))
    await server.show(room, replace(final("Guten Morgen.", start_s=0.2), id="t", track="en"))
    server.app.finishing.add(recording)
    await server.app.finishing.idle()
    return recording


async def test_a_zip_holds_all_of_a_recording_and_says_what_is_not_in_it(
    server: Running, host: Person
) -> None:
    recording = await a_recording(server, host)
    url = f"/v1/recordings/{recording}"
    await server.http.get(f"{url}/media", params={"format": "mp3"})

    files = await unpacked(server, recording)
    told = json.loads(files.pop("manifest.json"))

    formats = ("vtt", "srt", "txt", "json", "ttml", "docx")
    assert files.keys() == {
        *(f"{recording}.ogg", f"{recording}.mp3", "chapters.json", "chapters.vtt", "peaks.json"),
        *(f"transcript.{format}" for format in formats),
        *(f"transcript.en.{format}" for format in formats),
    }
    assert files[f"{recording}.ogg"] == (await server.http.get(f"{url}/media")).content
    assert b"Good morning." in files["transcript.vtt"]
    assert b"Guten Morgen." in files["transcript.en.txt"]
    assert json.loads(files["peaks.json"])["length"] == 100
    assert (told["id"], told["duration_s"]) == (recording, 2.0)
    assert {one["name"]: (one["bytes"], one["sha256"]) for one in told["files"]} == {
        name: (len(data), hashlib.sha256(data).hexdigest()) for name, data in files.items()
    }
    lacking = {one["what"]: one["why"] for one in told["missing"]}
    assert lacking == {f"sound as {name}": "is not made yet" for name in ("m4a", "wav", "flac")}


async def test_sound_is_packed_in_the_formats_that_are_asked_for(
    server: Running, host: Person
) -> None:
    recording = await a_recording(server, host)
    files = await unpacked(server, recording, formats="flac,wav")
    told = json.loads(files["manifest.json"])
    wrong = await server.http.get(f"/v1/recordings/{recording}/archive?formats=exe")

    assert files[f"{recording}.flac"][:4] == b"fLaC"
    assert files[f"{recording}.wav"][:4] == b"RIFF"
    assert f"{recording}.ogg" not in files
    assert {"what": "sound as ogg", "why": "was not asked for"} in told["missing"]
    assert_problem(wrong, 422, "invalid", "formats")


async def test_what_was_cut_is_in_no_file_of_the_zip_and_hosts_have_the_whole(
    server: Running, host: Person
) -> None:
    room, recording = await recorded(server, host)
    await server.show(room, replace(final("The walrus sings.", start_s=0), id="c1"))
    server.app.finishing.add(recording)
    url = f"/v1/recordings/{recording}"
    cut = {"rev": 0, "cuts": [{"start_s": 0, "end_s": 1.0}]}
    (await server.http.put(f"{url}/edits", json=cut, headers=host.headers)).raise_for_status()
    await server.app.finishing.idle()

    files = await unpacked(server, recording, formats="ogg,m4a")
    whole = await unpacked(server, recording, whole="true", token=host.token)
    refused = await server.http.get(f"{url}/archive?whole=true")

    assert [name for name, data in files.items() if b"walrus" in data] == []
    assert "walrus" not in as_text(files["transcript.docx"], "docx")
    assert "walrus" in as_text(whole["transcript.docx"], "docx")
    told = json.loads(files["manifest.json"])
    assert told["duration_s"] == 1.0
    assert {"what": "what hosts have cut", "why": "is not for others"} in told["missing"]
    assert b"walrus" in whole["transcript.txt"]
    assert json.loads(whole["manifest.json"])["duration_s"] == 2.0
    assert_problem(refused, 403, "not-allowed")


async def test_a_zip_is_for_who_may_hear_the_recording(server: Running, host: Person) -> None:
    recording = await a_recording(server, host)
    url = f"/v1/recordings/{recording}"
    await server.http.patch(url, json={"published": False}, headers=host.headers)

    assert_problem(await server.http.get(f"{url}/archive"), 403, "not-published")
    head = await server.http.head(f"{url}/archive", headers=host.headers)
    assert (head.status_code, head.content) == (200, b"")
