"""What each speaker sent, as a track of its own beside the mix."""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from models.audio import FRAME_SAMPLES, RATE_HZ, Frame, Pcm, Sent
from models.errors import NotFound
from models.recording import Loss, Recording, RecordingPhase
from models.room import Room
from recorder import manifest, manifest_log, ogg
from recorder.recording import Recorder
from recorder.writer import SegmentWriter
from tests.recorder.on_air import ADA, BEN, OnAir, beeps, encoded, lag, onsets, roughly, sent
from tests.recorder.taps import Sound

Decoded = Callable[[Path], Pcm]
LENGTH_S = 8.0


async def recorded(recorder: Recorder, room: Room, on_air: OnAir) -> Recording:
    tap = on_air.tap(LENGTH_S)
    pre_skip = on_air.desk.pre_skip
    return await recorder.record(room, tap, pre_skip=pre_skip, tracks=True)


def tracks_of(recorder: Recorder, recording: Recording, decoded: Decoded) -> dict[str, Pcm]:
    found = {}
    for track in recording.tracks:
        pcm = decoded(recorder.track_path(recording.id, track.id))
        assert len(pcm) == recording.samples
        found[track.speaker.name] = pcm
    return found


async def test_each_speaker_is_heard_alone_and_within_a_millisecond_of_the_mix(
    tmp_path: Path, room: Room, decoded: Decoded
) -> None:
    ada = sent(ADA, encoded(beeps(LENGTH_S)))
    ben = sent(BEN, encoded(beeps(LENGTH_S - 2, hz=700)), at_s=2.25, ssrc=9, timestamp=5)
    on_air = OnAir(roughly([*ada, *ben], loss=0.03))
    on_air.at = {0: lambda desk: desk.seat(ADA), 100: lambda desk: desk.seat(BEN)}
    recorder = Recorder(tmp_path, segment_s=1.0)

    recording = await recorded(recorder, room, on_air)

    tracks = tracks_of(recorder, recording, decoded)
    mix = decoded(recorder.media_path(recording.id)).astype(np.int32)
    assert list(tracks) == ["Ada", "Ben"]
    assert not np.any(tracks["Ben"][: 2 * RATE_HZ])
    together = tracks["Ada"].astype(np.int32) + tracks["Ben"].astype(np.int32)
    for start in range(0, len(mix), 2 * RATE_HZ):
        part = slice(start, start + 2 * RATE_HZ)
        assert abs(lag(mix[part], together[part])) <= 48
    assert len(onsets(tracks["Ada"])) == 8
    assert len(onsets(tracks["Ben"])) >= 5


async def test_packets_are_those_that_the_speaker_sent(tmp_path: Path, room: Room) -> None:
    packets = encoded(beeps(LENGTH_S))
    on_air = OnAir(sent(ADA, packets), at={0: lambda desk: desk.seat(ADA)})
    recorder = Recorder(tmp_path)

    recording = await recorded(recorder, room, on_air)

    found = packets_in(recorder.track_path(recording.id, "1"))
    first = found.index(packets[0])
    assert found[first:] == packets[: len(found) - first]
    assert set(found[:first]) == {ogg.SILENCE}


async def test_what_is_muted_or_off_the_record_is_silence_and_on_no_disk(
    tmp_path: Path, room: Room, decoded: Decoded
) -> None:
    t = np.arange(round(LENGTH_S * RATE_HZ)) / RATE_HZ
    packets = encoded((6000 * np.sin(900 * t + 40 * np.sin(3 * t))).astype(np.int16))
    on_air = OnAir(
        sent(ADA, packets),
        at={
            0: lambda desk: desk.seat(ADA),
            100: lambda desk: setattr(desk, "off_record", True),
            150: lambda desk: setattr(desk, "off_record", False),
            250: lambda desk: desk.set_muted("ada", True),
            300: lambda desk: desk.set_muted("ada", False),
        },
    )
    recorder = Recorder(tmp_path, segment_s=1.0)

    recording = await recorded(recorder, room, on_air)

    (track,) = tracks_of(recorder, recording, decoded).values()
    for first, end in ((100, 150), (250, 300)):
        # A decoder fades what came before the span over the first of its frames.
        assert not np.any(track[(first + 1) * FRAME_SAMPLES : end * FRAME_SAMPLES])
        heard = packets_in(recorder.track_path(recording.id, "1"))
        # The packet behind the span brings a copy of the span's last one.
        assert set(heard[first : end + 1]) == {ogg.SILENCE}
        assert heard[end + 1] != ogg.SILENCE
    assert len({packet for packet in heard if packet != ogg.SILENCE}) > 280


async def test_who_comes_back_goes_on_in_the_same_track(
    tmp_path: Path, room: Room, decoded: Decoded
) -> None:
    first = sent(ADA, encoded(beeps(3)))
    second = sent(ADA, encoded(beeps(3)), at_s=4.0, ssrc=99, timestamp=123_457)
    on_air = OnAir([*first, *second])
    on_air.at = {
        0: lambda desk: desk.seat(ADA),
        160: lambda desk: desk.unseat("ada"),
        190: lambda desk: desk.seat(replace(ADA, name="Ada L.")),
    }
    recorder = Recorder(tmp_path, segment_s=1.0)

    recording = await recorded(recorder, room, on_air)

    (track,) = tracks_of(recorder, recording, decoded).values()
    mix = decoded(recorder.media_path(recording.id))
    assert [track.speaker for track in recording.tracks] == [ADA]
    assert len(onsets(track)) == 6
    for mine, mixed in zip(onsets(track), onsets(mix), strict=True):
        assert abs(mine - mixed) <= 48


@pytest.mark.parametrize("ppm", [-9000.0, 9000.0])
async def test_a_speakers_clock_that_runs_wrong_does_not_part_track_and_mix(
    tmp_path: Path, room: Room, decoded: Decoded, ppm: float
) -> None:
    # Exaggerated, so that seconds show what hours would: 8 s by 1 % are 2 h by 11 ppm.
    packets = encoded(beeps(LENGTH_S))
    on_air = OnAir(sent(ADA, packets, ppm=ppm), at={0: lambda desk: desk.seat(ADA)})
    recorder = Recorder(tmp_path)

    recording = await recorded(recorder, room, on_air)

    (track,) = tracks_of(recorder, recording, decoded).values()
    mix = decoded(recorder.media_path(recording.id))
    assert len(onsets(mix)) >= 7
    for mine, mixed in zip(onsets(track), onsets(mix), strict=True):
        assert abs(mine - mixed) <= 48


def opus(pcm: Pcm, *, frame_ms: str, layout: str = "mono") -> list[bytes]:
    encoder = av.CodecContext.create("libopus", "w")
    assert isinstance(encoder, av.AudioCodecContext)
    encoder.sample_rate, encoder.layout, encoder.format = RATE_HZ, layout, "s16"
    encoder.options = {"frame_duration": frame_ms}
    encoder.open()
    block = encoder.frame_size
    packets: list[bytes] = []
    for start in range(0, len(pcm) // block * block, block):
        said = np.repeat(pcm[start : start + block], 1 if layout == "mono" else 2)
        frame = av.AudioFrame.from_ndarray(said[None], format="s16", layout=layout)
        frame.sample_rate = RATE_HZ
        packets += [bytes(packet) for packet in encoder.encode(frame)]
    return packets


@pytest.mark.parametrize(
    ("frame_ms", "layout"), [("2.5", "mono"), ("10", "mono"), ("60", "mono"), ("20", "stereo")]
)
async def test_packets_of_any_length_and_of_two_channels_stay_in_place(
    tmp_path: Path, room: Room, decoded: Decoded, frame_ms: str, layout: str
) -> None:
    packets = opus(beeps(LENGTH_S), frame_ms=frame_ms, layout=layout)
    arrivals = sent(ADA, packets, samples=round(float(frame_ms) * 48))
    on_air = OnAir(roughly(arrivals, loss=0.02, jitter_s=0.002))
    on_air.at = {
        0: lambda desk: desk.seat(ADA),
        100: lambda desk: setattr(desk, "off_record", True),
        120: lambda desk: setattr(desk, "off_record", False),
    }
    recorder = Recorder(tmp_path)

    recording = await recorded(recorder, room, on_air)

    (track,) = tracks_of(recorder, recording, decoded).values()
    mix = decoded(recorder.media_path(recording.id))
    assert not np.any(track[102 * FRAME_SAMPLES : 120 * FRAME_SAMPLES])
    assert len(onsets(mix)) >= 7
    assert abs(lag(mix[3 * RATE_HZ :], track[3 * RATE_HZ :])) <= 48


async def test_silence_that_is_not_sent_is_silence(
    tmp_path: Path, room: Room, decoded: Decoded
) -> None:
    arrivals = sent(ADA, encoded(beeps(LENGTH_S)))
    paused = [one for number, one in enumerate(arrivals) if number % 50 < 35]
    on_air = OnAir(paused, at={0: lambda desk: desk.seat(ADA)})
    recorder = Recorder(tmp_path, segment_s=1.0)

    recording = await recorded(recorder, room, on_air)

    (track,) = tracks_of(recorder, recording, decoded).values()
    assert abs(lag(decoded(recorder.media_path(recording.id)), track)) <= 48
    assert recording.tracks[0].losses == ()


async def test_a_packet_that_is_no_opus_is_left_out(
    tmp_path: Path, room: Room, decoded: Decoded
) -> None:
    packets = encoded(beeps(LENGTH_S))
    packets[60], packets[200] = b"\xff", b"\xfb\x3f"  # no frame count, and 63 frames of 20 ms
    on_air = OnAir(sent(ADA, packets), at={0: lambda desk: desk.seat(ADA)})
    recorder = Recorder(tmp_path)

    recording = await recorded(recorder, room, on_air)

    tracks_of(recorder, recording, decoded)
    assert not {packets[60], packets[200]} & set(packets_in(recorder.track_path("tea-1", "1")))


def packets_in(path: Path) -> list[bytes]:
    return [p for page in ogg.audio_pages(path.read_bytes()) for p in page.packets]


def speaking(frames: Sequence[Frame]) -> list[Frame]:
    """Frames in which Ada says what the mix holds, from the tenth on."""
    return [
        replace(
            frame,
            sent=(Sent(speaker=ADA, sample=frame.sample, packet=frame.packet),) * (index >= 10),
        )
        for index, frame in enumerate(frames)
    ]


CutOff = Callable[[Sequence[Frame]], Path]


@pytest.fixture
def cut_off(tmp_path: Path, room: Room) -> Iterator[CutOff]:
    """What a recording leaves whose process is gone: segments of 0.2 s, the last ones open."""
    assert room.started_at is not None
    recording = Recording(
        id="tea-1",
        room_id=room.id,
        instance=1,
        title=room.title,
        started_at=room.started_at,
        phase=RecordingPhase.RECORDING,
    )
    folder = tmp_path / "tea-1"
    writer = SegmentWriter(folder, recording, pre_skip=312, segment_s=0.2, tracks=True)

    def record(frames: Sequence[Frame]) -> Path:
        for frame in speaking(frames):
            writer.add(frame)
            if frame.sample % (5 * FRAME_SAMPLES) == 0:
                writer.flush()
        return folder

    yield record
    writer.close()


@pytest.mark.parametrize("manifest_too", [False, True])
def test_tracks_are_recovered_with_their_speakers(
    cut_off: CutOff, hum: Sound, decoded: Decoded, manifest_too: bool
) -> None:
    folder = cut_off(hum.frames[:101])
    if manifest_too:
        (folder / manifest.MANIFEST).unlink()
        (folder / manifest_log.LOG).unlink()

    (recording,) = Recorder(folder.parent).recover()

    (track,) = recording.tracks
    assert (track.speaker, track.losses) == (ADA, ())
    found = packets_in(folder / track.media)
    assert found[10:101] == [frame.packet for frame in hum.frames[10:101]]
    assert len(decoded(folder / track.media)) == recording.samples == 101 * 960
    names = sorted(path.name for path in folder.iterdir())
    assert names == ["manifest.json", "tea-1-speaker-1.ogg", "tea-1.ogg"]


def test_a_tracks_segment_that_is_gone_is_a_loss_of_that_track(cut_off: CutOff, hum: Sound) -> None:
    folder = cut_off(hum.frames[:101])
    (folder / "segments" / "1" / "000002.ogg").unlink()

    (recording,) = Recorder(folder.parent).recover()

    assert recording.losses == ()
    assert recording.tracks[0].losses == (
        Loss(first_sample=21 * 960, samples=10 * 960, reason="not on disk"),
    )


def test_the_last_segment_of_a_track_may_be_cut_anywhere(
    cut_off: CutOff, hum: Sound, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.fsync", lambda _: None)
    folder = cut_off(hum.frames[:18])
    whole = (folder / "segments" / "1" / "000001.ogg").read_bytes()
    saved = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    kept = set()
    for cut in range(0, len(whole), 7):
        (folder / "segments" / "1").mkdir(parents=True, exist_ok=True)
        for path, content in saved.items():
            path.write_bytes(content)
        (folder / "segments" / "1" / "000001.ogg").write_bytes(whole[:cut])
        (recording,) = Recorder(folder.parent).recover()
        for track in recording.tracks:
            found = packets_in(folder / track.media)
            kept.add(sum(packet != ogg.SILENCE for packet in found))
            assert all(
                packet in (ogg.SILENCE, frame.packet)
                for packet, frame in zip(found, hum.frames, strict=False)
            )
        for path in folder.glob("*.ogg"):
            path.unlink()

    assert kept == {1}


async def test_a_recording_of_a_room_without_tracks_has_none(tmp_path: Path, room: Room) -> None:
    on_air = OnAir(sent(ADA, encoded(beeps(1))), at={0: lambda desk: desk.seat(ADA)})
    recorder = Recorder(tmp_path)

    recording = await recorder.record(room, on_air.tap(1.0), pre_skip=312)

    assert recording.tracks == ()
    with pytest.raises(NotFound):
        recorder.track_path(recording.id, "1")


async def test_a_span_off_the_record_is_silence_however_short_and_never_concealed(
    tmp_path: Path, room: Room, hum: Sound, tap: Callable[[Sequence[Frame]], AsyncIterator[Frame]]
) -> None:
    frames = speaking(hum.frames[:100])
    frames[40:42] = [replace(frame, off_record=True) for frame in frames[40:42]]
    frames[60:62] = [replace(frame, sent=()) for frame in frames[60:62]]
    recorder = Recorder(tmp_path)

    recording = await recorder.record(room, tap(frames), pre_skip=312, tracks=True)

    packets = packets_in(recorder.track_path(recording.id, "1"))
    assert packets[40:42] == [ogg.SILENCE] * 2
    assert [len(packet) for packet in packets[60:62]] == [1, 1]  # lost: the decoder conceals them
