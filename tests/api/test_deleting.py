"""Recordings that are deleted, looked for in every byte of the data folder."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from models.errors import StorageFailed
from models.recording import Span
from recorder.choices import Doom
from tests.api.problems import assert_problem
from tests.api.recorded import record, recorded
from tests.api.running import Person, Running, final, running
from transcripts.journal import SqlJournal


def where(word: str, folder: Path) -> list[str]:
    """Give the files in which a word is left."""
    wanted = (word.encode(), word.encode("utf-16-le"))
    return [
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and any(text in path.read_bytes() for text in wanted)
    ]


async def a_walrus(server: Running, host: Person) -> tuple[str, str]:
    """Record two seconds in which a walrus is spoken of, and make all files of them."""
    room, recording = await recorded(server, host)
    await server.show(room, replace(final("The walrus sings.", start_s=0.5), id="c1"))
    await server.show(room, final("Good evening.", start_s=90))
    await server.http.patch(
        f"/v1/rooms/{room}/captions/c1",
        json={"text": "The walrus sinks.", "rev": 9},
        headers=host.headers,
    )
    server.app.finishing.add(recording)
    await server.app.finishing.idle()
    url = f"/v1/recordings/{recording}"
    for format in ("m4a", "mp3"):
        made = await server.http.get(f"{url}/media", params={"format": format})
        assert made.status_code == 200
    assert (await server.http.get(f"{url}/chapters")).json()["items"]
    return room, recording


async def test_nothing_is_left_of_what_is_deleted(
    server: Running, host: Person, tmp_path: Path
) -> None:
    room, recording = await a_walrus(server, host)
    stranger = await server.sign_in("Sam")
    url = f"/v1/recordings/{recording}"
    before = where("walrus", tmp_path)
    assert any("derived" in path for path in before)
    assert any("transcripts.db" in path for path in before)

    refused = await server.http.delete(url, headers=stranger.headers)
    deleted = await server.http.delete(url, headers=host.headers)

    assert_problem(refused, 403, "not-allowed")
    assert deleted.status_code == 204
    assert where("walrus", tmp_path) == []
    assert list((tmp_path / "recordings").iterdir()) == []
    assert_problem(await server.http.get(url), 404, "not-found")
    text = (
        await server.http.get(
            f"/v1/rooms/{room}/transcript", params={"format": "txt", "instance": 1}
        )
    ).text
    assert "[deleted: 00:00 to 00:0" in text
    assert "Good evening." in text


async def test_the_sound_alone_is_deleted_and_the_words_stay(
    server: Running, host: Person, tmp_path: Path
) -> None:
    room, recording = await a_walrus(server, host)
    url = f"/v1/recordings/{recording}"

    await server.http.patch(url, json={"published": False}, headers=host.headers)
    hidden = await server.http.delete(url, params={"keep_words": 1}, headers=host.headers)
    await server.http.patch(url, json={"published": True}, headers=host.headers)
    deleted = await server.http.delete(url, params={"keep_words": 1}, headers=host.headers)

    assert_problem(hidden, 409, "conflict")  # else its words would be public
    assert deleted.status_code == 204
    assert list((tmp_path / "recordings").iterdir()) == []
    transcript = await server.http.get(f"/v1/rooms/{room}/transcript?instance=1&format=txt")
    assert "The walrus sinks." in transcript.text


async def test_words_that_were_cut_do_not_come_back_when_the_sound_goes(
    server: Running, host: Person
) -> None:
    _, recording = await a_walrus(server, host)
    url = f"/v1/recordings/{recording}"
    cut = {"rev": 0, "cuts": [{"start_s": 0, "end_s": 0.8}]}
    edited = await server.http.put(f"{url}/edits", json=cut, headers=host.headers)

    kept = await server.http.delete(url, params={"keep_words": 1}, headers=host.headers)
    deleted = await server.http.delete(url, headers=host.headers)

    assert edited.status_code == 200
    assert_problem(kept, 409, "conflict")
    assert deleted.status_code == 204
    assert not server.app.edits.any_in(recording.rpartition("-")[0])


async def test_the_words_of_another_part_stay(
    server: Running, host: Person, tmp_path: Path
) -> None:
    room, first = await recorded(server, host)
    second = await record(server, host, room, from_frame=200)
    await server.show(room, replace(final("The walrus sings.", start_s=0.5), id="c1"))
    await server.show(room, final("Good evening.", start_s=4.5))

    await server.http.delete(f"/v1/recordings/{first}", headers=host.headers)

    assert where("walrus", tmp_path) == []
    chapters = (await server.http.get(f"/v1/recordings/{second}/chapters")).json()
    assert [one["title"] for one in chapters["items"]] == ["Ada: Good evening."]


async def test_a_deleted_caption_cannot_be_corrected_back(
    server: Running, host: Person, tmp_path: Path
) -> None:
    room, recording = await a_walrus(server, host)
    await server.http.delete(f"/v1/recordings/{recording}", headers=host.headers)

    reply = await server.http.patch(
        f"/v1/rooms/{room}/captions/c1",
        json={"text": "The walrus", "rev": 10},
        headers=host.headers,
    )
    assert_problem(reply, 404, "not-found")


async def test_what_could_not_be_deleted_is_gone_for_everybody_and_deleted_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_: SqlJournal, room_id: str, span: Span) -> int:
        raise StorageFailed("the disk is full")

    async with running(tmp_path) as server:
        host = await server.sign_in()
        room, recording = await a_walrus(server, host)
        url = f"/v1/recordings/{recording}"
        with monkeypatch.context() as broken:
            broken.setattr(SqlJournal, "erase", fail)
            assert_problem(
                await server.http.delete(url, headers=host.headers), 507, "storage-failed"
            )
        assert (await server.http.get("/v1/recordings")).json() == {"items": []}
        assert_problem(await server.http.get(f"{url}/media"), 404, "not-found")
        words = await server.http.get(f"/v1/rooms/{room}/transcript?instance=1&format=txt")
        assert "walrus" not in words.text
        assert where("walrus", tmp_path) != []

    async with running(tmp_path):
        assert where("walrus", tmp_path) == []


@pytest.mark.parametrize("crash_in", ["choose", "drop", "erase", "delete"])
async def test_a_crash_in_between_finishes_the_deletion_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, crash_in: str
) -> None:
    class Crash(BaseException):
        """The process is no more."""

    async with running(tmp_path) as server:
        _, id = await a_walrus(server, await server.sign_in())
        app = server.app
        recording = app.recorder.recording(id)
        decisions = app.recorder.decisions
        steps = {"choose": decisions, "drop": app.downloads, "erase": app.journal}
        step = steps.get(crash_in, app.recorder)
        done = getattr(step, crash_in)

        async def crash_later(*values: Any) -> None:
            await done(*values)
            raise Crash

        def crash(*values: Any, **changes: Any) -> None:
            if crash_in == "choose":
                done(*values, **changes)
            raise Crash

        crashing = crash_later if crash_in in ("drop", "erase") else crash
        with monkeypatch.context() as broken:
            broken.setattr(step, crash_in, crashing)
            with pytest.raises(Crash):
                await app.deletions.delete(recording, Doom.ALL)

    async with running(tmp_path) as server:
        assert (await server.http.get("/v1/recordings")).json() == {"items": []}
    assert where("walrus", tmp_path) == []
    assert list((tmp_path / "recordings").iterdir()) == []


async def test_words_are_not_deleted_while_they_are_still_written(
    server: Running, host: Person
) -> None:
    room = await server.room(host, "Kept", record=False)
    recording = await record(server, host, room)
    await server.http.post(f"/v1/rooms/{room}/start", headers=host.headers)
    url = f"/v1/recordings/{recording}"

    assert_problem(await server.http.delete(url, headers=host.headers), 409, "conflict")
    await server.http.post(f"/v1/rooms/{room}/end", headers=host.headers)
    await server.app.lives.finished(room)
    assert (await server.http.delete(url, headers=host.headers)).status_code == 204
