"""A recording's chapters: found in its transcript until a person edits them."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from api.exporting import Exports
from models.audio import seconds
from models.errors import Invalid, StaleRevision
from models.recording import Chapter, Recording
from pipeline.journal import Journal
from recorder import chapters
from recorder.chapters import Chapters
from recorder.recording import Recorder
from transcripts.rendering import Wanted


class RecordingChapters:
    """Gives and keeps the chapters of finished recordings."""

    def __init__(self, recorder: Recorder, journal: Journal, exports: Exports) -> None:
        self._recorder = recorder
        self._journal = journal
        self._exports = exports
        self._keeping = asyncio.Lock()

    async def of(self, recording: Recording) -> Chapters:
        """Give the chapters, looking for them when the transcript has changed since.

        Raises `StorageFailed`.
        """
        async with self._keeping:
            return await self._newest(recording)

    async def edit(self, recording: Recording, rev: int, items: Sequence[Chapter]) -> Chapters:
        """Keep what a person made of the chapters of revision ``rev``; none at all is fine.

        Raises `StaleRevision` when they are at another revision, `Invalid` and `StorageFailed`.
        """
        _check(items, seconds(recording.samples))
        async with self._keeping:
            now = await self._at(recording, rev)
            edited = Chapters(items=tuple(items), rev=rev + 1, seq=now.seq, edited=True)
            await asyncio.to_thread(chapters.save, self._folder(recording), edited)
            return edited

    async def find_again(self, recording: Recording, rev: int) -> Chapters:
        """Look for chapters in the transcript instead of what people made of revision ``rev``.

        Raises `StaleRevision` when they are at another revision, and `StorageFailed`.
        """
        async with self._keeping:
            now = await self._at(recording, rev)
            return await self._find(recording, now) if now.edited else now

    async def _at(self, recording: Recording, rev: int) -> Chapters:
        now = await self._newest(recording)
        if now.rev != rev:
            raise StaleRevision(f"the chapters are at revision {now.rev} by now: read again")
        return now

    async def _newest(self, recording: Recording) -> Chapters:
        kept = await asyncio.to_thread(chapters.load, self._folder(recording))
        seq = await self._journal.latest(recording.room_id)
        if kept.edited or (kept.rev and kept.seq == seq):
            return kept
        return await self._find(recording, kept)

    async def _find(self, recording: Recording, kept: Chapters) -> Chapters:
        seq = await self._journal.latest(recording.room_id)
        found = tuple(
            await self._exports.chapters(spoken(recording, "json"), seconds(recording.samples))
        )
        # Those that are the same keep their number: who edits them meanwhile is not disturbed.
        rev = kept.rev if kept.rev and found == kept.items else kept.rev + 1
        newest = Chapters(items=found, rev=rev, seq=seq)
        await asyncio.to_thread(chapters.save, self._folder(recording), newest)
        return newest

    def _folder(self, recording: Recording) -> Path:
        return self._recorder.folder(recording.id)


def spoken(recording: Recording, format: str) -> Wanted:
    """Name the transcript of what was said in a recording."""
    return Wanted(
        room_id=recording.room_id,
        instance=recording.instance,
        track="",
        format=format,
        title=recording.title,
        started_at=recording.started_at,
        within=recording.span,
    )


def _check(items: Sequence[Chapter], length_s: float) -> None:
    """Raise `Invalid` unless chapters begin at 0, ascend and lie within the recording."""
    before_s = -1.0
    for number, chapter in enumerate(items):
        field = f"items.{number}.start_s"
        if not number and chapter.start_s != 0:
            raise Invalid("the first chapter begins at 0", field=field)
        if chapter.start_s <= before_s:
            raise Invalid("each chapter begins after the one before it", field=field)
        if number and chapter.start_s >= length_s:
            raise Invalid("the recording ends before this chapter begins", field=field)
        before_s = chapter.start_s
