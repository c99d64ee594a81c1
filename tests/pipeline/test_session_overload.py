"""Recognition four times slower than speech, for ten minutes, and what readers see of it."""

from collections.abc import Iterator
from itertools import pairwise
from statistics import median

from models.audio import FRAME_SAMPLES, Frame
from models.caption import Health, Interim, Rung, Status
from models.transcript import Final, GapReason
from tests.pipeline.fakes import silence, sound, tone
from tests.pipeline.scene import Scene, later

SENTENCE = sound(tone(6), silence(1))
TEN_MINUTES_S = 600.0


def talk(length_s: float) -> Iterator[Frame]:
    """Say one sentence after another, with a second between them."""
    for n in range(int(length_s * 50)):
        at = n * FRAME_SAMPLES % len(SENTENCE)
        yield Frame(sample=n * FRAME_SAMPLES, pcm=SENTENCE[at : at + FRAME_SAMPLES])


class _Overload(Scene):
    """The engine is well for half a minute, overloaded for ten, and well again."""

    def __init__(self) -> None:
        super().__init__(slowness=0.1)
        self.queued: list[int] = []
        later(30.0, lambda: setattr(self.engine, "slowness", 4.0))
        later(30.0 + TEN_MINUTES_S, lambda: setattr(self.engine, "slowness", 0.1))
        later(0.0, self._watch)

    async def play(self) -> None:
        await self.run(talk(30.0 + TEN_MINUTES_S + 60.0))

    def _watch(self) -> None:
        self.queued.append(len(self.engine._jobs))
        if not self.engine.closed:
            later(1.0, self._watch)

    def delays(self) -> list[float]:
        """Measure each final from its last word."""
        return [t - item.end_s for t, item in self.bus.shown if isinstance(item, Final)]

    def rungs(self, from_s: float, to_s: float) -> list[Rung]:
        shown = [(t, item) for t, item in self.bus.shown if isinstance(item, Status)]
        return [item.rung for t, item in shown if from_s <= t < to_s]


async def test_ten_minutes_of_overload_are_survived_in_the_open() -> None:
    scene = _Overload()

    await scene.play()

    assert max(scene.delays()) <= 10.0
    assert max(status.delay_s for status in scene.statuses) <= 10.0
    assert {gap.reason for gap in scene.gaps} == {GapReason.OVERLOAD}
    told = [(final.start_s, final.end_s) for final in scene.finals]
    told = sorted(told + [(gap.start_s, gap.end_s) for gap in scene.gaps])
    untold = [following[0] - one[1] for one, following in pairwise(told)]
    assert max(untold) <= 1.0
    assert scene.still_open == []


async def test_what_waits_does_not_grow_while_the_engine_is_overloaded() -> None:
    scene = _Overload()

    await scene.play()

    early, late = scene.queued[60:330], scene.queued[330:630]
    assert max(late) <= max(early)
    assert max(scene.queued) < 400


async def test_readers_are_told_what_is_given_up_and_when_it_is_over() -> None:
    scene = _Overload()

    await scene.play()

    assert set(scene.rungs(0, 30)) == {Rung.NORMAL}
    assert Rung.SKIPPING in scene.rungs(30, 630)
    assert Rung.NORMAL not in scene.rungs(40, 630)
    assert scene.statuses[-1].rung is Rung.NORMAL
    assert scene.statuses[-1].state is Health.OK
    assert scene.statuses[-1].note == ""
    skipping = [status for status in scene.statuses if status.rung is Rung.SKIPPING]
    assert {status.state for status in skipping} == {Health.BEHIND}
    assert all("no captions" in status.note for status in skipping)
    assert median(scene.delays()[-5:]) < 1.0


async def test_captions_grow_word_by_word_again_only_after_the_overload() -> None:
    scene = _Overload()

    await scene.play()

    when = [t for t, item in scene.bus.shown if isinstance(item, Interim) and item.text]
    assert [t for t in when if 45 < t < 625] == []
    assert [t for t in when if t > 660]
