"""Rooms, taps, real Opus packets and a real S3 server for the recorder's tests."""

import subprocess
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pytest

from models.audio import RATE_HZ, Frame, Pcm
from models.room import Room
from recorder.s3 import S3Objects
from tests.recorder.taps import TEA, Play, Sound, encode
from tests.s3_server import S3Server, s3_server


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
    return TEA


@pytest.fixture
def tap() -> Play:
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


@pytest.fixture(scope="module")
def server() -> Iterator[S3Server]:
    with s3_server() as started:
        yield started


@pytest.fixture
def store(server: S3Server) -> S3Objects:
    """An empty bucket."""
    server.empty()
    return server.store()
