"""A recording as the file that was asked for, with its chapters and captions of now."""

import asyncio
from dataclasses import replace
from itertools import compress
from pathlib import Path

from api.chapters import RecordingChapters
from api.edits import RecordingEdits, mark
from api.exporting import Exports
from models.errors import Conflict, NotFound, StorageFailed
from models.recording import Recording, RecordingPhase
from pipeline.journal import Journal
from recorder import edited
from recorder.derived import FORMATS, Derived, Extras, wants_captions
from recorder.finishing import Finishing
from recorder.recording import Recorder
from recorder.sounds import RemoteSound
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
        edits: RecordingEdits,
        chapters: RecordingChapters,
    ) -> None:
        self._recorder = recorder
        self._finishing = finishing
        self._registry = registry
        self._journal = journal
        self._exports = exports
        self._edits = edits
        self._chapters = chapters
        self._derived = Derived()

    async def file(self, recording: Recording, format: str, *, whole: bool = False) -> Path:
        """Give a finished recording's file; another format than Ogg is made if it is not there.

        What was cut is not in it; the ``whole`` is for hosts. Raises `Invalid` for an unknown
        format, `Conflict` while the file without the cuts is being made, and `StorageFailed`.
        """
        if not whole:
            recording = await self._edits.served(recording)
        if recording.phase is not RecordingPhase.FINISHED:
            raise Conflict("the recording is still being made: try again in a moment")
        if format == "ogg" and edited.is_edited(recording):
            return self._recorder.folder(recording.id) / recording.media
        if format == "ogg":
            return await asyncio.to_thread(self._recorder.media_path, recording.id)
        recording = await self._measured(recording)
        folder = self._recorder.folder(recording.id)
        extras = await self._extras(recording, whole=whole)
        path = self._derived.path(folder, recording, format, extras)
        if await asyncio.to_thread(path.exists):  # a player asks for each part of it
            return path
        if wants_captions(format):
            wanted = self._edits.wanted(recording, "srt", whole=whole)
            captions = await self._exports.file(wanted)
            extras = replace(extras, captions=captions.decode("utf-8"))
        if not edited.is_edited(recording):  # it may have to be fetched
            await asyncio.to_thread(self._recorder.media_path, recording.id)
        return await self._derived.make(folder, recording, format, extras)

    async def made(self, recording: Recording, *, whole: bool = False) -> list[str]:
        """Name the formats in which a finished recording can be had at once."""
        if not whole:
            recording = await self._edits.served(recording)
        if recording.loudness is None:
            return ["ogg"]
        folder = self._recorder.folder(recording.id)
        extras = await self._extras(recording, whole=whole)
        others = [format for format in FORMATS if format != "ogg"]
        paths = [self._derived.path(folder, recording, format, extras) for format in others]
        there = await asyncio.to_thread(lambda: [path.exists() for path in paths])
        return ["ogg", *compress(others, there)]

    async def found(
        self, recording: Recording, format: str, *, whole: bool = False
    ) -> Path | RemoteSound:
        """Give what `file` does, but leave a sound that is in the store alone where it is."""
        served = recording if whole else await self._edits.served(recording)
        is_whole = served.phase is RecordingPhase.FINISHED and not edited.is_edited(served)
        if format == "ogg" and is_whole:
            remote = await asyncio.to_thread(self._recorder.remote_sound, recording.id)
            if remote is not None:
                return remote
        return await self.file(recording, format, whole=whole)

    async def drop(self, recording: Recording) -> None:
        """Remove what was made of a recording. Raises `StorageFailed`."""
        await self._derived.drop(self._recorder.folder(recording.id))

    async def close(self) -> None:
        """Give up what is being made."""
        await self._derived.close()

    async def _measured(self, recording: Recording) -> Recording:
        """Wait until it is known how loud a recording is."""
        if recording.loudness is not None:
            return recording
        self._finishing.want(recording.id)
        await self._finishing.done(recording.id)
        now = await asyncio.to_thread(self._recorder.recording, recording.id)
        if edited.is_edited(recording):
            now = await self._edits.served(now)
        if now.loudness is None or now.sha256 != recording.sha256:
            raise StorageFailed("the recording could not be measured yet: try again later")
        return now

    async def _extras(self, recording: Recording, *, whole: bool) -> Extras:
        """Give all but the captions, which take a while for a long room."""
        try:
            room = (await self._registry.room(recording.room_id)).title
        except NotFound:
            room = recording.title
        chapters = await self._chapters.of(recording, whole=whole)
        said = str(await self._journal.latest(recording.room_id))
        cut = "" if whole else mark(self._edits.view(recording))
        return Extras(room=room, chapters=chapters.items, captions_mark=f"{said}{cut}")
