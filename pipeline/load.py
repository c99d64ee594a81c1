"""How heavily one room loads its engine: pure, and timed by the room's own clock.

Audio comes in real time, so how much of it came is the time. While the engine is busy, the time
that passes is compared with the audio that is done. An engine that works as it hears is judged by
its last second of audio, and so is found slow at once; one that decodes windows works in bursts,
of which several must be seen. What the end of an utterance costs, a whole decode, is kept apart.
When another model goes on (`Load.switch`), what was measured with the first is forgotten, but for
how many times more it cost.
"""

from collections import deque
from collections.abc import Collection
from dataclasses import dataclass

from models.audio import SPEECH_RATE_HZ

_SAMPLE_S = 1 / SPEECH_RATE_HZ
_RECENT_S = 1.0
_LONG_S = 6.0
_PRIOR = 10
_LEAST_NOTES = 3
_BURST = 0.5  # without its dearest piece a burst costs less than this part of what it cost
_IDLE = 0.05  # taking audio in costs as much, and says nothing about how an engine works
_DEAREST = 8.0  # a stall is no reason to expect every piece, or second, to be as slow
_FINALS = 2


@dataclass(frozen=True, slots=True)
class _Job:
    """Audio that the engine was given, or the end of an utterance of that length."""

    start_s: float
    end_s: float
    is_end: bool = False


class Load:
    """What the engine was given, how far it has come, and what work costs it.

    The jobs that wait are bounded by the overload ladder, which stops feeding.
    """

    def __init__(self) -> None:
        self._jobs: deque[_Job] = deque()
        self._busy_from_s = 0.0
        self._mixed = False  # what is under way was begun by the other model
        self._usual_cost: float | None = None  # of the usual model, while a smaller one listens
        self._ratio: float | None = None
        self.worked_s = 0.0
        self._forget()

    def _forget(self) -> None:
        self._recent: deque[tuple[float, float]] = deque()  # audio done, time spent
        self._noted_s = 0.0
        self._bursts = False
        self._dearest_s = 0.0
        self._finals: deque[tuple[float, float]] = deque(maxlen=_FINALS)  # length, time spent
        self.cost = 1.0  # seconds of work for a second of audio, of late
        # Before anything is known, a second of audio is taken to cost a second.
        for _ in range(_PRIOR):
            self._note(_RECENT_S / _PRIOR, _RECENT_S / _PRIOR)
        self._all: deque[tuple[float, float]] = deque()  # as in ``_recent``, with ends
        self._all_s = 0.0

    def switch(self, *, light: bool, now_s: float) -> None:
        """Note that the smaller model works on what follows, or the usual one again."""
        under_way = (_RECENT_S, self._elapsed_s(now_s))
        self._usual_cost = _cost([*self._all, under_way]) if light else None
        self._ratio = None
        self._mixed = bool(self._jobs)
        self._busy_from_s = now_s
        self._forget()

    @property
    def usual_cost(self) -> float:
        """What a second of audio, ends included, would cost the usual model now.

        0 when that is not known.
        """
        if self._usual_cost is None or self._all_s < _LONG_S:
            return 0.0
        cost = _cost(self._all)
        if self._ratio is None:
            self._ratio = max(1.0, self._usual_cost / max(cost, _IDLE))
        return cost * self._ratio

    def give(self, length_s: float, *, until_s: float, now_s: float) -> None:
        """Note that the engine was given ``length_s`` of audio that ends at ``until_s``."""
        self._add(_Job(until_s - length_s, until_s), now_s)

    def end(self, length_s: float, *, until_s: float, now_s: float) -> None:
        """Note that the engine was told the end of an utterance."""
        self._add(_Job(until_s - length_s, until_s, is_end=True), now_s)

    def work(self, until_s: float, *, now_s: float) -> None:
        """Note that the engine has worked on all audio up to ``until_s``."""
        done_s = self._take(until_s)
        if done_s > 0:
            spent_s = min(now_s - self._busy_from_s, _DEAREST)
            if not self._mixed:
                self._dearest_s = max(self._dearest_s, spent_s)
                self._note(done_s, spent_s)
                self._count(done_s, spent_s)
            self._mixed = False
            self._busy_from_s = now_s
        self.worked_s = max(self.worked_s, until_s)

    def settle(self, until_s: float, *, now_s: float) -> None:
        """Note that everything up to ``until_s`` is final.

        Audio that was given with its end, and worked on in one go with it, cost nothing of its own.
        """
        ends = [job for job in self._jobs if job.is_end and job.end_s <= until_s + _SAMPLE_S]
        if ends:
            spent_s, done_s = now_s - self._busy_from_s, 0.0
            while self._jobs and self._jobs[0].end_s <= until_s + _SAMPLE_S:
                job = self._jobs.popleft()
                if not job.is_end:
                    done_s += job.end_s - job.start_s
                    self._note(job.end_s - job.start_s, 0.0, of_its_own=False)
            if not self._mixed:
                self._finals.append((ends[-1].end_s - ends[-1].start_s, spent_s))
                self._count(done_s, spent_s)
            self._mixed = False
            self._busy_from_s = now_s
        self.work(until_s, now_s=now_s)

    def final_s(self, length_s: float) -> float:
        """Expect what the end of an utterance of that length costs.

        Some engines take a while for any utterance, others go by its length: neither is expected to
        cost more than it lately did. Before the first end it is the dearest piece of a burst.
        """
        if not self._finals:
            return self._dearest_s if self._bursts else 0.0
        least_s = min(spent_s for _, spent_s in self._finals)
        slope = min(spent_s / max(length_s, _RECENT_S) for length_s, spent_s in self._finals)
        return max(least_s, slope * length_s)

    @property
    def decode_s(self) -> float:
        """What each decode of an engine that works in bursts costs at least; 0 for others."""
        return self.final_s(0.0) if self._bursts else 0.0

    def ahead_s(self, lag_s: float, *, now_s: float) -> float:
        """Expect how long ``lag_s`` of audio and the ends that wait take from now on.

        Audio takes never less than the wait since the engine moved. An end that takes longer than
        was expected is expected to take as long again, and one that waits behind it no less.
        """
        audio_s = lag_s * self.cost
        late_s = max(0.0, self._elapsed_s(now_s) - audio_s)
        ends = [self.final_s(job.end_s - job.start_s) for job in self._jobs if job.is_end] or [0.0]
        return audio_s + abs(ends[0] - late_s) + sum(max(end_s, late_s) for end_s in ends[1:])

    def next_s(self, length_s: float, *, now_s: float) -> float:
        """Expect what the end of an utterance costs that is not over.

        Never less than another end has taken by now.
        """
        ending = bool(self._jobs) and self._jobs[0].is_end
        return max(self.final_s(length_s), self._elapsed_s(now_s) if ending else 0.0)

    def behind_s(self, lag_s: float, *, now_s: float) -> float:
        """Expect how long audio waits; an end that nothing waits for counts when it is overdue."""
        ahead_s = self.ahead_s(lag_s, now_s=now_s)
        if not self._jobs or not self._jobs[-1].is_end:
            return ahead_s
        expected_s = self.final_s(self._jobs[-1].end_s - self._jobs[-1].start_s)
        return max(0.0, ahead_s - expected_s)

    def _elapsed_s(self, now_s: float) -> float:
        return now_s - self._busy_from_s if self._jobs else 0.0

    def _add(self, job: _Job, now_s: float) -> None:
        if not self._jobs:
            self._busy_from_s = now_s
        self._jobs.append(job)

    def _note(self, done_s: float, spent_s: float, *, of_its_own: bool = True) -> None:
        self._recent.append((done_s, spent_s))
        self._noted_s += done_s
        while self._noted_s - self._recent[0][0] >= _LONG_S and len(self._recent) > _LEAST_NOTES:
            self._noted_s -= self._recent.popleft()[0]
        lately = self._last(_RECENT_S)
        dearest = max(range(len(lately)), key=lambda at: lately[at][1])
        rest = lately[:dearest] + lately[dearest + 1 :]
        bursts = bool(rest) and _cost(rest) < _BURST * _cost(lately)
        if of_its_own and _cost(lately) > _IDLE:
            self._bursts = bursts
        if bursts:
            lately = self._last(_LONG_S)
        self.cost = min(_cost(lately), _DEAREST)

    def _count(self, done_s: float, spent_s: float) -> None:
        self._all.append((done_s, spent_s))
        self._all_s += done_s
        while self._all_s - self._all[0][0] >= _LONG_S:
            self._all_s -= self._all.popleft()[0]

    def _last(self, length_s: float) -> list[tuple[float, float]]:
        """Give the newest notes: that much audio, and three at least; the oldest may be a part."""
        last: list[tuple[float, float]] = []
        for done_s, spent_s in reversed(self._recent):
            if length_s <= 0 and len(last) >= _LEAST_NOTES:
                break
            kept_s = done_s if len(last) < _LEAST_NOTES else min(done_s, length_s)
            last.append((kept_s, spent_s * kept_s / done_s))
            length_s -= kept_s
        return last[::-1]

    def _take(self, until_s: float) -> float:
        """Remove the audio before ``until_s``; give its length. An end stops it."""
        done_s = 0.0
        while self._jobs and not self._jobs[0].is_end and self._jobs[0].start_s < until_s:
            job = self._jobs.popleft()
            done_s += min(job.end_s, until_s) - job.start_s
            if job.end_s > until_s + _SAMPLE_S:
                self._jobs.appendleft(_Job(until_s, job.end_s))
        return done_s


def _cost(notes: Collection[tuple[float, float]]) -> float:
    return sum(spent_s for _, spent_s in notes) / sum(done_s for done_s, _ in notes)
