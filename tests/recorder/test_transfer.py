"""Recordings that are moved to the store and back: nothing is removed before it was read back."""

import asyncio
import hashlib
import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from models.errors import Conflict, StorageFailed, StoreUnavailable
from models.recording import Chapter, Recording
from models.room import Room
from recorder import chapters, copies, forgotten
from recorder.chapters import Chapters
from recorder.object_store import Given, ObjectStore
from recorder.recording import Recorder
from recorder.s3 import S3Objects
from recorder.transfer import Stopped, Transfer, remove
from tests.recorder.taps import Play, Sound
from tests.s3_server import S3Server

ID, SOUND = "tea-1", "tea-1.ogg"


@pytest.fixture
def recorder(tmp_path: Path, store: S3Objects, room: Room, hum: Sound, tap: Play) -> Recorder:
    """A recorder with one finished recording."""
    recorder = Recorder(tmp_path, store=store)
    asyncio.run(recorder.record(room, tap(hum.frames), pre_skip=hum.pre_skip))
    return recorder


def transfer(recorder: Recorder, store: ObjectStore) -> Transfer:
    return Transfer(store=store, folder=recorder.folder(ID), recording=recorder.recording(ID))


def keys(store: ObjectStore) -> set[str]:
    return {stored.key for stored in store.list("")}


def put(store: ObjectStore, key: str, content: bytes) -> None:
    store.put(key, [content], Given(size=len(content), media_type="audio/ogg", filename="x"))


def test_a_recording_is_copied_and_its_sound_let_go_and_fetched_again(
    recorder: Recorder, store: S3Objects
) -> None:
    sound = recorder.media_path(ID).read_bytes()
    shares: list[float] = []

    moving = transfer(recorder, store)
    moving.upload(shares.append)
    assert transfer(recorder, store).is_done()
    assert moving.release()

    assert keys(store) == {f"{ID}/{SOUND}", f"{ID}/manifest.json"}
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    names = {path.name for path in recorder.folder(ID).iterdir()}
    assert names == {"manifest.json", copies.FILE}
    assert recorder.media_path(ID).read_bytes() == sound


def test_the_sound_in_the_store_is_read_in_part_without_fetching_it(
    recorder: Recorder, store: S3Objects
) -> None:
    sound = recorder.media_path(ID).read_bytes()
    assert recorder.remote_sound(ID) is None
    transfer(recorder, store).upload()
    transfer(recorder, store).release()

    remote = recorder.remote_sound(ID)

    assert remote is not None
    assert remote.size == len(sound)
    assert b"".join(remote.read(100, 5000)) == sound[100:5000]
    assert not (recorder.folder(ID) / SOUND).exists()


def test_only_what_has_changed_is_copied_again(recorder: Recorder, store: S3Objects) -> None:
    transfer(recorder, store).upload()
    before = {one.key: one.tag for one in store.list("")}
    folder = recorder.folder(ID)
    chapters.save(folder, Chapters(items=(Chapter(start_s=0, title="Hello"),), rev=1))
    assert not transfer(recorder, store).is_done()
    os.utime(folder / SOUND)  # touched, but the same

    transfer(recorder, store).upload()

    assert transfer(recorder, store).is_done()
    after = {one.key: one.tag for one in store.list("")}
    assert after == before | {f"{ID}/chapters.json": after[f"{ID}/chapters.json"]}


def test_what_is_removed_here_is_removed_there_but_the_sound(
    recorder: Recorder, store: S3Objects
) -> None:
    note = recorder.folder(ID) / "chapters.json"
    note.write_text("{}")
    transfer(recorder, store).upload()
    transfer(recorder, store).release()
    note.unlink()
    assert not transfer(recorder, store).is_done()

    transfer(recorder, store).upload()

    assert keys(store) == {f"{ID}/{SOUND}", f"{ID}/manifest.json"}
    assert transfer(recorder, store).is_done()


class Forgetful(S3Objects):
    """Keeps everything a byte short."""

    def put(self, key: str, pieces: Iterable[bytes], given: Given) -> None:
        content = b"".join(pieces)[:-1]
        super().put(key, [content], replace(given, size=len(content)))


def test_a_store_that_keeps_something_else_is_not_believed(
    recorder: Recorder, store: S3Objects, server: S3Server
) -> None:
    forgetful = Forgetful(server.bucket)

    with pytest.raises(StorageFailed, match="did not give back"):
        transfer(recorder, forgetful).upload()

    assert not transfer(recorder, forgetful).release()
    assert recorder.media_path(ID).exists()


def test_a_sound_that_the_store_has_lost_since_is_not_let_go_but_copied_again(
    recorder: Recorder, store: S3Objects
) -> None:
    transfer(recorder, store).upload()
    store.delete([f"{ID}/{SOUND}"])

    assert not transfer(recorder, store).release()
    assert not transfer(recorder, store).is_done()
    transfer(recorder, store).upload()

    assert transfer(recorder, store).release()
    assert keys(store) == {f"{ID}/{SOUND}", f"{ID}/manifest.json"}


def test_what_an_earlier_try_brought_there_without_noting_it_is_believed_when_read_back(
    recorder: Recorder, store: S3Objects
) -> None:
    sound = recorder.media_path(ID).read_bytes()
    put(store, f"{ID}/{SOUND}", sound)
    tag = store.list("")[0].tag

    transfer(recorder, store).upload()

    assert {one.tag for one in store.list("") if one.key.endswith(SOUND)} == {tag}
    (recorder.folder(ID) / copies.FILE).write_text("{")
    (recorder.folder(ID) / SOUND).unlink()
    assert recorder.media_path(ID).read_bytes() == sound


def test_another_recording_of_the_same_name_is_never_overwritten(
    recorder: Recorder, store: S3Objects
) -> None:
    put(store, f"{ID}/{SOUND}", b"another house's tea")

    with pytest.raises(Conflict, match="set another prefix"):
        transfer(recorder, store).upload()

    assert store.read(f"{ID}/{SOUND}", 0, 100) == b"another house's tea"
    assert keys(store) == {f"{ID}/{SOUND}"}


def test_a_sound_that_was_damaged_on_this_disk_is_not_taken_for_the_recording(
    recorder: Recorder, store: S3Objects
) -> None:
    with (recorder.folder(ID) / SOUND).open("r+b") as file:
        file.seek(1000)
        file.write(b"?")

    with pytest.raises(StorageFailed, match="not what was recorded"):
        transfer(recorder, store).upload()
    assert keys(store) == set()


def test_a_sound_that_was_damaged_in_the_store_is_not_given_out(
    recorder: Recorder, store: S3Objects
) -> None:
    transfer(recorder, store).upload()
    transfer(recorder, store).release()
    size = copies.load(recorder.folder(ID)).files[SOUND].size
    put(store, f"{ID}/{SOUND}", b"?" * size)

    with pytest.raises(StorageFailed, match="not what was recorded"):
        recorder.media_path(ID)
    names = {path.name for path in recorder.folder(ID).iterdir()}
    assert names == {"manifest.json", copies.FILE}


def test_a_sound_in_a_store_that_is_not_set_up_any_more_is_said_to_be_there(
    recorder: Recorder, store: S3Objects, tmp_path: Path
) -> None:
    transfer(recorder, store).upload()
    transfer(recorder, store).release()

    with pytest.raises(StoreUnavailable, match=f"the sound is in {store.name}"):
        Recorder(tmp_path).media_path(ID)


def test_a_sound_in_another_store_is_not_forgotten_when_this_one_is_set_up(
    recorder: Recorder, store: S3Objects, server: S3Server
) -> None:
    transfer(recorder, store).upload()
    transfer(recorder, store).release()
    other = S3Objects(replace(server.bucket, prefix="other"))

    with pytest.raises(StorageFailed, match="alone, and not in s3://recordings/other"):
        transfer(recorder, other).upload()
    assert recorder.media_path(ID).exists()

    put(other, f"{ID}/{SOUND}", recorder.media_path(ID).read_bytes())
    (recorder.folder(ID) / SOUND).unlink()
    transfer(recorder, other).upload()
    assert transfer(recorder, other).is_done()
    assert keys(other) == keys(store) == {f"{ID}/{SOUND}", f"{ID}/manifest.json"}


def test_an_upload_that_is_given_up_leaves_everything_here(
    recorder: Recorder, store: S3Objects
) -> None:
    with pytest.raises(Stopped):
        transfer(recorder, store).upload(given_up=lambda: True)

    assert hashlib.sha256(recorder.media_path(ID).read_bytes()).hexdigest() == sha(recorder)


def sha(recorder: Recorder) -> str:
    recording: Recording = recorder.recording(ID)
    return recording.sha256


def test_what_is_deleted_is_deleted_from_the_store_too_however_late(
    recorder: Recorder, store: S3Objects, server: S3Server, tmp_path: Path
) -> None:
    transfer(recorder, store).upload()
    recorder.delete(ID)
    assert list(forgotten.all_of(tmp_path)) == [ID]
    server.stop()
    try:
        with pytest.raises(StoreUnavailable):
            remove(store, tmp_path, ID)
    finally:
        server.start()

    remove(store, tmp_path, ID)

    assert keys(store) == set()
    assert forgotten.all_of(tmp_path) == {}


def test_a_crash_in_the_middle_of_deleting_deletes_all_of_it_at_the_next_start(
    recorder: Recorder, store: S3Objects, tmp_path: Path
) -> None:
    transfer(recorder, store).upload()
    forgotten.note(tmp_path, ID, {store.name})

    assert Recorder(tmp_path, store=store).left() == []
    assert not (tmp_path / ID).exists()
    assert list(forgotten.all_of(tmp_path)) == [ID]


def test_a_name_is_not_used_again_while_it_is_still_to_be_deleted(
    recorder: Recorder, room: Room, hum: Sound, tap: Play
) -> None:
    recorder.delete(ID)

    again = asyncio.run(recorder.record(room, tap(hum.frames), pre_skip=hum.pre_skip))

    assert again.id == "tea-1-2"


def test_what_two_stores_have_is_to_be_deleted_from_both(
    recorder: Recorder, store: S3Objects, tmp_path: Path
) -> None:
    copies.save(recorder.folder(ID), copies.Copies(store="s3://before"))
    recorder.delete(ID)

    remove(store, tmp_path, ID)

    assert forgotten.all_of(tmp_path) == {ID: {"s3://before"}}
