"""Many rooms on one decoder, in virtual time and in one thread."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from asr.lateness import Lateness, TooLate
from asr.scheduler import Lane, Schedule, Turn
from asr.streaming import Window, WindowedStream
from asr.worker import LATE_S
from models.audio import FRAME_SAMPLES, RATE_HZ, SPEECH_RATE_HZ, Frame, Pcm
from models.transcript import Gap, GapReason, Hypothesis, Word
from pipeline.listening import Listener
from pipeline.speech import LevelDetector
from tests.asr.slow_engine import Decode

_LATE_INTERIM_S = 0.4 * LATE_S


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """What a room has for the decoder: more of an utterance (``pcm``), or its end."""

    room: "SharedRoom"
    pcm: Pcm | None
    is_end: bool
    offered_s: float


@dataclass(slots=True)
class SharedEngine:
    """``workers`` decode side by side; each decode takes ``cost_s`` of the rooms' time."""

    cost_s: float
    workers: int = 1
    schedule: Schedule[_Work] = field(init=False)
    _busy: list[tuple[float, float, Turn[_Work], list[Hypothesis]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.schedule = Schedule(workers=self.workers)

    def run(self, now_s: float) -> None:
        """Work until now: what is done frees a worker for the turn that is due first."""
        self._take(now_s)
        while self._busy and min(one[0] for one in self._busy) <= now_s:
            done = min(self._busy, key=lambda one: one[0])
            self._busy.remove(done)
            at_s, spent_s, turn, said = done
            self.schedule.done(turn, spent_s=spent_s)
            turn.work.room.done(turn.work, said, at_s)
            self._take(at_s)

    def _take(self, at_s: float) -> None:
        while len(self._busy) < self.workers and (turn := self.schedule.take()):
            is_late = turn.is_late(at_s)
            said, decodes = turn.work.room.work(turn.work, is_late=is_late)
            spent_s = decodes * self.cost_s
            self._busy.append((at_s + spent_s, spent_s, turn, said))


class SharedRoom:
    """One room's recognition; as in `asr.runner`, audio that waits is given as one piece.

    ``delays_s`` is of each time that finals came, from their last word; where the end of an
    utterance was given up, finals only have words that were shown before.
    """

    def __init__(self, engine: SharedEngine, decode: Decode) -> None:
        self._engine = engine
        self._heard = decode
        self._lane = Lane()
        self._lateness = Lateness()
        self._jobs: deque[float | Pcm | None] = deque()
        self._took_s = self._until_s = 0.0
        self._decodes = 0
        self._doing = self._is_late = False
        self.stream = WindowedStream(self._decode, language="en", took=lambda: self._took_s)
        self.listener = Listener(self, LevelDetector())  # type: ignore[arg-type]
        self.words: list[tuple[Word, float]] = []
        self.gaps: list[Gap] = []
        self.delays_s: list[float] = []
        self.now_s = 0.0

    def begin(self, start_s: float) -> None:
        self._put(start_s)

    def feed(self, pcm: Pcm) -> None:
        self._put(pcm)

    def end(self) -> None:
        self._put(None)

    def hear(self, frame: Frame) -> None:
        """Hear the room's next frame."""
        self.now_s = (frame.sample + FRAME_SAMPLES) / RATE_HZ
        self.gaps += self.listener.push(frame)

    def work(self, work: _Work, *, is_late: bool) -> tuple[list[Hypothesis], int]:
        """Do what was offered, when its turn comes; give what it says and how many decodes."""
        before, self._is_late = self._decodes, is_late
        if work.is_end:
            said = list(self.stream.end(work.pcm))
        else:
            assert work.pcm is not None
            said = list(self.stream.feed(work.pcm))
        return said, self._decodes - before

    def done(self, work: _Work, said: Sequence[Hypothesis], at_s: float) -> None:
        """Take what a turn said, and go on with what waits."""
        if not self._is_late:
            self._took_s = at_s - work.offered_s
        self._say(said, at_s, settled=work.is_end)
        self._next(at_s)

    @property
    def texts(self) -> list[str]:
        """The final words."""
        return [word.text for word, _ in self.words]

    @property
    def not_told_s(self) -> list[tuple[float, float]]:
        """Where readers see a gap, or a word that was only half heard."""
        misheard = [(word.start_s, word.end_s) for word, _ in self.words if word.text == "hm"]
        return misheard + [(gap.start_s, gap.end_s) for gap in self.gaps]

    @property
    def idle(self) -> bool:
        """Whether nothing is left to do."""
        return not self._doing and not self._jobs

    def _put(self, job: float | Pcm | None) -> None:
        self._jobs.append(job)
        if not self._doing:
            self._next(self.now_s)

    def _next(self, at_s: float) -> None:
        self._doing = False
        while self._jobs and not self._doing:
            job = self._jobs.popleft()
            if isinstance(job, float):
                self.stream.begin(job)
                self._until_s = job
            else:
                self._go_on(job, at_s)

    def _go_on(self, job: Pcm | None, at_s: float) -> None:
        pcm, is_end = job, job is None
        if pcm is not None:
            pieces = [pcm]
            while self._jobs and isinstance(self._jobs[0], np.ndarray):
                piece = self._jobs.popleft()
                assert isinstance(piece, np.ndarray)
                pieces.append(piece)
            pcm = np.concatenate(pieces)
            self._until_s += len(pcm) / SPEECH_RATE_HZ
            if self._jobs and self._jobs[0] is None:
                self._jobs.popleft()
                is_end = True
        if pcm is not None and not is_end and not self._is_due(pcm):
            self._say(list(self.stream.feed(pcm)), at_s, settled=False)
            return
        self._doing = True
        late_s = self._lateness.of(self._until_s, now_s=at_s)
        self._engine.schedule.offer(
            self._lane,
            _Work(room=self, pcm=pcm, is_end=is_end, offered_s=at_s),
            now_s=at_s,
            urgent=is_end,
            patience_s=(LATE_S if is_end else _LATE_INTERIM_S) - late_s,
        )

    def _is_due(self, pcm: Pcm) -> bool:
        return self.stream._waiting_s + len(pcm) / SPEECH_RATE_HZ >= self.stream._step_s

    def _say(self, said: Sequence[Hypothesis], at_s: float, *, settled: bool) -> None:
        ends_s = [w.end_s for h in said for w in h.words if h.final]
        if ends_s and not any(h.unheard for h in said):
            self.delays_s.append(at_s - max(ends_s))
        for hypothesis in said:
            self.words += [(word, at_s) for word in hypothesis.words if hypothesis.final]
            if hypothesis.unheard:
                start_s, end_s = hypothesis.unheard
                self.gaps.append(Gap(start_s=start_s, end_s=end_s, reason=GapReason.OVERLOAD))
        note = self.listener.settled if settled else self.listener.progressed
        note(self._until_s)

    def _decode(self, window: Window) -> Sequence[Word]:
        if self._is_late:
            raise TooLate
        self._decodes += 1
        return self._heard(window)


def play_together(
    pcm: Pcm, decodes: Sequence[Decode], engine: SharedEngine, *, apart_s: float
) -> list[SharedRoom]:
    """Hold rooms that say the same, each ``apart_s`` later than the one before, and wait.

    ``decodes`` are the rooms' own, since they hear the same words at other times.
    """
    rooms = [SharedRoom(engine, decode) for decode in decodes]
    quiet = np.zeros(FRAME_SAMPLES, np.int16)
    last = len(pcm) + round(apart_s * len(rooms) * RATE_HZ)
    for at in range(0, last - FRAME_SAMPLES + 1, FRAME_SAMPLES):
        engine.run(at / RATE_HZ)
        for number, room in enumerate(rooms):
            began = at - round(apart_s * number * 50) * FRAME_SAMPLES
            said = pcm[began : began + FRAME_SAMPLES] if 0 <= began < len(pcm) else quiet
            room.hear(Frame(sample=at, pcm=said if len(said) == FRAME_SAMPLES else quiet))
    now_s = last / RATE_HZ
    for room in rooms:
        room.gaps += room.listener.flush()
    while not all(room.idle for room in rooms):
        now_s += 1.0
        engine.run(now_s)
    return rooms
