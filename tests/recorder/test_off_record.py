"""A span off the record: silence on the disk, whatever becomes of the process."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import numpy as np

from models.audio import FRAME_SAMPLES, Frame, Pcm
from models.recording import Loss
from models.room import Room
from recorder import ogg
from recorder.recording import Recorder
from recorder.room_left import RoomLeft
from recorder.segments import create_file
from tests.recorder.taps import Play, Sound

FIRST, END = 123, 300


def spanned(frames: Sequence[Frame]) -> list[Frame]:
    return [replace(one, off_record=FIRST <= at < END) for at, one in enumerate(frames)]


async def test_the_span_is_digital_silence_to_the_frame_and_the_rest_is_as_it_was(
    tmp_path: Path, room: Room, hum: Sound, tap: Play, decoded: Callable[[Path], Pcm]
) -> None:
    recorder = Recorder(tmp_path)

    recording = await recorder.record(room, tap(spanned(hum.frames)), pre_skip=hum.pre_skip)

    media = recorder.media_path(recording.id)
    packets = [p for page in ogg.audio_pages(media.read_bytes()) for p in page.packets]
    assert packets[:FIRST] == [frame.packet for frame in hum.frames[:FIRST]]
    assert set(packets[FIRST:END]) == {ogg.SILENCE}
    assert packets[END : len(hum.frames)] == [frame.packet for frame in hum.frames[END:]]
    assert recording.losses == (
        Loss(
            first_sample=FIRST * FRAME_SAMPLES,
            samples=(END - FIRST) * FRAME_SAMPLES,
            reason="off-record",
        ),
    )
    pcm = decoded(media)
    assert len(pcm) == len(hum.frames) * FRAME_SAMPLES
    # A decoder fades what came before the span over the first of its frames.
    assert not np.any(pcm[(FIRST + 1) * FRAME_SAMPLES : (END - 1) * FRAME_SAMPLES])
    assert np.any(pcm[(FIRST - 1) * FRAME_SAMPLES : FIRST * FRAME_SAMPLES])
    assert np.any(pcm[END * FRAME_SAMPLES : (END + 1) * FRAME_SAMPLES])


async def test_no_packet_of_the_span_reaches_the_disk(
    tmp_path: Path, room: Room, hum: Sound, tap: Play
) -> None:
    names: list[Path] = []

    def create(path: Path) -> BinaryIO:
        names.append(path)
        return create_file(path)

    recorder = Recorder(tmp_path, segment_s=1.0, create=create)
    frames = spanned(hum.frames)
    written: list[bytes] = []

    async def watched() -> AsyncIterator[Frame]:
        for frame in frames:
            yield frame
            if frame.sample % (50 * FRAME_SAMPLES) == 0:
                written.extend(name.read_bytes() for name in names if name.exists())

    await recorder.record(room, watched(), pre_skip=hum.pre_skip)

    secret = {frame.packet for frame in frames if frame.off_record} - {
        frame.packet for frame in frames if not frame.off_record
    }
    assert len(secret) > 100
    assert not [packet for packet in secret if any(packet in data for data in written)]


async def test_a_disk_that_is_nearly_full_warns_while_there_is_time(
    tmp_path: Path, room: Room, hum: Sound, tap: Play
) -> None:
    told: list[tuple[str, bool]] = []
    recorder = Recorder(tmp_path, free=lambda _: 3_000_000)

    await recorder.record(
        room,
        tap(hum.frames),
        pre_skip=hum.pre_skip,
        on_state=lambda note, low: told.append((note, low)),
    )

    assert told[0][1]
    assert told[0][0].startswith("the disk is nearly full: there is room for less than")
    assert told[-1] == ("", False)


def test_what_is_left_counts_the_joined_file_too() -> None:
    left = RoomLeft(free=10_000_000, recorded=2_000_000, per_s=4000.0)

    assert left.left_s == 1000.0
    assert left.warning() == (
        "the disk is nearly full: there is room for less than 20 minutes of recording"
    )
    assert RoomLeft(free=10**12, recorded=0, per_s=4000.0).warning() == ""
    assert "a minute" in RoomLeft(free=0, recorded=5, per_s=4000.0).warning()
    assert RoomLeft(free=0, recorded=0, per_s=0.0).warning() == ""
