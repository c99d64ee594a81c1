"""Moves finished recordings to the store in the background, and deletes there what was deleted.

What is to be done is on disk: folders whose files the store has not given back yet (`transfer`),
and notes of what was deleted (`forgotten`). So a start goes on where the last run ended, and while
the store is away everything stays here and waits.
"""

import asyncio
import logging
import random
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from pathlib import Path

from models.errors import NotFound, RoomscribeError, StoreUnavailable
from models.recording import RecordingPhase
from recorder import forgotten
from recorder.object_store import ObjectStore
from recorder.recording import Recorder
from recorder.sounds import sounds_of
from recorder.transfer import Stopped, Transfer, files_of, remove

log = logging.getLogger(__name__)

LOOK_EVERY_S = 15.0
RETRY_AT_FIRST_S, RETRY_AT_LAST_S = 5.0, 600.0
IN_USE_S = 3600.0
"""A file that was asked for is not removed for so long: it may be read several times over."""

_CLOSE_S = 5.0


class StorageState(StrEnum):
    """Where a recording is kept: on this server for good, or on its way to the store."""

    HERE = "here"
    WAITING = "waiting"
    UPLOADING = "uploading"
    STORED = "stored"


@dataclass(frozen=True, slots=True, kw_only=True)
class Storage:
    """How far a recording is: ``share`` of its upload is done, ``note`` says what is wrong."""

    state: StorageState
    share: float = 0.0
    note: str = ""


HERE = Storage(state=StorageState.HERE)
WAITING = Storage(state=StorageState.WAITING)
STORED = Storage(state=StorageState.STORED, share=1.0)

Seen = Mapping[str, tuple[int, int]]
"""Files by name, with their size and time: what was there when all was done."""


@dataclass(slots=True, kw_only=True)
class Counts:
    """What was done since the start."""

    uploads: int = 0
    failures: int = 0
    deletions: int = 0


class Uploads:
    """Looks for work again and again, in a thread of its own; lives from `start` to `close`.

    Recordings that are ``busy`` being finished wait. Their sound stays here for ``keep_s`` after it
    was made or fetched.
    """

    def __init__(
        self,
        recorder: Recorder,
        store: ObjectStore,
        *,
        busy: Callable[[str], bool] = lambda _: False,
        keep_s: float = 24 * 3600.0,
        look_every_s: float = LOOK_EVERY_S,
        retry_at_first_s: float = RETRY_AT_FIRST_S,
    ) -> None:
        self.counts = Counts()
        self.trouble = ""
        self._recorder = recorder
        self._store = store
        self._busy = busy
        self._keep_s = keep_s
        self._look_every_s = look_every_s
        self._retry_at_first_s = retry_at_first_s
        self._storages: dict[str, Storage] = {}
        self._settled: dict[str, Seen] = {}
        self._later: dict[str, _Later] = {}
        self._away = False
        self._stopping = threading.Event()
        self._awake = asyncio.Event()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="uploads")
        self._task: asyncio.Task[None] | None = None

    @property
    def store(self) -> ObjectStore:
        """Where recordings are moved to."""
        return self._store

    def start(self) -> None:
        """Begin to look for work."""
        self._task = asyncio.create_task(self._work())

    def wake(self) -> None:
        """Look now: something has changed."""
        self._awake.set()

    def storage(self, recording_id: str) -> Storage:
        """How far a recording is on its way."""
        found = self._storages.get(recording_id, WAITING)
        is_trying = found.state is StorageState.UPLOADING and self.trouble
        return replace(WAITING, note=self.trouble) if found == WAITING or is_trying else found

    def waiting(self) -> int:
        """How many recordings are not in the store yet."""
        return sum(one.state is not StorageState.STORED for one in list(self._storages.values()))

    def stored(self) -> int:
        """How many recordings are in the store."""
        return len(self._storages) - self.waiting()

    def deleting(self) -> int:
        """How many recordings are still to be deleted from the store."""
        return len(forgotten.all_of(self._recorder.root))

    async def close(self) -> None:
        """Stop at once; the next start goes on."""
        self._stopping.set()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _work(self) -> None:
        retry_s = self._retry_at_first_s
        while True:
            self._awake.clear()
            done = asyncio.get_running_loop().run_in_executor(self._thread, self._look)
            try:
                well = await asyncio.shield(done)
            except asyncio.CancelledError:
                await asyncio.wait([done], timeout=_CLOSE_S)
                raise
            except Exception:
                log.exception("looking for recordings to move has failed")
                well = False
            wait_s = self._look_every_s if well else retry_s * random.uniform(0.8, 1.2)
            retry_s = self._retry_at_first_s if well else min(2 * retry_s, RETRY_AT_LAST_S)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._awake.wait(), wait_s)

    def _look(self) -> bool:
        """Do all that is to be done; False when the store is away, or the disk is."""
        self._away = False
        try:
            self._reach(self._delete)
            at_rest = self._recorder.at_rest()
            for gone in self._storages.keys() - set(at_rest):
                self._storages.pop(gone)
                self._settled.pop(gone, None)
                self._later.pop(gone, None)
            for recording_id in at_rest:
                if self._stopping.is_set():
                    break
                self._reach(partial(self._keep, recording_id))
                self._reach(self._delete)
        except OSError as error:
            self._say(f"recordings cannot be moved to the store: {error.strerror or error}")
            return False
        if not self._away:
            self._say("")
        return not self._away

    def _reach(self, do: Callable[[], None]) -> None:
        """Do something; once the store was not reached, only look at what is here."""
        try:
            do()
        except StoreUnavailable as error:
            self._away = True
            self._say(f"kept on this server, waiting for the store: {error}")
            self.counts.failures += 1

    def _say(self, trouble: str) -> None:
        if trouble and trouble != self.trouble:
            log.warning("%s", trouble)
        self.trouble = trouble

    def _delete(self) -> None:
        for recording_id, stores in forgotten.all_of(self._recorder.root).items():
            if self._store.name in stores and not (self._away or self._stopping.is_set()):
                remove(self._store, self._recorder.root, recording_id)
                self.counts.deletions += 1

    def _keep(self, recording_id: str) -> None:
        """Have the store keep a recording, and let its sound go when that was so for a while.

        Raises `StoreUnavailable`. What is wrong with this recording alone is noted, and it is tried
        again later.
        """
        folder = self._recorder.folder(recording_id)
        later = self._later.get(recording_id)
        is_settled = self._settled.get(recording_id) == _seen(folder)
        if is_settled or (later and time.monotonic() < later.at):
            return
        try:
            if self._move(recording_id):
                self._settled[recording_id] = _seen(folder)
            self._later.pop(recording_id, None)
        except (Stopped, NotFound):
            self._storages.pop(recording_id, None)
        except StoreUnavailable:
            self._storages[recording_id] = WAITING
            raise
        except (RoomscribeError, OSError) as error:
            reason = str(error) if isinstance(error, RoomscribeError) else error.strerror
            note = f"kept on this server: {reason}"
            log.warning("recording %s: %s", recording_id, note)
            self.counts.failures += 1
            self._storages[recording_id] = replace(WAITING, note=note)
            self._later[recording_id] = _Later.after(later, self._retry_at_first_s)

    def _move(self, recording_id: str) -> bool:
        """Upload what is new; True when nothing is left to do, not even removing the sound."""
        recording = self._recorder.recording(recording_id)
        if recording.phase is not RecordingPhase.FINISHED or self._busy(recording_id):
            self._storages[recording_id] = WAITING
            return False
        folder = self._recorder.folder(recording_id)
        moving = Transfer(store=self._store, folder=folder, recording=recording)
        if not moving.is_done():
            if self._away:
                self._storages[recording_id] = WAITING
                return False
            self._upload(moving)
        self._storages[recording_id] = STORED
        return not moving.has_sound() or self._let_go(moving)

    def _let_go(self, moving: Transfer) -> bool:
        """Remove the sound here when it has been there for long, and nobody reads it."""
        newest = max(
            stat.st_mtime
            for name, stat in files_of(moving.folder).items()
            if name in sounds_of(moving.recording)
        )
        is_old = time.time() - newest >= self._keep_s
        is_unused = self._recorder.sounds.unused_s(moving.recording.id) >= IN_USE_S
        return is_old and is_unused and not self._away and moving.release()

    def _upload(self, moving: Transfer) -> None:
        recording_id = moving.recording.id

        def tell(share: float) -> None:
            self._storages[recording_id] = Storage(state=StorageState.UPLOADING, share=share)

        def given_up() -> bool:
            doomed = forgotten.is_noted(self._recorder.root, recording_id)
            return doomed or self._stopping.is_set()

        tell(0.0)
        moving.upload(tell, given_up)
        self._say("")
        self.counts.uploads += 1


def _seen(folder: Path) -> Seen:
    return {name: (stat.st_size, stat.st_mtime_ns) for name, stat in files_of(folder).items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Later:
    """When a recording that failed is tried again, in monotonic seconds."""

    at: float
    wait_s: float

    @classmethod
    def after(cls, before: "_Later | None", first_s: float) -> "_Later":
        wait_s = min(before.wait_s * 2, RETRY_AT_LAST_S) if before else first_s
        return cls(at=time.monotonic() + wait_s, wait_s=wait_s)
