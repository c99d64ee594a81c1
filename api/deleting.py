"""Deleting a recording so that nothing of it is left: its sound, its files, and its words.

That it is to be deleted is noted first, in its folder. From then on it is in no list, and what a
crash or a full disk leaves is done at the next start or look.
"""

import asyncio
import logging
from functools import partial

from api.chapters import RecordingChapters
from api.downloads import Downloads
from api.edits import RecordingEdits
from api.hearing import Hearing
from api.live import LiveRooms
from api.withholding import Withholding
from models.errors import Conflict, RoomscribeError
from models.recording import Recording
from recorder.choices import Doom
from recorder.finishing import Finishing
from recorder.recording import Recorder
from transcripts.journal import SqlJournal
from transcripts.speakers import SpeakerOrder

log = logging.getLogger(__name__)


class Deletions:
    """Deletes recordings, one at a time."""

    def __init__(
        self,
        *,
        recorder: Recorder,
        finishing: Finishing,
        hearing: Hearing,
        downloads: Downloads,
        chapters: RecordingChapters,
        edits: RecordingEdits,
        journal: SqlJournal,
        withholding: Withholding,
        speakers: SpeakerOrder,
        lives: LiveRooms,
    ) -> None:
        self._recorder = recorder
        self._finishing = finishing
        self._hearing = hearing
        self._downloads = downloads
        self._chapters = chapters
        self._edits = edits
        self._journal = journal
        self._withholding = withholding
        self._speakers = speakers
        self._lives = lives
        self._deleting = asyncio.Lock()

    async def delete(self, recording: Recording, doom: Doom) -> None:
        """Delete a recording with its words, or its sound alone.

        Raises `Conflict` while it runs, while its words are still written, and for the sound alone
        of one that is not published or has cuts. Raises `StorageFailed` when something could not be
        deleted: it is gone for everybody all the same, and the rest is done later.
        """
        if doom is Doom.ALL and not self._lives.is_over(recording.room_id, recording.instance):
            raise Conflict(
                "The room is still live, and its words are still written: delete the recording "
                "when the room has ended"
            )
        if doom is Doom.SOUND:
            await self._check_that_words_may_stay(recording)
        await asyncio.to_thread(partial(self._recorder.decisions.choose, recording.id, doom=doom))
        await self._withholding.refresh(recording.room_id)
        await self._finish(recording, doom)

    async def _check_that_words_may_stay(self, recording: Recording) -> None:
        """Raise `Conflict` when it is the recording that keeps its words from others."""
        if not await asyncio.to_thread(self._withholding.is_published, recording):
            raise Conflict(
                "Without its recording, what was said would be public: publish it first, or "
                "delete the words, too"
            )
        if not self._edits.is_known(recording) or self._edits.edit_of(recording).cuts:
            raise Conflict(
                "Without its recording, what was cut would be public: undo the cuts first, or "
                "delete the words, too"
            )

    async def resume(self) -> None:
        """Delete what was to be deleted, and still is there."""
        for recording, doom in await asyncio.to_thread(self._recorder.decisions.doomed):
            try:
                await self._finish(recording, doom)
            except RoomscribeError as error:
                log.warning("recording %s is not deleted yet: %s", recording.id, error)

    async def _finish(self, recording: Recording, doom: Doom) -> None:
        async with self._deleting:
            if not await asyncio.to_thread(self._recorder.folder(recording.id).is_dir):
                return
            await self._finishing.drop(recording.id)
            await self._hearing.drop(recording.id)  # which else would write words of it anew
            await self._downloads.drop(recording)
            if doom is Doom.ALL:
                await self._erase(recording)
            # The note of what is to be done is in the folder: that goes last.
            await asyncio.to_thread(self._recorder.delete, recording.id)
            self._edits.forget(recording.id)
            await self._withholding.refresh(recording.room_id)

    async def _erase(self, recording: Recording) -> None:
        span = await asyncio.to_thread(self._recorder.words_of, recording)
        await self._journal.erase(recording.room_id, span)
        self._speakers.forget(recording.room_id)
        for other in await asyncio.to_thread(self._recorder.recordings, recording.room_id):
            if other.instance == recording.instance:  # a caption may be on the edge of both
                await self._downloads.drop(other)
                await self._chapters.forget(other)
