"""Recognition three times slower than speech, and a smaller model that is four times as quick."""

import pytest

from models.caption import Health, Rung
from models.transcript import Final, GapReason
from tests.pipeline.scene import Scene, later
from tests.pipeline.test_session_overload import talk

NOTE = "A smaller model listens, because the recogniser is busy: expect more mistakes."
OVERLOAD_S = 300.0


def _overloaded(*, smaller: str, slowness: float = 3.0) -> Scene:
    """The engine is well for half a minute, overloaded for five, and well again."""
    scene = Scene(slowness=0.1, smaller=smaller)
    later(30.0, lambda: setattr(scene.engine, "slowness", slowness))
    later(30.0 + OVERLOAD_S, lambda: setattr(scene.engine, "slowness", 0.1))
    return scene


async def _play(scene: Scene) -> list[Rung]:
    """Talk; gives the rungs that readers were told, each once for as long as it lasted."""
    await scene.run(talk(30.0 + OVERLOAD_S + 120.0))
    rungs = [status.rung for status in scene.statuses]
    return [rung for rung, before in zip(rungs, [None, *rungs], strict=False) if rung != before]


async def test_a_smaller_model_carries_a_room_without_gaps() -> None:
    scene = _overloaded(smaller="tiny")

    rungs = await _play(scene)

    assert scene.gaps == []
    assert rungs.count(Rung.SMALLER_MODEL) == 1
    assert Rung.SKIPPING not in rungs
    assert rungs[-1] is Rung.NORMAL
    assert scene.engine.lightened == [True, False]
    delays = [t - item.end_s for t, item in scene.bus.shown if isinstance(item, Final)]
    assert max(delays) <= 10.0
    assert len(scene.finals) == len(scene.engine.utterances)


async def test_without_a_smaller_model_the_same_room_has_gaps() -> None:
    scene = _overloaded(smaller="")

    rungs = await _play(scene)

    assert {gap.reason for gap in scene.gaps} == {GapReason.OVERLOAD}
    assert Rung.SMALLER_MODEL not in rungs
    assert scene.engine.lightened == []


async def test_readers_are_told_that_a_smaller_model_listens() -> None:
    scene = _overloaded(smaller="tiny")

    await _play(scene)

    told = {(s.state, s.note) for s in scene.statuses if s.rung is Rung.SMALLER_MODEL}
    assert told == {(Health.BEHIND, NOTE)}
    assert scene.statuses[-1].note == ""


async def test_speech_is_skipped_only_when_the_smaller_model_is_too_slow_as_well() -> None:
    scene = _overloaded(smaller="tiny", slowness=16.0)

    rungs = await _play(scene)

    first = rungs.index(Rung.SKIPPING)
    assert rungs[first - 1] is Rung.SMALLER_MODEL
    assert scene.gaps
    assert rungs[-1] is Rung.NORMAL
    assert scene.engine.lightened[-1] is False


@pytest.mark.parametrize("slowness", [1.5, 2.0, 2.5, 3.0])
async def test_models_do_not_take_turns_while_the_overload_lasts(slowness: float) -> None:
    scene = _overloaded(smaller="tiny", slowness=slowness)

    await _play(scene)

    assert scene.engine.lightened.count(True) <= 1
