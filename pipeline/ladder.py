"""The overload ladder: what is given up, in which order, when recognition is slower than speech.

Pure: a load in, a rung out. The load is how long the engine will be busy with what it has
(`pipeline.load`). Audio is skipped by another: how long it would be to a caption that ends now. An
engine that is ``dear``, whose every decode takes seconds, has no time for interims at all; it is
given each utterance whole. A heavy load climbs at once, a light one must last before a rung is
left, and each rung is left at a lower load than it is entered, so a load on the edge does not make
captions flicker. A rung that ``steps`` does not have is passed over; a smaller model, for engines
that have one, is such a rung between `Rung.NO_INTERIMS` and `Rung.SKIPPING`: one row in each table.
"""

import math
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


# What a decode of an engine costs that is dear, and of one that is not any more.
DEAR_S, CHEAP_S = 2.6, 1.8

# The pieces of the first rung are short enough for engines that show words as they come. A pause
# of some seconds, in which an engine decodes a whole utterance for its final, is no overload.
STEPS: Mapping[Rung, Step] = {
    Rung.STRETCHED: Step(enter_s=3.0, leave_s=2.4, calm_s=20.0, piece_s=1.25),
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
        self._dear = False
        self.rung = Rung.NORMAL

    @property
    def piece_s(self) -> float:
        """How much speech the engine is given at a time; 0 is as it comes."""
        return self._steps[self.rung].piece_s if self.rung in self._steps else 0.0

    @property
    def whole(self) -> bool:
        """Whether the engine is given each utterance with its end."""
        return self._dear and self.rung in (Rung.NO_INTERIMS, Rung.SKIPPING)

    @property
    def longest_final_s(self) -> float:
        """The most that the end of an utterance may be expected to cost.

        If it were more, a dear engine would never be given anything, nor found to be quick again.
        """
        step = self._steps.get(Rung.SKIPPING)
        return step.enter_s - step.leave_s if step else math.inf

    def allows(self, until_s: float) -> bool:
        """Whether a caption that would be there in ``until_s`` is worth the engine's time."""
        step = self._steps.get(Rung.SKIPPING)
        return step is None or until_s <= step.enter_s

    def skip(self) -> None:
        """Climb to where audio is skipped."""
        self._move(Rung.SKIPPING)

    def watch(
        self, load_s: float, *, at_s: float, decode_s: float = 0.0, until_s: float = 0.0
    ) -> Rung:
        """Take the load at a time of the room's clock; give the rung from now on.

        ``decode_s`` is what a decode costs. ``until_s`` is how long it would be to
        the caption of speech that ended now; it counts for skipping, where it is more.
        """
        limit_s = CHEAP_S if self._dear else DEAR_S
        self._dear = Rung.NO_INTERIMS in self._steps and decode_s > limit_s
        late = not self.allows(until_s)
        while (above := self._beside(Signal.HEAVIER)) and (late or self._is_heavy(above, load_s)):
            self._move(above)
        if self.rung is Rung.SKIPPING:
            load_s = max(load_s, until_s)
        if self._is_calm(load_s, at_s) and (below := self._beside(Signal.LIGHTER)):
            self._move(below)
        return self.rung

    def _is_heavy(self, rung: Rung, load_s: float) -> bool:
        if self._dear and rung is not Rung.SKIPPING:
            return True
        return load_s > self._steps[rung].enter_s

    def _is_calm(self, load_s: float, at_s: float) -> bool:
        step = self._steps.get(self.rung)
        kept = self._dear and self.rung is Rung.NO_INTERIMS
        if step is None or load_s > step.leave_s or kept:
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
