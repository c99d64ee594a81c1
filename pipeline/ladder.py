"""The overload ladder: what is given up, in which order, when recognition is slower than speech.

Pure: a load in, a rung out. The load is how long the engine will be busy with what it has
(`pipeline.load`). Audio is skipped by another: how long it would be to a caption that ends now. An
engine that is ``dear``, whose every decode takes seconds, has no time for interims at all; it is
given each utterance whole. A heavy load climbs at once, a light one must last before a rung is
left, and each rung is left at a lower load than it is entered, so a load on the edge does not make
captions flicker. A rung that ``steps`` does not have is passed over. `Rung.SMALLER_MODEL` is for
engines that have a smaller model: nothing is skipped before it was tried, and it is kept while the
usual model could not carry the room.
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
    (Rung.NO_INTERIMS, Signal.HEAVIER): Rung.SMALLER_MODEL,
    (Rung.NO_INTERIMS, Signal.LIGHTER): Rung.STRETCHED,
    (Rung.SMALLER_MODEL, Signal.HEAVIER): Rung.SKIPPING,
    (Rung.SMALLER_MODEL, Signal.LIGHTER): Rung.NO_INTERIMS,
    (Rung.SKIPPING, Signal.LIGHTER): Rung.SMALLER_MODEL,
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

# The usual model is tried again when a second of speech would cost it no more than this.
AFFORDABLE = 0.8

# The pieces of the first rung are short enough for engines that show words as they come. A pause
# of some seconds, in which an engine decodes a whole utterance for its final, is no overload.
STEPS: Mapping[Rung, Step] = {
    Rung.STRETCHED: Step(enter_s=3.0, leave_s=2.4, calm_s=20.0, piece_s=1.25),
    Rung.NO_INTERIMS: Step(enter_s=5.0, leave_s=2.7, piece_s=3.0),
    Rung.SKIPPING: Step(enter_s=8.0, leave_s=2.0, calm_s=0.0),
}
SMALLER: Mapping[Rung, Step] = {
    Rung.SMALLER_MODEL: Step(enter_s=6.0, leave_s=2.7, calm_s=20.0, piece_s=3.0),
}

NOTES = {
    Rung.NORMAL: "",
    Rung.STRETCHED: "The captions come in larger steps, because the recogniser is busy.",
    Rung.NO_INTERIMS: "Only finished captions are shown, because the recogniser is slow.",
    Rung.SMALLER_MODEL: (
        "A smaller model listens, because the recogniser is busy: expect more mistakes."
    ),
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
        return self._dear and self.rung not in (Rung.NORMAL, Rung.STRETCHED)

    @property
    def light(self) -> bool:
        """Whether the smaller model listens."""
        allowed = Rung.SMALLER_MODEL in self._steps
        return allowed and self.rung in (Rung.SMALLER_MODEL, Rung.SKIPPING)

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
        """Climb to where audio is skipped, or first to a smaller model."""
        untried = Rung.SMALLER_MODEL in self._steps and not self.light
        self._move(Rung.SMALLER_MODEL if untried else Rung.SKIPPING)

    def watch(
        self,
        load_s: float,
        *,
        at_s: float,
        decode_s: float = 0.0,
        until_s: float = 0.0,
        usual_cost: float = 0.0,
    ) -> Rung:
        """Take the load at a time of the room's clock; give the rung from now on.

        ``decode_s`` is what a decode costs. ``until_s`` is how long it would be to
        the caption of speech that ended now; it counts for skipping, where it is more.
        ``usual_cost`` is what a second of speech would cost the usual model, where that is known.
        """
        limit_s = CHEAP_S if self._dear else DEAR_S
        self._dear = Rung.NO_INTERIMS in self._steps and decode_s > limit_s
        late = not self.allows(until_s)
        while (above := self._beside(Signal.HEAVIER)) and (late or self._is_heavy(above, load_s)):
            self._move(above)
            if above is Rung.SMALLER_MODEL:
                return self.rung  # the load was the other model's
        if self.rung is Rung.SKIPPING:
            load_s = max(load_s, until_s)
        if self._is_calm(load_s, at_s, usual_cost) and (below := self._beside(Signal.LIGHTER)):
            self._move(below)
        return self.rung

    def _is_heavy(self, rung: Rung, load_s: float) -> bool:
        if self._dear and rung in (Rung.STRETCHED, Rung.NO_INTERIMS):
            return True
        return load_s > self._steps[rung].enter_s

    def _is_calm(self, load_s: float, at_s: float, usual_cost: float) -> bool:
        step = self._steps.get(self.rung)
        kept = self._dear and self.rung is Rung.NO_INTERIMS
        kept |= usual_cost > AFFORDABLE and self.rung is Rung.SMALLER_MODEL
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
