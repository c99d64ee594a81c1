"""A kept transcript as a file, read and written by one process: what a pool of them is given."""

import asyncio
import multiprocessing
import os
import signal
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from multiprocessing.process import BaseProcess

from models.edit import AS_RECORDED, Edited
from models.recording import Chapter, Span
from models.transcript import Entry
from transcripts.chapters import find_chapters
from transcripts.cutting import without_cuts
from transcripts.database import Where
from transcripts.effective import effective
from transcripts.exports import export
from transcripts.journal import SqlJournal
from transcripts.titles import retitled
from transcripts.withholding import only_in, withheld

_NICE = 5  # a file may wait; captions and sound may not


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which transcript, and as what; the fields are those of `export` and `SqlJournal`.

    ``chapters`` are those of a recording, where the format has them; None: of the words alone.

    Of what was said in ``withheld`` spans only that it is not published is told. ``within`` is the
    one span that is wanted, when not all of an instance is. ``edited`` says what is cut from it.
    """

    room_id: str
    instance: int
    track: str
    format: str
    title: str
    started_at: datetime | None
    withheld: tuple[Span, ...] = ()
    within: Span | None = None
    edited: Edited = AS_RECORDED
    chapters: tuple[Chapter, ...] | None = None


def render(journal: Where, wanted: Wanted) -> bytes:
    """Read a transcript from a journal and write it. Raises `StorageFailed`, `Invalid`."""
    entries = asyncio.run(_entries(journal, wanted))
    return export(
        entries,
        wanted.format,
        title=wanted.title,
        started_at=wanted.started_at,
        chapters=wanted.chapters,
    )


def chapters(journal: Where, wanted: Wanted, length_s: float) -> list[Chapter]:
    """Find chapters in a transcript with its corrections. Raises `StorageFailed`."""
    return find_chapters(effective(asyncio.run(_entries(journal, wanted))), length_s=length_s)


def titles(journal: Where, wanted: Wanted, items: Sequence[Chapter]) -> list[Chapter]:
    """Take what is cut out of the titles of chapters of the whole. Raises `StorageFailed`."""
    said = asyncio.run(_entries(journal, replace(wanted, edited=AS_RECORDED)))
    left = without_cuts(said, Edited(hidden=wanted.edited.hidden))
    return retitled(items, effective(said), effective(left))


def stand_back() -> None:
    """Begin a process of the pool: it gives way to the server, and ends with it however it ends."""
    os.nice(_NICE)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if parent := multiprocessing.parent_process():
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: BaseProcess) -> None:
    parent.join()
    os._exit(0)


async def _entries(where: Where, wanted: Wanted) -> Sequence[Entry]:
    async with SqlJournal(where) as journal:
        entries = await journal.transcript(wanted.room_id, wanted.instance, track=wanted.track)
    if wanted.within:
        entries = only_in(entries, wanted.within)
    if wanted.withheld:
        entries = withheld(entries, wanted.withheld)
    return without_cuts(entries, wanted.edited)
