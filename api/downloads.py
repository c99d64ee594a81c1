"""A recording as the file that was asked for, with its chapters and captions of now."""

import asyncio
from dataclasses import replace
from pathlib import Path

from api.chapters import RecordingChapters, spoken
from api.exporting import Exports
from models.errors import NotFound, StorageFailed
from models.recording import Recording
from pipeline.journal import Journal
from recorder.derived import Derived, Extras, wants_captions
from recorder.finishing import Finishing
from recorder.recording import Recorder
from rooms.registry import RoomRegistry


class Downloads:
    """Brings together what a derived file is made from, and has it made."""

    def __init__(
        self,
        *,
        recorder: Recorder,
        finishing: Finishing,
        registry: RoomRegistry,
        journal: Journal,
        exports: Exports,
        chapters: RecordingChapters,
    ) -> None:
        self._recorder = recorder
        self._finishing = finishing
        self._registry = registry
        self._journal = journal
        self._exports = exports
        self._chapters = chapters
        self._derived = Derived()

    async def file(self, recording: Recording, format: str) -> Path:
        """Give a finished recording's file; another format than Ogg is made if it is not there.

        Raises `Invalid` for an unknown format, and `StorageFailed`.
        """
        if format == "ogg":
            return await asyncio.to_thread(self._recorder.media_path, recording.id)
        recording = await self._measured(recording)
        folder, extras = self._recorder.folder(recording.id), await self._extras(recording)
        path = self._derived.path(folder, recording, format, extras)
        if await asyncio.to_thread(path.exists):  # a player asks for each part of it
            return path
        if wants_captions(format):
            captions = await self._exports.file(spoken(recording, "srt"))
            extras = replace(extras, captions=captions.decode("utf-8"))
        await asyncio.to_thread(
            self._recorder.media_path, recording.id
        )  # it may have to be fetched
        return await self._derived.make(folder, recording, format, extras)

    async def close(self) -> None:
        """Give up what is being made."""
        await self._derived.close()

    async def _measured(self, recording: Recording) -> Recording:
        """Wait until it is known how loud a recording is."""
        if recording.loudness is not None:
            return recording
        self._finishing.want(recording.id)
        await self._finishing.done(recording.id)
        recording = await asyncio.to_thread(self._recorder.recording, recording.id)
        if recording.loudness is None:
            raise StorageFailed("the recording could not be measured yet: try again later")
        return recording

    async def _extras(self, recording: Recording) -> Extras:
        """Give all but the captions, which take a while for a long room."""
        try:
            room = (await self._registry.room(recording.room_id)).title
        except NotFound:
            room = recording.title
        chapters = await self._chapters.of(recording)
        mark = str(await self._journal.latest(recording.room_id))
        return Extras(room=room, chapters=chapters.items, captions_mark=mark)
