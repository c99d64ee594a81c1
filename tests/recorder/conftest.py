"""Rooms, taps and real Opus packets for the recorder's tests."""

import subprocess
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import av
import imageio_ffmpeg
import numpy as np
import pytest

from models.audio import FRAME_SAMPLES, RATE_HZ, Frame, Pcm
from models.room import Room, RoomState

SILENT_PCM = np.zeros(FRAME_SAMPLES, np.int16)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """Contiguous frames from sample 0 and their encoder's delay."""

    frames: list[Frame]
    pre_skip: int


def encode(pcm: Pcm) -> Sound:
    encoder = av.CodecContext.create("libopus", "w")
    assert isinstance(encoder, av.AudioCodecContext)
    encoder.sample_rate, encoder.layout, encoder.format = RATE_HZ, "mono", "s16"
    encoder.bit_rate = 32_000
    encoder.open()
    assert encoder.extradata is not None
    packets: list[bytes] = []
    for start in range(0, len(pcm), FRAME_SAMPLES):
        block = np.ascontiguousarray(pcm[start : start + FRAME_SAMPLES])[None]
        frame = av.AudioFrame.from_ndarray(block, format="s16", layout="mono")
        frame.sample_rate = RATE_HZ
        packets += [bytes(packet) for packet in encoder.encode(frame)]
    packets += [bytes(packet) for packet in encoder.encode(None)]
    frames = [
        Frame(sample=index * FRAME_SAMPLES, pcm=SILENT_PCM, packet=packet)
        for index, packet in enumerate(packets[: len(pcm) // FRAME_SAMPLES])
    ]
    return Sound(frames=frames, pre_skip=int.from_bytes(encoder.extradata[10:12], "little"))


@pytest.fixture(name="encode")
def encoder() -> Callable[[Pcm], Sound]:
    return encode


@pytest.fixture(scope="session")
def hum() -> Sound:
    """Ten seconds of a tone that swells."""
    t = np.arange(10 * RATE_HZ) / RATE_HZ
    return encode((6000 * np.sin(2 * np.pi * 220 * t) * np.sin(t) ** 2).astype(np.int16))


@pytest.fixture(scope="session")
def clicks() -> Sound:
    """Ten seconds with a click at each of `CLICKS_AT`."""
    pcm = np.zeros(10 * RATE_HZ, np.int16)
    for at in CLICKS_AT:
        pcm[at : at + 24] = 20_000
    return encode(pcm)


CLICKS_AT = (10_000, 191_990, 330_123, 479_000)


@pytest.fixture
def clicks_at() -> Sequence[int]:
    return CLICKS_AT


@pytest.fixture
def room() -> Room:
    started_at = datetime(2026, 5, 4, 18, 30, tzinfo=UTC)
    return Room(
        id="tea",
        title="Tea & talk",
        language="en",
        host_id="ada",
        state=RoomState.LIVE,
        created_at=started_at,
        started_at=started_at,
        instance=1,
    )


@pytest.fixture
def tap() -> Callable[[Sequence[Frame]], AsyncIterator[Frame]]:
    async def play(frames: Sequence[Frame]) -> AsyncIterator[Frame]:
        for frame in frames:
            yield frame

    return play


@pytest.fixture
def decoded() -> Callable[[Path], Pcm]:
    """Decodes a file with ffmpeg, which must find nothing to warn of."""

    def decode(path: Path) -> Pcm:
        exe = imageio_ffmpeg.get_ffmpeg_exe()
        # A plain WAV file has no place to say which channel its one channel is.
        known = ["-channel_layout", "mono"] if path.suffix == ".wav" else []
        done = subprocess.run(
            [
                exe,
                "-v",
                "warning",
                *known,
                "-i",
                path,
                "-f",
                "s16le",
                "-ac",
                "1",
                "-ar",
                "48000",
                "-",
            ],
            capture_output=True,
            check=True,
        )
        assert done.stderr == b""
        return np.frombuffer(done.stdout, np.int16)

    return decode
