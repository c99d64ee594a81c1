"""A session whose engine does its work: what is said becomes captions, and nothing is lost."""

import asyncio
from collections.abc import Sequence

import pytest

from models.caption import Health
from models.room import Activity
from models.transcript import Final, GapReason, Hypothesis
from pipeline.session import SessionOptions
from pipeline.tap import TapItem
from tests.pipeline.fakes import (
    ADA,
    BEN,
    FakeRecognition,
    frames,
    live,
    silence,
    sound,
    tone,
    without,
)
from tests.pipeline.scene import TALK, Scene, later


async def test_what_is_said_becomes_interim_and_then_final() -> None:
    scene = Scene()

    await scene.run(frames(TALK))

    assert [final.text for final in scene.finals] == ["u0", "u1"]
    assert [final.seq for final in scene.finals] == [1, 2]
    assert {i.id for i in scene.interims} == {f.id for f in scene.finals}
    assert scene.gaps == []
    assert scene.engine.closed


async def test_captions_come_while_the_room_goes_on() -> None:
    scene = Scene()

    await scene.run(frames(TALK))

    when = [t for t, item in scene.bus.shown if isinstance(item, Final)]
    assert when[0] == pytest.approx(3.5, abs=0.2)
    assert when[1] == pytest.approx(6.5, abs=0.2)


async def test_the_engine_is_told_the_language_and_the_rooms_words() -> None:
    scene = Scene(options=SessionOptions(terms=("Garden", "Ada")))

    await scene.run(frames(silence(0.1)))

    assert scene.recogniser.opened == [("en", ("Garden", "Ada"))]
    assert scene.session().engine.name == "fake"


async def test_new_words_of_the_room_reach_the_engine_while_it_is_live() -> None:
    scene = Scene()
    session = scene.session()
    later(0.5, lambda: session.learn(("Garden", "Ben")))

    await session.run(live(frames(silence(1))))

    assert scene.engine.learnt == [("Garden", "Ben")]


async def test_words_that_change_while_the_engine_starts_are_not_lost() -> None:
    scene = Scene(options=SessionOptions(terms=("Garden",)))
    session = scene.session()
    opening = scene.recogniser.open

    async def slowly(
        *, language: str, terms: Sequence[str] = (), translate: bool = False
    ) -> FakeRecognition:
        session.learn(("Garden", "Ben"))
        return await opening(language=language, terms=terms)

    scene.recogniser.open = slowly  # type: ignore[method-assign]
    await session.run(live(frames(silence(0.1))))

    assert scene.recogniser.opened == [("en", ("Garden",))]
    assert scene.engine.learnt == [("Garden", "Ben")]


async def test_the_language_of_the_first_words_is_news_once() -> None:
    heard: list[str] = []
    scene = Scene(options=SessionOptions(on_language=heard.append))

    await scene.run(frames(TALK))

    assert heard == ["en"]
    assert {interim.language for interim in scene.interims} == {"en"}


async def test_what_is_shown_as_final_is_durable() -> None:
    scene = Scene()

    await scene.run(frames(TALK))

    shown = [item for _, item in scene.bus.shown if isinstance(item, Final)]
    assert shown == scene.finals
    assert all(final.seq for final in shown)


async def test_two_who_speak_at_the_same_time_are_both_named() -> None:
    scene = Scene()
    talk = frames(TALK)
    items: list[TapItem] = [
        Activity(speaker=ADA, on=True, t_s=1.0),
        *talk[:100],
        Activity(speaker=BEN, on=True, t_s=2.0),
        *talk[100:150],
        Activity(speaker=BEN, on=False, t_s=3.0),
        *talk[150:],
    ]

    await scene.run(items)

    assert [final.speaker for final in scene.finals] == [ADA, ADA]
    assert [final.overlap for final in scene.finals] == [(BEN,), ()]


async def test_words_are_given_to_whoever_spoke() -> None:
    scene = Scene()
    ada, ben = frames(TALK)[:190], frames(TALK)[190:]
    items: list[TapItem] = [
        Activity(speaker=ADA, on=True, t_s=0.9),
        *ada,
        Activity(speaker=ADA, on=False, t_s=3.1),
        Activity(speaker=BEN, on=True, t_s=3.8),
        *ben,
    ]

    await scene.run(items)

    assert [final.speaker for final in scene.finals] == [ADA, BEN]


async def test_readers_learn_who_speaks() -> None:
    scene = Scene()
    activity = Activity(speaker=ADA, on=True, t_s=0.0)

    await scene.run([activity, *frames(silence(0.2))])

    assert activity in [item for _, item in scene.bus.shown]


@pytest.mark.parametrize("slowness", [0.0, 0.9])
async def test_the_tail_is_final_before_the_session_ends(slowness: float) -> None:
    scene = Scene(slowness=slowness)

    await scene.run(frames(sound(silence(1), tone(2.5))))

    assert [final.text for final in scene.finals] == ["u0"]
    assert scene.finals[0].end_s >= 3.5
    assert scene.gaps == []
    assert scene.still_open == []


async def test_what_the_engine_gave_up_is_a_gap() -> None:
    scene = Scene()
    scene.engine.say(Hypothesis(segment=7, words=(), final=True, unheard=(1.2, 2.9)))

    await scene.run(frames(TALK))

    assert [(g.start_s, g.end_s, g.reason) for g in scene.gaps] == [(1.2, 2.9, GapReason.OVERLOAD)]


async def test_what_the_tap_lost_is_a_gap() -> None:
    scene = Scene()

    await scene.run(without(frames(TALK), 1.5, 2.0))

    assert [(g.start_s, g.end_s, g.reason) for g in scene.gaps] == [(1.5, 2.0, GapReason.TAP_LOST)]


async def test_a_patient_session_skips_nothing() -> None:
    scene = Scene(slowness=4.0, options=SessionOptions(patient=True))
    talk = sound(*[part for _ in range(4) for part in (tone(9), silence(1))])

    await scene.run(frames(talk), frame_s=0.0)

    assert scene.gaps == []
    assert [final.text for final in scene.finals] == ["u0", "u1", "u2", "u3"]
    fed_s = sum(u.end_s - u.start_s for u in scene.engine.utterances)
    assert fed_s > 36


async def test_a_session_that_is_cancelled_gives_its_engine_back() -> None:
    scene = Scene()
    running = asyncio.create_task(scene.run(frames(TALK)))
    await asyncio.sleep(2)

    running.cancel()
    await asyncio.wait([running])

    assert running.cancelled()
    assert scene.engine.closed


async def test_a_long_room_passes_with_every_word_in_its_place() -> None:
    scene = Scene(slowness=0.3)
    starts = [10.0 * n + 1 for n in range(12)]
    talk = sound(*[part for _ in starts for part in (silence(1), tone(3), silence(6))])

    await scene.run(frames(talk))

    assert len(scene.finals) == 12
    assert scene.gaps == []
    for final, start_s in zip(scene.finals, starts, strict=True):
        assert 0 < start_s - final.start_s < 0.3
    assert {status.state for status in scene.statuses} == {Health.OK}
