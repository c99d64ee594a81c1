"""Overload, full disks, and engines that are missing or broken."""

import asyncio
from collections.abc import AsyncIterator
from itertools import pairwise

import pytest

from models.caption import Health, Rung, Status
from models.errors import EngineUnavailable
from models.room import Activity
from models.transcript import Final, GapReason
from pipeline.channel import Channel
from pipeline.session import Session, SessionOptions
from pipeline.speech import SpeechDetector
from pipeline.tap import TapItem
from tests.pipeline.fakes import ADA, ROOM, frames, live, silence, sound, tone, without
from tests.pipeline.scene import TALK, Scene, later


async def test_a_slow_engine_skips_audio_and_says_so() -> None:
    scene = Scene(slowness=2.0)
    talk = sound(*[part for _ in range(20) for part in (tone(4), silence(1))])

    await scene.run(frames(talk))

    assert len(scene.gaps) >= 2
    assert {gap.reason for gap in scene.gaps} == {GapReason.OVERLOAD}
    spans = sorted([(g.start_s, g.end_s) for g in scene.gaps] + [_span(f) for f in scene.finals])
    silences = [following[0] - one[1] for one, following in pairwise(spans)]
    assert max(silences) < 1.0
    assert max(status.delay_s for status in scene.statuses) < 8.0 * 2 + 2
    assert Health.BEHIND in {status.state for status in scene.statuses}


def _span(final: Final) -> tuple[float, float]:
    return final.start_s, final.end_s


async def test_an_engine_that_catches_up_is_no_longer_behind() -> None:
    scene = Scene(slowness=3.0)

    def quicken() -> None:
        scene.engine.slowness = 0.1

    later(8.0, quicken)
    await scene.run(frames(sound(tone(6), *[sound(tone(2), silence(1)) for _ in range(15)])))

    states = [status.state for status in scene.statuses]
    assert Health.BEHIND in states
    assert states[-1] is Health.OK


async def test_a_full_disk_loses_nothing_and_keeps_the_order() -> None:
    scene = Scene(failures=3)

    await scene.run(frames(TALK))

    assert [final.text for final in scene.finals] == ["u0", "u1"]
    shown = [item for _, item in scene.bus.shown if isinstance(item, Final)]
    assert [final.seq for final in shown] == [1, 2]


async def test_readers_are_told_of_a_full_disk_until_it_is_mended() -> None:
    scene = Scene(failures=3, options=SessionOptions(report_s=0.3))

    await scene.run(frames(TALK))

    down = [n for n, status in enumerate(scene.statuses) if status.state is Health.DOWN]
    assert down == list(range(down[0], down[-1] + 1))
    assert {scene.statuses[n].note for n in down} == {"the disk is full"}
    assert all(scene.statuses[n].disk_full for n in down)
    assert scene.statuses[-1].state is Health.OK
    assert scene.statuses[-1].note == ""


async def test_a_gap_does_not_overtake_a_final_that_waits_for_the_disk() -> None:
    scene = Scene()
    later(3.0, lambda: setattr(scene.journal, "full", True))
    later(6.0, lambda: setattr(scene.journal, "full", False))

    await scene.run(without(frames(TALK), 5.2, 5.4))

    kinds = [type(entry).__name__ for entry in scene.journal.entries]
    assert kinds == ["Final", "Gap", "Final"]


async def test_a_disk_that_is_full_at_the_end_delays_the_end() -> None:
    scene = Scene(options=SessionOptions(drain_s=5))
    later(1.0, lambda: setattr(scene.journal, "full", True))
    later(60.0, lambda: setattr(scene.journal, "full", False))

    await scene.run(frames(sound(silence(1), tone(2))))

    assert [final.text for final in scene.finals] == ["u0"]
    assert scene.gaps == []


async def test_a_full_disk_is_no_overload_and_no_speech_is_skipped_for_it() -> None:
    scene = Scene(slowness=0.1)
    later(5.0, lambda: setattr(scene.journal, "full", True))
    later(45.0, lambda: setattr(scene.journal, "full", False))

    await scene.run(frames(sound(*[part for _ in range(12) for part in (tone(4), silence(1))])))

    assert scene.gaps == []
    assert len(scene.finals) == 12
    assert {status.rung for status in scene.statuses} == {Rung.NORMAL}


async def test_without_an_engine_captions_are_off_and_the_room_goes_on() -> None:
    scene = Scene(unavailable="no weights: run make weights")
    activity = Activity(speaker=ADA, on=True, t_s=0.5)
    left = 0

    async def tap() -> AsyncIterator[TapItem]:
        nonlocal left
        async for item in live([*frames(tone(1)), activity, *frames(tone(1), first=48_000)]):
            yield item
        left += 1

    await scene.session().run(tap())

    assert left == 1
    assert scene.statuses == [
        Status(delay_s=0.0, state=Health.OFF, note="no weights: run make weights")
    ]
    assert activity in [item for _, item in scene.bus.shown]
    assert scene.journal.entries == []


async def test_without_a_detector_captions_are_off_too() -> None:
    scene = Scene()

    def missing() -> SpeechDetector:
        raise EngineUnavailable("the model is missing")

    session = Session(
        ROOM,
        recogniser=scene.recogniser,
        detector=missing,
        journal=scene.journal,
        bus=scene.bus,
    )
    await session.run(live(frames(tone(1))))

    assert [(s.state, s.note) for s in scene.statuses] == [(Health.OFF, "the model is missing")]
    assert scene.recogniser.opened == []


async def test_an_engine_with_a_bug_ends_the_session_loudly() -> None:
    scene = Scene()
    scene.engine.crash = ValueError("a bug")

    with pytest.raises(ValueError, match="a bug"):
        await scene.run(frames(TALK))

    assert scene.engine.closed


async def test_captions_that_stop_for_a_bug_leave_no_interim_on_anybodys_screen() -> None:
    scene = Scene()
    later(2.0, lambda: setattr(scene.engine, "crash", ValueError("a bug")))

    with pytest.raises(ValueError, match="a bug"):
        await scene.run(frames(TALK))

    assert [interim.text for interim in scene.interims] == ["u0", ""]
    assert scene.still_open == []


async def test_all_that_is_said_after_captions_have_stopped_is_a_gap() -> None:
    scene = Scene()
    later(2.0, lambda: setattr(scene.engine, "crash", ValueError("a bug")))
    tap, session = Channel[TapItem](1000), scene.session()

    async def room() -> None:
        async for item in live(frames(sound(TALK, TALK))):
            await tap.put(item)
        tap.close()

    talking = asyncio.create_task(room())
    with pytest.raises(ValueError, match="a bug"):
        await session.run(tap)
    await session.give_up(tap, note="captions have stopped")
    await talking

    (gap,) = scene.gaps
    assert gap.start_s == scene.engine.utterances[0].start_s
    assert gap.end_s == pytest.approx(14.0)
    assert scene.statuses[-1].state is Health.DOWN
    assert scene.statuses[-1].note == "captions have stopped"


async def test_finals_that_wait_for_a_slow_disk_are_kept_though_the_engine_hangs() -> None:
    scene = Scene(options=SessionOptions(drain_s=5))
    scene.journal.takes_s = 4.0
    turns = sound(*[part for _ in range(8) for part in (tone(1), silence(1))])
    scene.engine.hangs_at_the_end = True

    await scene.run(frames(turns))

    assert [final.text for final in scene.finals] == [f"u{n}" for n in range(8)]
    assert scene.gaps == []
