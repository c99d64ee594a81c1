"""A recording heard as a whole: what is cut, in which order it is heard, and what a crash costs."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import numpy as np
import pytest

from models.audio import SPEECH_RATE_HZ, Pcm
from models.caption import EngineInfo
from models.errors import EngineUnavailable
from models.transcript import Hypothesis, Word
from pipeline.recognition import EngineBack, EngineLost, Progress, Recognition, RecognitionEvent
from pipeline.speech import LevelDetector
from pipeline.whole import Cutter, Listened, listen


def tone(length_s: float) -> Pcm:
    t = np.arange(round(length_s * SPEECH_RATE_HZ)) / SPEECH_RATE_HZ
    return (8000 * np.sin(2 * np.pi * 440 * t)).astype(np.int16)


def silence(length_s: float) -> Pcm:
    return np.zeros(round(length_s * SPEECH_RATE_HZ), np.int16)


class Lane:
    """Says the length of each utterance; the first ones take the longest."""

    def __init__(self, dies_at_s: float, comes_back: bool) -> None:
        self._events: asyncio.Queue[RecognitionEvent | None] = asyncio.Queue()
        self._dies_at_s = dies_at_s
        self._comes_back = comes_back
        self._start_s = self._length_s = 0.0

    def begin(self, start_s: float) -> None:
        self._start_s, self._length_s = start_s, 0.0

    def feed(self, pcm: Pcm) -> None:
        self._length_s += len(pcm) / SPEECH_RATE_HZ

    def end(self) -> None:
        if self._start_s <= self._dies_at_s < self._start_s + self._length_s:
            self._events.put_nowait(EngineLost())
            self._events.put_nowait(EngineBack() if self._comes_back else None)
            return
        until_s = self._start_s + self._length_s
        said = Word(text="tone", start_s=self._start_s, end_s=until_s, confidence=1.0)
        self._events.put_nowait(Hypothesis(segment=0, words=(said,), final=True))
        self._events.put_nowait(Progress(until_s=until_s, settled=True))

    def learn(self, terms: Sequence[str]) -> None: ...

    def lighten(self, on: bool) -> None: ...

    def finish(self) -> None: ...

    async def results(self) -> AsyncIterator[RecognitionEvent]:
        while event := await self._events.get():
            yield event

    async def close(self) -> None: ...


class Lanes:
    """A recogniser of such streams."""

    info = EngineInfo(name="tones", model="", quality="good")

    def __init__(self, *, dies_at_s: float = -1.0, comes_back: bool = True) -> None:
        self.opened = 0
        self._dies_at_s = dies_at_s
        self._comes_back = comes_back

    async def start(self) -> None: ...

    async def open(
        self, *, language: str, terms: Sequence[str] = (), translate: bool = False
    ) -> Recognition:
        self.opened += 1
        return Lane(self._dies_at_s, self._comes_back)

    async def close(self) -> None: ...


async def heard(pcm: Pcm, lanes: Lanes, *, at_once: int = 1, from_s: float = 0.0) -> list[Listened]:
    async def blocks() -> AsyncIterator[Pcm]:
        for at in range(0, len(pcm), 960):
            yield pcm[at : at + 960]

    cutter = Cutter(LevelDetector(), from_s)
    found = listen(blocks(), lanes, cutter, language="en", at_once=at_once)
    return [one async for one in found]


TALK = np.concatenate([part for _ in range(5) for part in (tone(2.0), silence(2.0))])


@pytest.mark.parametrize("at_once", [1, 3])
async def test_utterances_come_in_the_order_of_time_however_many_are_heard_at_once(
    at_once: int,
) -> None:
    lanes = Lanes()

    said = [one for one in await heard(TALK, lanes, at_once=at_once) if one.finals]

    assert lanes.opened == at_once
    assert [one.start_s for one in said] == pytest.approx([0, 4, 8, 12, 16], abs=0.3)
    assert [one.end_s for one in said] == pytest.approx([3, 7, 11, 15, 19], abs=0.3)


async def test_times_count_from_where_an_interrupted_hearing_goes_on() -> None:
    [said] = [one for one in await heard(tone(2.0), Lanes(), from_s=100.0) if one.finals]
    assert said.finals[0].words[0].start_s == pytest.approx(100.0, abs=0.05)


async def test_a_short_pause_parts_nothing_and_long_speech_is_cut_before_half_a_minute() -> None:
    paused = np.concatenate([tone(2.0), silence(0.6), tone(2.0)])
    assert len([one for one in await heard(paused, Lanes()) if one.finals]) == 1
    spans = [one.end_s - one.start_s for one in await heard(tone(70.0), Lanes()) if one.finals]
    assert sum(spans) == pytest.approx(70.0, abs=0.1)
    assert max(spans) <= 29.0


async def test_silence_is_told_of_so_that_it_need_not_be_heard_again() -> None:
    told = await heard(silence(60.0), Lanes())
    assert not any(one.finals for one in told)
    assert told[-1].end_s > 45.0


async def test_an_utterance_that_takes_the_recogniser_down_is_lost_alone() -> None:
    said = await heard(TALK, Lanes(dies_at_s=9.0))
    assert [one.lost for one in said if one.finals or one.lost] == [
        False,
        False,
        True,
        False,
        False,
    ]


async def test_a_recogniser_that_does_not_come_back_ends_it() -> None:
    with pytest.raises(EngineUnavailable):
        await heard(TALK, Lanes(dies_at_s=9.0, comes_back=False))
