"""A media file from elsewhere, on its way to being a recording like any other.

`Incoming` is written while the file comes in, in a folder that nobody lists. Once it is whole and
`examine` found sound in it, `adopt` makes the folder a recording's, and the job that
finishes recordings begins with `convert`: the file's sound as Opus packets, in segments as a live
room has them. Then the file is removed.
"""

import asyncio
import errno
import fcntl
import json
import logging
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from itertools import chain
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from typing import IO, BinaryIO, Self

import numpy as np

from models.audio import FRAME_SAMPLES, RATE_HZ, Frame, seconds
from models.errors import StorageFailed, UnreadableMedia
from models.recording import Recording
from recorder import manifest, media, ogg
from recorder.writer import SEGMENTS, SegmentWriter

log = logging.getLogger(__name__)

SOURCE, ABOUT = "source", "import.json"
RESERVE_BYTES = 512 * 1024 * 1024
"""What stays free on the disk: rooms that are live are recorded before anything is brought in."""

_INCOMING = ".incoming-"
_SEGMENT_S = 60.0
_EXAMINED_S = 2
_PATIENCE_S = 60.0
_BITRATE = "64k"
_NO_PCM = np.zeros(0, np.int16)


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a file was called, and how long it says it is (None when it does not)."""

    name: str
    length_s: float | None = None


class Incoming:
    """A file that is coming in; a context that leaves nothing unless the folder is adopted.

    `write` and the context itself do file work where they are called.
    """

    def __init__(self, root: Path) -> None:
        self.folder = root / f"{_INCOMING}{secrets.token_hex(6)}"
        self.file = self.folder / SOURCE
        self._open: BinaryIO | None = None
        self._lock = -1

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, mode=0o700)
        self._lock = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY)
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        self._open = self.file.open("xb")
        return self

    def __exit__(self, *_: object) -> None:
        if self._open is not None:
            with suppress(OSError):
                self._open.close()
        shutil.rmtree(self.folder, ignore_errors=True)
        os.close(self._lock)

    def check_room(self, size: int) -> None:
        """Raise `StorageFailed` when there is no room for so many bytes more."""
        spare = free_bytes(self.folder)
        if spare < size:
            has, needs = spare // 1_000_000, -(-size // 1_000_000)
            raise StorageFailed(
                f"the disk is too full for this file: it needs {needs} MB, and {has} MB are left "
                "beside what live rooms are recorded in"
            )

    def write(self, data: bytes) -> None:
        """Add some of the file. Raises `StorageFailed`."""
        assert self._open is not None
        self.check_room(len(data))
        with _kept():
            self._open.write(data)

    def end(self) -> None:
        """Make the whole file durable. Raises `StorageFailed`."""
        assert self._open is not None
        with _kept():
            self._open.flush()
            os.fsync(self._open.fileno())
            self._open.close()

    def describe(self, about: About) -> None:
        """Keep what is known of the file beside it. Raises `StorageFailed`."""
        text = json.dumps(asdict(about), ensure_ascii=False)
        self.put(ABOUT, text.encode("utf-8", "replace"))

    def put(self, name: str, data: bytes) -> None:
        """Keep another file beside it. Raises `StorageFailed`."""
        with _kept():
            manifest.replace_file(self.folder / name, data)


def free_bytes(folder: Path) -> int:
    """What is free on the disk, without what stays free."""
    while not folder.exists():
        folder = folder.parent
    return max(0, shutil.disk_usage(folder).free - RESERVE_BYTES)


def adopt(folder: Path, recording: Recording) -> None:
    """Make the folder of an `Incoming` that of a recording, of `Recorder.describe`: for the job.

    Raises `StorageFailed`.
    """
    with _kept():
        manifest.save(folder, recording)
        folder.rename(folder.with_name(recording.id))
        manifest.sync_folder(folder.parent)


def sweep(root: Path) -> None:
    """Remove what came in only in part, because its process ended."""
    for folder in root.glob(f"{_INCOMING}*"):
        with suppress(OSError):
            descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)  # else it still comes in
                shutil.rmtree(folder)
            finally:
                os.close(descriptor)


def waits(folder: Path) -> bool:
    """Whether the recording in ``folder`` is still a file from elsewhere."""
    return (folder / SOURCE).exists()


def about(folder: Path) -> About | None:
    """Say what the recording in ``folder`` was made of; None when it comes from a room."""
    try:
        return About(**json.loads((folder / ABOUT).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


async def examine(file: Path) -> float | None:
    """Give a file's length in seconds, None when it does not say.

    Raises `UnreadableMedia`, with a line for people, when no sound can be read from it.
    """
    sound = media.given()["a:0"].output("pipe:", format="s16le", ac=1, t=_EXAMINED_S)
    line = media.command(sound, loglevel="info")
    with file.open("rb") as source:
        async with media.running(line, stdin=source, stdout=PIPE, stderr=PIPE) as process:
            try:
                async with asyncio.timeout(_PATIENCE_S):
                    heard, said = await process.communicate()
            except TimeoutError:
                raise UnreadableMedia(_BROKEN, field="file") from None
    if heard:
        return media.duration_in(said)
    silent = b"Stream #0:" in said and b": Audio:" not in said
    raise UnreadableMedia(_SILENT if silent else _BROKEN, field="file")


_SILENT = "there is no sound in this file"
_BROKEN = "this file cannot be read: it is damaged or not whole, or no audio or video file"


def convert(folder: Path, tell: Callable[[float], None] = lambda _: None) -> None:
    """Make segments of the file that waits in ``folder``, and then remove it.

    Can be interrupted anywhere and done again. Raises OSError, `UnreadableMedia` and
    `StorageFailed`, after which the file is still there.
    """
    recording = manifest.load(folder)
    if recording is None:
        raise StorageFailed("the recording has no manifest")
    shutil.rmtree(folder / SEGMENTS, ignore_errors=True)  # of a try that was cut off
    known = about(folder)
    length_s = (known.length_s if known else None) or 0.0
    blank = replace(recording, segments=(), losses=())
    with (folder / SOURCE).open("rb") as source, _as_opus(source) as pages:
        head = next(pages, None)
        if head is None:
            raise UnreadableMedia(_BROKEN, field="file")
        pre_skip = int.from_bytes(head.packets[0][10:12], "little")
        writer = SegmentWriter(folder, blank, pre_skip=pre_skip, segment_s=_SEGMENT_S)
        _write(writer, pages, lambda done_s: tell(min(1.0, done_s / length_s) if length_s else 0.0))
    (folder / SOURCE).unlink()
    manifest.sync_folder(folder)


def _write(writer: SegmentWriter, pages: Iterator[ogg.Page], tell: Callable[[float], None]) -> None:
    """Write sound packet by packet; a disk that fails ends it, for nobody waits for it live."""
    sample = 0
    try:
        for packet in chain.from_iterable(page.packets for page in pages if page.samples):
            if writer.add(Frame(sample=sample, pcm=_NO_PCM, packet=packet)):
                writer.flush()
                _check(writer)
            sample += FRAME_SAMPLES
            if sample % (10 * RATE_HZ) == 0:
                tell(seconds(sample))
    finally:
        writer.close()
    _check(writer)


def _check(writer: SegmentWriter) -> None:
    if writer.trouble:
        raise OSError(errno.EIO, writer.trouble)


@contextmanager
def _as_opus(source: IO[bytes]) -> Iterator[Iterator[ogg.Page]]:
    """Have ffmpeg encode a file's first sound as 20 ms packets, in pages without broken packets."""
    sound = media.given()["a:0"].output(
        "pipe:",
        format="ogg",
        acodec="libopus",
        ac=1,
        ar=RATE_HZ,
        audio_bitrate=_BITRATE,
        application="audio",
        frame_duration=20,
        page_duration=200_000,
        map_metadata=-1,
        af=media.ON_ITS_TIMELINE,
    )
    process = Popen(media.command(sound), stdin=source, stdout=PIPE, stderr=DEVNULL)
    assert process.stdout is not None
    try:
        yield _sound(process.stdout)
        if process.wait() < 0:
            raise OSError(errno.EIO, "the conversion was stopped")
    finally:
        process.kill()
        process.stdout.close()
        process.wait()


def _sound(file: IO[bytes]) -> Iterator[ogg.Page]:
    """The page of the head, then those with sound."""
    for data in ogg.whole_pages(file):  # type: ignore[arg-type]
        for page in ogg.read_pages(data):
            if page.packets and not page.packets[0].startswith(b"OpusTags"):
                yield page


@contextmanager
def _kept() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageFailed(f"the file cannot be kept: {error.strerror}") from error
