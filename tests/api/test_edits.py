"""Passages cut from a recording: nothing of them is given to listeners, and hosts can undo it."""

import json
from pathlib import Path
from typing import Any

import pytest

from models.transcript import Final, Word
from recorder import editing
from tests.api.problems import assert_problem
from tests.api.recorded import record, recorded
from tests.api.running import ADA, Person, Running, running
from tests.contracts.captions_v1.reader import reading
from tests.transcripts.as_text import as_text

SECRET = "secret"


def caption(id: str, start_s: float, *words: str) -> Final:
    """A caption whose words last 0.2 s each."""
    said = tuple(
        Word(text=word, start_s=start_s + n / 5, end_s=start_s + n / 5 + 0.2, confidence=0.9)
        for n, word in enumerate(words)
    )
    return Final(
        id=id,
        rev=1,
        start_s=start_s,
        end_s=said[-1].end_s,
        speaker=ADA,
        text=" ".join(words),
        words=said,
    )


async def with_words(server: Running, host: Person) -> tuple[str, str]:
    """Two seconds of a recording in which a secret is told from 0.4 to 1.2."""
    room, recording = await recorded(server, host)
    await server.show(room, caption("c1", 0.0, "Listen", "now."))
    await server.show(room, caption("c2", 0.4, "The", "secret", "word", "is"))
    await server.show(room, caption("c3", 1.0, "sesame", "anyway", "goodbye."))
    return room, recording


async def measured(server: Running, host: Person) -> tuple[str, str]:
    """That recording, finished."""
    room, recording = await with_words(server, host)
    server.app.finishing.add(recording)
    await server.app.finishing.idle()
    return room, recording


async def cut(
    server: Running, host: Person, recording: str, *spans: tuple[float, float], rev: int = 0
) -> Any:
    body = {"rev": rev, "cuts": [{"start_s": start, "end_s": end} for start, end in spans]}
    url = f"/v1/recordings/{recording}/edits"
    return await server.http.put(url, json=body, headers=host.headers)


async def all_that_is_given_out(server: Running, room: str, recording: str) -> bytes:
    """Everything that a listener can have of a recording and its room, but the websocket."""
    url = f"/v1/recordings/{recording}"
    room_url = f"/v1/rooms/{room}"
    paths = [url, f"{url}/chapters", f"{url}/chapters?format=vtt", "/v1/recordings"]
    paths += [f"{url}/media?format={format}" for format in ("m4a", "mp3")]
    paths += [f"{url}/transcript?format={format}" for format in ("vtt", "srt", "txt", "json")]
    paths += [f"{room_url}/transcript?instance=1&format={format}" for format in ("vtt", "json")]
    replies = [(await server.http.get(path)).raise_for_status() for path in paths]
    texts = [f"{room_url}/captions/{id}/revisions" for id in ("c1", "c2", "c3")]
    replies += [await server.http.get(path) for path in texts]
    documents = [f"{url}/transcript?format=docx", f"{room_url}/transcript?instance=1&format=docx"]
    texts = [as_text((await server.http.get(path)).content, "docx") for path in documents]
    return b"\n".join([*(reply.content for reply in replies), *map(str.encode, texts)])


async def test_listeners_are_given_nothing_of_what_is_cut_anywhere(
    server: Running, host: Person
) -> None:
    room, recording = await measured(server, host)
    assert SECRET.encode() in await all_that_is_given_out(server, room, recording)

    kept = (await cut(server, host, recording, (0.4, 1.2))).raise_for_status().json()
    await server.app.finishing.idle()

    assert kept == {
        "rev": 1,
        "cuts": [{"start_s": 0.4, "end_s": 1.2}],
        "duration_s": 2.0,
        "left_s": 1.2,
        "can_undo": True,
        "can_redo": False,
    }
    given = await all_that_is_given_out(server, room, recording)
    for word in (b"secret", b"word is", b"sesame"):
        assert word not in given.replace(b"WEBVTT", b"")
    assert b"anyway" in given
    texts = f"/v1/rooms/{room}/captions/c2/revisions"
    assert_problem(await server.http.get(texts), 403, "not-published")
    assert (await server.http.get(texts, headers=host.headers)).status_code == 200
    async with reading(server, room) as reader:
        page = await reader.take("history")
        await reader.send(type="scrollback", at=0.6)
        around = await reader.take("history")
        await server.http.patch(
            f"/v1/rooms/{room}/captions/c2",
            json={"text": "The secret word was", "rev": 1},
            headers=host.headers,
        )
        corrected = await reader.take("gap")
        await reader.send(type="resume", mode="replay")
    assert [item["seq"] for item in page["items"]] == [1, 2, 3]
    assert [item.get("text") for item in page["items"]] == ["Listen now.", None, "anyway goodbye."]
    assert (page["items"][1]["type"], page["items"][1]["reason"]) == ("gap", "cut")
    assert (page["items"][1]["start"], page["items"][1]["end"]) == (0.4, 1.2)
    assert SECRET not in json.dumps([page, around, corrected])
    async with reading(server, room, "after=0") as reader:
        await reader.up_to(4)
        assert SECRET not in json.dumps(reader.all)


async def test_sound_outline_captions_and_chapters_follow_the_cuts(
    server: Running, host: Person
) -> None:
    _, recording = await measured(server, host)
    url = f"/v1/recordings/{recording}"
    whole_peaks = (await server.http.get(f"{url}/peaks")).json()["data"]
    items = [{"start_s": at, "title": str(at)} for at in (0, 0.5, 0.9, 1.4)]
    items[2]["title"] = "Ada: The secret word…"  # as it was found
    body = {"rev": 1, "items": items}
    await server.http.get(f"{url}/chapters")
    await server.http.put(f"{url}/chapters", json=body, headers=host.headers)
    before = await server.http.get(f"{url}/media")
    address = (await server.http.get(url)).json()["media"][0]["url"]

    await cut(server, host, recording, (0.4, 1.2))
    await server.app.finishing.idle()

    shown = (await server.http.get(url)).json()
    assert (shown["phase"], shown["duration_s"]) == ("finished", 1.2)
    assert shown["cuts"] == [{"start_s": 0.4, "end_s": 1.2}]
    assert shown["loudness"] is not None
    assert shown["media"][0]["url"] != address  # browsers keep what they have played
    media = (await server.http.get(f"{url}/media")).content
    assert len(media) < 0.8 * len(before.content)
    outline = (await server.http.get(shown["peaks_url"])).json()
    assert (outline["duration_s"], outline["length"]) == (1.2, 60)
    assert outline["data"][:40] == whole_peaks[:40]
    assert outline["data"][42:] == whole_peaks[122:]
    said = (await server.http.get(shown["transcript_url"] + "json")).json()["captions"]
    assert [(one["text"], one["start"], one["end"]) for one in said] == [
        ("Listen now.", 0, 0.4),
        ("anyway goodbye.", 0.4, 0.8),
    ]
    chapters = (await server.http.get(shown["chapters_url"])).json()["items"]
    assert chapters == [
        {"start_s": 0, "title": "0"},
        {"start_s": 0.4, "title": "Ada: anyway goodbye."},
        {"start_s": 0.6, "title": "1.4"},
    ]
    moved = [*chapters[:2], {"start_s": 0.7, "title": "moved"}]
    body = {"rev": 3, "items": moved}  # their times have changed since
    edited = await server.http.put(f"{url}/chapters", json=body, headers=host.headers)
    assert edited.json()["items"] == moved
    whole = await server.http.get(f"{url}/chapters?whole=true", headers=host.headers)
    assert [one["start_s"] for one in whole.json()["items"]] == [0, 1.2, 1.5]


async def test_hosts_are_given_the_whole_and_nobody_else(server: Running, host: Person) -> None:
    room, recording = await measured(server, host)
    await cut(server, host, recording, (0.4, 1.2))
    await server.app.finishing.idle()
    stranger = await server.sign_in("Sam")
    url = f"/v1/recordings/{recording}?whole=true"

    whole = (await server.http.get(url, headers=host.headers)).json()

    assert (whole["duration_s"], whole["cuts"]) == (2.0, [])
    addresses = [url, *(medium["url"] for medium in whole["media"][:2]), whole["peaks_url"]]
    addresses += [whole["chapters_url"], whole["transcript_url"] + "json"]
    for address in addresses:
        given = await server.http.get(address, headers=host.headers)
        assert given.status_code == 200
        if "json" in address or "m4a" in address:
            assert SECRET.encode() in given.content
        assert_problem(await server.http.get(address), 403, "not-allowed")
        refused = await server.http.get(address, headers=stranger.headers)
        assert_problem(refused, 403, "not-allowed")
    async with reading(server, room, f"token={host.token}") as reader:
        assert SECRET in json.dumps(await reader.take("history"))
    made = await server.http.post(f"/v1/recordings/{recording}/link", headers=host.headers)
    of_link = await server.http.get(f"{made.json()['url']}&whole=true")
    everybodys = await server.http.get(f"/v1/recordings/{recording}/media")
    assert of_link.content == everybodys.content  # a host's link is no host
    edits = f"/v1/recordings/{recording}/edits"
    assert_problem(await server.http.get(edits), 401, "not-signed-in")
    body = {"rev": 1, "cuts": []}
    refused = await server.http.put(edits, json=body, headers=stranger.headers)
    assert_problem(refused, 403, "not-allowed")


async def test_cuts_are_undone_and_done_again_also_after_a_restart(tmp_path: Path) -> None:
    async with running(tmp_path) as server:
        host = await server.sign_in()
        _, recording = await with_words(server, host)
        await cut(server, host, recording, (0.4, 0.8))
        await cut(server, host, recording, (0.4, 0.8), (0.7, 1.2), rev=1)
    edits = f"/v1/recordings/{recording}/edits"
    async with running(tmp_path) as server:
        server_url = f"/v1/recordings/{recording}"

        async def step(what: str, rev: int) -> Any:
            body = {"rev": rev}
            return await server.http.post(f"{edits}/{what}", json=body, headers=host.headers)

        assert SECRET not in (await server.http.get(f"{server_url}/transcript")).text
        shown = (await server.http.get(edits, headers=host.headers)).json()
        assert (shown["rev"], shown["cuts"]) == (2, [{"start_s": 0.4, "end_s": 1.2}])
        assert_problem(await step("undo", 1), 409, "stale-revision")
        assert (await step("undo", 2)).json()["cuts"] == [{"start_s": 0.4, "end_s": 0.8}]
        assert (await server.http.get(server_url)).json()["duration_s"] == 1.6
        whole = (await step("undo", 3)).json()
        assert (whole["cuts"], whole["can_undo"]) == ([], False)
        assert_problem(await step("undo", 4), 409, "conflict")
        assert SECRET in (await server.http.get(f"{server_url}/transcript")).text
        assert (await step("redo", 4)).json()["left_s"] == 1.6


async def test_a_cut_that_cannot_be_made_changes_nothing(server: Running, host: Person) -> None:
    _, recording = await with_words(server, host)

    for spans, field in (
        ([(0.0, 1.8)], "cuts"),
        ([(1.0, 0.5)], "cuts.0.end_s"),
        ([(0.0, 0.5), (1.9, 2.5)], "cuts.1.end_s"),
    ):
        assert_problem(await cut(server, host, recording, *spans), 422, "invalid", field)
    assert_problem(await cut(server, host, recording, (0.1, 0.2), rev=3), 409, "stale-revision")
    assert (await server.http.get(f"/v1/recordings/{recording}")).json()["duration_s"] == 2.0


async def test_what_is_cut_is_not_given_out_while_the_rest_is_being_made(
    server: Running, host: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, recording = await with_words(server, host)
    monkeypatch.setattr(server.app.finishing, "want", lambda _: None)

    await cut(server, host, recording, (0.4, 1.2))

    url = f"/v1/recordings/{recording}"
    shown = (await server.http.get(url)).json()
    assert (shown["phase"], shown["media"], shown["duration_s"]) == ("recording", [], 1.2)
    for part in ("media", "media?format=mp3", "peaks", "chapters"):
        assert_problem(await server.http.get(f"{url}/{part}"), 409, "conflict")
    assert SECRET not in (await server.http.get(shown["transcript_url"] + "txt")).text
    whole = await server.http.get(f"{url}/media?whole=true", headers=host.headers)
    assert whole.status_code == 200


async def test_what_one_part_of_a_room_has_cut_is_in_no_other_and_a_trimmed_lead_hides_nothing(
    server: Running, host: Person
) -> None:
    room, first = await with_words(server, host)
    second = await record(server, host, room, from_frame=100)
    await server.show(room, caption("c4", 2.4, "Welcome", "back."))

    await cut(server, host, first, (0.4, 1.2))
    await cut(server, host, second, (0.0, 2.0))

    def said(shown: Any) -> list[str]:
        return [one["text"] for one in shown.json()["captions"]]

    wanted = ["Listen now.", "anyway goodbye.", "Welcome back."]
    of_first = await server.http.get(f"/v1/recordings/{first}/transcript?format=json")
    of_room = await server.http.get(f"/v1/rooms/{room}/transcript?instance=1&format=json")
    of_second = await server.http.get(f"/v1/recordings/{second}/transcript?format=json")
    assert said(of_first) == said(of_room) == wanted
    assert said(of_second) == ["Welcome back."]
    assert of_second.json()["captions"][0]["start"] == pytest.approx(0.4)
    shown = (await server.http.get(f"/v1/recordings/{second}")).json()
    assert (shown["duration_s"], shown["losses"]) == (2.0, [])


async def test_where_the_cuts_cannot_be_read_nothing_is_given_out(tmp_path: Path) -> None:
    async with running(tmp_path) as server:
        host = await server.sign_in()
        room, recording = await with_words(server, host)
        await cut(server, host, recording, (0.4, 1.2))
        (server.app.recorder.folder(recording) / editing.FILE).write_text("{")
    async with running(tmp_path) as server:
        _, other = await recorded(server, host)
        url = f"/v1/recordings/{recording}"

        for part in ("", "/media", "/transcript", "/chapters", "/peaks"):
            assert_problem(await server.http.get(f"{url}{part}"), 507, "storage-failed")
        listed = (await server.http.get("/v1/recordings")).json()["items"]
        assert [one["id"] for one in listed] == [other]
        of_room = await server.http.get(f"/v1/rooms/{room}/transcript?instance=1&format=txt")
        assert "Listen" not in of_room.text
        whole = await server.http.get(f"{url}/media?whole=true", headers=host.headers)
        assert whole.status_code == 200
