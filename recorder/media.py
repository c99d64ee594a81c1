"""Media files read and converted by ffmpeg, which comes with imageio-ffmpeg."""

import asyncio
import logging
import os
import re
import uuid
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from types import MappingProxyType
from typing import Any

import ffmpeg
import imageio_ffmpeg
import numpy as np

from models.audio import FRAME_SAMPLES, RATE_HZ, Pcm
from models.errors import Invalid, StorageFailed, UnreadableMedia

log = logging.getLogger(__name__)

FORMATS: Mapping[str, str] = MappingProxyType(
    {"ogg": "audio/ogg", "m4a": "audio/mp4", "mp3": "audio/mpeg", "wav": "audio/wav"}
)
"""The formats in which a recording can be had, and their media types."""

_OUTPUTS: Mapping[str, Mapping[str, Any]] = {
    "m4a": {"format": "ipod", "acodec": "aac", "audio_bitrate": "96k", "movflags": "+faststart"},
    "mp3": {"format": "mp3", "acodec": "libmp3lame", "audio_bitrate": "96k"},
    "wav": {"format": "wav", "acodec": "pcm_s16le"},
}

_DURATION = re.compile(rb"Duration: (\d+):(\d\d):(\d\d(?:\.\d+)?)")


async def decode(path: Path, *, rate_hz: int = RATE_HZ) -> AsyncIterator[Pcm]:
    """Yield any media file's sound as int16 mono blocks of shape (960,), the last one padded.

    Sample k of the blocks is second k / ``rate_hz`` of the file: holes in its timeline are silence.
    Raises `UnreadableMedia` when the file is missing or no sound can be found in it.
    """
    block_bytes = FRAME_SAMPLES * 2
    found = False
    output = _input(path).output(
        "pipe:",
        format="s16le",
        ac=1,
        ar=rate_hz,
        vn=None,
        af="aresample=async=1:first_pts=0",
    )
    async with _running(output, stdout=PIPE) as process:
        assert process.stdout is not None
        while block := await _read_up_to(process.stdout, block_bytes):
            found = True
            yield np.frombuffer(block.ljust(block_bytes, b"\0"), np.int16)
    if not found:
        raise _unreadable(path)


async def duration(path: Path) -> float | None:
    """A file's length in seconds as its container says, None when it does not or has none."""
    output = _input(path).output("-", format="null", t=0)
    async with _running(output, loglevel="info", stderr=PIPE) as process:
        assert process.stderr is not None
        said = await process.stderr.read()
    found = _DURATION.search(said)
    if found is None:
        return None
    hours, minutes, seconds_ = (float(part) for part in found.groups())
    return hours * 3600 + minutes * 60 + seconds_


async def convert(source: Path, format: str, target: Path) -> None:
    """Write ``source`` as one of m4a, mp3 and wav to ``target``, whole or not at all.

    Does nothing when ``target`` is already there. Raises `Invalid` for another format,
    `UnreadableMedia` for a source without sound, and `StorageFailed` when it cannot be written.
    """
    if format not in _OUTPUTS:
        raise Invalid(f"the format is one of {', '.join(FORMATS)}", field="format")
    if await asyncio.to_thread(target.exists):
        return
    # Two conversions at once each write their own file; the second replaces the first.
    part = target.with_name(f"{target.name}.{uuid.uuid4().hex}.part")
    output = _input(source).output(f"file:{part.absolute()}", vn=None, **_OUTPUTS[format])
    try:
        async with _running(output, stderr=PIPE) as process:
            assert process.stderr is not None
            said = await process.stderr.read()
        if process.returncode:
            if not await asyncio.to_thread(source.exists) or b"Invalid data" in said:
                raise _unreadable(source)
            raise StorageFailed(f"the recording cannot be written as {format}")
        await asyncio.to_thread(_put_in_place, part, target)
    finally:
        with suppress(OSError):
            part.unlink()


def _input(path: Path) -> Any:
    # A playlist must not make ffmpeg open an address.
    return ffmpeg.input(f"file:{path.absolute()}", protocol_whitelist="file")


@asynccontextmanager
async def _running(
    output: Any, *, loglevel: str = "error", stdout: int = DEVNULL, stderr: int = DEVNULL
) -> AsyncIterator[Process]:
    """Run ffmpeg, wait for its end after the body, and kill it when the body does not finish."""
    output = output.global_args("-nostdin", "-hide_banner", "-loglevel", loglevel)
    process = await asyncio.create_subprocess_exec(
        *ffmpeg.compile(output, cmd=imageio_ffmpeg.get_ffmpeg_exe(), overwrite_output=True),
        stdin=DEVNULL,
        stdout=stdout,
        stderr=stderr,
    )
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


def _put_in_place(part: Path, target: Path) -> None:
    try:
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.replace(target)
    except OSError as error:
        raise StorageFailed(f"the file cannot be written: {error.strerror}") from error


def _unreadable(path: Path) -> UnreadableMedia:
    return UnreadableMedia(f"no sound could be read from {path.name}", field="file")
