"""A file from elsewhere on its way to being a recording: cut off anywhere, and done again."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pytest

from models.audio import RATE_HZ, Pcm
from models.errors import StorageFailed
from models.recording import Recording, RecordingPhase
from models.room import Room
from recorder import imported, job, manifest
from recorder.imported import SOURCE, About, Incoming
from recorder.recording import Recorder
from recorder.writer import SEGMENTS

LENGTH_S = 130


@pytest.fixture(scope="module")
def stereo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two minutes of FLAC at 44.1 kHz, with a beep of 0.1 s at each ten seconds."""
    file = tmp_path_factory.mktemp("files") / "beeps.flac"
    tone = f"0.5*sin(2*PI*1000*t)*lt(mod(t\\,10)\\,0.1):s=44100:d={LENGTH_S}"
    line = ["-v", "error", "-f", "lavfi", "-i", f"aevalsrc={tone}", "-ac", "2", str(file)]
    subprocess.run([imageio_ffmpeg.get_ffmpeg_exe(), *line], check=True)
    return file


def brought_in(root: Path, room: Room, file: Path) -> Recording:
    recorder = Recorder(root)
    with Incoming(root) as incoming:
        incoming.write(file.read_bytes())
        incoming.end()
        incoming.describe(About(name=file.name, length_s=LENGTH_S))
        recording = recorder.describe(room)
        imported.adopt(incoming.folder, recording)
    return recording


def test_sound_keeps_its_place_to_the_millisecond(
    tmp_path: Path, room: Room, stereo: Path, decoded: Callable[[Path], Pcm]
) -> None:
    recording = brought_in(tmp_path, room, stereo)
    steps: list[str] = []

    job.finish(tmp_path, recording.id, lambda step, _: steps.append(step))

    finished = Recorder(tmp_path).recording(recording.id)
    pcm = decoded(Recorder(tmp_path).media_path(recording.id)).astype(np.int32)
    loud = np.abs(pcm) > 4000
    begins = np.flatnonzero(loud & ~np.roll(loud, 1))
    beeps = [at for at in begins if not loud[max(0, at - RATE_HZ) : at].any()]
    assert finished.phase is RecordingPhase.FINISHED
    assert finished.samples == pytest.approx(LENGTH_S * RATE_HZ, abs=RATE_HZ / 20)
    assert finished.losses == ()
    assert [at / RATE_HZ for at in beeps] == pytest.approx(range(0, LENGTH_S, 10), abs=0.005)
    assert list(dict.fromkeys(steps)) == ["converting", "joining", "measuring"]
    assert not imported.waits(Recorder(tmp_path).folder(recording.id))


def test_a_conversion_that_was_cut_off_is_done_again_and_nothing_is_there_twice(
    tmp_path: Path, room: Room, stereo: Path
) -> None:
    recording = brought_in(tmp_path, room, stereo)
    folder = Recorder(tmp_path).folder(recording.id)

    def cut(share: float) -> None:
        if share > 0.6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        imported.convert(folder, cut)
    Recorder(tmp_path).recover()  # does not take what is there for all of it
    assert (folder / SOURCE).exists()
    assert (folder / SEGMENTS).exists()
    imported.convert(folder)

    kept = manifest.load(folder)
    assert kept is not None
    assert kept.samples == pytest.approx(LENGTH_S * RATE_HZ, abs=RATE_HZ / 20)
    assert kept.losses == ()
    assert [one.first_sample for one in kept.segments] == [0, 60 * RATE_HZ, 120 * RATE_HZ]


def test_a_disk_that_fills_up_keeps_the_file_for_the_next_try(
    tmp_path: Path, room: Room, stereo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = brought_in(tmp_path, room, stereo)
    folder = Recorder(tmp_path).folder(recording.id)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("recorder.segments._OpenSegment.append", full)
        with pytest.raises(OSError, match="disk full"):
            imported.convert(folder)
    assert (folder / SOURCE).exists()
    imported.convert(folder)
    assert not (folder / SOURCE).exists()


def test_what_came_in_by_half_is_swept_up_and_what_still_comes_in_is_not(tmp_path: Path) -> None:
    left = Incoming(tmp_path)
    left.folder.mkdir()
    with Incoming(tmp_path) as coming:
        imported.sweep(tmp_path)
        assert coming.file.exists()
    assert not left.folder.exists()
    assert list(tmp_path.iterdir()) == []


def test_a_disk_with_little_room_takes_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imported, "RESERVE_BYTES", 1 << 60)
    with Incoming(tmp_path) as incoming, pytest.raises(StorageFailed, match="too full"):
        incoming.write(b"some sound")
