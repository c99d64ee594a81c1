"""What hosts decided about a recording, in a file beside its manifest.

The manifest is written by who records and by the job that finishes; this file is not theirs.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from models.errors import StorageFailed
from recorder.manifest import replace_file

FILE = "choices.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """The decisions; ``title`` is empty for the one that the room had.

    What is not ``published`` is for the hosts of its room alone.
    """

    title: str = ""
    published: bool = True


def load(folder: Path) -> Choices:
    """Read what was decided about the recording in ``folder``. Raises `StorageFailed`."""
    try:
        return Choices(**json.loads((folder / FILE).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return Choices()
    except (OSError, ValueError, TypeError) as error:
        raise StorageFailed(
            f"what was decided about recording {folder.name} cannot be read"
        ) from error


def save(folder: Path, choices: Choices) -> None:
    """Keep decisions, whole or not at all. Raises `StorageFailed`."""
    try:
        replace_file(folder / FILE, json.dumps(asdict(choices), indent=1).encode())
    except OSError as error:
        raise StorageFailed(f"the recording cannot be changed: {error.strerror}") from error
