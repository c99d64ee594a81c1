"""One room whose decoder takes as long as it is told, in virtual time and in one thread."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from asr.streaming import Window, WindowedStream
from models.audio import FRAME_SAMPLES, RATE_HZ, SPEECH_RATE_HZ, Frame, Pcm
from models.transcript import Gap, Hypothesis, Word
from pipeline.ladder import SMALLER, STEPS
from pipeline.listening import Listener, ListeningOptions
from pipeline.speech import LevelDetector

Decode = Callable[[Window], Sequence[Word]]
Cost = Callable[[int], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a room was told in the end: final words with when they came, and gaps.

    ``rung_changes`` counts the moves on the overload ladder, ``lightened`` says when a smaller
    model took over, and when the usual one did.
    """

    words: list[tuple[Word, float]]
    gaps: list[Gap]
    rung_changes: int
    lightened: list[bool]

    @property
    def texts(self) -> list[str]:
        return [word.text for word, _ in self.words]


class SlowEngine:
    """A recognition whose n-th decode takes ``cost(n)`` seconds of the room's time.

    A smaller model takes a quarter of it. As in `asr.runner`, audio that came meanwhile is given
    to the stream as one piece.
    """

    def __init__(self, decode: Decode, cost: Cost) -> None:
        self._cost = cost
        self._decodes = 0
        self._light = False
        self._took_s = self._spent_s = 0.0
        self._heard = decode
        self.stream = WindowedStream(self._decode, language="en", took=lambda: self._took_s)
        self._jobs: deque[tuple[float, float | Pcm | None]] = deque()
        self._doing: tuple[list[Hypothesis], bool] | None = None
        self._free_at_s = self._until_s = 0.0
        self.words: list[tuple[Word, float]] = []
        self.now_s = 0.0
        self.lightened: list[bool] = []

    def begin(self, start_s: float) -> None:
        self._jobs.append((self.now_s, start_s))

    def feed(self, pcm: Pcm) -> None:
        self._jobs.append((self.now_s, pcm))

    def end(self) -> None:
        self._jobs.append((self.now_s, None))

    def lighten(self, on: bool) -> None:
        self._light = on
        self.lightened.append(on)

    def run(self, listener: Listener) -> None:
        """Work until now."""
        while self._doing is None or self._free_at_s <= self.now_s:
            if self._doing is not None:
                self._done(listener, *self._doing)
                self._doing = None
            if not self._jobs:
                return
            self._start(*self._jobs.popleft())

    @property
    def idle(self) -> bool:
        return self._doing is None and not self._jobs

    def _start(self, came_at_s: float, job: float | Pcm | None) -> None:
        before_s, said = self._spent_s, []
        if isinstance(job, float):
            self.stream.begin(job)
            self._until_s = job
        elif job is None:
            said = list(self.stream.end())
        else:
            pieces = [job]
            while self._jobs and isinstance(piece := self._jobs[0][1], np.ndarray):
                pieces.append(piece)
                self._jobs.popleft()
            pcm = np.concatenate(pieces)
            self._until_s += len(pcm) / SPEECH_RATE_HZ
            if self._jobs and self._jobs[0][1] is None:
                self._jobs.popleft()
                job = None
                said = list(self.stream.end(pcm))
            else:
                said = list(self.stream.feed(pcm))
        self._free_at_s = max(self._free_at_s, came_at_s) + self._spent_s - before_s
        self._doing = (said, job is None)

    def _done(self, listener: Listener, said: list[Hypothesis], settled: bool) -> None:
        self.words += [(word, self._free_at_s) for h in said if h.final for word in h.words]
        note = listener.settled if settled else listener.progressed
        note(self._until_s)

    def _decode(self, window: Window) -> Sequence[Word]:
        self._took_s = self._cost(self._decodes) / (4 if self._light else 1)
        self._spent_s += self._took_s
        self._decodes += 1
        return self._heard(window)


def play(pcm: Pcm, decode: Decode, cost: Cost, *, smaller: bool = False) -> Told:
    """Hold a room of 48 kHz samples in real time and wait for its last caption."""
    engine = SlowEngine(decode, cost)
    options = ListeningOptions(ladder={**STEPS, **(SMALLER if smaller else {})})
    listener = Listener(engine, LevelDetector(), options)  # type: ignore[arg-type]
    gaps: list[Gap] = []
    rungs = [listener.rung]
    for at in range(0, len(pcm) - FRAME_SAMPLES + 1, FRAME_SAMPLES):
        engine.now_s = (at + FRAME_SAMPLES) / RATE_HZ
        engine.run(listener)
        gaps += listener.push(Frame(sample=at, pcm=pcm[at : at + FRAME_SAMPLES]))
        if rungs[-1] is not listener.rung:
            rungs.append(listener.rung)
    gaps += listener.flush()
    while not engine.idle:
        engine.now_s += 1.0
        engine.run(listener)
    return Told(
        words=engine.words, gaps=gaps, rung_changes=len(rungs) - 1, lightened=engine.lightened
    )
