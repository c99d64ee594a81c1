"""Utterances on their way to the engine, in pieces as large as its load demands.

Synchronous and without a clock of its own. How much is asked of a slow engine is decided on the
overload ladder (`pipeline.ladder`) by what it has to do (`pipeline.load`). An engine whose every
decode takes seconds is given an utterance *whole*, together with its end.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from models.audio import SPEECH_RATE_HZ, Pcm
from models.caption import Rung
from pipeline.ladder import Ladder, Step
from pipeline.load import Load
from pipeline.recognition import Recognition
from pipeline.speech import WINDOW_S

_MARGIN = 1.25  # what audio costs is known a little late when an engine becomes slower


@dataclass(slots=True)
class _Utterance:
    """Open until it has an end; a ``whole`` one is given with its end, as a part of its cost."""

    start_s: float
    whole: bool
    end_s: float | None = None


class Feeder:
    """Feeds one room's recognition.

    ``heard_s`` is how far the room's audio was heard. ``clock_s`` is the time that passed, which
    stands still while the tap loses audio. Both are kept up to date by who hears.
    """

    def __init__(self, recognition: Recognition, steps: Mapping[Rung, Step]) -> None:
        self.heard_s = 0.0
        self.clock_s = 0.0
        self._recognition = recognition
        self._ladder = Ladder(steps)
        self._load = Load()
        self._light = False
        self._unsettled: deque[_Utterance] = deque()  # bounded by the ladder, which skips
        self._held: list[Pcm] = []  # at most one piece of the ladder's present rung

    @property
    def rung(self) -> Rung:
        """What is given up now, because the engine is slow."""
        return self._ladder.rung

    @property
    def whole(self) -> bool:
        """Whether the next utterance is given with its end."""
        return self._ladder.whole

    @property
    def feeding(self) -> bool:
        """Whether an utterance is open."""
        return bool(self._unsettled) and self._unsettled[-1].end_s is None

    @property
    def ended_s(self) -> float:
        """Where the last utterance that is not settled ended; 0 without one."""
        return (self._unsettled[-1].end_s if self._unsettled else None) or 0.0

    @property
    def lag_s(self) -> float:
        """How much speech was heard that the engine has not worked on yet."""
        return sum(self._left_s(utterance) for utterance in self._unsettled)

    @property
    def load_s(self) -> float:
        """How long the engine will be busy with that speech, as far as can be told."""
        return self._load.ahead_s(self.lag_s, now_s=self.clock_s)

    def watch(self, *, begins: bool = False) -> Rung:
        """Let the ladder decide; ``begins`` asks whether an utterance may begin."""
        waiting_s = sum(self._left_s(one) for one in self._unsettled if not one.whole)
        waiting_s *= _MARGIN
        rung = self._ladder.watch(
            self._load.behind_s(waiting_s, now_s=self.clock_s),
            at_s=self.clock_s,
            decode_s=self._load.decode_s,
            until_s=self._load.ahead_s(waiting_s, now_s=self.clock_s) + self._own_s(begins=begins),
            # While nobody speaks, what it would cost is no reason to keep a smaller model.
            usual_cost=self._load.usual_cost if self._unsettled else 0.0,
        )
        self._switch()
        return rung

    def begin(self, start_s: float, windows: Sequence[Pcm]) -> None:
        """Open an utterance with the windows that were heard of it."""
        self._unsettled.append(_Utterance(start_s, whole=self._ladder.whole))
        if not self._unsettled[-1].whole:
            self._recognition.begin(start_s)
        self.hold(*windows)

    def hold(self, *windows: Pcm) -> None:
        """Keep windows until they are a piece; then the engine is given them."""
        self._held += windows
        is_piece = len(self._held) * WINDOW_S >= self._ladder.piece_s
        if is_piece and not self._unsettled[-1].whole:
            self._note_held()
            self._feed_held()

    def end(self) -> float | None:
        """Close the open utterance; gives where it began if it was dropped instead.

        One that was kept whole is dropped when it cannot become a caption in time.
        """
        if not self.feeding:
            return None
        now = self._unsettled[-1]
        if now.whole and not self._is_in_time(now):
            self._ladder.skip()
            self._switch()
            if self.rung is Rung.SKIPPING:
                self._unsettled.pop()
                self._held.clear()
                return now.start_s
        if now.whole:
            self._recognition.begin(now.start_s)
        else:
            self._note_held()
        self._feed_held()
        now.end_s = self.heard_s
        self._load.end(now.end_s - now.start_s, until_s=now.end_s, now_s=self.clock_s)
        self._recognition.end()
        return None

    def progressed(self, until_s: float) -> None:
        """Note how far the engine has come."""
        self._load.work(until_s, now_s=self.clock_s)

    def settled(self, until_s: float) -> None:
        """Note that everything up to ``until_s`` has been worked on and is final."""
        self._load.settle(until_s, now_s=self.clock_s)
        while self._unsettled and _ended_by(self._unsettled[0], until_s):
            self._unsettled.popleft()

    def lose(self) -> tuple[float, float] | None:
        """Forget what is not settled, whose engine is gone: from where to where it was."""
        lost = None
        if self._unsettled:
            lost = self._unsettled[0].start_s, self.heard_s if self.feeding else self.ended_s
        self._unsettled.clear()
        self._held.clear()
        self._load.lose()
        return lost

    def _note_held(self) -> None:
        if self._held:
            length_s = len(self._held) * WINDOW_S
            self._load.give(length_s, until_s=self.heard_s, now_s=self.clock_s)

    def _feed_held(self) -> None:
        if self._held:
            self._recognition.feed(np.concatenate(self._held))
            self._held.clear()

    def _switch(self) -> None:
        """Let the model listen that belongs to the rung."""
        if self._ladder.light is not self._light:
            self._light = self._ladder.light
            self._recognition.lighten(self._light)
            self._load.switch(light=self._light, now_s=self.clock_s)

    def _own_s(self, *, begins: bool) -> float:
        """Expect what the end of the utterance costs that goes on, or would begin now.

        One that is kept whole costs nothing before its end, which may be long after.
        """
        if self.feeding and not self._unsettled[-1].whole:
            length_s = self.heard_s - self._unsettled[-1].start_s
        elif begins and not self._ladder.whole:
            length_s = 0.0
        else:
            return 0.0
        own_s = self._load.next_s(length_s, now_s=self.clock_s)
        return min(own_s, self._ladder.longest_final_s)

    def _is_in_time(self, utterance: _Utterance) -> bool:
        """Whether an utterance that was kept whole can still become a caption in time."""
        own_s = self._load.final_s(self.heard_s - utterance.start_s)
        ahead_s = self._load.ahead_s(0.0, now_s=self.clock_s)
        return self._ladder.allows(ahead_s + min(own_s, self._ladder.longest_final_s))

    def _left_s(self, utterance: _Utterance) -> float:
        end_s = self.heard_s if utterance.end_s is None else utterance.end_s
        return max(0.0, end_s - max(self._load.worked_s, utterance.start_s))


def _ended_by(utterance: _Utterance, until_s: float) -> bool:
    return utterance.end_s is not None and utterance.end_s <= until_s + 1 / SPEECH_RATE_HZ
