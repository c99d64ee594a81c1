import asyncio
from collections.abc import Iterator, Sequence

import numpy as np

from asr.engine import Stream
from asr.inprocess import InProcess
from asr.scripted import ScriptedEngine, ScriptLine
from models.audio import SPEECH_RATE_HZ, Pcm
from models.caption import EngineInfo
from models.transcript import Hypothesis
from pipeline.recognition import EngineLost, Progress

SECOND = np.zeros(SPEECH_RATE_HZ, np.int16)


class Broken:
    info = EngineInfo(name="broken", model="", quality="basic")

    def stream(
        self, *, language: str, terms: Sequence[str] = (), translate: bool = False
    ) -> Stream:
        return BrokenStream()


class BrokenStream:
    def begin(self, start_s: float) -> None:
        pass

    def learn(self, terms: Sequence[str]) -> bool:
        return True

    def feed(self, pcm: Pcm) -> Iterator[Hypothesis]:
        raise RuntimeError

    def end(self, rest: Pcm | None = None) -> Iterator[Hypothesis]:
        return iter(())


async def test_progress_follows_what_was_fed() -> None:
    recogniser = InProcess(ScriptedEngine([ScriptLine(start_s=0.0, end_s=1.0, text="Hello")]))
    stream = await recogniser.open(language="en")
    stream.begin(4.0)
    stream.feed(SECOND)
    stream.end()
    stream.finish()
    async with asyncio.timeout(10):
        events = [event async for event in stream.results()]
    await recogniser.close()
    assert events[-1] == Progress(until_s=5.0, settled=True)


async def test_an_engine_that_raises_is_said_lost() -> None:
    recogniser = InProcess(Broken())
    stream = await recogniser.open(language="en")
    stream.begin(0.0)
    stream.feed(SECOND)
    async with asyncio.timeout(10):
        events = [event async for event in stream.results()]
    await recogniser.close()
    assert isinstance(events[-1], EngineLost)


async def test_a_closed_stream_ends_its_results() -> None:
    recogniser = InProcess(ScriptedEngine([]))
    stream = await recogniser.open(language="en")
    await recogniser.close()
    async with asyncio.timeout(10):
        assert [event async for event in stream.results()] == []
