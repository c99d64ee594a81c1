import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from asr.choose import sphinx_spec, whisper_spec
from asr.host import Limits
from asr.process import WorkerSpec
from asr.room import RoomStream
from asr.supervisor import Supervised
from models.audio import SPEECH_RATE_HZ
from models.caption import EngineInfo
from models.errors import EngineUnavailable
from models.transcript import Hypothesis
from pipeline.recognition import EngineBack, EngineLost, Progress, RecognitionEvent
from tests.fixtures.clips import clips_with_names

LINES = [
    {"start_s": 2.0 * n, "end_s": 2.0 * n + 1.5, "text": f"This is line {n}"} for n in range(9)
]
Make = Callable[..., Supervised]


@pytest.fixture
async def make(tmp_path: Path) -> AsyncIterator[Make]:
    made: list[Supervised] = []

    def build(
        *,
        streams: int = 1,
        processes: int = 1,
        hang_s: float = 3600.0,  # a busy machine is no hang
        languages: tuple[str, ...] = (),
        translates: bool = False,
        **script: Any,
    ) -> Supervised:
        path = tmp_path / "script.json"
        path.write_text(json.dumps({"lines": LINES, **script}))
        spec = WorkerSpec(
            engine="scripted",
            info=EngineInfo(name="scripted", model="", quality="good", translates=translates),
            model=str(path),
            streams_per_process=streams,
            languages=languages,
            processes=processes,
        )
        limits = Limits(hang_s=hang_s, first_retry_s=0.05)
        made.append(Supervised(spec, limits=limits))
        return made[-1]

    yield build
    for recogniser in made:
        await recogniser.close()


def say(stream: RoomStream, start_s: float, end_s: float, *, end: bool = True) -> None:
    stream.begin(start_s)
    for _ in range(round((end_s - start_s) * 10)):
        stream.feed(np.zeros(SPEECH_RATE_HZ // 10, np.int16))
    if end:
        stream.end()


async def until(stream: RoomStream, wanted: Callable[[Any], bool]) -> list[RecognitionEvent]:
    """Read events up to the first that is wanted."""
    events: list[RecognitionEvent] = []
    async with asyncio.timeout(90):  # processes start slowly where much else runs
        async for event in stream.results():
            events.append(event)
            if wanted(event):
                return events
    raise AssertionError("the results ended")


def is_a(kind: type) -> Callable[[Any], bool]:
    return lambda event: isinstance(event, kind)


def settled(event: Any) -> bool:
    return isinstance(event, Progress) and event.settled


def finals(events: list[RecognitionEvent]) -> list[str]:
    return [
        " ".join(word.text for word in event.words)
        for event in events
        if isinstance(event, Hypothesis) and event.final
    ]


async def becomes(condition: Callable[[], bool]) -> bool:
    async with asyncio.timeout(90):
        while True:
            if condition():
                return True
            await asyncio.sleep(0.01)


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


async def test_a_killed_process_is_said_lost_then_back_and_hears_again(make: Make) -> None:
    recogniser = make()
    stream = await recogniser.open(language="en")
    say(stream, 0.0, 1.8)
    before = await until(stream, settled)
    os.kill(recogniser.pids[0], signal.SIGKILL)
    await until(stream, is_a(EngineLost))
    await until(stream, is_a(EngineBack))
    say(stream, 4.0, 5.8)
    after = await until(stream, settled)
    assert finals(before) == ["This is line 0"]
    assert finals(after) == ["This is line 2"]


async def test_segments_go_on_counting_after_a_restart(make: Make) -> None:
    recogniser = make()
    stream = await recogniser.open(language="en")
    say(stream, 0.0, 3.8)
    events = await until(stream, settled)
    os.kill(recogniser.pids[0], signal.SIGKILL)
    await until(stream, is_a(EngineBack))
    say(stream, 4.0, 5.8)
    events += await until(stream, settled)
    segments = [event.segment for event in events if isinstance(event, Hypothesis) and event.final]
    assert segments == [0, 1, 2]


async def test_words_that_were_shown_stay_when_the_engine_dies(make: Make) -> None:
    recogniser = make(crash_at_s=1.3)
    stream = await recogniser.open(language="en")
    say(stream, 0.0, 1.2, end=False)
    await until(stream, lambda e: isinstance(e, Progress) and e.until_s > 1.1)
    stream.feed(np.zeros(SPEECH_RATE_HZ, np.int16))
    events = await until(stream, is_a(EngineLost))
    assert finals(events) == ["This is line"]


async def test_a_process_that_dies_of_its_words_is_back_for_good_when_it_has_worked(
    make: Make,
) -> None:
    recogniser = make(crash_at_s=1.0)
    stream = await recogniser.open(language="en")
    notes = []
    for _ in range(3):
        say(stream, 0.0, 1.8)
        events = await until(stream, is_a(EngineBack))
        notes += [event.note for event in events if isinstance(event, EngineLost)]
        assert finals(events) in ([], ["This"], ["This is"])  # the last may die on its way
    say(stream, 4.0, 5.8)
    after = await until(stream, settled)

    first, *again = notes
    assert "being restarted" in first
    assert len(again) == 2
    assert all("keeps stopping" in note for note in again)
    assert events[-1] == EngineBack(on_trial=True)
    final = next(event for event in after if isinstance(event, Hypothesis) and event.final)
    assert after.index(EngineBack()) < after.index(final)


async def test_a_room_that_opens_during_a_trial_is_told_with_the_others(make: Make) -> None:
    recogniser = make(crash_at_s=1.0, streams=8)
    first = await recogniser.open(language="en")
    for _ in range(2):
        say(first, 0.0, 1.8)
        await until(first, is_a(EngineBack))

    second = await recogniser.open(language="en")
    told = await until(second, is_a(EngineBack))
    say(first, 4.0, 5.8)
    told += await until(second, is_a(EngineBack))

    lost, *back = told
    assert isinstance(lost, EngineLost)
    assert "keeps stopping" in lost.note
    assert back == [EngineBack(on_trial=True), EngineBack()]


async def test_an_utterance_begun_while_the_engine_is_down_is_dropped(make: Make) -> None:
    recogniser = make()
    stream = await recogniser.open(language="en")
    os.kill(recogniser.pids[0], signal.SIGKILL)
    await until(stream, is_a(EngineLost))
    say(stream, 0.0, 1.8, end=False)
    await until(stream, is_a(EngineBack))
    stream.feed(np.zeros(SPEECH_RATE_HZ, np.int16))
    stream.end()
    say(stream, 4.0, 5.8)
    events = await until(stream, settled)
    assert finals(events) == ["This is line 2"]


async def test_a_process_that_hangs_is_killed_and_replaced(make: Make) -> None:
    recogniser = make(hang_s=0.4, hang_at_s=1.0)
    stream = await recogniser.open(language="en")
    hung = recogniser.pids[0]
    say(stream, 0.0, 1.8)
    await until(stream, is_a(EngineBack))
    say(stream, 4.0, 5.8)
    events = await until(stream, settled)
    assert finals(events) == ["This is line 2"]
    assert await becomes(lambda: gone(hung))


async def test_audio_piling_up_in_a_hung_process_is_bounded(make: Make) -> None:
    recogniser = make(hang_s=3600.0, hang_at_s=1.0)
    stream = await recogniser.open(language="en")
    say(stream, 0.0, 90.0)
    events = await until(stream, is_a(EngineLost))
    assert not any(isinstance(event, Progress) and event.until_s > 1.0 for event in events)


async def test_rooms_share_a_process_without_mixing(make: Make) -> None:
    recogniser = make(streams=8)
    first, second = [await recogniser.open(language="en") for _ in range(2)]
    assert len(recogniser.pids) == 1
    say(first, 0.0, 1.8)
    say(second, 4.0, 5.8)
    assert finals(await until(first, settled)) == ["This is line 0"]
    assert finals(await until(second, settled)) == ["This is line 2"]


async def test_one_rooms_dead_process_does_not_touch_another_room(make: Make) -> None:
    recogniser = make()
    first = await recogniser.open(language="en")
    victim = recogniser.pids[0]
    second = await recogniser.open(language="en")
    os.kill(victim, signal.SIGKILL)
    await until(first, is_a(EngineLost))
    say(second, 0.0, 1.8)
    assert not any(isinstance(e, EngineLost) for e in await until(second, settled))


async def test_rooms_are_spread_over_processes_and_one_death_touches_its_own_rooms(
    make: Make,
) -> None:
    recogniser = make(streams=8, processes=2)
    await recogniser.start()
    assert await becomes(lambda: len(recogniser.pids) == 2)
    rooms = [await recogniser.open(language="en") for _ in range(4)]
    os.kill(recogniser.pids[0], signal.SIGKILL)
    for room in (rooms[0], rooms[2]):
        await until(room, is_a(EngineBack))
    for room in (rooms[1], rooms[3]):
        say(room, 0.0, 1.8)
        assert not any(isinstance(e, EngineLost) for e in await until(room, settled))
    assert len(recogniser.pids) == 2


async def test_a_room_is_put_where_a_process_runs(make: Make) -> None:
    recogniser = make(streams=8, processes=2)
    await recogniser.start()
    assert await becomes(lambda: len(recogniser.pids) == 2)
    victim, other = recogniser.pids
    os.kill(victim, signal.SIGKILL)
    assert await becomes(lambda: recogniser.pids == (other,))
    rooms = [await recogniser.open(language="en") for _ in range(2)]
    for room in rooms:
        say(room, 0.0, 1.8)
        assert not any(isinstance(e, EngineLost) for e in await until(room, settled))


async def test_a_process_waits_for_the_next_room(make: Make) -> None:
    recogniser = make()
    await recogniser.open(language="en")
    assert await becomes(lambda: len(recogniser.pids) == 2)


async def test_a_closed_room_gives_its_process_back(make: Make) -> None:
    recogniser = make()
    stream = await recogniser.open(language="en")
    used = recogniser.pids[0]
    await stream.close()
    assert await becomes(lambda: gone(used))
    assert [event async for event in stream.results()] == []


async def test_finishing_while_the_engine_is_down_ends_the_results(make: Make) -> None:
    recogniser = make()
    stream = await recogniser.open(language="en")
    os.kill(recogniser.pids[0], signal.SIGKILL)
    await until(stream, is_a(EngineLost))
    stream.finish()
    async with asyncio.timeout(5):
        assert not [event async for event in stream.results() if isinstance(event, Hypothesis)]


async def test_an_engine_that_cannot_run_says_why() -> None:
    recogniser = Supervised(whisper_spec(Path("nowhere"), "nowhere"))
    with pytest.raises(EngineUnavailable, match="no whisper weights in nowhere"):
        await recogniser.open(language="en")
    await recogniser.close()


async def test_a_process_that_speaks_nonsense_and_stays_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: Make
) -> None:
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\necho unlimited memory\nexec sleep 3600\n")
    python.chmod(0o700)
    monkeypatch.setattr("asr.process.sys.executable", str(python))
    with pytest.raises(EngineUnavailable, match="while it was starting"):
        await asyncio.wait_for(make().start(), 60)


async def test_a_language_that_the_engine_does_not_know_is_refused() -> None:
    recogniser = Supervised(sphinx_spec())
    with pytest.raises(EngineUnavailable, match="knows en only"):
        await recogniser.open(language="de-CH")
    await recogniser.close()


@pytest.mark.parametrize(("languages", "spoken"), [(("en",), "en"), ((), "de")])
async def test_a_language_to_be_found_out_is_english_for_an_engine_that_knows_no_other(
    make: Make, languages: tuple[str, ...], spoken: str
) -> None:
    recogniser = make(languages=languages, lines=[{**LINES[0], "language": "de"}])
    stream = await recogniser.open(language="auto")
    say(stream, 0.0, 1.8)
    said = [event for event in await until(stream, settled) if isinstance(event, Hypothesis)]
    assert {hypothesis.language for hypothesis in said} == {spoken}


async def test_an_engine_that_cannot_translate_says_so(make: Make) -> None:
    recogniser = make()
    with pytest.raises(EngineUnavailable, match="cannot translate"):
        await recogniser.open(language="de", translate=True)


async def test_a_translation_goes_through_a_process_too(make: Make) -> None:
    lines = [{**LINES[0], "language": "de", "translation": "That is line nought"}]
    recogniser = make(lines=lines, translates=True)
    stream = await recogniser.open(language="de", translate=True)
    say(stream, 0.0, 1.8)
    events = await until(stream, settled)
    assert finals(events) == ["That is line nought"]


async def test_weights_say_that_they_do_not_know_a_language(make: Make) -> None:
    recogniser = make(languages=("de", "fr"))
    with pytest.raises(EngineUnavailable, match="scripted does not know the language tlh"):
        await recogniser.open(language="tlh")


async def test_a_worker_ends_with_the_server_that_started_it(tmp_path: Path) -> None:
    script = tmp_path / "script.json"
    script.write_text(json.dumps({"lines": LINES}))
    worker = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "asr.worker", "--engine", "scripted", "--model", str(script)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert worker.stdout is not None
    assert worker.stdin is not None
    await worker.stdout.readexactly(4)
    worker.stdin.close()
    async with asyncio.timeout(10):
        await worker.stdout.read()
        assert await worker.wait() == 0


async def test_a_room_that_opens_during_a_restart_is_told(make: Make) -> None:
    recogniser = make(streams=8)
    first = await recogniser.open(language="en")
    os.kill(recogniser.pids[0], signal.SIGKILL)
    await until(first, is_a(EngineLost))
    second = await recogniser.open(language="en")
    events = await until(second, is_a(EngineBack))
    say(second, 0.0, 1.8)
    assert isinstance(events[0], EngineLost)
    assert finals(await until(second, settled)) == ["This is line 0"]


async def test_a_room_keeps_the_words_it_learnt_when_its_engine_is_killed() -> None:
    clip = clips_with_names()[0][4]
    recogniser = Supervised(sphinx_spec(), limits=Limits(first_retry_s=0.05))
    stream = await recogniser.open(language="en", terms=("Tea",))
    stream.learn(("Tea", "Wilhelmina"))
    os.kill(recogniser.pids[0], signal.SIGKILL)
    await until(stream, is_a(EngineBack))

    stream.begin(0.0)
    stream.feed(clip.pcm)
    stream.end()

    assert "Wilhelmina" in finals(await until(stream, settled))[0]
    await recogniser.close()
