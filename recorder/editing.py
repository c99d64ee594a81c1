"""A recording's cuts as they are kept beside its manifest, with the ones before them.

Every state that the cuts were in is kept, so that each change can be undone and done again, also
after a restart.
"""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from models.edit import Cut, EditList
from models.errors import Conflict, StorageFailed
from recorder import manifest

FILE = "edits.json"
MOST_STATES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Edits:
    """The states of a recording's cuts, of which the one at ``at`` counts.

    ``rev`` grows with each change, undoing included.
    """

    states: tuple[EditList, ...] = (EditList(),)
    at: int = 0
    rev: int = 0

    @property
    def now(self) -> EditList:
        """The cuts that count."""
        return self.states[self.at]

    @property
    def can_undo(self) -> bool:
        """Whether there is a state before."""
        return self.at > 0

    @property
    def can_redo(self) -> bool:
        """Whether there is a state after."""
        return self.at + 1 < len(self.states)

    def changed(self, edit: EditList) -> Self:
        """Go on with other cuts; what was undone can no longer be done again."""
        if edit == self.now:
            return self
        states = (*self.states[: self.at + 1], edit)[-MOST_STATES:]
        return replace(self, states=states, at=len(states) - 1, rev=self.rev + 1)

    def moved(self, step: int) -> Self:
        """Undo (-1) or do again (1). Raises `Conflict` when there is nothing to."""
        at = self.at + step
        if not 0 <= at < len(self.states):
            raise Conflict("There is nothing to undo." if step < 0 else "There is nothing to redo.")
        return replace(self, at=at, rev=self.rev + 1)


def load(folder: Path) -> Edits:
    """Read the edits in ``folder``, none when there are none. Raises `StorageFailed`."""
    try:
        data = json.loads((folder / FILE).read_text(encoding="utf-8"))
        states = tuple(
            EditList(tuple(Cut(start=int(start), end=int(end)) for start, end in state))
            for state in data["states"]
        )
        edits = Edits(states=states, at=int(data["at"]), rev=int(data["rev"]))
        edits.now  # noqa: B018 - one that is not there makes the file unreadable
        return edits
    except FileNotFoundError:
        return Edits()
    except (OSError, ValueError, TypeError, KeyError, IndexError) as error:
        raise StorageFailed("the recording's cuts cannot be read") from error


def save(folder: Path, edits: Edits) -> None:
    """Replace the edits in ``folder`` whole or not at all. Raises `StorageFailed`."""
    states = [[[cut.start, cut.end] for cut in state.cuts] for state in edits.states]
    text = json.dumps({"version": 1, "rev": edits.rev, "at": edits.at, "states": states})
    try:
        manifest.replace_file(folder / FILE, text.encode())
    except OSError as error:
        raise StorageFailed(f"the cuts cannot be kept: {error.strerror}") from error
