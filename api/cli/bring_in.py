"""``roomscribe import FILE``: a recording of a file, in the data folder, without a server."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, TaskID, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from api.after_room import AfterRoom
from api.data_folder import index_of, transcripts_at
from api.findable import FindableRooms
from api.hearing import Hearing, HearingOptions
from api.imports import MEGABYTE, Imports, Wanted
from api.settings import Settings
from asr.choose import BASIC
from models.errors import EngineUnavailable, Invalid, StorageFailed
from models.room import Room
from models.transcript import Correction, Entry
from recorder.finishing import FAILED, WAITING, Finishing, Progress
from recorder.recording import Recorder
from rooms import wording
from rooms.registry import RoomRegistry
from rooms.store import RoomStore
from transcripts.given import caption_file
from transcripts.journal import SqlJournal
from transcripts.search.keeping import IndexKeeper

_BLOCK_BYTES = 1 << 20
_LOOK_S = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What to bring in, and whose it is: ``by`` is the name of its host.

    With ``captions``, a WebVTT or SubRip file, no recogniser runs.
    """

    file: Path
    title: str = ""
    language: str = "en"
    by: str = "Import"
    captions: Path | None = None


async def bring_in(settings: Settings, job: Job) -> int:
    """Import one file and wait for its captions.

    A server on the same folder shows it meanwhile; what is interrupted, its next start finishes.
    Raises `Invalid`, `UnreadableMedia`, `StorageFailed` and `EngineUnavailable`.
    """
    if job.title:
        wording.line(job.title, "title", wording.MAX_TITLE)
    where = transcripts_at(settings)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    store = RoomStore(settings.data_dir / "rooms.db")
    notes = Console(stderr=True, highlight=False)
    try:
        async with SqlJournal(where, IndexKeeper(index_of(where))) as journal:
            registry = RoomRegistry(store)
            await FindableRooms(journal, registry).start()
            await _bring_in(settings, job, registry, journal, notes)
    finally:
        store.close()
    return 0


async def _bring_in(
    settings: Settings, job: Job, registry: RoomRegistry, journal: SqlJournal, notes: Console
) -> None:
    recorder = Recorder(settings.data_dir / "recordings", segment_s=settings.segment_s)
    finishing = Finishing(recorder)
    imports = Imports(recorder, registry, finishing, most_bytes=settings.import_max_mb * MEGABYTE)
    after = AfterRoom(_Nobody(journal), journal)
    hearing = Hearing(settings, recorder, registry, after, HearingOptions(improves=False))
    captions = await asyncio.to_thread(_captions, job.captions) if job.captions else b""
    wanted = Wanted(name=job.file.name, title=job.title, language=job.language, captions=captions)
    size = await asyncio.to_thread(_size, job.file)
    imports.check_size(size)
    host = await registry.sign_up(job.by)
    recording = await imports.receive(host, wanted, _pieces(job.file), announced=size)
    try:
        with _bar(notes) as shown:
            await _finished(finishing, recording.id, shown)
            await _captioned(hearing, recording.id, shown)
    finally:
        await hearing.close()
        await finishing.close()
    heard = hearing.heard(recording.id)
    if heard and heard.engine == "pocketsphinx":
        notes.print(BASIC, style="dim", soft_wrap=True)
    Console(highlight=False, soft_wrap=True).print(f"/recordings/{recording.id}")


async def _finished(finishing: Finishing, recording_id: str, shown: "_Shown") -> None:
    finishing.begin()
    while progress := finishing.progress(recording_id):
        if progress.step == FAILED:
            raise StorageFailed(
                "It could not be made ready; the next start of a server tries again."
            )
        shown.at(progress)
        await asyncio.sleep(_LOOK_S)


async def _captioned(hearing: Hearing, recording_id: str, shown: "_Shown") -> None:
    await hearing.add(recording_id)
    hearing.begin()
    while work := hearing.work(recording_id):
        if work.failed:
            raise EngineUnavailable(f"It can be played, but it has no captions. {work.note}")
        shown.at(work.progress)
        await asyncio.sleep(_LOOK_S)


class _Nobody:
    """Rooms in which nobody is: entries go to the journal alone."""

    def __init__(self, journal: SqlJournal) -> None:
        self._journal = journal

    async def finished(self, room_id: str) -> None:
        """Nothing is live."""

    async def add(self, room: Room, instance: int, entry: Entry) -> Entry:
        return await self._journal.append(room.id, instance, entry)

    async def improve(self, room: Room, correction: Correction) -> bool:
        await self.add(room, room.instance, correction)
        return True


@dataclass(frozen=True, slots=True)
class _Shown:
    """The bar's only task."""

    bar: Bar
    task: TaskID

    def at(self, progress: Progress) -> None:
        self.bar.update(self.task, description=progress.step, completed=progress.share)


@contextmanager
def _bar(console: Console) -> Iterator[_Shown]:
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Bar(*columns, console=console, transient=True) as bar:
        yield _Shown(bar, bar.add_task(WAITING, total=1.0))


def _captions(file: Path) -> bytes:
    """Give a caption file that can be read."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise Invalid(f"{file} cannot be read: {error.strerror}", field="captions") from None
    try:
        caption_file.read(data)
    except Invalid as error:
        raise Invalid(f"{file}: {error}", field="captions") from None
    return data


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError as error:
        raise Invalid(f"{file} cannot be read: {error.strerror}", field="file") from None


async def _pieces(file: Path) -> AsyncIterator[bytes]:
    source = await asyncio.to_thread(file.open, "rb")
    with source:
        while piece := await asyncio.to_thread(source.read, _BLOCK_BYTES):
            yield piece
