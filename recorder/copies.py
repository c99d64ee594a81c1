"""What of a recording is in the store, as far as that was verified; a file beside its manifest.

It spares asking the store. When it is lost, the store is asked and everything read back again.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from recorder import manifest

FILE = "stored.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A file that was read back from the store whole: its content, and the store's tag for it.

    ``mtime_ns`` is of the local file that it was made from.
    """

    size: int
    sha256: str
    tag: str
    mtime_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Copies:
    """A recording's copies in ``store``, by the file's name in the recording's folder."""

    store: str = ""
    files: Mapping[str, Copy] = field(default_factory=dict)

    def having(self, name: str, copy: Copy) -> "Copies":
        """These and one more."""
        return replace(self, files={**self.files, name: copy})

    def without(self, name: str) -> "Copies":
        """These but one."""
        files = {other: copy for other, copy in self.files.items() if other != name}
        return replace(self, files=files)


def load(folder: Path) -> Copies:
    """Read what is known of the recording in ``folder``; nothing when that cannot be read."""
    try:
        data = json.loads((folder / FILE).read_text(encoding="utf-8"))
        files = {name: Copy(**copy) for name, copy in data["files"].items()}
        return Copies(store=str(data["store"]), files=files)
    except (OSError, ValueError, TypeError, AttributeError, KeyError):
        return Copies()


def save(folder: Path, copies: Copies) -> None:
    """Keep what is known, whole or not at all. Raises OSError."""
    data = {"version": 1, "store": copies.store}
    data["files"] = {name: asdict(copy) for name, copy in copies.files.items()}
    manifest.replace_file(folder / FILE, json.dumps(data, indent=1).encode())
