"""What hosts decided about a recording, in a file beside its manifest.

The manifest is written by who records and by the job that finishes; this file is not theirs.
"""

import json
import logging
import threading
from collections.abc import Callable, Container
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from models.errors import Conflict, NotFound, StorageFailed
from models.recording import Recording
from recorder import manifest

log = logging.getLogger(__name__)

FILE = "choices.json"


class Doom(StrEnum):
    """What of a recording is being deleted."""

    ALL = "all"
    SOUND = "sound"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """The decisions; ``title`` is empty for the one that the room had.

    What is not ``published`` is for the hosts of its room alone. What is ``kept`` is so for as long
    as the site allows, whatever its room wants. One with a ``doom`` is in no list.
    """

    title: str = ""
    published: bool = True
    kept: bool = False
    doom: Doom | None = None


def load(folder: Path) -> Choices:
    """Read what was decided about the recording in ``folder``. Raises `StorageFailed`."""
    try:
        data = json.loads((folder / FILE).read_text(encoding="utf-8"))
        data["doom"] = Doom(data["doom"]) if data.get("doom") else None
        return Choices(**data)
    except FileNotFoundError:
        return Choices()
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise StorageFailed(
            f"what was decided about recording {folder.name} cannot be read"
        ) from error


def save(folder: Path, choices: Choices) -> None:
    """Keep decisions, whole or not at all. Raises `StorageFailed`."""
    try:
        manifest.replace_file(folder / FILE, json.dumps(asdict(choices), indent=1).encode())
    except OSError as error:
        raise StorageFailed(f"the recording cannot be changed: {error.strerror}") from error


class Decisions:
    """What hosts decide about the recordings in ``root``; ``running`` ones are left alone."""

    def __init__(self, root: Path, folder: Callable[[str], Path], running: Container[str]) -> None:
        self._root = root
        self._folder = folder
        self._running = running
        self._choosing = threading.Lock()

    def of(self, recording_id: str) -> Choices:
        """What was decided about a recording. Raises `NotFound` or `StorageFailed`."""
        return load(self._folder(recording_id))

    def choose(self, recording_id: str, **changes: Any) -> Choices:
        """Decide about a recording; the changes are fields of `Choices`, the others stay.

        Raises `NotFound`, `Conflict` while it runs, and `StorageFailed`.
        """
        if recording_id in self._running:
            raise Conflict("the recording is still running: change it when it has ended")
        folder = self._folder(recording_id)
        if not folder.is_dir():
            raise NotFound(f"there is no recording {recording_id}")
        with self._choosing:
            chosen = replace(load(folder), **changes)
            save(folder, chosen)
        return chosen

    def doomed(self) -> list[tuple[Recording, Doom]]:
        """The recordings that are being deleted."""
        found = []
        for path in sorted(self._root.glob(f"*/{FILE}")):
            try:
                doom = load(path.parent).doom
                recording = manifest.load(path.parent) if doom else None
            except StorageFailed as error:
                log.warning("%s", error)
                continue
            if doom and recording:
                found.append((recording, doom))
        return found
