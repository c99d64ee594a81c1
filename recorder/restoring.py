"""Recordings brought back from the store after the server's disk was lost.

What is brought are the small files, whole folders at a time; the sound stays in the store until it
is wanted, unless it is asked for. What is here already, or was deleted here, is left alone.
"""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from models.errors import NotFound, StorageFailed
from models.recording import Recording
from recorder import forgotten, manifest
from recorder.object_store import ObjectStore, Stored, pieces
from recorder.sounds import fetch, key_of, sounds_of

_RESTORING = ".restoring-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A recording that the store has all of; ``is_here`` when there is nothing to bring back."""

    recording: Recording
    files: Sequence[Stored]
    is_here: bool

    @property
    def bytes(self) -> int:
        """How much the store has of it."""
        return sum(stored.size for stored in self.files)


def held(store: ObjectStore, root: Path) -> Iterator[Held]:
    """Give what the store has, by name. Raises `StorageFailed`; other objects are passed over."""
    folders: dict[str, list[Stored]] = {}
    for stored in store.list(""):
        folder, _, name = stored.key.partition("/")
        if _is_plain(folder) and name and all(map(_is_plain, PurePosixPath(name).parts)):
            folders.setdefault(folder, []).append(stored)
    for folder, files in sorted(folders.items()):
        recording = _described(store, folder, files)
        if recording is not None:
            is_here = (root / folder).exists() or forgotten.is_noted(root, folder)
            yield Held(recording=recording, files=files, is_here=is_here)


def restore(store: ObjectStore, root: Path, found: Held, *, sound: bool) -> None:
    """Bring a recording back, whole or not at all. Raises OSError and `StorageFailed`."""
    recording = found.recording
    part, folder = root / f"{_RESTORING}{recording.id}", root / recording.id
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True, mode=0o700)
    sounds = sounds_of(recording)
    for stored in found.files:
        name = stored.key.partition("/")[2]
        path = part / name
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            if name not in sounds:
                manifest.replace_file(path, b"".join(pieces(store, stored.key, 0, stored.size)))
            elif sound:
                fetch(store, stored, path, sounds[name])
        except NotFound as error:
            raise StorageFailed(f"{store.name} has just lost {stored.key}") from error
    part.rename(folder)
    manifest.sync_folder(root)


def _described(store: ObjectStore, folder: str, files: Sequence[Stored]) -> Recording | None:
    """The recording in a folder; None when its manifest or its sound is not in the store."""
    sizes = {stored.key: stored.size for stored in files}
    key = key_of(folder, manifest.MANIFEST)
    if key not in sizes:
        return None
    try:
        text = b"".join(pieces(store, key, 0, sizes[key])).decode()
        recording = manifest.from_json(text)
    except (ValueError, NotFound):
        return None
    has_sound = all(key_of(folder, name) in sizes for name in sounds_of(recording))
    return recording if recording.id == folder and has_sound else None


def _is_plain(part: str) -> bool:
    """Whether a part of a key can be a file's name here."""
    return not part.startswith(".") and "\\" not in part and "\0" not in part
