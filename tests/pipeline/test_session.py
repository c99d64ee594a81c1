import asyncio
from collections.abc import AsyncIterator, Iterable
from itertools import pairwise

import pytest

from models.caption import Health, Interim, Status
from models.errors import EngineUnavailable
from models.room import Activity
from models.transcript import Final, Gap, GapReason, Hypothesis
from pipeline.session import Session, SessionOptions
from pipeline.speech import LevelDetector, SpeechDetector
from pipeline.tap import TapItem
from tests.pipeline.fakes import (
    ADA,
    BEN,
    ROOM,
    FakeJournal,
    FakeRecogniser,
    FakeRecognition,
    WatchedBus,
    frames,
    live,
    silence,
    sound,
    tone,
    without,
    word,
)


class Scene:
    """One room with its session, an engine that does what it is told, and what was shown."""

    def __init__(
        self,
        *,
        slowness: float = 0.0,
        failures: int = 0,
        unavailable: str = "",
        options: SessionOptions | None = None,
    ) -> None:
        self.engine = FakeRecognition(slowness=slowness)
        self.recogniser = FakeRecogniser(self.engine, unavailable=unavailable)
        self.journal = FakeJournal(failures=failures)
        self.bus = WatchedBus()
        self._options = options

    def session(self) -> Session:
        return Session(
            ROOM,
            recogniser=self.recogniser,
            detector=LevelDetector,
            journal=self.journal,
            bus=self.bus,
            options=self._options,
        )

    async def run(self, items: Iterable[TapItem], *, frame_s: float = 0.02) -> None:
        await self.session().run(live(items, frame_s=frame_s))

    @property
    def finals(self) -> list[Final]:
        return [e for e in self.journal.entries if isinstance(e, Final)]

    @property
    def gaps(self) -> list[Gap]:
        return [e for e in self.journal.entries if isinstance(e, Gap)]

    @property
    def statuses(self) -> list[Status]:
        return [item for _, item in self.bus.shown if isinstance(item, Status)]

    @property
    def interims(self) -> list[Interim]:
        return [item for _, item in self.bus.shown if isinstance(item, Interim)]

    @property
    def still_open(self) -> list[Interim]:
        """What a reader would still see as not final."""
        newest = {i.id: i for i in self.interims}
        done = {final.id for final in self.finals}
        return [i for i in newest.values() if i.text and i.id not in done]


def _later(at_s: float, action: object) -> None:
    assert callable(action)
    asyncio.get_running_loop().call_later(at_s, action)


TALK = sound(silence(1), tone(2), silence(1), tone(2), silence(1))


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


async def test_what_is_shown_as_final_is_durable() -> None:
    scene = Scene()

    await scene.run(frames(TALK))

    shown = [item for _, item in scene.bus.shown if isinstance(item, Final)]
    assert shown == scene.finals
    assert all(final.seq for final in shown)


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


async def test_what_the_tap_lost_is_a_gap() -> None:
    scene = Scene()

    await scene.run(without(frames(TALK), 1.5, 2.0))

    assert [(g.start_s, g.end_s, g.reason) for g in scene.gaps] == [(1.5, 2.0, GapReason.TAP_LOST)]


async def test_an_engine_that_dies_is_down_then_a_gap_then_captions_again() -> None:
    scene = Scene()
    _later(2.0, scene.engine.die)
    _later(3.5, scene.engine.come_back)

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
    _later(2.0, scene.engine.die)
    _later(3.5, scene.engine.come_back)

    await scene.run(frames(sound(silence(1), tone(4), silence(1))))

    taken = [(t, i) for t, i in scene.bus.shown if isinstance(i, Interim) and not i.text]
    assert [i.id for _, i in taken] == [scene.interims[0].id]
    assert taken[0][0] == pytest.approx(2.0, abs=0.05)


async def test_captions_after_a_restart_have_new_ids() -> None:
    scene = Scene()
    _later(2.0, scene.engine.die)
    _later(2.5, scene.engine.come_back)

    await scene.run(frames(TALK))

    withdrawn = {i.id for i in scene.interims if not i.text}
    assert withdrawn
    assert not withdrawn & {final.id for final in scene.finals}


async def test_what_was_final_when_the_engine_died_is_not_part_of_the_gap() -> None:
    scene = Scene()
    early = Hypothesis(segment=9, words=(word("early", 1.0, 2.0),), final=True)
    _later(2.5, lambda: scene.engine.say(early))
    _later(3.0, scene.engine.die)
    _later(3.5, scene.engine.come_back)

    await scene.run(frames(sound(silence(1), tone(4), silence(1))))

    (gap,) = scene.gaps
    assert gap.start_s == 2.0
    assert [final.text for final in scene.finals] == ["early", "u1"]


async def test_an_engine_that_dies_in_silence_leaves_no_gap() -> None:
    scene = Scene()
    _later(4.0, scene.engine.die)
    _later(6.0, scene.engine.come_back)

    await scene.run(frames(sound(silence(1), tone(1), silence(6), tone(1), silence(1))))

    assert scene.gaps == []
    assert [final.text for final in scene.finals] == ["u0", "u1"]


async def test_an_engine_that_dies_for_good_in_the_tail_leaves_a_gap() -> None:
    scene = Scene(slowness=2.0)
    _later(4.5, scene.engine.vanish)

    await scene.run(frames(sound(silence(1), tone(3))))

    (gap,) = scene.gaps
    assert gap.start_s == scene.engine.utterances[0].start_s
    assert gap.end_s == pytest.approx(4.0, abs=0.05)
    assert scene.still_open == []


async def test_an_engine_that_never_finishes_is_given_up_and_leaves_a_gap() -> None:
    scene = Scene(slowness=0.1, options=SessionOptions(drain_s=10))
    loop = asyncio.get_running_loop()
    _later(2.0, lambda: setattr(scene.engine, "slowness", 1000.0))

    await scene.run(frames(sound(silence(1), tone(3))))

    (gap,) = scene.gaps
    assert loop.time() == pytest.approx(14.0, abs=0.5)
    assert gap.start_s == scene.engine.utterances[0].start_s
    assert gap.end_s == pytest.approx(4.0, abs=0.05)
    assert scene.interims[0].text == "u0"
    assert scene.still_open == []
    assert scene.engine.closed


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

    _later(8.0, quicken)
    await scene.run(frames(sound(tone(6), *[sound(tone(2), silence(1)) for _ in range(15)])))

    states = [status.state for status in scene.statuses]
    assert Health.BEHIND in states
    assert states[-1] is Health.OK


async def test_a_patient_session_skips_nothing() -> None:
    scene = Scene(slowness=4.0, options=SessionOptions(patient=True))
    talk = sound(*[part for _ in range(4) for part in (tone(9), silence(1))])

    await scene.run(frames(talk), frame_s=0.0)

    assert scene.gaps == []
    assert [final.text for final in scene.finals] == ["u0", "u1", "u2", "u3"]
    fed_s = sum(u.end_s - u.start_s for u in scene.engine.utterances)
    assert fed_s > 36


async def test_a_patient_session_waits_for_an_engine_that_restarts() -> None:
    scene = Scene(slowness=1.0, options=SessionOptions(patient=True))
    _later(3.0, scene.engine.die)
    _later(20.0, scene.engine.come_back)
    talk = sound(*[part for _ in range(6) for part in (tone(4), silence(1))])

    await scene.run(frames(talk), frame_s=0.0)

    (gap,) = scene.gaps
    assert gap.end_s < 10
    assert scene.finals[-1].end_s == pytest.approx(29.5, abs=0.2)
    assert len(scene.finals) >= 4


async def test_a_patient_session_does_not_wait_for_an_engine_that_is_gone() -> None:
    scene = Scene(slowness=1.0, options=SessionOptions(patient=True))
    _later(3.0, scene.engine.vanish)

    await scene.run(frames(sound(tone(9), silence(1))), frame_s=0.0)

    (gap,) = scene.gaps
    assert gap.end_s >= 9


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
    assert scene.statuses[-1].state is Health.OK
    assert scene.statuses[-1].note == ""


async def test_a_gap_does_not_overtake_a_final_that_waits_for_the_disk() -> None:
    scene = Scene()
    _later(3.0, lambda: setattr(scene.journal, "full", True))
    _later(6.0, lambda: setattr(scene.journal, "full", False))

    await scene.run(without(frames(TALK), 5.2, 5.4))

    kinds = [type(entry).__name__ for entry in scene.journal.entries]
    assert kinds == ["Final", "Gap", "Final"]


async def test_a_disk_that_is_full_at_the_end_delays_the_end() -> None:
    scene = Scene(options=SessionOptions(drain_s=5))
    _later(1.0, lambda: setattr(scene.journal, "full", True))
    _later(60.0, lambda: setattr(scene.journal, "full", False))

    await scene.run(frames(sound(silence(1), tone(2))))

    assert [final.text for final in scene.finals] == ["u0"]
    assert scene.gaps == []


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
