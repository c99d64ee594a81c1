"""``roomscribe export``: what was said in a room as a file; the server may run or not."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console

from api.data_folder import transcripts_at
from api.edits import RecordingEdits
from api.settings import Settings
from api.withholding import Withholding
from models.errors import Invalid, NotAllowed, NotFound, RoomNotLive, StorageFailed
from models.room import Room
from recorder.finishing import Finishing
from recorder.recording import Recorder
from rooms.registry import RoomRegistry
from rooms.roles import Right
from rooms.store import RoomStore
from transcripts.database import Where
from transcripts.exports import BINARY, FORMATS
from transcripts.journal import SqlJournal
from transcripts.rendering import Wanted, render

_SHOWN = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What is wanted; ``room`` is an id or a title, ``instance`` 0 for the newest.

    Without an ``output`` it is printed. ``whole`` is with what readers are not given, for who runs
    the server. A file that is there is replaced with ``force`` alone.
    """

    room: str
    format: str | None = None
    output: Path | None = None
    instance: int = 0
    track: str = ""
    whole: bool = False
    force: bool = False

    @property
    def written_as(self) -> str:
        """The format: that of the file's name, unless one was given. Raises `Invalid`."""
        ending = self.output.suffix.removeprefix(".").casefold() if self.output else ""
        if not self.format and ending and ending not in FORMATS:
            known = ", ".join(FORMATS)
            raise Invalid(f"{self.output} names none of {known}: add --format.", field="output")
        return self.format or ending or "txt"


async def export(settings: Settings, job: Job) -> int:
    """Write a transcript as a reader without an account is given it, or the whole of it.

    Changes nothing that is kept. Raises `Invalid`, `NotFound`, `NotAllowed`, `RoomNotLive` and
    `StorageFailed`.
    """
    rooms = settings.data_dir / "rooms.db"
    if not rooms.exists():
        raise Invalid(f"nothing is kept in {settings.data_dir} yet", field="data_dir")
    if job.written_as in BINARY and job.output is None:
        raise Invalid("A Word document cannot be printed: add --output FILE.docx.", field="output")
    if job.output and job.output.exists() and not job.force:
        raise Invalid(f"{job.output} is there already: --force replaces it.", field="output")
    notes = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)
    store, where = RoomStore(rooms), transcripts_at(settings)
    try:
        with notes.status("Reading what may be read …"):
            wanted = await _wanted(settings, job, RoomRegistry(store), where)
        with notes.status(f"Writing the transcript as {job.written_as} …"):
            data = await asyncio.to_thread(render, where, wanted)
    finally:
        store.close()
    if job.output is None:
        Console(highlight=False, soft_wrap=True, markup=False).out(data.decode(), end="")
        return 0
    await asyncio.to_thread(_write, job.output, data)
    notes.print(f"{job.output}: {wanted.title}, {len(data):,} bytes")
    return 0


async def _wanted(settings: Settings, job: Job, registry: RoomRegistry, where: Where) -> Wanted:
    room = found(await registry.rooms(), job.room)
    recorder = Recorder(settings.data_dir / "recordings")
    instance = job.instance or room.instance
    if not 1 <= instance <= room.instance:
        times = "has not been live yet" if not room.instance else f"was live {room.instance} times"
        raise RoomNotLive(f"{room.title} {times}")
    async with SqlJournal(where) as journal:
        if job.track and job.track not in (known := await journal.tracks(room.id, instance)):
            others = f": there is {', '.join(known)}" if known else ": there is none"
            raise Invalid(f"{room.title} has no captions in {job.track}{others}", field="track")
        wanted = Wanted(
            room_id=room.id,
            instance=instance,
            track=job.track,
            format=job.written_as,
            title=room.title,
            started_at=room.started_at if instance == room.instance else None,
        )
        if job.whole:
            return wanted
        if not await registry.may(None, room.id, Right.READ):
            raise NotAllowed(f"{room.title} is private. --whole is for who runs the server.")
        edits = RecordingEdits(recorder, Finishing(recorder))
        await asyncio.to_thread(edits.read)
        withholding = Withholding(recorder, registry, journal, edits)
        await withholding.refresh(room.id)
        return replace(
            wanted,
            withheld=await withholding.spans(None, room.id),
            edited=await withholding.cuts(None, room.id, instance),
        )


def found(rooms: Sequence[Room], asked: str) -> Room:
    """Find a room by its id or its title, or a part of that which no other has.

    Raises `NotFound` and, where it may be one of several, `Invalid`.
    """
    folded = " ".join(asked.split()).casefold()
    ways = (
        [room for room in rooms if room.id == asked],
        [room for room in rooms if " ".join(room.title.split()).casefold() == folded],
        [room for room in rooms if folded and folded in room.title.casefold()],
    )
    for some in ways:
        if len(some) == 1:
            return some[0]
        if some:
            several = "\n".join(
                f"  {room.id}  {_when(room)}  {room.title}" for room in some[:_SHOWN]
            )
            more = f"\n  and {len(some) - _SHOWN} more" if len(some) > _SHOWN else ""
            raise Invalid(f"Several rooms are called so; give one's id:\n{several}{more}")
    raise NotFound(f"There is no room with the id or title {asked}")


def _when(room: Room) -> str:
    return f"{room.started_at or room.created_at:%Y-%m-%d %H:%M}"


def _write(file: Path, data: bytes) -> None:
    """Put a file in its place when all of it is there."""
    part = file.with_name(f".{file.name}.part")
    try:
        part.write_bytes(data)
        part.replace(file)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise StorageFailed(f"{file} cannot be written: {error.strerror}") from None
