"""A recording's chapters: found in its transcript until a person edits them."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from api.edits import RecordingEdits, mark
from api.exporting import Exports
from models.audio import seconds
from models.errors import Invalid, StaleRevision
from models.recording import Chapter, Recording, RecordingPhase
from pipeline.journal import Journal
from recorder import chapters
from recorder.chapters import Chapters
from recorder.recording import Recorder
from transcripts.exports import WITH_CHAPTERS
from transcripts.rendering import Wanted


class RecordingChapters:
    """Gives and keeps the chapters of finished recordings."""

    def __init__(
        self, recorder: Recorder, journal: Journal, exports: Exports, edits: RecordingEdits
    ) -> None:
        self._recorder = recorder
        self._journal = journal
        self._exports = exports
        self._edits = edits
        self._keeping = asyncio.Lock()
        # Of recordings with cuts alone: a title or two of each is asked for again and again.
        self._titled: dict[str, tuple[tuple[int, int, str], tuple[Chapter, ...]]] = {}

    async def of(self, recording: Recording, *, whole: bool = False) -> Chapters:
        """Give the chapters, looking for them when the transcript has changed since.

        Their times are those of what is left of the recording, or of the ``whole``. Raises
        `StorageFailed`.
        """
        async with self._keeping:
            newest = await self._newest(recording.id)
        return newest if whole else await self._after_cuts(recording.id, newest)

    async def headings(
        self, recording: Recording, wanted: Wanted, *, whole: bool = False
    ) -> Wanted:
        """Put a recording's chapters into a transcript that is to have headings.

        Those that were found are of what was said: a translation's are found in its own words.
        """
        is_finished = recording.phase is RecordingPhase.FINISHED
        if wanted.format not in WITH_CHAPTERS or not is_finished:
            return wanted
        kept = await self.of(recording, whole=whole)
        return wanted if wanted.track and not kept.edited else replace(wanted, chapters=kept.items)

    async def edit(
        self, recording: Recording, rev: int, items: Sequence[Chapter], *, whole: bool = False
    ) -> Chapters:
        """Keep what a person made of the chapters of revision ``rev``; none at all is fine.

        Raises `StaleRevision` when they are at another revision, `Invalid` and `StorageFailed`.
        """
        _check(items, seconds(recording.samples))
        if not whole:
            items = chapters.before_cuts(items, self._edits.edit_of(recording))
        async with self._keeping:
            now = await self._at(recording.id, rev)
            edited = replace(now, items=tuple(items), rev=rev + 1, edited=True)
            await asyncio.to_thread(chapters.save, self._folder(recording), edited)
        return edited if whole else await self._after_cuts(recording.id, edited)

    async def find_again(self, recording: Recording, rev: int, *, whole: bool = False) -> Chapters:
        """Look for chapters in the transcript instead of what people made of revision ``rev``.

        Raises `StaleRevision` when they are at another revision, and `StorageFailed`.
        """
        async with self._keeping:
            now = await self._at(recording.id, rev)
            found = await self._find(recording.id, now) if now.edited else now
        return found if whole else await self._after_cuts(recording.id, found)

    async def _after_cuts(self, recording_id: str, kept: Chapters) -> Chapters:
        recording = await asyncio.to_thread(self._recorder.recording, recording_id)
        wanted, items = self._edits.wanted(recording, "json"), kept.items
        if kept.edited and wanted.edited.hidden:
            items = await self._without_cut_words(recording, wanted, kept)
        items = chapters.after_cuts(items, wanted.edited.edit, recording.samples)
        return replace(kept, items=items)

    async def _without_cut_words(
        self, recording: Recording, wanted: Wanted, kept: Chapters
    ) -> tuple[Chapter, ...]:
        """Give chapters that a person kept; many are still called by what was said there."""
        seq = await self._journal.latest(recording.room_id)
        state = (kept.rev, seq, mark(wanted.edited))
        known = self._titled.get(recording.id)
        if known is None or known[0] != state:
            known = state, tuple(await self._exports.titles(wanted, kept.items))
            self._titled[recording.id] = known
        return known[1]

    async def _at(self, recording_id: str, rev: int) -> Chapters:
        now = await self._newest(recording_id)
        if now.rev != rev:
            raise StaleRevision(f"the chapters are at revision {now.rev} by now: read again")
        return now

    async def forget(self, recording: Recording) -> None:
        """Look for chapters anew when they are next asked for, unless a person edited them."""
        async with self._keeping:
            folder = self._folder(recording)
            kept = await asyncio.to_thread(chapters.load, folder)
            if kept.rev and not kept.edited:
                await asyncio.to_thread(chapters.save, folder, Chapters(rev=kept.rev))

    async def _newest(self, recording_id: str) -> Chapters:
        """Give the chapters of the whole; what is cut is not among the words that they are of."""
        recording = await asyncio.to_thread(self._recorder.recording, recording_id)
        kept = await asyncio.to_thread(chapters.load, self._folder(recording))
        seq = await self._journal.latest(recording.room_id)
        cuts = mark(self._edits.view(recording))
        if kept.edited and kept.cuts != cuts:  # their times are others now for who reads them
            moved = replace(kept, rev=kept.rev + 1, cuts=cuts)
            await asyncio.to_thread(chapters.save, self._folder(recording), moved)
            return moved
        if kept.edited or (kept.rev and (kept.seq, kept.cuts) == (seq, cuts)):
            return kept
        return await self._find(recording_id, kept)

    async def _find(self, recording_id: str, kept: Chapters) -> Chapters:
        recording = await asyncio.to_thread(self._recorder.recording, recording_id)
        seq = await self._journal.latest(recording.room_id)
        wanted = self._edits.wanted(recording, "json")
        edit = wanted.edited.edit
        length_s = seconds(edit.length(recording.samples))
        found = chapters.before_cuts(await self._exports.chapters(wanted, length_s), edit)
        # Those that are the same keep their number: who edits them meanwhile is not disturbed.
        rev = kept.rev if kept.rev and found == kept.items else kept.rev + 1
        newest = Chapters(items=found, rev=rev, seq=seq, cuts=mark(wanted.edited))
        await asyncio.to_thread(chapters.save, self._folder(recording), newest)
        return newest

    def _folder(self, recording: Recording) -> Path:
        return self._recorder.folder(recording.id)


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
