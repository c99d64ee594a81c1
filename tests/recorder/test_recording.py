import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.audio import FRAME_SAMPLES, RATE_HZ, Frame, Pcm
from models.errors import Conflict, NotFound
from models.recording import Loss, RecordingPhase
from models.room import Activity, Room, Speaker
from pipeline.tap import TapItem
from recorder.recording import Recorder
from tests.recorder.taps import Play, Sound

Decoded = Callable[[Path], Pcm]


class LiveTap:
    """Plays frames and goes on until `end`; ``heard`` says when all of them were taken."""

    def __init__(self, frames: Sequence[Frame]) -> None:
        self._frames = frames
        self.heard, self.end = asyncio.Event(), asyncio.Event()

    async def __aiter__(self) -> AsyncIterator[TapItem]:
        yield Activity(speaker=Speaker(id="ada", name="Ada"), on=True, t_s=0)
        for frame in self._frames:
            yield frame
        self.heard.set()
        await self.end.wait()


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def click_positions(pcm: Pcm) -> list[int]:
    loud = np.flatnonzero(np.abs(pcm.astype(int)) > 6000)
    return [int(at) for at in loud[np.diff(loud, prepend=-RATE_HZ) > RATE_HZ / 2]]


def assert_within_a_millisecond(found: Sequence[int], expected: Sequence[int]) -> None:
    assert len(found) == len(expected)
    assert max(abs(f - e) for f, e in zip(found, expected, strict=True)) <= RATE_HZ // 1000


async def test_a_click_is_found_at_its_sample_in_the_joined_file(
    tmp_path: Path,
    room: Room,
    clicks: Sound,
    clicks_at: Sequence[int],
    tap: Play,
    decoded: Decoded,
) -> None:
    recorder = Recorder(tmp_path, segment_s=4.0)

    recording = await recorder.record(room, tap(clicks.frames), pre_skip=clicks.pre_skip)

    pcm = decoded(recorder.media_path(recording.id))
    assert len(pcm) == recording.samples == len(clicks.frames) * FRAME_SAMPLES
    assert_within_a_millisecond(click_positions(pcm), clicks_at)


async def test_a_finished_recording_is_one_file_with_its_checksum(
    tmp_path: Path, room: Room, hum: Sound, tap: Play
) -> None:
    recorder = Recorder(tmp_path, segment_s=2.0)

    recording = await recorder.record(room, tap(hum.frames), pre_skip=hum.pre_skip)

    assert recording.phase is RecordingPhase.FINISHED
    assert recording.started_at == room.started_at
    assert recorder.recordings() == recorder.recordings("tea") == [recording]
    assert recorder.recordings("another") == []
    media = recorder.media_path(recording.id)
    assert hashlib.sha256(media.read_bytes()).hexdigest() == recording.sha256
    assert names_in(media.parent) == ["manifest.json", media.name]


async def test_lost_frames_become_silence_of_the_same_length(
    tmp_path: Path,
    room: Room,
    clicks: Sound,
    clicks_at: Sequence[int],
    tap: Play,
    decoded: Decoded,
) -> None:
    recorder = Recorder(tmp_path, segment_s=1.0)
    heard = [*clicks.frames[3:60], *clicks.frames[62:150], *clicks.frames[330:]]

    recording = await recorder.record(room, tap(heard), pre_skip=clicks.pre_skip)

    assert recording.losses == (
        Loss(first_sample=0, samples=3 * 960, reason="not recorded yet"),
        Loss(first_sample=60 * 960, samples=2 * 960, reason="tap-lost"),
        Loss(first_sample=150 * 960, samples=180 * 960, reason="tap-lost"),
    )
    pcm = decoded(recorder.media_path(recording.id))
    assert len(pcm) == len(clicks.frames) * FRAME_SAMPLES
    assert_within_a_millisecond(
        click_positions(pcm), [at for at in clicks_at if not 150 <= at // 960 < 330]
    )


async def test_a_packet_that_is_no_opus_is_silence_and_said_so(
    tmp_path: Path, room: Room, hum: Sound, tap: Play, decoded: Decoded
) -> None:
    frames = [*hum.frames[:10], replace(hum.frames[10], packet=b""), *hum.frames[11:20]]
    recorder = Recorder(tmp_path)

    recording = await recorder.record(room, tap(frames), pre_skip=hum.pre_skip)

    assert [loss.first_sample for loss in recording.losses] == [10 * 960]
    assert len(decoded(recorder.media_path(recording.id))) == 20 * 960


async def test_two_rooms_record_at_once(
    tmp_path: Path, room: Room, hum: Sound, tap: Play, decoded: Decoded
) -> None:
    recorder = Recorder(tmp_path, segment_s=1.0)
    rooms = [room, replace(room, id="coffee"), room]

    recordings = await asyncio.gather(
        *(recorder.record(r, tap(hum.frames[:120]), pre_skip=hum.pre_skip) for r in rooms)
    )

    assert [recording.id for recording in recordings] == ["tea-1", "coffee-1", "tea-1-2"]
    for recording in recordings:
        assert len(decoded(recorder.media_path(recording.id))) == 120 * 960


async def test_a_running_recording_can_be_seen_but_not_played_or_deleted(
    tmp_path: Path, room: Room, hum: Sound
) -> None:
    recorder = Recorder(tmp_path)
    tap = LiveTap(hum.frames[:60])
    task = asyncio.create_task(recorder.record(room, tap, pre_skip=hum.pre_skip))
    await tap.heard.wait()

    assert [r.phase for r in recorder.recordings()] == [RecordingPhase.RECORDING]
    assert recorder.recover() == []
    with pytest.raises(Conflict):
        recorder.media_path("tea-1")
    with pytest.raises(Conflict):
        recorder.delete("tea-1")

    tap.end.set()
    assert (await task).samples == 60 * 960


async def test_a_recording_without_a_frame_leaves_nothing(
    tmp_path: Path, room: Room, tap: Play
) -> None:
    recorder = Recorder(tmp_path)

    recording = await recorder.record(room, tap([]), pre_skip=312)

    assert recording.media == ""
    assert recorder.recordings() == []
    assert names_in(tmp_path) == []


async def test_a_deleted_recording_is_gone(
    tmp_path: Path, room: Room, hum: Sound, tap: Play
) -> None:
    recorder = Recorder(tmp_path)
    recording = await recorder.record(room, tap(hum.frames[:60]), pre_skip=hum.pre_skip)

    recorder.delete(recording.id)

    assert names_in(tmp_path) == []
    with pytest.raises(NotFound):
        recorder.recording(recording.id)
    with pytest.raises(NotFound):
        recorder.delete(recording.id)


@pytest.mark.parametrize("name", ["", "..", "../tea-1", "a/b", "none"])
def test_an_unknown_recording_is_not_found(tmp_path: Path, name: str) -> None:
    with pytest.raises(NotFound):
        Recorder(tmp_path).media_path(name)


async def test_a_cancelled_recording_is_kept_for_recovery(
    tmp_path: Path, room: Room, hum: Sound, decoded: Decoded
) -> None:
    recorder = Recorder(tmp_path)
    tap = LiveTap(hum.frames[:75])
    task = asyncio.create_task(recorder.record(room, tap, pre_skip=hum.pre_skip))
    await tap.heard.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    (recording,) = Recorder(tmp_path).recover()

    assert len(decoded(recorder.media_path(recording.id))) == 75 * 960
