"""Disks that fail at any call, hang, or come back, and clocks that jump."""

import asyncio
import errno
import os
import threading
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

import pytest

from models.audio import FRAME_SAMPLES, Frame, Pcm
from models.recording import RecordingPhase
from models.room import Room
from recorder import ogg
from recorder.recording import Recorder
from recorder.segments import create_file
from tests.recorder.taps import Play, Sound


class Failing:
    """A disk of which one create, write or fsync fails, the ``at``-th of them."""

    def __init__(self, at: int) -> None:
        self.at = at
        self.calls = 0

    def check(self) -> None:
        self.calls += 1
        if self.calls == self.at:
            raise OSError(errno.EIO, "Input/output error")


class FailingFile:
    """A file whose writes may fail."""

    def __init__(self, file: BinaryIO, failing: Failing) -> None:
        self._file = file
        self._failing = failing

    def write(self, data: bytes) -> int:
        self._failing.check()
        return self._file.write(data)

    def __getattr__(self, name: str) -> object:
        return getattr(self._file, name)


async def test_an_error_at_any_create_write_or_fsync_costs_what_the_manifest_says_and_no_more(
    tmp_path: Path, room: Room, hum: Sound, tap: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    real_fsync = os.fsync
    frames = hum.frames[:200]
    at = 0
    while True:
        at += 1
        failing = Failing(at)
        root = tmp_path / str(at)

        def create(path: Path, failing: Failing = failing) -> BinaryIO:
            failing.check()
            return FailingFile(create_file(path), failing)  # type: ignore[return-value]

        def fsync(descriptor: int, failing: Failing = failing) -> None:
            failing.check()
            real_fsync(descriptor)

        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", fsync)
            recorder = Recorder(root, segment_s=0.5, create=create)
            recording = await recorder.record(room, tap(frames), pre_skip=hum.pre_skip)
        if recording.phase is not RecordingPhase.FINISHED:
            recorder.recover()
            (recording,) = recorder.recordings()
        packets = [
            p
            for page in ogg.audio_pages(recorder.media_path(recording.id).read_bytes())
            for p in page.packets
        ]
        lost = {
            index
            for loss in recording.losses
            for index in range(
                loss.first_sample // FRAME_SAMPLES,
                (loss.first_sample + loss.samples) // FRAME_SAMPLES,
            )
        }
        kept = [ogg.SILENCE if n in lost else frame.packet for n, frame in enumerate(frames)]
        assert packets[:-1] == kept
        assert len(lost) <= 100
        if failing.calls < at:
            break
    assert at > 20


async def test_a_disk_that_hangs_loses_nothing_and_holds_nobody_up(
    tmp_path: Path, room: Room, hum: Sound, decoded: Callable[[Path], Pcm]
) -> None:
    goes_on = threading.Event()
    hangs = asyncio.Event()
    loop = asyncio.get_running_loop()

    def create(path: Path) -> BinaryIO:
        loop.call_soon_threadsafe(hangs.set)
        goes_on.wait(10)
        return create_file(path)

    fed = 0

    async def play() -> AsyncIterator[Frame]:
        nonlocal fed
        for frame in hum.frames:
            fed += 1
            yield frame

    recorder = Recorder(tmp_path, create=create)
    recording = asyncio.create_task(recorder.record(room, play(), pre_skip=hum.pre_skip))
    await hangs.wait()
    held_at = fed
    for _ in range(100):
        await asyncio.sleep(0)  # the loop is free while the disk hangs
    assert fed == held_at < len(hum.frames)
    goes_on.set()
    finished = await recording

    assert finished.losses == ()
    assert len(decoded(recorder.media_path(finished.id))) == len(hum.frames) * FRAME_SAMPLES


@pytest.mark.parametrize("jump", [timedelta(days=-400), timedelta(hours=5)])
async def test_a_clock_that_jumps_moves_no_sample(
    tmp_path: Path, room: Room, hum: Sound, tap: Play, jump: timedelta
) -> None:
    assert room.started_at is not None
    recorder = Recorder(tmp_path)
    first = await recorder.record(room, tap(hum.frames), pre_skip=hum.pre_skip)

    jumped = replace(room, instance=2, started_at=room.started_at + jump)
    second = await recorder.record(jumped, tap(hum.frames), pre_skip=hum.pre_skip)

    assert first.samples == second.samples == len(hum.frames) * FRAME_SAMPLES
    assert first.losses == second.losses == ()
    assert {one.id for one in recorder.recordings()} == {first.id, second.id}
