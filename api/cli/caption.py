"""``roomscribe caption FILE``: the live pipeline over a file, as fast as the engine goes."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from api import bootstrap
from api.cli import download
from api.settings import Settings
from models.audio import FRAME_SAMPLES, RATE_HZ, Frame
from models.errors import EngineUnavailable, Invalid, StorageFailed
from models.room import TRANSLATION, Room, RoomState
from models.transcript import Final, Gap
from pipeline.captions import CaptionBus
from pipeline.lines import final_lines
from pipeline.recognition import Recogniser
from pipeline.session import Session, SessionOptions
from pipeline.silero import SileroDetector
from pipeline.tap import TapItem
from recorder import media
from transcripts.cues import gap_text
from transcripts.exports import export
from transcripts.memory import InMemoryJournal


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What to caption and what to make of it; without ``out`` captions are printed.

    With ``translate`` it is English captions that are printed, and beside ``out`` there is a second
    file with them.
    """

    file: Path
    format: str = "txt"
    out: Path | None = None
    language: str = "en"
    translate: bool = False

    @property
    def printed(self) -> str:
        """The track that is printed."""
        return TRANSLATION if self.translate else ""

    @property
    def files(self) -> dict[str, Path]:
        """The files to write, by track."""
        if self.out is None:
            return {}
        english = self.out.with_name(f"{self.out.stem}.{TRANSLATION}{self.out.suffix}")
        return {"": self.out} | ({TRANSLATION: english} if self.translate else {})


async def caption(settings: Settings, job: Job) -> int:
    """Caption one file.

    Raises `UnreadableMedia`, `EngineUnavailable`, `StorageFailed`, and `Invalid` for a translation
    from English and for a document without a file.
    """
    notes = Console(stderr=True, highlight=False)
    room = _room(job)
    if job.format == "docx" and job.out is None:
        raise Invalid("A Word document cannot be printed: add --out FILE.docx.", field="out")
    if job.translate and not room.wants_translation:
        raise Invalid("To translate, say what is spoken: --language de, or auto.", field="language")
    length_s = await media.duration(job.file)
    with download.shown(notes) as advance:
        choice = await bootstrap.engine(settings, advance, language=job.language, patient=True)
    journal = InMemoryJournal()
    try:
        await _try(choice.recogniser, job)
        if choice.notice:
            notes.print(choice.notice, style="dim", soft_wrap=True)
        with _bar(notes) as bar:
            progress = _Shown(bar, bar.add_task("captioning", total=length_s))
            await _caption(room, job, choice.recogniser, journal, progress)
    finally:
        await choice.recogniser.close()
    await _export(room, job, journal, notes)
    return 0


def _room(job: Job) -> Room:
    return Room(
        id="file",
        title=job.file.stem,
        language=job.language,
        host_id="",
        state=RoomState.LIVE,
        created_at=datetime.now(UTC),
        instance=1,
        translate=job.translate,
    )


async def _try(recogniser: Recogniser, job: Job) -> None:
    """Raise `EngineUnavailable` now when the engine cannot do the job, not an hour later."""
    info = recogniser.info
    if job.translate and not info.translates:
        raise EngineUnavailable(
            f"{f'{info.name} {info.model}'.strip()} cannot translate; multilingual whisper weights "
            "can: --engine faster-whisper --model small."
        )
    stream = await recogniser.open(language=job.language)
    await stream.close()


async def _caption(
    room: Room, job: Job, recogniser: Recogniser, journal: InMemoryJournal, shown: "_Shown"
) -> None:
    bus = CaptionBus()
    session = Session(
        room,
        recogniser=recogniser,
        detector=SileroDetector,
        journal=journal,
        bus=bus,
        options=SessionOptions(patient=True, drain_s=600),
    )
    printing = asyncio.create_task(_print(bus, job))
    await session.run(_frames(job.file, shown))
    bus.close()
    await printing


async def _export(room: Room, job: Job, journal: InMemoryJournal, notes: Console) -> None:
    """Write the files, or print what could not be printed as it came."""
    for track, file in job.files.items():
        entries = await journal.transcript(room.id, track=track)
        data = export(entries, job.format, title=room.title, started_at=None)
        await asyncio.to_thread(_write, file, data)
        notes.print(f"{file}")
    if job.out is None and job.format != "txt":
        entries = await journal.transcript(room.id, track=job.printed)
        data = export(entries, job.format, title=room.title, started_at=None)
        Console(highlight=False, soft_wrap=True).out(data.decode(), end="")
    if not await journal.latest(room.id):
        notes.print("No speech was found in the file.")


@dataclass(frozen=True, slots=True)
class _Shown:
    """The progress bar's only task."""

    bar: Progress
    task: TaskID

    def until(self, at_s: float) -> None:
        self.bar.update(self.task, completed=at_s)


def _bar(console: Console) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, transient=True)


async def _frames(file: Path, shown: _Shown) -> AsyncIterator[TapItem]:
    sample = 0
    async for pcm in media.decode(file):
        yield Frame(sample=sample, pcm=pcm)
        sample += FRAME_SAMPLES
        if sample % (FRAME_SAMPLES * 50) == 0:
            shown.until(sample / RATE_HZ)


async def _print(bus: CaptionBus, job: Job) -> None:
    """Print captions as they come, where text to read is asked for."""
    out = Console(highlight=False, soft_wrap=True)
    live = job.out is None and job.format == "txt"
    subscription = bus.subscribe(limit=100_000)
    subscription.follow(job.printed)
    while True:
        items, _ = await subscription.take()
        if not items:
            return
        for item in items if live else ():
            if isinstance(item, Final):
                _put(out, item.start_s, final_lines(item))
            elif isinstance(item, Gap):
                _put(out, item.start_s, [gap_text(item)])


def _put(out: Console, at_s: float, lines: Sequence[str]) -> None:
    at = clock(at_s)
    out.print(f"[dim]{at}[/]  ", end="")
    out.out(f"\n{' ' * (len(at) + 2)}".join(lines))


def clock(time_s: float) -> str:
    """Write a time as ``m:ss`` or ``h:mm:ss``."""
    minutes, rest = divmod(int(time_s), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise StorageFailed(f"{path} cannot be written: {error.strerror}") from None
