"""Media files read by ffmpeg, which comes with imageio-ffmpeg."""

import asyncio
import logging
import re
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import IO, Any

import ffmpeg
import imageio_ffmpeg
import numpy as np

from models.audio import FRAME_SAMPLES, RATE_HZ, Pcm
from models.errors import UnreadableMedia

log = logging.getLogger(__name__)

ON_ITS_TIMELINE = "aresample=async=1:first_pts=0"
"""A filter for sound: what is missing in a file's timeline, its beginning too, becomes silence."""

_DURATION = re.compile(rb"Duration: (\d+):(\d\d):(\d\d(?:\.\d+)?)")


async def decode(path: Path, *, rate_hz: int = RATE_HZ, from_s: float = 0.0) -> AsyncIterator[Pcm]:
    """Yield any media file's sound as int16 mono blocks of shape (960,), the last one padded.

    Sample k of the blocks is second k / ``rate_hz`` of the file, counted from ``from_s`` on: holes
    in its timeline are silence.
    Raises `UnreadableMedia` when the file is missing or no sound can be found in it.
    """
    block_bytes = FRAME_SAMPLES * 2
    found = False
    output = source(path).output(
        "pipe:",
        format="s16le",
        ac=1,
        ar=rate_hz,
        vn=None,
        af=ON_ITS_TIMELINE,
        ss=from_s,
    )
    async with running(command(output), stdout=PIPE) as process:
        assert process.stdout is not None
        while block := await _read_up_to(process.stdout, block_bytes):
            found = True
            yield np.frombuffer(block.ljust(block_bytes, b"\0"), np.int16)
    if not found:
        raise _unreadable(path)


async def duration(path: Path) -> float | None:
    """A file's length in seconds as its container says, None when it does not or has none."""
    output = source(path).output("-", format="null", t=0)
    async with running(command(output, loglevel="info"), stderr=PIPE) as process:
        assert process.stderr is not None
        said = await process.stderr.read()
    return duration_in(said)


def duration_in(said: bytes) -> float | None:
    """The length in seconds that ffmpeg names in what it says about a file; None without one."""
    found = _DURATION.search(said)
    if found is None:
        return None
    hours, minutes, seconds_ = (float(part) for part in found.groups())
    return hours * 3600 + minutes * 60 + seconds_


def given() -> Any:
    """The file that a command is given as its standard input, which may be anybody's.

    It can be sought in, unlike a pipe; and a playlist in it finds no other file, nor an address.
    """
    return ffmpeg.input("fd:", protocol_whitelist="fd")


def source(path: Path, **options: str) -> Any:
    """A file as the input of a command that ffmpeg-python puts together."""
    # A playlist must not make ffmpeg open an address.
    return ffmpeg.input(f"file:{path.absolute()}", protocol_whitelist="file", **options)


def output(streams: Sequence[Any], path: Path, **options: Any) -> Any:
    """A file that holds some streams, for `command`."""
    return ffmpeg.output(*streams, f"file:{path.absolute()}", **options)


def command(written: Any, *, loglevel: str = "error") -> list[str]:
    """The command line that writes what `output` gives."""
    written = written.global_args("-nostdin", "-hide_banner", "-loglevel", loglevel)
    written = written.global_args("-nostats")
    line: list[str] = ffmpeg.compile(
        written, cmd=imageio_ffmpeg.get_ffmpeg_exe(), overwrite_output=True
    )
    return line


@asynccontextmanager
async def running(
    line: Sequence[str],
    *,
    stdin: int | IO[bytes] = DEVNULL,
    stdout: int = DEVNULL,
    stderr: int = DEVNULL,
) -> AsyncIterator[Process]:
    """Run a command, wait for its end after the body, and kill it when the body does not finish."""
    process = await asyncio.create_subprocess_exec(*line, stdin=stdin, stdout=stdout, stderr=stderr)
    try:
        yield process
    except BaseException:
        with suppress(ProcessLookupError):
            process.kill()
        raise
    finally:
        # communicate() drains the pipes, which closes them too.
        await asyncio.shield(process.communicate())


async def _read_up_to(stream: asyncio.StreamReader, count: int) -> bytes:
    try:
        return await stream.readexactly(count)
    except asyncio.IncompleteReadError as error:
        return error.partial


def _unreadable(path: Path) -> UnreadableMedia:
    return UnreadableMedia(f"no sound could be read from {path.name}", field="file")
