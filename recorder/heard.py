"""How far a recording was heard again after its room was over: kept beside its manifest.

That is for the captions of a file that was brought in, or for a second pass over those of a room.
Captions that came with a file wait here in the same way, as `GIVEN`, though nothing is heard for
them.
"""

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from models.errors import StorageFailed
from recorder import manifest

FILE, GIVEN = "heard.json", "given-captions"


class Purpose(StrEnum):
    """What a recording is heard again for."""

    CAPTIONS = "captions"
    GIVEN = "given"
    SECOND_PASS = "second-pass"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """``until_s`` in the room clock it is done; ``done`` says that all of it is.

    ``engine`` and ``model`` heard it. ``changed`` captions got another text by that, and ``added``
    ones fill gaps; ``at`` is when it ended, in ISO 8601.
    """

    purpose: Purpose
    until_s: float = 0.0
    done: bool = False
    engine: str = ""
    model: str = ""
    changed: int = 0
    added: int = 0
    at: str = ""


def load(folder: Path) -> Heard | None:
    """Read what is kept in ``folder``; None when there is nothing that can be read."""
    try:
        data = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return Heard(**{**data, "purpose": Purpose(data["purpose"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None  # what was done already is found done when it is done again


def save(folder: Path, heard: Heard) -> None:
    """Replace what is kept in ``folder`` whole or not at all. Raises `StorageFailed`."""
    try:
        manifest.replace_file(folder / FILE, json.dumps(asdict(heard)).encode())
    except OSError as error:
        raise StorageFailed(f"what was heard again cannot be kept: {error.strerror}") from error
