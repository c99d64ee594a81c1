import asyncio

from asr.results import Results
from models.transcript import Hypothesis, Word
from pipeline.recognition import EngineLost, Progress, RecognitionEvent


def said(segment: int, text: str, *, final: bool = False) -> Hypothesis:
    words = tuple(Word(text=w, start_s=0.0, end_s=1.0, confidence=1.0) for w in text.split())
    return Hypothesis(segment=segment, words=words, final=final)


async def read(*events: RecognitionEvent) -> list[RecognitionEvent]:
    results = Results()
    for event in events:
        results.put(event)
    results.close()
    return [event async for event in results]


async def test_a_newer_interim_takes_the_place_of_an_unread_one() -> None:
    events = await read(said(0, "good"), said(0, "good morning"))
    assert events == [said(0, "good morning")]


async def test_interims_of_different_segments_are_kept() -> None:
    events = await read(said(0, "good"), said(1, "morning"))
    assert len(events) == 2


async def test_a_final_is_never_dropped() -> None:
    finals = [said(n, "good", final=True) for n in range(1000)]
    assert await read(*finals) == finals


async def test_an_interim_does_not_replace_a_final() -> None:
    events = await read(said(0, "good", final=True), said(1, "morning"))
    assert events == [said(0, "good", final=True), said(1, "morning")]


async def test_only_the_newest_progress_waits() -> None:
    events = await read(Progress(until_s=1.0), Progress(until_s=2.0))
    assert events == [Progress(until_s=2.0)]


async def test_settled_progress_is_kept() -> None:
    settled = Progress(until_s=1.0, settled=True)
    assert await read(settled, Progress(until_s=2.0)) == [settled, Progress(until_s=2.0)]


async def test_losses_keep_their_place() -> None:
    events = await read(Progress(until_s=1.0), EngineLost(), Progress(until_s=2.0))
    assert events == [Progress(until_s=1.0), EngineLost(), Progress(until_s=2.0)]


async def test_a_reader_that_waits_is_woken() -> None:
    results = Results()
    reading = asyncio.ensure_future(anext(results))
    await asyncio.sleep(0)
    results.put(Progress(until_s=1.0))
    assert await reading == Progress(until_s=1.0)
