import errno
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from models.audio import FRAME_SAMPLES, Frame, Pcm
from models.recording import Loss, Recording, RecordingPhase
from recorder import manifest, ogg
from recorder.recording import Recorder
from recorder.writer import SegmentWriter
from tests.recorder.taps import Sound

RECORD_HUM = Path(__file__).with_name("record_hum.py")


Decoded = Callable[[Path], Pcm]


@pytest.fixture
def crashed(tmp_path: Path, hum: Sound) -> Iterator[Path]:
    """What a crash leaves: two closed segments of 0.2 s and an open one with two short pages."""
    root = tmp_path / "recordings"
    writer = SegmentWriter(
        root / "tea-1",
        Recording(
            id="tea-1",
            room_id="tea",
            instance=1,
            title="Tea",
            started_at=datetime(2026, 5, 4, 18, 30, tzinfo=UTC),
            phase=RecordingPhase.RECORDING,
        ),
        pre_skip=hum.pre_skip,
        segment_s=0.2,
    )
    for index, frame in enumerate(hum.frames[:22], start=1):
        writer.add(frame)
        if index in (5, 10, 15, 20, 21, 22):
            writer.flush()
    yield root
    writer.close()


def packets_of(path: Path) -> list[bytes]:
    return [p for page in ogg.audio_pages(path.read_bytes()) for p in page.packets]


def test_everything_that_was_flushed_is_recovered(
    crashed: Path, hum: Sound, decoded: Decoded
) -> None:
    recorder = Recorder(crashed)

    (recording,) = recorder.recover()

    media = recorder.media_path("tea-1")
    assert recording == recorder.recording("tea-1")
    assert (recording.phase, recording.losses) == (RecordingPhase.FINISHED, ())
    assert packets_of(media)[:-1] == [frame.packet for frame in hum.frames[:22]]
    assert len(decoded(media)) == recording.samples == 22 * FRAME_SAMPLES
    assert recorder.recover() == []


def test_the_last_segment_may_be_cut_anywhere(
    crashed: Path, hum: Sound, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: None)
    segment = crashed / "tea-1" / "segments" / "000003.ogg"
    whole = segment.read_bytes()
    saved = {path: path.read_bytes() for path in crashed.rglob("*") if path.is_file()}

    kept = []
    for cut in range(len(whole)):
        segment.parent.mkdir(exist_ok=True)
        for path, content in saved.items():
            path.write_bytes(content)
        segment.write_bytes(whole[:cut])
        (recording,) = Recorder(crashed).recover()
        kept.append(recording.samples // FRAME_SAMPLES)
        packets = packets_of(crashed / "tea-1" / recording.media)
        assert packets[:-1] == [frame.packet for frame in hum.frames[: kept[-1]]]

    assert sorted(set(kept)) == [20, 21]
    assert kept == sorted(kept)


def test_a_segment_that_is_gone_becomes_silence_and_a_loss(crashed: Path, decoded: Decoded) -> None:
    (crashed / "tea-1" / "segments" / "000002.ogg").unlink()

    (recording,) = Recorder(crashed).recover()

    assert recording.losses == (Loss(first_sample=9600, samples=9600, reason="not on disk"),)
    assert len(decoded(crashed / "tea-1" / recording.media)) == 22 * FRAME_SAMPLES


@pytest.mark.parametrize("left", [b"", b'{"id": "tea', bytes(3)])
def test_an_unfinished_manifest_changes_nothing(crashed: Path, left: bytes) -> None:
    (crashed / "tea-1" / "manifest.json.part").write_bytes(left)

    (recording,) = Recorder(crashed).recover()

    assert recording.samples == 22 * FRAME_SAMPLES
    assert sorted(p.name for p in (crashed / "tea-1").iterdir()) == ["manifest.json", "tea-1.ogg"]


@pytest.mark.parametrize("damaged", [None, b"", b"{}", b"[1]", b'{"version": 1}'])
def test_a_lost_manifest_is_written_again_from_the_segments(
    crashed: Path, damaged: bytes | None
) -> None:
    path = crashed / "tea-1" / manifest.MANIFEST
    path.unlink() if damaged is None else path.write_bytes(damaged)

    (recording,) = Recorder(crashed).recover()

    assert (recording.room_id, recording.instance, recording.title) == ("tea", 1, "Tea")
    assert recording.started_at == datetime(2026, 5, 4, 18, 30, tzinfo=UTC)
    assert recording.samples == 22 * FRAME_SAMPLES


def test_a_crash_before_the_first_manifest_leaves_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "tea-1"
    folder.mkdir()
    (folder / "manifest.json.part").write_bytes(b"{")

    assert Recorder(tmp_path).recover() == []
    assert list(tmp_path.iterdir()) == []


class Crash(BaseException):
    """Stands for the end of the process."""


@pytest.mark.parametrize("name", ["replace", "fsync", "unlink", "rmdir"])
def test_a_crash_during_recovery_can_be_recovered(
    crashed: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls, real = 0, getattr(os, name)
    survived = []
    for crash_at in range(1, 20):
        with monkeypatch.context() as patch:
            calls = 0

            def crashing(*args: object, **options: object) -> object:
                nonlocal calls
                calls += 1
                if calls == crash_at:  # noqa: B023
                    raise Crash
                return real(*args, **options)

            patch.setattr(os, name, crashing)
            try:
                survived = Recorder(crashed).recover()
                break
            except Crash:
                continue

    assert crash_at > 1
    recorder = Recorder(crashed)
    recorder.recover()
    (recording,) = recorder.recordings()
    assert survived in ([], [recording])
    assert recording.samples == 22 * FRAME_SAMPLES
    assert len(packets_of(recorder.media_path("tea-1"))) == 23


def test_a_disk_that_is_full_at_recovery_is_tried_again(
    crashed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        assert Recorder(crashed).recover() == []

    (recording,) = Recorder(crashed).recover()
    assert recording.samples == 22 * FRAME_SAMPLES


@pytest.fixture
def packets_file(tmp_path: Path, hum: Sound) -> Path:
    path = tmp_path / "packets"
    packets = [frame.packet for frame in hum.frames]
    path.write_bytes(b"".join(len(p).to_bytes(2, "big") + p for p in packets))
    return path


def command(*arguments: object) -> list[str]:
    return [sys.executable, str(RECORD_HUM), *map(str, arguments)]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(RECORD_HUM.parents[2])}


@pytest.mark.parametrize("seconds_", [3, 6, 11])
def test_a_killed_recording_loses_at_most_its_last_second(
    tmp_path: Path, packets_file: Path, hum: Sound, decoded: Decoded, seconds_: int
) -> None:
    root = tmp_path / "recordings"
    with subprocess.Popen(
        command(packets_file, root, "kill"), stdout=subprocess.PIPE, text=True, env=environment()
    ) as process:
        assert process.stdout is not None
        for _ in range(seconds_):
            process.stdout.readline()
        process.kill()
        heard = 50 * seconds_ + 50 * len(process.stdout.readlines())

    recorder = Recorder(root)
    (recording,) = recorder.recover()

    frames = recording.samples // FRAME_SAMPLES
    assert heard - 50 <= frames <= heard + 50
    media = recorder.media_path(recording.id)
    expected = [hum.frames[n % len(hum.frames)].packet for n in range(frames)]
    assert packets_of(media)[:-1] == expected
    assert len(decoded(media)) == recording.samples


def can_mount(folder: Path) -> bool:
    try:
        done = subprocess.run(
            ["unshare", "-m", "mount", "-t", "tmpfs", "tmpfs", str(folder)], capture_output=True
        )
    except FileNotFoundError:
        return False
    return done.returncode == 0


def test_a_full_disk_is_told_and_costs_only_what_was_said_meanwhile(
    tmp_path: Path, packets_file: Path, decoded: Decoded
) -> None:
    root, kept = tmp_path / "small", tmp_path / "kept"
    root.mkdir()
    if not can_mount(root):
        pytest.skip("a small disk cannot be mounted here")
    script = 'mount -t tmpfs -o size=256k tmpfs "$1" && shift && "$@" && cp -r "$0" "$KEPT"'
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", script, root, root, *command(packets_file, root, "full")],
        capture_output=True,
        text=True,
        env={**environment(), "KEPT": str(kept)},
        timeout=60,
    )

    said = [line.split(maxsplit=1) for line in done.stdout.splitlines()]
    (warned,) = {line[1] for line in said if line[0] == "low"}
    assert warned.startswith("the disk is nearly full: there is room for less than a minute")
    states = [line[1:] for line in said if line[0] == "state"]
    assert states[0][0].startswith("disk full: what is said now is not recorded")
    assert states[1:] == [[]]
    assert ["phase", "finished"] in said
    (loss,) = [line[1].split(maxsplit=2) for line in said if line[0] == "loss"]
    assert 150 * 960 <= int(loss[0]) <= 250 * 960
    assert int(loss[0]) + int(loss[1]) == 350 * 960
    assert loss[2] == "disk full"
    assert len(decoded(kept / "tea-1" / "tea-1.ogg")) == 500 * FRAME_SAMPLES


def test_a_device_that_takes_nothing_is_told_and_the_timeline_goes_on(
    tmp_path: Path, hum: Sound
) -> None:
    takes_nothing = True
    writer = SegmentWriter(
        tmp_path / "tea-1",
        Recording(
            id="tea-1",
            room_id="tea",
            instance=1,
            title="Tea",
            started_at=datetime.now(UTC),
            phase=RecordingPhase.RECORDING,
        ),
        pre_skip=hum.pre_skip,
        segment_s=1.0,
        create=lambda path: (Path("/dev/full") if takes_nothing else path).open("wb", buffering=0),
    )
    record(writer, hum.frames[:150])
    trouble = writer.trouble
    takes_nothing = False
    record(writer, hum.frames[150:300])
    writer.close()

    assert trouble == ("disk full: what is said now is not recorded (No space left on device)")
    assert writer.trouble == ""
    assert writer.recording.losses == (Loss(first_sample=0, samples=150 * 960, reason="disk full"),)
    (recording,) = Recorder(tmp_path).recover()
    assert recording.samples == 300 * FRAME_SAMPLES


def record(writer: SegmentWriter, frames: Sequence[Frame]) -> None:
    for frame in frames:
        if writer.add(frame):
            writer.flush()
