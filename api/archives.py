"""All of a recording as one zip: sound, words, and a manifest of what is in it and what not."""

import asyncio
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from api.chapters import RecordingChapters
from api.downloads import Downloads
from api.edits import RecordingEdits
from api.exporting import Exports
from api.withholding import Withholding
from models.audio import seconds
from models.edit import EditList
from models.errors import RoomscribeError, StorageFailed
from models.recording import Recording
from models.room import User
from recorder import peaks
from recorder.archive import Packed, Packing, packed
from recorder.chapters import webvtt
from recorder.derived import FORMATS
from recorder.recording import Recorder
from transcripts import exports
from transcripts.journal import SqlJournal

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Who wants what: formats of sound, None for those that are there; ``whole`` with the cuts."""

    user: User | None
    formats: Sequence[str] | None = None
    whole: bool = False


@dataclass(slots=True)
class _Collected:
    files: list[Packing] = field(default_factory=list)
    missing: list[dict[str, str]] = field(default_factory=list)

    def lacks(self, what: str, why: str) -> None:
        self.missing.append({"what": what, "why": why})


class Archives:
    """Brings together what goes into a zip. What is made for it is made once, as for downloads."""

    def __init__(
        self,
        *,
        recorder: Recorder,
        downloads: Downloads,
        chapters: RecordingChapters,
        edits: RecordingEdits,
        exports: Exports,
        journal: SqlJournal,
        withholding: Withholding,
    ) -> None:
        self._recorder = recorder
        self._downloads = downloads
        self._chapters = chapters
        self._edits = edits
        self._exports = exports
        self._journal = journal
        self._withholding = withholding

    async def of(self, recording: Recording, wish: Wish) -> Iterator[bytes]:
        """Give the zip of a finished recording in pieces, each of which may wait for the disk.

        What cannot be had is said in the manifest. Raises `Conflict` and `StorageFailed` when that
        is the Ogg file.
        """
        collected = _Collected()
        await self._add_sound(collected, recording, wish)
        await self._add_words(collected, recording, wish)
        await self._add_chapters(collected, recording, wish)
        await self._add_outline(collected, recording, wish)
        if not wish.whole and self._edits.edit_of(recording).cuts:
            collected.lacks("what hosts have cut", "is not for others")
        if recording.tracks:
            collected.lacks("tracks of single speakers", "hosts download them one by one")

        def manifest(files: Sequence[Packed]) -> bytes:
            return _manifest(recording, files, collected.missing)

        root = recording.id
        files = [replace(file, name=f"{root}/{file.name}") for file in collected.files]
        last = (f"{root}/{MANIFEST}", manifest)
        try:
            return await asyncio.to_thread(packed, files, last, recording.started_at)
        except OSError as error:
            raise StorageFailed(f"the recording cannot be read: {error.strerror}") from error

    async def _add_sound(self, collected: _Collected, recording: Recording, wish: Wish) -> None:
        made = await self._downloads.made(recording, whole=wish.whole)
        wanted = made if wish.formats is None else wish.formats
        for format in FORMATS:
            what = f"sound as {format}"
            if format not in wanted:
                collected.lacks(what, "was not asked for" if wish.formats else "is not made yet")
                continue
            try:
                path = await self._downloads.file(recording, format, whole=wish.whole)
            except RoomscribeError as error:
                if format == "ogg":
                    raise
                collected.lacks(what, str(error))
            else:
                collected.files.append(Packing(name=f"{recording.id}.{format}", content=path))

    async def _add_words(self, collected: _Collected, recording: Recording, wish: Wish) -> None:
        withheld = await self._withholding.spans(wish.user, recording.room_id)
        tracks = await self._journal.tracks(recording.room_id, recording.instance)
        for track in ("", *tracks):
            for format in exports.FORMATS:
                wanted = self._edits.wanted(recording, format, whole=wish.whole)
                wanted = replace(wanted, track=track, within=None, withheld=withheld)
                wanted = await self._chapters.headings(recording, wanted, whole=wish.whole)
                file = await self._exports.file(wanted)
                name = ".".join(filter(None, ("transcript", track, format)))
                collected.files.append(Packing(name=name, content=file))

    async def _add_chapters(self, collected: _Collected, recording: Recording, wish: Wish) -> None:
        found = (await self._chapters.of(recording, whole=wish.whole)).items
        if not found:
            collected.lacks("chapters", "there are none")
            return
        items = _json({"items": [asdict(chapter) for chapter in found]})
        text = webvtt(found, seconds(recording.samples)).encode("utf-8", "replace")
        collected.files.append(Packing(name="chapters.json", content=items))
        collected.files.append(Packing(name="chapters.vtt", content=text))

    async def _add_outline(self, collected: _Collected, recording: Recording, wish: Wish) -> None:
        folder = self._recorder.folder(recording.id)
        edit = EditList() if wish.whole else self._edits.edit_of(recording)
        try:
            found = await asyncio.to_thread(peaks.load, folder)
        except StorageFailed:
            found = None
        if found is None:
            collected.lacks("outline of the sound", "is not measured yet")
            return
        outline = found.without(edit).fewer(peaks.MAX_POINTS)
        collected.files.append(Packing(name="peaks.json", content=_json(outline.as_json())))


def _manifest(
    recording: Recording, files: Sequence[Packed], missing: Sequence[dict[str, str]]
) -> bytes:
    """Say what is in a zip, what is not, and where the sound is silent because it was not kept."""
    root = f"{recording.id}/"
    return _json(
        {
            "version": 1,
            "id": recording.id,
            "title": recording.title,
            "started_at": recording.started_at.isoformat(),
            "duration_s": round(seconds(recording.samples), 3),
            "packed_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "files": [
                {"name": one.name.removeprefix(root), "bytes": one.size, "sha256": one.sha256}
                for one in files
            ],
            "missing": list(missing),
            "silent": [
                {
                    "start_s": round(seconds(loss.first_sample), 3),
                    "duration_s": round(seconds(loss.samples), 3),
                    "reason": loss.reason,
                }
                for loss in recording.losses
            ],
        }
    )


def _json(values: Any) -> bytes:
    return (json.dumps(values, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")
