"""How heavily one room loads its engine: pure, and timed by the room's own clock.

Audio comes in real time, so how much of it came is the time. What the engine was given waits here
in order, as jobs; while one is under way, the time that passes is what it costs (`pipeline.cost`).
From the jobs that wait and what such jobs have cost it is told how long the engine will be busy.
"""

from collections import deque
from dataclasses import dataclass

from models.audio import SPEECH_RATE_HZ
from pipeline.cost import DEAREST, IDLE, LONG_S, RECENT_S, Costs, Done, per_second

_SAMPLE_S = 1 / SPEECH_RATE_HZ


@dataclass(frozen=True, slots=True)
class _Job:
    """Audio that the engine was given, or the end of an utterance of that length."""

    start_s: float
    end_s: float
    is_end: bool = False

    @property
    def length_s(self) -> float:
        return self.end_s - self.start_s


@dataclass(slots=True)
class _Usual:
    """What a second cost the usual model, and how many times that of the smaller one it is."""

    second: float
    ratio: float | None = None


class Load:
    """What the engine was given, how far it has come, and what it will take.

    The jobs that wait are bounded by the overload ladder, which stops feeding. ``worked_s`` is
    where the engine has worked on everything.
    """

    def __init__(self) -> None:
        self.worked_s = 0.0
        self._jobs: deque[_Job] = deque()
        self._moved_s = 0.0  # when the engine came to the job that is under way
        self._costs = Costs()
        self._usual: _Usual | None = None  # while a smaller model listens
        self._is_mixed = False  # what is under way was begun by the other model

    def give(self, length_s: float, *, until_s: float, now_s: float) -> None:
        """Note that the engine was given ``length_s`` of audio that ends at ``until_s``."""
        self._add(_Job(until_s - length_s, until_s), now_s)

    def end(self, length_s: float, *, until_s: float, now_s: float) -> None:
        """Note that the engine was told the end of an utterance."""
        self._add(_Job(until_s - length_s, until_s, is_end=True), now_s)

    def work(self, until_s: float, *, now_s: float) -> None:
        """Note that the engine has worked on all audio up to ``until_s``."""
        audio_s = self._take_audio(until_s)
        if audio_s > 0:
            if not self._is_mixed:
                self._costs.worked(Done(audio_s, min(now_s - self._moved_s, DEAREST)))
            self._go_on(now_s)
        self.worked_s = max(self.worked_s, until_s)

    def settle(self, until_s: float, *, now_s: float) -> None:
        """Note that everything up to ``until_s`` is final."""
        ends = [job for job in self._jobs if job.is_end and job.end_s <= until_s + _SAMPLE_S]
        if ends:
            audio_s = 0.0
            while self._jobs and self._jobs[0].end_s <= until_s + _SAMPLE_S:
                job = self._jobs.popleft()
                if not job.is_end:
                    audio_s += job.length_s
                    self._costs.came_with_its_end(job.length_s)
            if not self._is_mixed:
                self._costs.ended(ends[-1].length_s, Done(audio_s, now_s - self._moved_s))
            self._go_on(now_s)
        self.work(until_s, now_s=now_s)

    def switch(self, *, light: bool, now_s: float) -> None:
        """Note that the smaller model works on what follows, or the usual one again.

        What was measured with the other is forgotten, but for how many times more it cost.
        """
        under_way = Done(RECENT_S, self._elapsed_s(now_s))
        known = [*self._costs.together.all(), under_way]
        self._usual = _Usual(per_second(known)) if light else None
        self._costs = Costs()
        self._go_on(now_s)
        self._is_mixed = bool(self._jobs)

    def lose(self) -> None:
        """Forget what waits, and what it cost: another process goes on with the same model."""
        self._jobs.clear()
        self._costs = Costs()
        self._is_mixed = False
        self.worked_s = 0.0

    @property
    def cost(self) -> float:
        """Seconds of work for a second of audio, of late."""
        return self._costs.second

    @property
    def decode_s(self) -> float:
        """What each decode of an engine that works in bursts costs at least; 0 for others."""
        return self._costs.decode_s

    @property
    def usual_cost(self) -> float:
        """What a second of audio, ends included, would cost the usual model now.

        0 when that is not known.
        """
        together = self._costs.together
        if self._usual is None or together.audio_s < LONG_S:
            return 0.0
        second = per_second(together.all())
        if self._usual.ratio is None:
            self._usual.ratio = max(1.0, self._usual.second / max(second, IDLE))
        return second * self._usual.ratio

    def final_s(self, length_s: float) -> float:
        """Expect what the end of an utterance of that length costs."""
        return self._costs.end_s(length_s)

    def next_s(self, length_s: float, *, now_s: float) -> float:
        """Expect what the end of an utterance costs that is not over.

        Never less than another end has taken by now.
        """
        ending = bool(self._jobs) and self._jobs[0].is_end
        return max(self.final_s(length_s), self._elapsed_s(now_s) if ending else 0.0)

    def ahead_s(self, lag_s: float, *, now_s: float) -> float:
        """Expect how long ``lag_s`` of audio and the ends that wait take from now on.

        Audio takes never less than the wait since the engine moved. An end that takes longer than
        was expected is expected to take as long again, and one that waits behind it no less.
        """
        audio_s = lag_s * self.cost
        late_s = max(0.0, self._elapsed_s(now_s) - audio_s)
        ends = [self.final_s(job.length_s) for job in self._jobs if job.is_end] or [0.0]
        return audio_s + abs(ends[0] - late_s) + sum(max(end_s, late_s) for end_s in ends[1:])

    def behind_s(self, lag_s: float, *, now_s: float) -> float:
        """Expect how long audio waits; an end that nothing waits for counts when it is overdue."""
        ahead_s = self.ahead_s(lag_s, now_s=now_s)
        if not self._jobs or not self._jobs[-1].is_end:
            return ahead_s
        return max(0.0, ahead_s - self.final_s(self._jobs[-1].length_s))

    def _add(self, job: _Job, now_s: float) -> None:
        if not self._jobs:
            self._moved_s = now_s
        self._jobs.append(job)

    def _go_on(self, now_s: float) -> None:
        self._moved_s, self._is_mixed = now_s, False

    def _elapsed_s(self, now_s: float) -> float:
        return now_s - self._moved_s if self._jobs else 0.0

    def _take_audio(self, until_s: float) -> float:
        """Remove the audio before ``until_s``; give its length. An end stops it."""
        taken_s = 0.0
        while self._jobs and not self._jobs[0].is_end and self._jobs[0].start_s < until_s:
            job = self._jobs.popleft()
            taken_s += min(job.end_s, until_s) - job.start_s
            if job.end_s > until_s + _SAMPLE_S:
                self._jobs.appendleft(_Job(until_s, job.end_s))
        return taken_s
