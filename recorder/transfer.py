"""Moving one recording to the store and out of it: each step can be ended anywhere and done again.

Nothing is removed here before the store has given it back whole. The manifest goes last, so what
the store has a manifest of, it has all of. `recorder.uploads` decides what is moved when.
"""

import hashlib
import mimetypes
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from os import fstat, stat_result
from pathlib import Path

from models.errors import Conflict, NotFound, StorageFailed, StoreUnavailable
from models.recording import Recording
from recorder import copies, derived, forgotten
from recorder.copies import Copies, Copy
from recorder.manifest import MANIFEST
from recorder.object_store import PIECE_BYTES, Given, ObjectStore, Stored, content_sha256
from recorder.sounds import FETCHING, key_of, sounds_of
from recorder.writer import SEGMENTS

Tell = Callable[[float], None]
GivenUp = Callable[[], bool]

_STAY = (copies.FILE, derived.FOLDER, SEGMENTS)
_HALF_MADE = (".part", FETCHING)
_TYPES = {".ogg": "audio/ogg", ".json": "application/json"}


class Stopped(Exception):
    """The upload was given up, because the server ends or the recording is deleted."""


def files_of(folder: Path) -> Mapping[str, stat_result]:
    """The files that are copied, by their names in ``folder``; those being made are not there."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if name.split("/", 1)[0] in _STAY or path.name.endswith(_HALF_MADE):
            continue
        with suppress(FileNotFoundError):
            if path.is_file():
                found[name] = path.stat()
    return found


def _changed(known: Copies, local: Mapping[str, stat_result]) -> list[str]:
    def is_new(name: str) -> bool:
        copy = known.files.get(name)
        stat = local[name]
        return copy is None or (copy.size, copy.mtime_ns) != (stat.st_size, stat.st_mtime_ns)

    return [name for name in local if is_new(name)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """One recording's way to ``store``; ``folder`` holds it and it is finished. Blocks."""

    store: ObjectStore
    folder: Path
    recording: Recording

    def is_done(self) -> bool:
        """Whether the store has all that is here, as far as times and sizes tell."""
        known, local = copies.load(self.folder), files_of(self.folder)
        gone = known.files.keys() - local.keys() - self._sounds.keys()
        missing = self._sounds.keys() - known.files.keys() - local.keys()
        is_known = known.store == self.store.name and not missing
        return is_known and not (gone or _changed(known, local))

    def upload(self, tell: Tell = lambda _: None, given_up: GivenUp = lambda: False) -> None:
        """Copy what the store lacks, read it back, and note it; then drop what is gone here.

        Raises `Stopped`, `StorageFailed`, `Conflict` when the store has another recording of the
        same name, and OSError. What was noted until then stays so.
        """
        known, local = self.known(), files_of(self.folder)
        for name in self._sounds.keys() - local.keys() - known.files.keys():
            known = known.having(name, self._found_again(name))
        names = sorted(_changed(known, local), key=self._turn)
        counter = _Counter(2 * sum(local[name].st_size for name in names), tell, given_up)
        for name in names:
            if (copy := self._copied(name, known, counter)) is not None:
                known = known.having(name, copy)
                copies.save(self.folder, known)
        gone = [name for name in known.files if name not in local and not self._is_sound(name)]
        self.store.delete([key_of(self.recording.id, name) for name in gone])
        for name in gone:
            known = known.without(name)
        if gone:
            copies.save(self.folder, known)

    def has_sound(self) -> bool:
        """Whether any of the sound is here."""
        return any((self.folder / name).exists() for name in self._sounds)

    def release(self) -> bool:
        """Remove the sound here, if the store still has what it gave back. Raises as `upload`."""
        known = self.known()
        if MANIFEST not in known.files:
            return False
        return all(self._let_go(name, known) for name in self._sounds)

    def _let_go(self, name: str, known: Copies) -> bool:
        if not (self.folder / name).exists():
            return True
        copy = known.files.get(name)
        if copy is None or copy.sha256 != self._sounds[name]:
            return False
        found = self.store.find(key_of(self.recording.id, name))
        if found is None or (found.size, found.tag) != (copy.size, copy.tag):
            # Somebody took it away, or put something else there: it is to be copied again.
            copies.save(self.folder, self.known().without(name))
            return False
        (self.folder / name).unlink(missing_ok=True)
        return True

    def known(self) -> Copies:
        """What this store is known to have."""
        known = copies.load(self.folder)
        return known if known.store == self.store.name else Copies(store=self.store.name)

    def _turn(self, name: str) -> tuple[bool, bool, str]:
        """The sound goes first, the manifest last."""
        return (name == MANIFEST, not self._is_sound(name), name)

    @property
    def _sounds(self) -> Mapping[str, str]:
        return sounds_of(self.recording)

    def _is_sound(self, name: str) -> bool:
        return name in self._sounds

    def _copied(self, name: str, known: Copies, counter: "_Counter") -> Copy | None:
        """Have a file in the store; None when it is gone by now."""
        try:
            size, mtime_ns, sha256 = self._content(name)
        except FileNotFoundError:
            return None
        before = known.files.get(name)
        if before is not None and before.sha256 == sha256:
            counter.add(2 * size)
            return replace(before, mtime_ns=mtime_ns)
        if self._sounds.get(name, sha256) != sha256:
            raise StorageFailed("the sound on this disk is not what was recorded")
        key = key_of(self.recording.id, name)
        stored = self._adopted(key, sha256) if self._is_sound(name) else None
        if stored is None:
            stored = self._put(name, key, size, counter)
            if content_sha256(self.store, stored, counter.add) != sha256:
                raise StorageFailed(f"{self.store.name} did not give back what it was given")
        return Copy(size=size, sha256=sha256, tag=stored.tag, mtime_ns=mtime_ns)

    def _found_again(self, name: str) -> Copy:
        """A sound in the store when it is not here, and it was not known where it is."""
        sha256 = self._sounds[name]
        stored = self._adopted(key_of(self.recording.id, name), sha256)
        if stored is None:
            before = copies.load(self.folder).store
            where = f"in {before} alone" if before else "missing"
            raise StorageFailed(f"its sound is {where}, and not in {self.store.name}")
        return Copy(size=stored.size, sha256=sha256, tag=stored.tag, mtime_ns=0)

    def _adopted(self, key: str, sha256: str) -> Stored | None:
        """What an earlier try has brought to the store without having noted it."""
        stored = self.store.find(key)
        if stored is not None and content_sha256(self.store, stored) != sha256:
            raise Conflict(
                f"{self.store.name} holds another recording of this name: set another prefix"
            )
        return stored

    def _put(self, name: str, key: str, size: int, counter: "_Counter") -> Stored:
        suffix = Path(name).suffix
        media_type = _TYPES.get(suffix) or mimetypes.guess_type(name)[0]
        given = Given(
            size=size,
            media_type=media_type or "application/octet-stream",
            filename=Path(name).name,
        )
        self.store.put(key, _read(self.folder / name, counter.add), given)
        stored = self.store.find(key)
        if stored is None:
            raise StorageFailed(f"{self.store.name} has not kept what it was given")
        return stored

    def _content(self, name: str) -> tuple[int, int, str]:
        """A file's size, time and hash; files are replaced whole, so they are of one moment."""
        with (self.folder / name).open("rb") as file:
            stat = fstat(file.fileno())
            return stat.st_size, stat.st_mtime_ns, hashlib.file_digest(file, "sha256").hexdigest()


class _Counter:
    """Counts bytes, tells of their share, and stops when the upload is given up."""

    def __init__(self, total: int, tell: Tell, given_up: GivenUp) -> None:
        self._total = max(1, total)
        self._tell = tell
        self._given_up = given_up
        self._done = 0

    def add(self, count: int) -> None:
        if self._given_up():
            raise Stopped
        self._done += count
        self._tell(min(1.0, self._done / self._total))


def _read(path: Path, tell: Callable[[int], None]) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE_BYTES):
            tell(len(piece))
            yield piece


def remove(store: ObjectStore, root: Path, recording_id: str) -> None:
    """Delete all that the store has of a deleted recording, and only then forget about it.

    Raises OSError and `StoreUnavailable`.
    """
    for _ in range(2):
        left = store.list(recording_id)
        with suppress(NotFound):
            store.delete([stored.key for stored in left])
    if store.list(recording_id):
        raise StoreUnavailable(f"{store.name} keeps what it was told to delete")
    forgotten.is_gone(root, recording_id, store.name)
