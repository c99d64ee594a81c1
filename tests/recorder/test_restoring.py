"""Recordings that come back from the store when the server's disk is lost."""

import asyncio
import shutil
from pathlib import Path

import pytest

from api.cli import main
from models.recording import Chapter
from models.room import Room
from recorder import chapters, forgotten
from recorder.chapters import Chapters
from recorder.object_store import Given
from recorder.recording import Recorder
from recorder.restoring import held, restore
from recorder.s3 import S3Objects
from recorder.transfer import Transfer
from tests.recorder.taps import Play, Sound
from tests.s3_server import S3Server

ID = "tea-1"
KEPT = Chapters(items=(Chapter(start_s=0, title="Tea"),), rev=1)


@pytest.fixture
def sound(tmp_path: Path, store: S3Objects, room: Room, hum: Sound, tap: Play) -> bytes:
    """A recording that was moved to the store before the disk was lost."""
    recorder = Recorder(tmp_path / "recordings", store=store)
    asyncio.run(recorder.record(room, tap(hum.frames[:50]), pre_skip=hum.pre_skip))
    folder = recorder.folder(ID)
    chapters.save(folder, KEPT)
    content = (folder / f"{ID}.ogg").read_bytes()
    Transfer(store=store, folder=folder, recording=recorder.recording(ID)).upload()
    shutil.rmtree(tmp_path / "recordings")
    return content


@pytest.mark.parametrize("with_sound", [False, True])
def test_a_recording_comes_back_with_all_that_belongs_to_it(
    tmp_path: Path, store: S3Objects, sound: bytes, *, with_sound: bool
) -> None:
    root = tmp_path / "recordings"
    (found,) = held(store, root)
    assert not found.is_here

    restore(store, root, found, sound=with_sound)

    recorder = Recorder(root, store=store)
    folder = recorder.folder(ID)
    assert [one.id for one in recorder.recordings()] == [ID]
    assert chapters.load(folder) == KEPT
    assert (folder / f"{ID}.ogg").exists() == with_sound
    assert recorder.media_path(ID).read_bytes() == sound
    assert next(held(store, root)).is_here
    moving = Transfer(store=store, folder=folder, recording=recorder.recording(ID))
    moving.upload()
    assert moving.is_done()


def test_what_is_here_or_was_deleted_here_or_is_no_recording_is_left_alone(
    tmp_path: Path, store: S3Objects, sound: bytes
) -> None:
    root = tmp_path / "recordings"
    root.mkdir()
    for key in ("stray", "other/notes.txt", "half/manifest.json", ".probe/left"):
        store.put(key, [b"?"], Given(size=1, media_type="text/plain", filename="x"))
    forgotten.note(root, ID, {store.name})

    assert [(one.recording.id, one.is_here) for one in held(store, root)] == [(ID, True)]
    assert sound


def test_the_command_lists_and_brings_back_and_says_what_is_still_missing(
    tmp_path: Path,
    server: S3Server,
    sound: bytes,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    bucket = server.bucket
    monkeypatch.setenv("ROOMSCRIBE_DATA_DIR", str(tmp_path))
    for name in ("prefix", "endpoint", "access_key", "secret_key"):
        monkeypatch.setenv(f"ROOMSCRIBE_S3_{name.upper()}", getattr(bucket, name))
    assert main(["restore"]) == 2
    assert "ROOMSCRIBE_S3_BUCKET is empty" in capsys.readouterr().err
    monkeypatch.setenv("ROOMSCRIBE_S3_BUCKET", bucket.name)

    assert main(["restore", "--list"]) == 0
    listed = capsys.readouterr().out
    assert main(["restore", "--sound"]) == 0
    brought = capsys.readouterr().out
    assert main(["restore"]) == 0
    again = capsys.readouterr().out

    assert listed.startswith("tea-1  2026-05-04  0:00:01  ")
    assert "in the store  Tea & talk" in listed
    assert "1 brought back from s3://" in brought
    assert "rooms.db" in brought
    assert "0 brought back" in again
    assert "1 were here already" in again
    assert (tmp_path / "recordings" / ID / f"{ID}.ogg").read_bytes() == sound
