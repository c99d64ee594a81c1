"""``roomscribe caption FILE``: the live pipeline over a file, as fast as the engine goes."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from api import bootstrap
from api.cli import download
from api.settings import Settings
from models.audio import FRAME_SAMPLES, Frame
from models.errors import StorageFailed
from models.room import Room, RoomState
from models.transcript import Final, Gap
from pipeline.captions import CaptionBus
from pipeline.lines import final_lines
from pipeline.session import Session, SessionOptions
from pipeline.silero import SileroDetector
from pipeline.tap import TapItem
from recorder import media
from transcripts.exports import export
from transcripts.memory import InMemoryJournal


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What to caption and what to make of it; without ``out`` captions are printed."""

    file: Path
    format: str = "txt"
    out: Path | None = None
    language: str = "en"


async def caption(settings: Settings, job: Job) -> int:
    """Caption one file. Raises `UnreadableMedia`, `EngineUnavailable` or `StorageFailed`."""
    notes = Console(stderr=True, highlight=False)
    length_s = await media.duration(job.file)
    with download.shown(notes) as advance:
        choice = await bootstrap.engine(settings, advance, language=job.language, patient=True)
    if choice.notice:
        notes.print(choice.notice, style="dim", soft_wrap=True)
    room = Room(
        id="file",
        title=job.file.stem,
        language=job.language,
        host_id="",
        state=RoomState.LIVE,
        created_at=datetime.now(UTC),
        instance=1,
    )
    journal, bus = InMemoryJournal(), CaptionBus()
    session = Session(
        room,
        recogniser=choice.recogniser,
        detector=SileroDetector,
        journal=journal,
        bus=bus,
        options=SessionOptions(patient=True, drain_s=600),
    )
    live_text = job.out is None and job.format == "txt"
    try:
        with _bar(notes) as bar:
            task = bar.add_task("captioning", total=length_s)
            printing = asyncio.create_task(_print(bus, live=live_text))
            await session.run(_frames(job.file, bar, task))
            bus.close()
            await printing
    finally:
        await choice.recogniser.close()
    entries = await journal.transcript(room.id)
    if job.out is None and not live_text:
        Console(highlight=False, soft_wrap=True).out(
            export(entries, job.format, title=room.title, started_at=None), end=""
        )
    elif job.out is not None:
        text = export(entries, job.format, title=room.title, started_at=None)
        await asyncio.to_thread(_write, job.out, text)
        notes.print(f"{job.out}")
    if not entries:
        notes.print("No speech was found in the file.")
    return 0


def _bar(console: Console) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, transient=True)


async def _frames(file: Path, bar: Progress, task: TaskID) -> AsyncIterator[TapItem]:
    sample = 0
    async for pcm in media.decode(file):
        yield Frame(sample=sample, pcm=pcm)
        sample += FRAME_SAMPLES
        if sample % (FRAME_SAMPLES * 50) == 0:
            bar.update(task, completed=sample / 48_000)


async def _print(bus: CaptionBus, *, live: bool) -> None:
    out = Console(highlight=False, soft_wrap=True)
    subscription = bus.subscribe(limit=100_000)
    while True:
        items, _ = await subscription.take()
        if not items:
            return
        for item in items:
            if live and isinstance(item, Final):
                at = clock(item.start_s)
                out.print(f"[dim]{at}[/]  ", end="")
                out.out(f"\n{' ' * (len(at) + 2)}".join(final_lines(item)))
            elif live and isinstance(item, Gap):
                lost_s = item.end_s - item.start_s
                out.print(f"[dim]{clock(item.start_s)}[/]  [captions missing: {lost_s:.1f} s]")


def clock(time_s: float) -> str:
    """Write a time as ``m:ss`` or ``h:mm:ss``."""
    minutes, rest = divmod(int(time_s), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise StorageFailed(f"{path} cannot be written: {error.strerror}") from None
