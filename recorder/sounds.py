"""Where recordings' sound is: on the disk, or in the store, from which it is fetched."""

import hashlib
import os
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from models.errors import NotFound, StorageFailed, StoreUnavailable
from models.recording import Recording
from recorder import copies, manifest
from recorder.object_store import ObjectStore, Stored, pieces

FETCHING = ".fetching"
"""The end of the name of what is being fetched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteSound:
    """A sound of ``size`` bytes that is in the store alone; reading it blocks."""

    store: ObjectStore
    key: str
    size: int

    def read(self, start: int, end: int) -> Iterator[bytes]:
        """The bytes from ``start`` to before ``end``, in pieces. Raises `StorageFailed`."""
        try:
            yield from pieces(self.store, self.key, start, end)
        except NotFound as error:
            raise StorageFailed(f"{self.store.name} has lost {self.key}") from error

    def link(self, lasts_s: int) -> str:
        """An address at the store at which anybody can read it for so long."""
        return self.store.link(self.key, lasts_s)


def key_of(recording_id: str, name: str) -> str:
    """Under which key a file of a recording is in the store."""
    return f"{recording_id}/{name}"


def sounds_of(recording: Recording) -> Mapping[str, str]:
    """A recording's joined files, the mix and each speaker's: names in its folder, and SHA-256."""
    tracks = {track.media: track.sha256 for track in recording.tracks if track.media}
    return {recording.media: recording.sha256, **tracks}


class Sounds:
    """Gives the sound of finished recordings in ``root``. Every method blocks."""

    def __init__(self, root: Path, store: ObjectStore | None) -> None:
        self._root = root
        self._store = store
        self._fetching: dict[str, threading.Lock] = defaultdict(threading.Lock)
        self._wanted: dict[str, float] = {}

    def path(self, recording: Recording, name: str) -> Path:
        """One of `sounds_of` on the disk, fetched to it first if it is in the store alone.

        Raises `StorageFailed`, of which `StoreUnavailable` is one.
        """
        self._wanted[recording.id] = time.monotonic()
        path = self._root / recording.id / name
        with self._fetching[recording.id]:
            if not path.exists():
                self._fetch(recording, name, path)
        return path

    def remote(self, recording: Recording) -> RemoteSound | None:
        """The mix in the store, None when it is on the disk. Raises `StorageFailed`."""
        folder = self._root / recording.id
        if (folder / recording.media).exists():
            return None
        store, stored = self._found(recording, recording.media)
        return RemoteSound(store=store, key=stored.key, size=stored.size)

    def unused_s(self, recording_id: str) -> float:
        """For how long nobody has asked for its file in this process."""
        return time.monotonic() - self._wanted.get(recording_id, float("-inf"))

    def _found(self, recording: Recording, name: str) -> tuple[ObjectStore, Stored]:
        known = copies.load(self._root / recording.id)
        if self._store is None or known.store not in ("", self._store.name):
            if known.store:
                raise StoreUnavailable(f"the sound is in {known.store}, which is not set up here")
            raise StorageFailed("the sound of this recording is missing")
        key = key_of(recording.id, name)
        copy = known.files.get(name)
        if copy is not None:
            return self._store, Stored(key=key, size=copy.size, tag=copy.tag)
        stored = self._store.find(key)
        if stored is None:
            raise StorageFailed("the sound of this recording is missing")
        return self._store, stored

    def _fetch(self, recording: Recording, name: str, path: Path) -> None:
        store, stored = self._found(recording, name)
        try:
            fetch(store, stored, path, sounds_of(recording)[name])
        except NotFound as error:
            raise StorageFailed(f"{store.name} has lost the sound of this recording") from error
        except OSError as error:
            raise StorageFailed(f"the sound cannot be fetched: {error.strerror}") from error


def fetch(store: ObjectStore, stored: Stored, path: Path, sha256: str) -> None:
    """Bring an object to ``path``, whole and as it was, or not at all.

    Raises OSError, `NotFound` and `StorageFailed`.
    """
    part = path.with_name(f"{path.name}{FETCHING}")
    digest = hashlib.sha256()
    try:
        with part.open("wb") as file:
            for piece in pieces(store, stored.key, 0, stored.size):
                digest.update(piece)
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        if digest.hexdigest() != sha256:
            raise StorageFailed(f"what {store.name} gave is not what was recorded")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    manifest.sync_folder(path.parent)
