"""The recorder: one task a room while it lives, and every recording that is on disk."""

import asyncio
import logging
import re
import shutil
import time
from collections.abc import AsyncIterable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from models.audio import Frame
from models.errors import Conflict, NotFound, StorageFailed
from models.recording import Recording, RecordingPhase, Span
from models.room import Room
from pipeline.tap import TapItem
from recorder import choices, copies, forgotten, imported, manifest, naming
from recorder.choices import Decisions
from recorder.finalise import Tell, finalise, rebuild, tidy
from recorder.object_store import ObjectStore
from recorder.room_left import RoomLeft
from recorder.segments import Create, create_file
from recorder.sounds import RemoteSound, Sounds
from recorder.writer import SEGMENTS, SegmentWriter

log = logging.getLogger(__name__)

_DELETED = ".deleted-"
_SAFE_ID = re.compile(r"[A-Za-z0-9_-]+")
_SOUND_BEHIND_S = 6.0  # what may wait for a disk when a crash comes
_LOOK_EVERY_S = 10.0  # at the disk's free space

OnState = Callable[[str, bool], None]


class Recorder:
    """Keeps recordings in ``root``, one folder each: manifest, segments, and the joined file.

    With a ``store``, joined files may be there instead (`recorder.uploads` moves them).
    `record` runs in the event loop and does its file work in a thread of its own; every other
    method reads or writes files where it is called.
    """

    def __init__(
        self,
        root: Path,
        *,
        store: ObjectStore | None = None,
        segment_s: float = 4.0,
        create: Create = create_file,
        free: Callable[[Path], int] = lambda path: shutil.disk_usage(path).free,
    ) -> None:
        self._root = root
        self._store = store
        self.sounds = Sounds(root, store)
        self._segment_s = segment_s
        self._create = create
        self._free = free
        self._writers: dict[str, SegmentWriter] = {}
        self._look_at = 0.0
        self._warned = ""
        self.decisions = Decisions(root, self._folder, self._writers)

    async def record(
        self,
        room: Room,
        tap: AsyncIterable[TapItem],
        *,
        pre_skip: int,
        on_state: OnState | None = None,
        join: bool = True,
        tracks: bool = False,
    ) -> Recording:
        """Record ``tap`` until it ends and return the finished recording.

        Without ``join`` it is returned in phase ``recording`` and left to `finish`. With ``tracks``
        what each speaker sends is kept as a file of its own, too.

        ``pre_skip`` is the delay of the tap's Opus encoder in 48 kHz samples. ``on_state`` is told
        one line when the disk fails ("disk full: …") or will soon be full, which the second value
        says, and "" when it is well again; the recording goes on through either. When even joining
        fails, the recording is returned in phase ``recording`` and `recover` can join it later.
        Never raises for a disk. Cancelled, it makes durable what it has and leaves the rest to
        `recover`.
        """
        writer = self._begin(room, pre_skip, tracks)
        loop = asyncio.get_running_loop()
        tell = _OnChange(on_state)
        disk = ThreadPoolExecutor(1, thread_name_prefix="recorder")
        try:
            async for item in tap:
                # While the disk works, frames wait in the tap, which is bounded.
                if isinstance(item, Frame) and writer.add(item):
                    await loop.run_in_executor(disk, writer.flush)
                    warning = await loop.run_in_executor(disk, self._warning)
                    tell(writer.trouble or warning, not writer.trouble)
            recording = await loop.run_in_executor(disk, self._finish, writer, join)
            tell(writer.trouble, False)
            return recording
        finally:
            ended = loop.run_in_executor(disk, self._end, writer)
            disk.shutdown(wait=False)
            await asyncio.shield(ended)

    def recover(self) -> list[Recording]:
        """Finish every recording that a crash or a full disk left; call it at start.

        What cannot be finished now is logged and stays as it is for the next time.
        """
        finished = []
        self._delete_the_rest()
        for folder in self._folders():
            try:
                recording = self._recover(folder)
            except OSError as error:
                log.warning("recording %s was not recovered: %s", folder.name, error.strerror)
                continue
            if recording is not None:
                finished.append(recording)
        return finished

    def describe(self, room: Room) -> Recording:
        """A new recording of a room, before there is any of it."""
        return Recording(
            id=self._new_id(room),
            room_id=room.id,
            instance=room.instance,
            title=room.title,
            started_at=room.started_at or datetime.now(UTC),
            phase=RecordingPhase.RECORDING,
        )

    @property
    def root(self) -> Path:
        """The folder of all recordings."""
        return self._root

    def folder(self, recording_id: str) -> Path:
        """Where a recording and what is made of it are kept. Raises `NotFound`."""
        return self._folder(recording_id)

    def left(self) -> list[str]:
        """The ids of the recordings that do not run, as far as folders tell; for a start."""
        self._delete_the_rest()
        return self.at_rest()

    def at_rest(self) -> list[str]:
        """The ids of the recordings that do not run now, as far as folders tell."""
        return [folder.name for folder in self._folders()]

    def finish(self, recording_id: str, tell: Tell = lambda _: None) -> Recording | None:
        """Join a recording that does not run, unless it is joined already; None without sound.

        Raises OSError, after which everything is as it was.
        """
        folder = self._folder(recording_id)
        joined = self._recover(folder, tell)
        return joined or manifest.load(folder)

    def parts(self, room_id: str, instance: int) -> list[Recording]:
        """The recordings of an instance, the oldest first; only theirs are read."""
        found = []
        for name in naming.of_instance(self._root, room_id, instance):
            with suppress(NotFound, StorageFailed):  # what cannot be read is warned of elsewhere
                found.append(self.recording(name))
        of_it = [one for one in found if (one.room_id, one.instance) == (room_id, instance)]
        return sorted(of_it, key=lambda one: (one.started_at, one.id))

    def recordings(self, room_id: str | None = None) -> list[Recording]:
        """All recordings, or those of one room, from the oldest on."""
        found = {name: writer.recording for name, writer in list(self._writers.items())}
        for folder in self._folders():
            try:
                recording = _load(folder)
            except StorageFailed as error:
                log.warning("%s", error)
                continue
            if recording is not None:
                found[recording.id] = recording
        chosen = [r for r in found.values() if room_id is None or r.room_id == room_id]
        return sorted(chosen, key=lambda r: (r.started_at, r.id))

    def recording(self, recording_id: str) -> Recording:
        """One recording. Raises `NotFound` or `StorageFailed`."""
        writer = self._writers.get(recording_id)
        if writer is not None:
            return writer.recording
        recording = _load(self._folder(recording_id))
        if recording is None:
            raise NotFound(f"there is no recording {recording_id}")
        return recording

    def words_of(self, recording: Recording) -> Span:
        """Where in its instance the captions are that go with a recording.

        They go on for some seconds: a crash takes the end of the sound, and not the captions of it.
        """
        span = recording.span
        others = [one.span for one in self.recordings(recording.room_id)]
        later = [
            one.start_s
            for one in others
            if one.instance == span.instance and one.start_s > span.start_s
        ]
        end_s = span.end_s + self._segment_s + _SOUND_BEHIND_S
        return replace(span, end_s=max(span.end_s, min([end_s, *later])))

    def media_path(self, recording_id: str) -> Path:
        """The joined Ogg/Opus file, fetched first when it is in the store alone: for a thread.

        Raises `NotFound`, `Conflict` while it is being recorded, and `StorageFailed`.
        """
        recording = self._finished(recording_id)
        return self.sounds.path(recording, recording.media)

    def remote_sound(self, recording_id: str) -> RemoteSound | None:
        """The joined file in the store, None when it is on the disk. Raises as `media_path`."""
        return self.sounds.remote(self._finished(recording_id))

    def track_path(self, recording_id: str, track_id: str) -> Path:
        """A speaker's joined Ogg/Opus file, as `media_path` gives the mix: for a thread, too."""
        recording = self._finished(recording_id)
        for track in recording.tracks:
            if track.id == track_id:
                return self.sounds.path(recording, track.media)
        raise NotFound(f"recording {recording_id} has no track {track_id}")

    def delete(self, recording_id: str) -> None:
        """Remove a recording. Raises `NotFound`, `Conflict` while it runs, `StorageFailed`."""
        if recording_id in self._writers:
            raise Conflict("the recording is still running")
        folder = self._folder(recording_id)
        if not folder.is_dir():
            raise NotFound(f"there is no recording {recording_id}")
        try:
            shutil.rmtree(self._doomed(folder))
        except OSError as error:
            raise StorageFailed(f"the recording cannot be deleted: {error.strerror}") from error

    def _doomed(self, folder: Path) -> Path:
        """The folder under a name that the next start removes; the store's copy goes as surely."""
        stores = {copies.load(folder).store, self._store.name if self._store else ""} - {""}
        if stores:
            forgotten.note(self._root, folder.name, stores)
        try:
            # Renamed first, so that a crash cannot leave half a recording in the list.
            return folder.rename(folder.with_name(f"{_DELETED}{folder.name}"))
        except OSError:
            forgotten.clear(self._root, folder.name)
            raise

    def _delete_the_rest(self) -> None:
        """Remove what a crash in the middle of deleting has left."""
        doomed = [self._root / name for name in forgotten.all_of(self._root)]
        for folder in [*doomed, *self._root.glob(f"{_DELETED}*")]:
            shutil.rmtree(folder, ignore_errors=True)

    def _warning(self) -> str:
        """Say when all that runs will soon fill the disk; the disk is looked at now and then."""
        if time.monotonic() < self._look_at:
            return self._warned
        self._look_at = time.monotonic() + _LOOK_EVERY_S
        writers = list(self._writers.values())
        try:
            left = RoomLeft(
                free=self._free(self._root),
                recorded=sum(writer.written for writer in writers),
                per_s=sum(writer.bytes_per_s for writer in writers),
            )
        except OSError:
            return self._warned
        self._warned = left.warning()
        return self._warned

    def _begin(self, room: Room, pre_skip: int, tracks: bool) -> SegmentWriter:
        recording = self.describe(room)
        writer = SegmentWriter(
            self._root / recording.id,
            recording,
            pre_skip=pre_skip,
            segment_s=self._segment_s,
            create=self._create,
            tracks=tracks,
        )
        self._writers[recording.id] = writer
        return writer

    def _new_id(self, room: Room) -> str:
        return naming.new_id(room.id, room.instance, self._is_taken)

    def _is_taken(self, name: str) -> bool:
        taken = name in self._writers or (self._root / name).exists()
        return taken or forgotten.is_noted(self._root, name)

    def _finished(self, recording_id: str) -> Recording:
        recording = self.recording(recording_id)
        if recording.phase is not RecordingPhase.FINISHED:
            raise Conflict("the recording is not finished yet")
        return recording

    def _finish(self, writer: SegmentWriter, join: bool) -> Recording:
        """Close and join; runs in the worker thread."""
        writer.close()
        if not join:
            self._writers.pop(writer.recording.id, None)
            return writer.recording
        folder = self._root / writer.recording.id
        try:
            return _finalised(folder, writer.recording)
        except OSError as error:
            log.warning("recording %s was not joined: %s", folder.name, error.strerror)
            writer.trouble = f"the recording stays in pieces for now: {error.strerror}"
            return writer.recording
        finally:
            self._writers.pop(writer.recording.id, None)

    def _end(self, writer: SegmentWriter) -> None:
        """Keep what a cancelled recording has; after `_finish` there is nothing left to do."""
        writer.close()
        self._writers.pop(writer.recording.id, None)

    def _recover(self, folder: Path, tell: Tell = lambda _: None) -> Recording | None:
        if imported.waits(folder):
            return None  # its sound is not there yet
        try:
            recording = manifest.load(folder)
        except StorageFailed as error:
            log.warning("%s", error)
            recording = None
        if recording is not None and recording.phase is RecordingPhase.FINISHED:
            tidy(folder)
            return None
        recording = recording or rebuild(folder)
        if recording is None:
            _remove_if_empty(folder)
            return None
        recording = _finalised(folder, recording, tell)
        return recording if recording.media else None

    def _folders(self) -> list[Path]:
        """The folders of recordings that do not run."""
        if not self._root.is_dir():
            return []
        return [
            folder
            for folder in sorted(self._root.iterdir())
            if folder.name not in self._writers
            and _SAFE_ID.fullmatch(folder.name)
            and folder.is_dir()
        ]

    def _folder(self, recording_id: str) -> Path:
        if not _SAFE_ID.fullmatch(recording_id):
            raise NotFound("there is no such recording")
        return self._root / recording_id


class _OnChange:
    """Passes a state on when it is another one than before."""

    def __init__(self, on_state: OnState | None) -> None:
        self._on_state = on_state
        self._told = ""

    def __call__(self, state: str, low_disk: bool) -> None:
        if self._on_state is not None and state != self._told:
            self._on_state(state, low_disk and bool(state))
        self._told = state


def _load(folder: Path) -> Recording | None:
    """A recording as its hosts want it to be called; None when there is none, or none any more."""
    recording, chosen = manifest.load(folder), choices.load(folder)
    if recording is None or chosen.doom:
        return None
    return replace(recording, title=chosen.title or recording.title)


def _finalised(folder: Path, recording: Recording, tell: Tell = lambda _: None) -> Recording:
    if not folder.is_dir():
        return replace(recording, phase=RecordingPhase.FINISHED)
    finished = finalise(folder, recording, tell)
    if not finished.media:
        # Nothing was ever heard: there is no sound to keep.
        shutil.rmtree(folder)
    return finished


def _remove_if_empty(folder: Path) -> None:
    """Remove what a crash leaves before the first manifest is in place."""
    (folder / f"{manifest.MANIFEST}.part").unlink(missing_ok=True)
    for empty in (folder / SEGMENTS, folder):
        if empty.is_dir() and not any(empty.iterdir()):
            empty.rmdir()
