"""A captioner whose room has a slow disk or a clock that stands still; all in virtual time."""

import asyncio
from collections.abc import Coroutine

import pytest

from models.errors import NotAllowed
from models.room import Speaker
from models.transcript import Entry, Final
from pipeline.attribution import SpeakerTimeline
from pipeline.by_hand import ByHand, Desk
from tests.pipeline.fakes import BEN, ROOM

CARL = Speaker(id="carl", name="Carl")


class Paper:
    """Somebody's desk without a room: its clock stands where it is set, its disk can be slow."""

    def __init__(self) -> None:
        self.now_s = 10.0
        self.disk = asyncio.Event()
        self.disk.set()
        self.finals: list[Final] = []
        desk = Desk(
            now=lambda: self.now_s,
            settled=lambda: 0.0,
            keep=self._keep,
            show=lambda _: None,
            off_record=lambda _start_s, _end_s: False,
            changed=lambda: None,
        )
        self.hand = ByHand(ROOM, SpeakerTimeline(), desk)

    async def _keep(self, entry: Entry) -> None:
        await self.disk.wait()
        assert isinstance(entry, Final)
        self.finals.append(entry)

    @property
    def texts(self) -> list[str]:
        return [final.text for final in self.finals]


def heard(start_s: float) -> Final:
    text = f"heard at {start_s:.0f}"
    return Final(id=text, rev=1, start_s=start_s, end_s=start_s + 0.5, speaker=None, text=text)


async def begun(doing: Coroutine[None, None, None]) -> asyncio.Task[None]:
    """Do something until it waits."""
    task = asyncio.create_task(doing)
    await asyncio.sleep(0)
    return task


async def test_a_hand_back_that_is_cut_off_loses_no_sentence() -> None:
    paper = Paper()
    paper.hand.take_over(CARL)
    for start_s in (11, 12, 13):
        await paper.hand.hold(heard(start_s))
    await paper.hand.write(CARL.id, "1", "Cut off in", done=False)

    paper.disk.clear()
    cut_off = await begun(paper.hand.hand_back(CARL.id))
    cut_off.cancel()
    await asyncio.wait([cut_off])
    paper.disk.set()
    await paper.hand.end()

    assert paper.texts == ["Cut off in", "heard at 11", "heard at 12", "heard at 13"]


async def test_a_line_that_comes_while_the_one_before_waits_for_the_disk_is_kept_too() -> None:
    paper = Paper()
    paper.hand.take_over(CARL)
    await paper.hand.write(CARL.id, "1", "One", done=False)

    paper.disk.clear()
    second = await begun(paper.hand.write(CARL.id, "2", "Two", done=False))
    back = await begun(paper.hand.hand_back(CARL.id))
    with pytest.raises(NotAllowed):
        await paper.hand.write(CARL.id, "3", "Three", done=True)
    paper.disk.set()
    await asyncio.gather(second, back)

    assert paper.texts == ["One", "Two"]
    assert paper.hand.captioner is None


async def test_what_comes_too_late_to_be_held_is_kept_at_once() -> None:
    paper = Paper()
    paper.hand.take_over(CARL)
    await paper.hand.hand_back(CARL.id)

    await paper.hand.hold(heard(11))

    assert paper.texts == ["heard at 11"]


async def test_a_captioner_is_found_to_be_gone_although_the_rooms_clock_stands_still() -> None:
    paper = Paper()
    paper.hand.take_over(CARL)

    await asyncio.sleep(paper.hand.options.lost_after_s)
    await paper.hand.look()

    assert paper.hand.captioner is None


async def test_a_captioner_is_not_gone_because_the_rooms_clock_jumped() -> None:
    paper = Paper()
    paper.hand.take_over(CARL)

    paper.now_s += 3600
    await paper.hand.look()

    assert paper.hand.captioner == CARL


async def test_a_captioner_does_not_get_the_reaction_time_of_the_one_before() -> None:
    paper = Paper()
    paper.hand.take_over(CARL, reaction_s=5)
    await paper.hand.hand_back(CARL.id)

    paper.now_s = 30
    paper.hand.take_over(BEN)
    await paper.hand.write(BEN.id, "1", "Hello", done=True)

    assert paper.finals[0].start_s == 28.5
