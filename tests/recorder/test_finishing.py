"""Recordings finished in the background, whatever ends the process meanwhile."""

import asyncio
import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from models.recording import Recording, RecordingPhase
from models.room import Room
from recorder import peaks
from recorder.finishing import FAILED, WAITING, Finishing, Progress
from recorder.job import is_left
from recorder.recording import Recorder
from tests.recorder.taps import Play, Sound

REPOSITORY = Path(__file__).parents[2]


Recorded = Callable[..., Recording]


@pytest.fixture(autouse=True)
def _jobs_find_the_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY))


@pytest.fixture
def recorded(tmp_path: Path, room: Room, hum: Sound, tap: Play) -> Recorded:
    """Records and leaves the rest to be done."""

    def record(room_id: str = "tea", frames: int = 500) -> Recording:
        recorder = Recorder(tmp_path, segment_s=0.5)
        heard = tap(hum.frames[:frames])
        recording = recorder.record(
            replace(room, id=room_id), heard, pre_skip=hum.pre_skip, join=False
        )
        return asyncio.run(recording)

    return record


def whole(tmp_path: Path, recording_id: str) -> Recording:
    """The recording, which must be finished in all its parts and hold nothing else."""
    recorder = Recorder(tmp_path)
    recording, folder = recorder.recording(recording_id), recorder.folder(recording_id)
    assert recording.phase is RecordingPhase.FINISHED
    assert recording.loudness is not None
    media = recorder.media_path(recording_id)
    assert hashlib.sha256(media.read_bytes()).hexdigest() == recording.sha256
    found = peaks.load(folder)
    assert found is not None
    assert found.samples == recording.samples
    assert not is_left(folder)
    names = {path.name for path in folder.iterdir()}
    assert names == {"manifest.json", "peaks.bin", media.name}
    return recording


def test_what_was_recorded_is_finished_in_the_background(
    tmp_path: Path, recorded: Recorded
) -> None:
    recording = recorded()
    seen: set[str] = set()

    async def finish() -> None:
        finishing = Finishing(Recorder(tmp_path))
        await finishing.start()
        while (progress := finishing.progress(recording.id)) is not None:
            assert 0 <= progress.share <= 1
            seen.add(progress.step)
            await asyncio.sleep(0)
        await finishing.done(recording.id)
        await finishing.close()

    assert recording.phase is RecordingPhase.RECORDING
    asyncio.run(finish())
    assert whole(tmp_path, recording.id).samples == 500 * 960
    assert seen <= {WAITING, "joining", "measuring"}
    assert {WAITING, "joining"} <= seen


def test_one_is_finished_at_a_time_and_the_others_wait(tmp_path: Path, recorded: Recorded) -> None:
    ids = [recorded(room).id for room in ("tea", "coffee", "milk")]
    at_once = 0

    async def finish() -> None:
        nonlocal at_once
        finishing = Finishing(Recorder(tmp_path))
        await finishing.start()
        while any(now := [p for p in map(finishing.progress, ids) if p]):
            at_once = max(at_once, sum(p.step != WAITING for p in now))
            await asyncio.sleep(0)
        await finishing.close()

    asyncio.run(finish())
    assert at_once == 1
    for recording_id in ids:
        whole(tmp_path, recording_id)


def job(tmp_path: Path, recording_id: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "recorder.job", str(tmp_path), recording_id]
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
    )


@pytest.mark.parametrize("lines", [1, 2, 9, 18, 22])
def test_a_job_that_is_killed_anywhere_is_done_by_the_next(
    tmp_path: Path, recorded: Recorded, lines: int
) -> None:
    recording = recorded()
    with job(tmp_path, recording.id) as process:
        assert process.stdout is not None
        for _ in range(lines):
            process.stdout.readline()
        os.killpg(process.pid, signal.SIGKILL)

    with job(tmp_path, recording.id) as process:
        assert process.wait(timeout=30) == 0

    assert whole(tmp_path, recording.id).losses == ()


def test_a_job_ends_when_who_started_it_is_gone(tmp_path: Path, recorded: Recorded) -> None:
    recording = recorded()
    folder = tmp_path / recording.id
    with job(tmp_path, recording.id) as process:
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(timeout=30) in (-signal.SIGKILL, 0)

    with job(tmp_path, recording.id) as process:
        process.wait(timeout=30)
    assert not is_left(folder)


def test_a_server_that_ends_leaves_the_rest_to_the_next(tmp_path: Path, recorded: Recorded) -> None:
    recording = recorded()

    async def begin() -> None:
        finishing = Finishing(Recorder(tmp_path))
        await finishing.start()
        while finishing.progress(recording.id) == Progress(step=WAITING):
            await asyncio.sleep(0)
        await finishing.close()

    async def go_on() -> None:
        finishing = Finishing(Recorder(tmp_path))
        await finishing.start()
        await finishing.idle()
        await finishing.close()

    began = time.monotonic()
    asyncio.run(begin())
    assert time.monotonic() - began < 10
    asyncio.run(go_on())
    whole(tmp_path, recording.id)


def test_one_that_cannot_be_finished_is_said_and_tried_again(
    tmp_path: Path, recorded: Recorded
) -> None:
    recording = recorded()
    hindrance = tmp_path / recording.id / f"{recording.id}.ogg.part"
    hindrance.mkdir()

    async def finish() -> Progress | None:
        finishing = Finishing(Recorder(tmp_path), retry_s=0.01)
        await finishing.start()
        await finishing.done(recording.id)
        failed = finishing.progress(recording.id)
        hindrance.rmdir()
        while finishing.progress(recording.id) is not None:
            await asyncio.sleep(0.01)
        await finishing.close()
        return failed

    assert asyncio.run(finish()) == Progress(step=FAILED)
    whole(tmp_path, recording.id)


def test_a_recording_that_is_deleted_meanwhile_is_gone(tmp_path: Path, recorded: Recorded) -> None:
    recording = recorded()
    recorder = Recorder(tmp_path)

    async def delete() -> None:
        finishing = Finishing(recorder)
        await finishing.start()
        while finishing.progress(recording.id) == Progress(step=WAITING):
            await asyncio.sleep(0)
        await finishing.drop(recording.id)
        recorder.delete(recording.id)
        await finishing.idle()
        assert finishing.progress(recording.id) is None
        await finishing.close()

    asyncio.run(delete())
    assert list(tmp_path.iterdir()) == []


def test_only_what_is_missing_is_made_again(tmp_path: Path, recorded: Recorded) -> None:
    recording = recorded()
    for _ in range(2):
        with job(tmp_path, recording.id) as process:
            process.wait(timeout=30)
        media = tmp_path / recording.id / f"{recording.id}.ogg"
        made = media.stat().st_mtime_ns
        (tmp_path / recording.id / peaks.FILE).unlink()
        assert is_left(tmp_path / recording.id)

    with job(tmp_path, recording.id) as process:
        process.wait(timeout=30)
    assert media.stat().st_mtime_ns == made
    whole(tmp_path, recording.id)


def test_peaks_that_were_damaged_are_made_again_when_they_are_wanted(
    tmp_path: Path, recorded: Recorded
) -> None:
    recording = recorded()

    async def want() -> None:
        finishing = Finishing(Recorder(tmp_path))
        await finishing.start()
        finishing.want(recording.id)
        await finishing.idle()
        finishing.want(recording.id)
        await finishing.idle()
        await finishing.close()

    asyncio.run(want())
    (tmp_path / recording.id / peaks.FILE).write_bytes(b"RSPK?")
    asyncio.run(want())

    whole(tmp_path, recording.id)
