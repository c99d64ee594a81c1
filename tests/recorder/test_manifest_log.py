"""The segment log beside a running recording's manifest: cheap, and as safe as the manifest."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from models.audio import FRAME_SAMPLES, Frame
from models.recording import Loss, Recording, RecordingPhase, Segment
from models.room import Speaker
from recorder import manifest
from recorder.job import is_left
from recorder.manifest_log import LOG, Addition, additions_in, folded, line
from recorder.recording import Recorder
from recorder.writer import SegmentWriter
from tests.recorder.taps import Sound

TEA = Recording(
    id="tea-1",
    room_id="tea",
    instance=1,
    title="Tea",
    started_at=datetime(2026, 5, 4, 18, 30, tzinfo=UTC),
    phase=RecordingPhase.RECORDING,
)
ADDED: Sequence[Addition] = (
    Addition(what=Segment(file="segments/000001.ogg", first_sample=0, samples=9600, sha256="ab")),
    Addition(what=Loss(first_sample=9600, samples=960, reason="off-record")),
    Addition(what=Speaker(id="ada", name="Ada"), track="1"),
    Addition(what=Loss(first_sample=9600, samples=1920, reason="off-record")),
    Addition(
        what=Segment(file="segments/1/000001.ogg", first_sample=960, samples=960, sha256="cd"),
        track="1",
    ),
)


def running(folder: Path, hum: Sound, frames: Sequence[Frame]) -> SegmentWriter:
    writer = SegmentWriter(folder, TEA, pre_skip=hum.pre_skip, segment_s=0.2)
    for frame in frames:
        writer.add(frame)
        if frame.sample % (5 * FRAME_SAMPLES) == 0:
            writer.flush()
    return writer


def test_a_log_that_is_cut_at_any_byte_tells_of_all_that_was_whole() -> None:
    lines = [line(one) for one in ADDED]
    data = b"".join(lines)
    ends = [sum(map(len, lines[:count])) for count in range(1, len(lines) + 1)]

    for cut in range(len(data) + 1):
        whole = sum(end - 1 <= cut for end in ends)  # the line's end itself says nothing
        assert list(additions_in(data[:cut])) == list(ADDED[:whole])


def test_a_damaged_byte_costs_its_line_and_no_other() -> None:
    data = b"".join(map(line, ADDED))

    for at in range(len(data)):
        damaged = data[:at] + bytes([data[at] ^ 0x41]) + data[at + 1 :]
        found = list(additions_in(damaged))
        assert len(found) >= len(ADDED) - 2  # a lost line end takes two lines
        assert all(one in ADDED for one in found)


def test_what_a_crash_leaves_says_all_that_the_writer_knew(tmp_path: Path, hum: Sound) -> None:
    folder = tmp_path / "tea-1"
    off_record = [replace(one, off_record=True) for one in hum.frames[100:160]]
    writer = running(folder, hum, [*hum.frames[:100], *off_record, *hum.frames[160:300]])

    left = manifest.load(folder)

    assert (folder / LOG).exists()
    assert left == writer.recording
    assert len(writer.recording.segments) == 29
    assert [loss.reason for loss in writer.recording.losses] == ["off-record"]
    writer.close()


def test_the_manifest_of_a_long_room_is_written_no_oftener_than_that_of_a_short_one(
    tmp_path: Path, hum: Sound
) -> None:
    folder = tmp_path / "tea-1"
    writer = running(folder, hum, hum.frames[:20])
    began = (folder / manifest.MANIFEST).read_bytes()
    sizes = [(folder / LOG).stat().st_size]
    for part in range(1, 6):
        for frame in hum.frames[:50]:
            writer.add(replace(frame, sample=frame.sample + (50 * part) * FRAME_SAMPLES))
        writer.flush()
        sizes.append((folder / LOG).stat().st_size)

    assert (folder / manifest.MANIFEST).read_bytes() == began
    grown = [after - before for before, after in pairwise(sizes[1:])]
    assert max(grown) - min(grown) < 50
    writer.close()


def test_a_recording_that_ended_well_has_all_in_its_manifest(tmp_path: Path, hum: Sound) -> None:
    folder = tmp_path / "tea-1"
    writer = running(folder, hum, hum.frames[:60])

    writer.close()

    assert not (folder / LOG).exists()
    assert manifest.from_json((folder / manifest.MANIFEST).read_text()) == writer.recording


@pytest.mark.parametrize("damaged", [None, b"", b"{}"])
def test_a_lost_manifest_does_not_cost_why_sound_is_missing(
    tmp_path: Path, hum: Sound, damaged: bytes | None
) -> None:
    folder = tmp_path / "tea-1"
    off_record = [replace(one, off_record=True) for one in hum.frames[50:100]]
    writer = running(folder, hum, [*hum.frames[:50], *off_record, *hum.frames[100:200]])
    path = folder / manifest.MANIFEST
    path.unlink() if damaged is None else path.write_bytes(damaged)

    (recording,) = Recorder(tmp_path).recover()

    assert recording.losses == (Loss(first_sample=50 * 960, samples=50 * 960, reason="off-record"),)
    assert [path.name for path in folder.iterdir() if path.suffix == ".log"] == []
    writer.close()


def test_a_log_that_is_older_than_the_manifest_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / LOG).write_bytes(b"".join(map(line, ADDED)))
    newer = folded(tmp_path, TEA)

    assert folded(tmp_path, newer) == newer
    assert newer.losses == (ADDED[3].what,)
    assert [track.speaker.name for track in newer.tracks] == ["Ada"]
    assert [one.first_sample for one in newer.tracks[0].segments] == [960]


def test_a_log_that_was_left_beside_a_finished_recording_is_removed(
    tmp_path: Path, hum: Sound
) -> None:
    folder = tmp_path / "tea-1"
    running(folder, hum, hum.frames[:60]).close()
    (finished,) = Recorder(tmp_path).recover()
    (folder / LOG).write_bytes(line(ADDED[3]))

    assert manifest.load(folder) == finished
    assert is_left(folder)
    Recorder(tmp_path).recover()
    assert not (folder / LOG).exists()
