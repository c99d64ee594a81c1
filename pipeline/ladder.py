"""The overload ladder: what is given up, in which order, when recognition is slower than speech.

Pure: a load in, a rung out. The load is how long the engine will be busy with what it has
(`pipeline.load`). A heavy load climbs at once, a light one must last before a rung is left, and
each rung is left at a lower load than it is entered, so a load on the edge does not make captions
flicker. A rung that ``steps`` does not have is passed over; a smaller model, for engines that have
one, is such a rung between `Rung.NO_INTERIMS` and `Rung.SKIPPING`: one row in each table.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from models.caption import Rung


class Signal(Enum):
    """What the load means on the present rung."""

    HEAVIER = "heavier"
    LIGHTER = "lighter"


NEXT = {
    (Rung.NORMAL, Signal.HEAVIER): Rung.STRETCHED,
    (Rung.STRETCHED, Signal.HEAVIER): Rung.NO_INTERIMS,
    (Rung.STRETCHED, Signal.LIGHTER): Rung.NORMAL,
    (Rung.NO_INTERIMS, Signal.HEAVIER): Rung.SKIPPING,
    (Rung.NO_INTERIMS, Signal.LIGHTER): Rung.STRETCHED,
    (Rung.SKIPPING, Signal.LIGHTER): Rung.NO_INTERIMS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One rung, in seconds.

    It is entered above a load of ``enter_s`` and left when the load was at most ``leave_s`` for
    ``calm_s``. On it the engine is given speech in pieces of ``piece_s``.
    """

    enter_s: float
    leave_s: float
    calm_s: float = 5.0
    piece_s: float = 0.0


# The pieces of the first rung are short enough for engines that show words as they come. A pause
# of some seconds, in which an engine decodes a whole utterance for its final, is no overload.
STEPS: Mapping[Rung, Step] = {
    Rung.STRETCHED: Step(enter_s=3.0, leave_s=2.4, piece_s=1.25),
    Rung.NO_INTERIMS: Step(enter_s=5.0, leave_s=2.7, piece_s=3.0),
    Rung.SKIPPING: Step(enter_s=8.0, leave_s=2.0, calm_s=0.0),
}

NOTES = {
    Rung.NORMAL: "",
    Rung.STRETCHED: "The captions come in larger steps, because the recogniser is busy.",
    Rung.NO_INTERIMS: "Only finished captions are shown, because the recogniser is slow.",
    Rung.SKIPPING: (
        "Some speech has no captions, because the recogniser cannot keep up. "
        "Every such place is marked."
    ),
}


class Ladder:
    """The rung on which one room stands; at first the lowest."""

    def __init__(self, steps: Mapping[Rung, Step] = STEPS) -> None:
        self._steps = steps
        self._calm_from_s: float | None = None
        self.rung = Rung.NORMAL

    @property
    def piece_s(self) -> float:
        """How much speech the engine is given at a time; 0 is as it comes."""
        return self._steps[self.rung].piece_s if self.rung in self._steps else 0.0

    def watch(self, load_s: float, *, at_s: float) -> Rung:
        """Take the load at a time of the room's clock; give the rung from now on."""
        while (above := self._beside(Signal.HEAVIER)) and load_s > self._steps[above].enter_s:
            self._move(above)
        if self._is_calm(load_s, at_s) and (below := self._beside(Signal.LIGHTER)):
            self._move(below)
        return self.rung

    def _is_calm(self, load_s: float, at_s: float) -> bool:
        step = self._steps.get(self.rung)
        if step is None or load_s > step.leave_s:
            self._calm_from_s = None
            return False
        if self._calm_from_s is None:
            self._calm_from_s = at_s
        return at_s - self._calm_from_s >= step.calm_s

    def _beside(self, signal: Signal) -> Rung | None:
        """Find the next rung that this ladder has."""
        rung = NEXT.get((self.rung, signal))
        while rung and rung is not Rung.NORMAL and rung not in self._steps:
            rung = NEXT.get((rung, signal))
        return rung

    def _move(self, rung: Rung) -> None:
        self.rung = rung
        self._calm_from_s = None
