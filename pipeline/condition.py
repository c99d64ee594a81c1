"""How the captions of one room are doing: what is known about it, and the `Status` readers see.

Pure. A disk that is full stands above an engine that is down, and both above an engine that is
slow, because that is the order in which readers lose captions. A person who captions by hand needs
no engine.
"""

import statistics
from collections import deque

from models.caption import Health, Rung, Status
from models.room import Speaker
from pipeline.ladder import NOTES

_RECENT = 9


class Condition:
    """Gathers delays, troubles and the rung of the overload ladder."""

    def __init__(self, *, behind_s: float) -> None:
        self._behind_s = behind_s
        self._delays: deque[float] = deque(maxlen=_RECENT)
        self._shown_s = 0.0
        self._engine = Health.OK
        self._engine_note = ""
        self._disk_note = ""
        self._rung = Rung.NORMAL
        self._captioner: Speaker | None = None

    @property
    def disk_is_full(self) -> bool:
        """Whether entries wait because they cannot be kept."""
        return bool(self._disk_note)

    def shown(self, until_s: float, *, now_s: float) -> None:
        """Note that words up to ``until_s`` were shown; those that nobody had seen count."""
        if until_s > self._shown_s:
            self._shown_s = until_s
            self._delays.append(max(0.0, now_s - until_s))

    def engine(self, health: Health, note: str = "") -> None:
        """Note whether the engine runs."""
        self._engine, self._engine_note = health, note

    def captioner(self, captioner: Speaker | None) -> None:
        """Note who writes now; what was measured of the one before no longer counts."""
        if captioner != self._captioner:
            self._captioner = captioner
            self._delays.clear()

    def disk(self, note: str) -> bool:
        """Note why entries cannot be kept, or that they can again; True when that is news."""
        news = note != self._disk_note
        self._disk_note = note
        return news

    def status(self, load_s: float = 0.0, rung: Rung = Rung.NORMAL) -> Status:
        """Say how things are, with the engine's load and the room's rung.

        While a person writes, the engine's troubles are nobody's.
        """
        if self._captioner:
            load_s, rung = 0.0, Rung.NORMAL
        if rung is Rung.NORMAL and self._rung is not Rung.NORMAL:
            self._delays.clear()  # they were measured under overload, which is over
        self._rung = rung
        usual_s = statistics.median(self._delays) if self._delays else 0.0
        delay_s = max(usual_s, load_s)
        state, note = self._state(delay_s), self._engine_note or NOTES[rung]
        if self._captioner:
            state, note = Health.OK, ""
        if self._disk_note:
            state, note = Health.DOWN, self._disk_note
        return Status(
            delay_s=round(delay_s, 1),
            state=state,
            note=note,
            rung=rung,
            disk_full=self.disk_is_full,
            captioner=self._captioner,
        )

    def _state(self, delay_s: float) -> Health:
        if self._engine is not Health.OK:
            return self._engine
        late = delay_s > self._behind_s or self._rung not in (Rung.NORMAL, Rung.STRETCHED)
        return Health.BEHIND if late else Health.OK
