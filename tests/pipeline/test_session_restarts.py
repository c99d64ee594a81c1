"""Engines that die under a session: what is taken back, and what becomes a gap."""

import asyncio

import pytest

from models.caption import Health, Interim, Status
from models.transcript import GapReason, Hypothesis
from pipeline.session import SessionOptions
from tests.pipeline.fakes import frames, silence, sound, tone, word
from tests.pipeline.scene import TALK, Scene, later


async def test_an_engine_that_dies_is_down_then_a_gap_then_captions_again() -> None:
    scene = Scene()
    later(2.0, scene.engine.die)
    later(3.5, scene.engine.come_back)

    await scene.run(frames(sound(silence(1), tone(4), silence(1), tone(1), silence(1))))

    (gap,) = scene.gaps
    assert gap.reason is GapReason.ENGINE_RESTART
    assert gap.start_s == scene.engine.utterances[0].start_s
    assert gap.end_s == pytest.approx(3.5, abs=0.1)
    assert [final.text for final in scene.finals] == ["u1", "u2"]
    states = [status.state for status in scene.statuses]
    assert states[states.index(Health.DOWN) :] == [
        Health.DOWN,
        *states[states.index(Health.OK, 1) :],
    ]
    assert states[-1] is Health.OK
    down = next(status for status in scene.statuses if status.state is Health.DOWN)
    assert down.note == "the engine stopped"
    assert scene.still_open == []


async def test_the_interims_of_an_engine_that_died_are_taken_back_at_once() -> None:
    scene = Scene()
    later(2.0, scene.engine.die)
    later(3.5, scene.engine.come_back)

    await scene.run(frames(sound(silence(1), tone(4), silence(1))))

    taken = [(t, i) for t, i in scene.bus.shown if isinstance(i, Interim) and not i.text]
    assert [i.id for _, i in taken] == [scene.interims[0].id]
    assert taken[0][0] == pytest.approx(2.0, abs=0.05)


async def test_captions_after_a_restart_have_new_ids() -> None:
    scene = Scene()
    later(2.0, scene.engine.die)
    later(2.5, scene.engine.come_back)

    await scene.run(frames(TALK))

    withdrawn = {i.id for i in scene.interims if not i.text}
    assert withdrawn
    assert not withdrawn & {final.id for final in scene.finals}


async def test_what_was_final_when_the_engine_died_is_not_part_of_the_gap() -> None:
    scene = Scene()
    early = Hypothesis(segment=9, words=(word("early", 1.0, 2.0),), final=True)
    later(2.5, lambda: scene.engine.say(early))
    later(3.0, scene.engine.die)
    later(3.5, scene.engine.come_back)

    await scene.run(frames(sound(silence(1), tone(4), silence(1))))

    (gap,) = scene.gaps
    assert gap.start_s == 2.0
    assert [final.text for final in scene.finals] == ["early", "u1"]


async def test_an_engine_that_dies_again_and_again_is_said_down_once_until_it_works() -> None:
    scene = Scene()
    for at_s in (2.0, 5.0, 8.0):
        later(at_s, scene.engine.die)
        later(at_s + 1.0, lambda: scene.engine.come_back(on_trial=True))
    later(10.2, scene.engine.pass_trial)

    await scene.run(frames(sound(silence(1), tone(9), silence(1), tone(1), silence(1))))

    states = [status.state for status in scene.statuses]
    first, last = states.index(Health.DOWN), len(states) - states[::-1].index(Health.DOWN)
    assert set(states[first:last]) == {Health.DOWN}
    assert states[-1] is Health.OK
    down = [t for t, i in scene.bus.shown if isinstance(i, Status) and i.state is Health.DOWN]
    assert down[0] == pytest.approx(2.0, abs=0.05)
    assert down[-1] <= 10.2
    (gap,) = scene.gaps
    assert gap.start_s == scene.engine.utterances[0].start_s
    assert gap.end_s == pytest.approx(9.0, abs=0.1)
    assert [final.text for final in scene.finals] == ["u3", "u4"]


async def test_an_engine_that_dies_in_silence_leaves_no_gap() -> None:
    scene = Scene()
    later(4.0, scene.engine.die)
    later(6.0, scene.engine.come_back)

    await scene.run(frames(sound(silence(1), tone(1), silence(6), tone(1), silence(1))))

    assert scene.gaps == []
    assert [final.text for final in scene.finals] == ["u0", "u1"]


async def test_an_engine_that_dies_for_good_in_the_tail_leaves_a_gap() -> None:
    scene = Scene(slowness=2.0)
    later(4.5, scene.engine.vanish)

    await scene.run(frames(sound(silence(1), tone(3))))

    (gap,) = scene.gaps
    assert gap.start_s == scene.engine.utterances[0].start_s
    assert gap.end_s == pytest.approx(4.0, abs=0.05)
    assert scene.still_open == []


async def test_an_engine_that_never_finishes_is_given_up_and_leaves_a_gap() -> None:
    scene = Scene(slowness=0.1, options=SessionOptions(drain_s=10))
    loop = asyncio.get_running_loop()
    later(2.0, lambda: setattr(scene.engine, "slowness", 1000.0))

    await scene.run(frames(sound(silence(1), tone(3))))

    (gap,) = scene.gaps
    assert loop.time() == pytest.approx(14.0, abs=0.5)
    assert gap.start_s == scene.engine.utterances[0].start_s
    assert gap.end_s == pytest.approx(4.0, abs=0.05)
    assert scene.interims[0].text == "u0"
    assert scene.still_open == []
    assert scene.engine.closed


async def test_a_patient_session_waits_for_an_engine_that_restarts() -> None:
    scene = Scene(slowness=1.0, options=SessionOptions(patient=True))
    later(3.0, scene.engine.die)
    later(20.0, scene.engine.come_back)
    talk = sound(*[part for _ in range(6) for part in (tone(4), silence(1))])

    await scene.run(frames(talk), frame_s=0.0)

    (gap,) = scene.gaps
    assert gap.end_s < 10
    assert scene.finals[-1].end_s == pytest.approx(29.5, abs=0.2)
    assert len(scene.finals) >= 4


async def test_a_patient_session_does_not_wait_for_an_engine_that_is_gone() -> None:
    scene = Scene(slowness=1.0, options=SessionOptions(patient=True))
    later(3.0, scene.engine.vanish)

    await scene.run(frames(sound(tone(9), silence(1))), frame_s=0.0)

    (gap,) = scene.gaps
    assert gap.end_s >= 9
