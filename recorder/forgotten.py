"""Recordings that were deleted here and are still to be deleted from the store.

One file each, named by the recording, with a store's name a line. It is there before the local
files go and until the store has nothing left, so that no crash and no outage keeps a copy alive.
"""

from collections.abc import Mapping, Set
from pathlib import Path

from recorder import manifest

FOLDER = ".forgotten"


def note(root: Path, recording_id: str, stores: Set[str]) -> None:
    """Have a recording deleted from ``stores``. Raises OSError."""
    folder = root / FOLDER
    if not folder.is_dir():
        folder.mkdir()
        manifest.sync_folder(root)
    manifest.replace_file(folder / recording_id, "\n".join(sorted(stores)).encode())


def all_of(root: Path) -> Mapping[str, Set[str]]:
    """The recordings that are to be deleted, each with its stores' names. Raises OSError."""
    folder = root / FOLDER
    if not folder.is_dir():
        return {}
    notes = sorted(path for path in folder.iterdir() if path.suffix != ".part")
    return {path.name: set(path.read_text(encoding="utf-8").split("\n")) for path in notes}


def is_noted(root: Path, recording_id: str) -> bool:
    """Whether a recording of that name is still to be deleted."""
    return (root / FOLDER / recording_id).exists()


def is_gone(root: Path, recording_id: str, store: str) -> None:
    """A store has nothing left of it. Raises OSError."""
    others = all_of(root).get(recording_id, set()) - {store}
    if others:
        note(root, recording_id, others)
    else:
        clear(root, recording_id)


def clear(root: Path, recording_id: str) -> None:
    """Have nothing of it deleted any more. Raises OSError."""
    path = root / FOLDER / recording_id
    if path.exists():
        path.unlink()
        manifest.sync_folder(root / FOLDER)
