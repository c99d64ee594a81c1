"""A recording in other formats, made when they are first asked for and kept beside it.

A file's name holds a hash of all that it was made from. After a correction or another chapter the
name is another one, so nothing stale is ever given out, and nothing that is being read changes.
"""

import asyncio
import hashlib
import json
import os
import re
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any

from models.audio import seconds
from models.errors import Invalid, StorageFailed
from models.recording import Chapter, Recording
from recorder import loudness, media
from recorder.chapters import ffmetadata

FORMATS: Mapping[str, str] = MappingProxyType(
    {
        "ogg": "audio/ogg",
        "m4a": "audio/mp4",
        "mp3": "audio/mpeg",
        "wav": "audio/wav",
        "flac": "audio/flac",
    }
)
"""The formats in which a recording can be had, and their media types."""

FOLDER = "derived"
AT_ONCE = 2
"""How many files are made at a time; others wait."""

_MADE_BY = 1
"""Raised when the same sources give another file than before."""

_NICE = 10
_LAME_SCALE_DB = 0.45
"""LAME makes what it is given 0.95 times as loud, unless it is told otherwise."""

_OUTPUTS: Mapping[str, Mapping[str, Any]] = {
    "m4a": {"format": "ipod", "acodec": "aac", "audio_bitrate": "96k", "movflags": "+faststart"},
    "mp3": {"format": "mp3", "acodec": "libmp3lame", "audio_bitrate": "96k"},
    # Beyond 4 GiB a WAV file is an RF64 file.
    "wav": {"format": "wav", "acodec": "pcm_s16le", "rf64": "auto"},
    "flac": {"format": "flac", "acodec": "flac", "sample_fmt": "s16"},
}
_TRIES = 3
_LOSSY = frozenset({"m4a", "mp3"})
_CAPTIONED, _CHAPTERED = frozenset({"m4a"}), frozenset({"m4a", "mp3"})

_TAGS = "{tags}"
_SRT_TIMES = re.compile(r"^(\d+):(\d\d):(\d\d),(\d{3}) --> (\d+):(\d\d):(\d\d),(\d{3})$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Extras:
    """What a file holds beside the sound; formats that cannot hold it go without.

    ``captions`` is a SubRip text and ``captions_mark`` changes whenever that would.
    """

    room: str = ""
    chapters: tuple[Chapter, ...] = ()
    captions: str = ""
    captions_mark: str = ""


def wants_captions(format: str) -> bool:
    """Whether a file of ``format`` holds captions."""
    return format in _CAPTIONED


class Derived:
    """Makes files of recordings whose loudness is known, each once however many ask for it."""

    def __init__(self) -> None:
        self._making: dict[Path, asyncio.Task[None]] = {}
        self._turns = asyncio.Semaphore(AT_ONCE)

    @staticmethod
    def path(folder: Path, recording: Recording, format: str, extras: Extras) -> Path:
        """Where the file is, or will be. Raises `Invalid` for another format."""
        if format not in _OUTPUTS:
            raise Invalid(f"the format is one of {', '.join(FORMATS)}", field="format")
        return folder / FOLDER / f"{_mark(recording, format, extras)}.{format}"

    async def make(self, folder: Path, recording: Recording, format: str, extras: Extras) -> Path:
        """Give the file, making it first if it is not there, whole or not at all.

        Raises `Invalid` for another format, and `StorageFailed`.
        """
        target = self.path(folder, recording, format, extras)
        if await asyncio.to_thread(target.exists):
            return target
        if target not in self._making:
            making = self._make(folder / recording.media, target, recording, format, extras)
            self._making[target] = task = asyncio.create_task(making)
            task.add_done_callback(lambda _: self._making.pop(target))
        # Who asked may go away; others wait for it, and it is wanted again.
        await asyncio.shield(self._making[target])
        return target

    async def close(self) -> None:
        """Give up what is being made."""
        await _cancelled(list(self._making.values()))

    async def drop(self, folder: Path) -> None:
        """Remove all that was made of the recording in ``folder``. Raises `StorageFailed`."""
        made = folder / FOLDER
        await _cancelled([task for path, task in self._making.items() if path.parent == made])
        try:
            if await asyncio.to_thread(made.is_dir):
                await asyncio.to_thread(shutil.rmtree, made)
        except OSError as error:
            raise StorageFailed(f"what was made of it stays: {error.strerror}") from error

    async def _make(
        self, source: Path, target: Path, recording: Recording, format: str, extras: Extras
    ) -> None:
        async with self._turns:
            parts = _Parts(target)
            try:
                await asyncio.to_thread(parts.write, recording, format, extras)
                await _convert(source, recording, format, parts)
                await asyncio.to_thread(parts.put_in_place)
            except OSError as error:
                raise StorageFailed(
                    f"the recording cannot be written as {format}: {error.strerror}"
                ) from error
            finally:
                await asyncio.to_thread(parts.remove)


async def _cancelled(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


class _Parts:
    """The files that are there while ``target`` is being made."""

    def __init__(self, target: Path) -> None:
        self._target = target
        self.sound = target.with_name(f"{target.name}.part")
        self.tags = target.with_name(f"{target.name}.tags.part")
        self.captions = target.with_name(f"{target.name}.srt.part")
        self.has_captions = False

    def write(self, recording: Recording, format: str, extras: Extras) -> None:
        """Write what ffmpeg reads beside the sound."""
        length_s = seconds(recording.samples)
        self._target.parent.mkdir(exist_ok=True)
        tags = {"title": recording.title, "date": recording.started_at.isoformat()[:10]}
        tags["album"] = extras.room
        chapters = extras.chapters if format in _CHAPTERED else ()
        self.tags.write_text(
            ffmetadata(tags, chapters, length_s), encoding="utf-8", errors="replace"
        )
        if format in _CAPTIONED:
            captions = captions_within(extras.captions, length_s)
            self.has_captions = bool(captions.strip())
            self.captions.write_text(captions, encoding="utf-8", errors="replace")

    def put_in_place(self) -> None:
        """Make the sound durable under its name, and remove what it takes the place of."""
        with self.sound.open("rb") as file:
            os.fsync(file.fileno())
        self.sound.replace(self._target)
        # What was made meanwhile is newer, or somebody's whose request came before a change.
        began = self.tags.stat().st_mtime_ns
        for other in self._target.parent.glob(f"*{self._target.suffix}"):
            if other != self._target and other.stat().st_mtime_ns < began:
                other.unlink(missing_ok=True)

    def remove(self) -> None:
        """Leave nothing half-made."""
        for path in (self.sound, self.tags, self.captions):
            with suppress(OSError):
                path.unlink()


def sweep(root: Path) -> None:
    """Remove what a killed server was making of the recordings in ``root``."""
    for part in root.glob(f"*/{FOLDER}/*.part"):
        with suppress(OSError):
            part.unlink()


def captions_within(captions: str, length_s: float) -> str:
    """SubRip captions that end with the sound: time to read the last one would make it longer."""
    kept = []
    for block in captions.split("\n\n"):
        lines = block.strip("\n").split("\n")
        times = _SRT_TIMES.match(lines[1]) if len(lines) > 2 else None
        if times is None:
            continue
        start_s, end_s = _srt_s(times.groups()[:4]), _srt_s(times.groups()[4:])
        if start_s < length_s:
            end = _srt_clock(min(end_s, length_s))
            lines[1] = f"{lines[1].partition(' --> ')[0]} --> {end}"
            kept.append("\n".join(lines))
    return "\n\n".join(kept) + "\n"


def _srt_s(parts: tuple[str, ...]) -> float:
    hours, minutes, seconds_, millis = map(int, parts)
    return hours * 3600 + minutes * 60 + seconds_ + millis / 1000


def _srt_clock(time_s: float) -> str:
    millis = int(time_s * 1000)
    hours, minutes = millis // 3_600_000, millis // 60_000 % 60
    return f"{hours:02}:{minutes:02}:{millis // 1000 % 60:02},{millis % 1000:03}"


def _mark(recording: Recording, format: str, extras: Extras) -> str:
    """A hash of all that the file is made from."""
    made_from = [
        *(_MADE_BY, format, recording.sha256, recording.title, recording.started_at.isoformat()),
        *(extras.room, asdict(recording.loudness) if recording.loudness else None),
        [asdict(chapter) for chapter in extras.chapters] if format in _CHAPTERED else None,
        extras.captions_mark if format in _CAPTIONED else None,
    ]
    return hashlib.sha256(json.dumps(made_from).encode()).hexdigest()[:20]


async def _convert(source: Path, recording: Recording, format: str, parts: _Parts) -> None:
    """Write the sound, once more with a lower ceiling where a codec overshot by too much."""
    ceiling_dbtp = loudness.CEILING_DBTP
    for _ in range(_TRIES):
        line = _command(source, recording, format, parts, ceiling_dbtp)
        async with media.running(line) as process:
            with suppress(ProcessLookupError):
                os.setpriority(os.PRIO_PROCESS, process.pid, _NICE)  # captions and sound go before
        if process.returncode:
            raise StorageFailed(f"the recording cannot be written as {format}")
        if format not in _LOSSY or not _is_near_the_ceiling(recording):
            break
        found = await asyncio.to_thread(loudness.scan, parts.sound)
        over_db = found.true_peak_dbtp - loudness.PEAK_DBTP
        if over_db <= 0:
            break
        ceiling_dbtp -= over_db + 0.1


def _is_near_the_ceiling(recording: Recording) -> bool:
    """Whether a codec's overshoot matters. Of clipped sound it was measured to be 3 dB."""
    found = recording.loudness
    if found is None:
        return False
    return found.limited or found.true_peak_dbtp + found.gain_db > loudness.PEAK_DBTP - 3


def _command(
    source: Path, recording: Recording, format: str, parts: _Parts, ceiling_dbtp: float
) -> list[str]:
    tags = media.source(parts.tags, format="ffmetadata")
    # The tags' file has no streams; asked for one, if there is any, ffmpeg at least reads it.
    streams = [_sound(source, recording, format, ceiling_dbtp), tags["t?"]]
    options: dict[str, Any] = {"map_metadata": _TAGS, "map_chapters": _TAGS, **_OUTPUTS[format]}
    if format not in _CHAPTERED:
        options["map_chapters"] = -1
    if parts.has_captions:
        streams.append(media.source(parts.captions, format="srt")["s"])
        options |= {"scodec": "mov_text", "disposition:s:0": "default"}
        options |= {"metadata:s:s:0": "handler_name=Captions"}
    line = media.command(media.output(streams, parts.sound, **options))
    # ffmpeg-python orders the inputs as it likes, and ffmpeg wants the number of the tags'.
    inputs = [value for option, value in pairwise(line) if option == "-i"]
    number = str(inputs.index(f"file:{parts.tags.absolute()}"))
    return [number if argument == _TAGS else argument for argument in line]


def _sound(source: Path, recording: Recording, format: str, ceiling_dbtp: float) -> Any:
    sound, found = media.source(source).audio, recording.loudness
    if found is not None:
        limited = found.limited or ceiling_dbtp < loudness.CEILING_DBTP
        sound = loudness.levelled(sound, found.gain_db, limited=limited, ceiling_dbtp=ceiling_dbtp)
    if format == "mp3":
        sound = sound.filter("volume", f"{_LAME_SCALE_DB}dB", precision="double")
    return sound
