"""Recordings that are moved to the store in the background, through outages and restarts."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from models.recording import Chapter
from models.room import Room
from recorder import chapters
from recorder.chapters import Chapters
from recorder.object_store import Given
from recorder.recording import Recorder
from recorder.s3 import S3Objects
from recorder.uploads import Storage, StorageState, Uploads
from tests.recorder.taps import Play, Sound
from tests.s3_server import S3Server

ID = "tea-1"
SOUND = f"{ID}/{ID}.ogg"


@pytest.fixture
async def recorder(tmp_path: Path, store: S3Objects, room: Room, hum: Sound, tap: Play) -> Recorder:
    recorder = Recorder(tmp_path, store=store)
    await recorder.record(room, tap(hum.frames[:50]), pre_skip=hum.pre_skip)
    return recorder


@asynccontextmanager
async def moving(recorder: Recorder, store: S3Objects, **options: Any) -> AsyncIterator[Uploads]:
    options = {"keep_s": 0.0, "look_every_s": 0.01, "retry_at_first_s": 0.01} | options
    uploads = Uploads(recorder, store, **options)
    uploads.start()
    try:
        yield uploads
    finally:
        await uploads.close()


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not holds():
            await asyncio.sleep(0.01)


def sound_is_here(recorder: Recorder) -> bool:
    return (recorder.folder(ID) / f"{ID}.ogg").exists()


def keys(store: S3Objects) -> set[str]:
    return {one.key for one in store.list("")}


async def test_a_finished_recording_is_moved_and_can_still_be_had(
    recorder: Recorder, store: S3Objects
) -> None:
    sound = recorder.media_path(ID).read_bytes()
    again = Recorder(recorder.root, store=store)  # nobody has asked for the sound in this one

    async with moving(again, store) as uploads:
        await until(lambda: not sound_is_here(again))
        assert uploads.storage(ID) == Storage(state=StorageState.STORED, share=1.0)
        assert (uploads.stored(), uploads.waiting(), uploads.counts.uploads) == (1, 0, 1)

    assert keys(store) == {SOUND, f"{ID}/manifest.json"}
    assert again.media_path(ID).read_bytes() == sound


async def test_the_sound_stays_as_long_as_is_wished_and_while_it_is_wanted(
    recorder: Recorder, store: S3Objects
) -> None:
    async with moving(recorder, store, keep_s=3600.0) as uploads:
        await until(lambda: uploads.stored() == 1)
    recorder.media_path(ID)
    async with moving(recorder, store) as uploads:
        await until(lambda: uploads.stored() == 1)

    assert sound_is_here(recorder)


async def test_while_the_store_is_away_everything_stays_here_and_is_said_to_wait(
    recorder: Recorder, store: S3Objects, server: S3Server
) -> None:
    async with AsyncExitStack() as running:
        with server.outage():
            uploads = await running.enter_async_context(moving(recorder, store))
            await until(lambda: uploads.counts.failures > 1)
            assert sound_is_here(recorder)
            storage = uploads.storage(ID)
            assert storage.state is StorageState.WAITING
            assert storage.note.startswith("kept on this server, waiting for the store: s3://")

        await until(lambda: not sound_is_here(recorder))

        assert uploads.trouble == ""


async def test_what_is_in_the_store_is_known_while_it_is_away(
    recorder: Recorder, store: S3Objects, server: S3Server, room: Room, hum: Sound, tap: Play
) -> None:
    async with moving(recorder, store):
        await until(lambda: not sound_is_here(recorder))
    await recorder.record(room, tap(hum.frames[:10]), pre_skip=hum.pre_skip)

    with server.outage():
        async with moving(recorder, store) as uploads:
            await until(lambda: uploads.counts.failures > 1)
            assert (uploads.stored(), uploads.waiting()) == (1, 1)
            assert uploads.storage("tea-1-2").state is StorageState.WAITING


async def test_a_deletion_waits_for_the_store_and_a_restart(
    recorder: Recorder, store: S3Objects, server: S3Server
) -> None:
    async with moving(recorder, store):
        await until(lambda: not sound_is_here(recorder))
    with server.outage():
        async with moving(recorder, store) as uploads:
            recorder.delete(ID)
            await until(lambda: uploads.counts.failures > 0)
            assert uploads.deleting() == 1

    async with moving(recorder, store) as uploads:
        await until(lambda: uploads.deleting() == 0)

    assert keys(store) == set()


async def test_what_is_deleted_while_it_is_moved_leaves_nothing(
    recorder: Recorder, store: S3Objects, server: S3Server
) -> None:
    class Slow(S3Objects):
        def put(self, key: str, pieces: Any, given: Given) -> None:
            super().put(key, pieces, given)
            if key == SOUND:
                recorder.delete(ID)

    async with moving(recorder, Slow(server.bucket)) as uploads:
        await until(lambda: uploads.counts.deletions == 1)

    assert keys(store) == set()
    assert recorder.recordings() == []


async def test_what_changes_later_is_copied_too(recorder: Recorder, store: S3Objects) -> None:
    async with moving(recorder, store) as uploads:
        await until(lambda: not sound_is_here(recorder))
        chapters.save(
            recorder.folder(ID), Chapters(items=(Chapter(start_s=0, title="Tea"),), rev=1)
        )
        await until(lambda: uploads.counts.uploads == 2)

    assert b"Tea" in store.read(f"{ID}/chapters.json", 0, 1000)


async def test_one_recording_that_cannot_be_moved_does_not_hold_up_the_others(
    recorder: Recorder, store: S3Objects, room: Room, hum: Sound, tap: Play
) -> None:
    await recorder.record(room, tap(hum.frames[:10]), pre_skip=hum.pre_skip)
    content = b"somebody else's"
    store.put(SOUND, [content], Given(size=len(content), media_type="audio/ogg", filename="x"))

    async with moving(recorder, store) as uploads:
        await until(lambda: uploads.stored() == 1)
        storage = uploads.storage(ID)

    assert storage.state is StorageState.WAITING
    assert "set another prefix" in storage.note
    assert sound_is_here(recorder)


async def test_a_recording_that_is_being_finished_waits(
    recorder: Recorder, store: S3Objects
) -> None:
    there: list[set[str]] = []

    def busy(_: str) -> bool:
        there.append(keys(store))
        return len(there) < 3

    async with moving(recorder, store, busy=busy) as uploads:
        await until(lambda: uploads.stored() == 1)
    assert there[:3] == [set(), set(), set()]
