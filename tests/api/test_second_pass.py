"""A second pass over a room that is over, on a real server with the small whisper."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.room import Room, User
from models.transcript import Entry, Final, Gap, GapReason, Word
from recorder.recording import Recorder
from rooms.registry import RoomRegistry
from rooms.store import RoomStore
from tests.api.running import ADA, Running, eventually, running
from tests.fixtures.clips import TINY_MODEL, clips, word_error_rate
from tests.recorder.taps import encode
from transcripts.journal import SqlJournal

CLIP = clips()[1]
WHISPER = {"engine": "faster-whisper", "model": str(TINY_MODEL)}


def badly_heard(text: str) -> list[Entry]:
    """What a poor recogniser might have made of the clip: every third word is another one."""
    said = text.split()
    step_s = CLIP.length_s / len(said)
    words = [
        Word(
            text="blah" if at % 3 == 2 else word,
            start_s=at * step_s,
            end_s=(at + 1) * step_s,
            confidence=0.5,
        )
        for at, word in enumerate(said)
    ]
    half = len(words) // 2
    return [final("c1", words[:half]), final("c2", words[half:])]


def final(name: str, words: Sequence[Word]) -> Final:
    return Final(
        id=name,
        rev=1,
        start_s=words[0].start_s,
        end_s=words[-1].end_s,
        speaker=ADA,
        text=" ".join(word.text for word in words),
        words=tuple(words),
    )


async def room_that_was(folder: Path, entries: Sequence[Entry]) -> tuple[User, Room]:
    """Leave on the disk what a server leaves of a recorded room in which the clip was said."""
    store = RoomStore(folder / "rooms.db")
    registry = RoomRegistry(store)
    host = await registry.sign_up("Hanna")
    room = await registry.create(host, "Tea", over=True)
    sound = encode(np.repeat(CLIP.pcm, 3))

    async def tap() -> AsyncIterator[Any]:
        for frame in sound.frames:
            yield frame

    await Recorder(folder / "recordings").record(room, tap(), pre_skip=sound.pre_skip)
    async with SqlJournal(folder / "transcripts.db") as journal:
        for entry in entries:
            await journal.append(room.id, 1, entry)
    store.close()
    return host, room


async def transcript(server: Running, room: Room) -> dict[str, Any]:
    reply = await server.http.get(f"/v1/rooms/{room.id}/transcript?format=json")
    found: dict[str, Any] = reply.json()
    return found


def text_of(transcript: dict[str, Any]) -> str:
    return " ".join(caption["text"] for caption in transcript["captions"])


async def test_captions_are_improved_once_after_the_room_and_history_shows_both(
    tmp_path: Path,
) -> None:
    _, room = await room_that_was(tmp_path, badly_heard(CLIP.text))
    async with running(tmp_path, **WHISPER) as server:
        before = await transcript(server, room)
        await asyncio.wait_for(server.app.hearing.idle(), 60)
        after = await transcript(server, room)
        recording = (await server.http.get(f"/v1/recordings/{room.id}-1")).json()
        history = await server.http.get(f"/v1/rooms/{room.id}/captions/c1/revisions")
        await server.app.hearing.add(f"{room.id}-1")
        again = server.app.hearing.work(f"{room.id}-1")

    assert word_error_rate(CLIP.text, text_of(before)) > 0.25
    assert word_error_rate(CLIP.text, text_of(after)) <= 0.05
    places = [[(c["id"], c["start"], c["end"]) for c in one["captions"]] for one in (before, after)]
    assert places[0] == places[1]
    assert recording["improved"]["changed"] == 2
    assert recording["improved"]["engine"] == "faster-whisper"
    first, second = history.json()["items"]
    assert ("blah" in first["text"], "blah" in second["text"]) == (True, False)
    assert (second["by"]["id"], second["rev"]) == ("second-pass", first["rev"] + 1)
    assert again is None


async def test_a_gap_is_filled_and_a_pass_that_was_cut_off_writes_nothing_twice(
    tmp_path: Path,
) -> None:
    [first, second] = badly_heard(CLIP.text)
    assert isinstance(second, Final)
    missing = Gap(start_s=second.start_s, end_s=second.end_s, reason=GapReason.OVERLOAD)
    _, room = await room_that_was(tmp_path, [first, missing])
    async with running(tmp_path, **WHISPER) as server:
        await asyncio.wait_for(server.app.hearing.idle(), 60)
        once = await transcript(server, room)
    (tmp_path / "recordings" / f"{room.id}-1" / "heard.json").unlink()  # as if it was not done
    async with running(tmp_path, **WHISPER) as server:
        await asyncio.wait_for(server.app.hearing.idle(), 60)
        twice = await transcript(server, room)

    assert once["gaps"] == []
    assert [caption["source"] for caption in once["captions"]].count("second-pass") >= 1
    assert word_error_rate(CLIP.text, text_of(once)) <= 0.10
    assert twice == once


@pytest.mark.parametrize("values", [WHISPER | {"second_pass": "off"}, {}])
async def test_there_is_none_where_it_is_turned_off_or_no_engine_would_be_better(
    tmp_path: Path, values: dict[str, Any]
) -> None:
    _, room = await room_that_was(tmp_path, badly_heard(CLIP.text))
    async with running(tmp_path, **values) as server:
        assert server.app.hearing.work(f"{room.id}-1") is None


async def runs(server: Running) -> bool:
    """Whether a process hears a recording just now."""
    return server.app.hearing._process is not None


async def test_a_room_that_starts_goes_before_and_the_pass_goes_on_when_it_has_ended(
    tmp_path: Path,
) -> None:
    _, room = await room_that_was(tmp_path, badly_heard(CLIP.text))
    async with running(tmp_path, **WHISPER) as server:
        host = await server.sign_in("Ben")
        await eventually(partial(runs, server))
        live = await server.live_room(host, "News", record=False)
        work = server.app.hearing.work(f"{room.id}-1")

        async def stands_back() -> bool:
            return not await runs(server)

        await eventually(stands_back)
        meanwhile = await transcript(server, room)
        waits = work and work.progress.step
        await server.http.post(f"/v1/rooms/{live}/end", headers=host.headers)
        await asyncio.wait_for(server.app.hearing.idle(), 60)
        after = await transcript(server, room)

    assert waits == "waiting"
    assert "blah" in text_of(meanwhile)
    assert word_error_rate(CLIP.text, text_of(after)) <= 0.05


async def test_a_process_that_is_killed_is_started_again(tmp_path: Path) -> None:
    _, room = await room_that_was(tmp_path, badly_heard(CLIP.text))
    async with running(tmp_path, **WHISPER) as server:
        hearing = server.app.hearing
        await eventually(partial(runs, server))
        assert hearing._process is not None
        hearing._process.kill()
        await asyncio.wait_for(hearing.idle(), 60)
        after = await transcript(server, room)

    assert word_error_rate(CLIP.text, text_of(after)) <= 0.05
    assert [len(caption["revisions"]) for caption in after["captions"]] == [2, 2]


async def test_what_a_person_corrects_meanwhile_stays(tmp_path: Path) -> None:
    host, room = await room_that_was(tmp_path, badly_heard(CLIP.text))
    async with running(tmp_path, **WHISPER) as server:
        await server.app.lives.correct(host, room, "c1", text="As I wrote it.", rev=1)
        await asyncio.wait_for(server.app.hearing.idle(), 60)
        after = await transcript(server, room)

    assert after["captions"][0]["text"] == "As I wrote it."
    assert "blah" not in after["captions"][1]["text"]


async def test_a_room_that_has_just_ended_is_heard_again_and_what_was_typed_stays(
    tmp_path: Path,
) -> None:
    async with running(tmp_path, voice="off", **WHISPER) as server:
        host = await server.sign_in()
        room = await server.live_room(host)
        await server.http.post(
            f"/v1/rooms/{room}/join", json={"as": "speaker"}, headers=host.headers
        )
        await server.http.post(
            f"/v1/rooms/{room}/say", json={"line": "a", "text": "Tee please"}, headers=host.headers
        )

        async def is_recorded() -> bool:
            found = await asyncio.to_thread(server.app.recorder.recording, f"{room}-1")
            return bool(found.segments)

        await eventually(is_recorded)
        await server.http.post(f"/v1/rooms/{room}/end", headers=host.headers)

        async def is_heard() -> bool:
            heard = server.app.hearing.heard(f"{room}-1")
            return heard is not None and heard.done

        await eventually(is_heard)
        reply = await server.http.get(f"/v1/recordings/{room}-1")
        said = (await server.http.get(f"/v1/rooms/{room}/transcript?format=json")).json()

    assert reply.json()["improved"]["changed"] == 0
    assert [caption["text"] for caption in said["captions"]] == ["Tee please"]
