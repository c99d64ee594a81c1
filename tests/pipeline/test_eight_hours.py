"""A room that is open all day: whatever is held must not grow with the hours."""

import asyncio
from collections.abc import AsyncIterator

import numpy as np
import pytest

from models.audio import RATE_HZ, Frame, Pcm
from models.room import Activity, Speaker
from models.transcript import Final, Hypothesis
from pipeline import listening
from pipeline.captions import Subscription
from pipeline.session import Session
from pipeline.tap import TapItem
from tests.pipeline.fakes import (
    ROOM,
    FakeJournal,
    FakeRecogniser,
    FakeRecognition,
    WatchedBus,
    word,
)

HOUR_S = 3600
HOURS = 8
PEOPLE = [Speaker(id=f"p{n}", name=f"Person {n}") for n in range(4)]
QUIET = np.zeros(RATE_HZ, dtype=np.int16)
LOUD = np.full(RATE_HZ, 8000, dtype=np.int16)


class _Thirds:
    """Resamples by leaving out: what is said does not matter here, and soxr takes its time."""

    def push(self, pcm: Pcm) -> Pcm:
        return pcm[::3]

    def flush(self) -> Pcm:
        return np.zeros(0, dtype=np.int16)


class _Loud:
    def probability(self, window: Pcm) -> float:
        return 1.0 if window[0] else 0.0


class _Talkative(FakeRecognition):
    """Shows two turns, takes one back, and forgets what it was fed, as a test must all day."""

    def end(self) -> None:
        now = self.utterances[-1]
        segment = len(self.utterances) - 1 - self._life_began
        middle_s = (now.start_s + now.end_s) / 2
        words = (
            word("one", now.start_s, middle_s - 0.1),
            word("two", middle_s, middle_s + 0.2),
            word("three", middle_s + 0.2, now.end_s),
        )
        for heard in (words, words[:1]):
            self.say(Hypothesis(segment=segment, words=heard))
        super().end()
        now.parts = now.parts[:1]


class _Day:
    """Eight hours in seconds-long frames: somebody speaks for 3 s of every 40."""

    def __init__(self) -> None:
        self.engine = _Talkative(slowness=0.2)
        self.bus = WatchedBus()
        self.journal = FakeJournal()
        self.session = Session(
            ROOM,
            recogniser=FakeRecogniser(self.engine),
            detector=_Loud,
            journal=self.journal,
            bus=self.bus,
        )
        self.sizes: list[dict[str, int]] = []

    @property
    def finals(self) -> list[tuple[float, Final]]:
        """When each final was shown."""
        return [(t, item) for t, item in self.bus.shown if isinstance(item, Final)]

    @staticmethod
    def delays(finals: list[tuple[float, Final]]) -> list[float]:
        return [t - final.end_s for t, final in finals]

    async def play(self) -> None:
        reader, idle = self.bus.subscribe(), self.bus.subscribe()
        reading = asyncio.create_task(self._read(reader))
        await self.session.run(self._tap(reader, idle))
        reading.cancel()

    async def _tap(self, *readers: Subscription) -> AsyncIterator[TapItem]:
        for second in range(HOURS * HOUR_S):
            await asyncio.sleep(1.0)
            part, person = second % 40, PEOPLE[second // 40 % len(PEOPLE)]
            other = PEOPLE[(second // 40 + 1) % len(PEOPLE)]
            if part == 10:
                yield Activity(speaker=person, on=True, t_s=second)
            if part == 12:
                yield Activity(speaker=person, on=False, t_s=second - 0.4)
                yield Activity(speaker=other, on=True, t_s=second - 0.4)
            if part == 13:
                yield Activity(speaker=other, on=False, t_s=second)
            yield Frame(sample=second * RATE_HZ, pcm=LOUD if 10 <= part < 13 else QUIET)
            if second % HOUR_S == HOUR_S - 1:
                self._weigh(*readers)

    async def _read(self, reader: Subscription) -> None:
        while True:
            await reader.take()

    def _weigh(self, *readers: Subscription) -> None:
        listener = self.session._listener
        assert listener
        captioner = self.session._captioner
        self.sizes.append(
            {
                "spans": len(self.session._timeline._spans),
                "revisions": len(captioner._revs),
                "segments": len(captioner._shown),
                "unsettled": len(listener._feeder._unsettled),
                "held": len(listener._feeder._held),
                "pieces": len(listener._feeder._load._jobs),
                "past": len(listener._past),
                "bus": len(self.bus._now),
                "seen": max(len(reader._mailbox._seen) for reader in readers),
                "mail": max(len(reader._mailbox) for reader in readers),
                "tasks": len(asyncio.all_tasks()),
            }
        )


@pytest.fixture
def day(monkeypatch: pytest.MonkeyPatch) -> _Day:
    monkeypatch.setattr(listening, "Resampler", _Thirds)
    return _Day()


async def test_nothing_grows_in_a_room_that_is_open_all_day(day: _Day) -> None:
    await day.play()

    mail = [sizes.pop("mail") for sizes in day.sizes]
    assert max(mail) <= 256 + len(PEOPLE) + 3
    assert len(day.sizes) == HOURS
    assert all(sizes == day.sizes[0] for sizes in day.sizes)
    assert max(day.sizes[0].values()) <= 12
    assert len(day.finals) == HOURS * HOUR_S / 40
    assert max(day.delays(day.finals)) < 3.0
    half = len(day.finals) // 2
    early, late = day.delays(day.finals[:half]), day.delays(day.finals[half:])
    assert max(late) == pytest.approx(max(early), abs=0.01)
    assert {type(entry) for entry in day.journal.entries} == {Final}
