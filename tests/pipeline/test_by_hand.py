"""A captioner takes over from the recogniser and hands back; all in virtual time."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from models.audio import FRAME_SAMPLES, seconds
from models.caption import Health
from models.errors import Conflict, NotAllowed
from models.room import Activity, Speaker
from models.transcript import Final, Gap, GapReason, Hypothesis, Source
from pipeline.by_hand import ByHand, ByHandOptions
from pipeline.channel import Channel
from pipeline.handover import Handover
from pipeline.session import SessionOptions
from pipeline.tap import TapItem
from tests.pipeline.fakes import ADA, BEN, frames, silence, sound, tone, word
from tests.pipeline.scene import Scene

CARL = Speaker(id="carl", name="Carl")
Act = Callable[[ByHand], Awaitable[None] | None]
SENTENCES = sound(*(part for _ in range(6) for part in (silence(2), tone(2))), silence(2))
"""Six sentences of 2 s that the recogniser hears as u0 to u5; number n begins at 2 + 4n."""


async def play(scene: Scene, *acts: tuple[float, Act]) -> None:
    """Run a room, and do each of ``acts`` at its time in the room clock."""
    session = scene.session()
    items = frames(SENTENCES)

    async def act() -> None:
        for at_s, do in acts:
            await asyncio.sleep(at_s - asyncio.get_running_loop().time())
            done = do(session.by_hand)
            if done is not None:
                await done

    async def tap() -> AsyncIterator[TapItem]:
        for number, item in enumerate(items):
            if number == 0:
                yield Activity(speaker=ADA, on=True, t_s=0.0)
            await asyncio.sleep(seconds(FRAME_SAMPLES))
            yield item

    acting = asyncio.create_task(act())
    await session.run(tap())
    await acting


def take(hand: ByHand) -> None:
    hand.take_over(CARL)


def back(hand: ByHand) -> Awaitable[None]:
    return hand.hand_back(CARL.id)


def sign(hand: ByHand) -> None:
    hand.seen(CARL.id)


def types(line: str, text: str, *, done: bool = False) -> Act:
    return lambda hand: hand.write(CARL.id, line, text, done=done)


def texts(scene: Scene) -> list[str]:
    return [final.text for final in scene.finals]


async def test_what_the_recogniser_has_begun_it_finishes_and_the_rest_is_the_captioners() -> None:
    scene = Scene()

    await play(
        scene,
        (3.0, take),
        (7.0, types("1", "Hello")),
        (9.0, types("1", "Hello Ada.", done=True)),
        (9.5, back),
    )

    assert texts(scene) == ["u0", "Hello Ada.", "u2", "u3", "u4", "u5"]
    typed = scene.finals[1]
    assert typed.source is Source.CAPTIONER
    assert typed.speaker == ADA
    assert typed.start_s == pytest.approx(5.5, abs=0.1)
    assert typed.end_s == pytest.approx(7.5, abs=0.1)


async def test_what_is_written_while_the_engine_opens_has_its_time_in_the_room() -> None:
    scene = Scene()
    scene.recogniser.opens_after_s = 12.0
    session = scene.session()
    tapped: Channel[TapItem] = Channel(10_000)

    async def room() -> None:
        for frame in frames(SENTENCES):
            await asyncio.sleep(seconds(FRAME_SAMPLES))
            tapped.put_nowait(frame)
        tapped.close()

    async def carl() -> None:
        await asyncio.sleep(8)
        take(session.by_hand)
        for at_s in (10.0, 12.05, 14.0):
            await asyncio.sleep(at_s - asyncio.get_running_loop().time())
            await session.by_hand.write(CARL.id, f"{at_s:.0f}", f"At {at_s}.", done=True)
        await session.by_hand.hand_back(CARL.id)

    await asyncio.gather(session.run(tapped), room(), carl())

    typed = [final for final in scene.finals if final.source is Source.CAPTIONER]
    assert [final.text for final in typed] == ["At 10.0.", "At 12.05.", "At 14.0."]
    assert [final.start_s for final in typed] == pytest.approx([8.5, 10.55, 12.5], abs=0.1)
    assert {"u0", "u4", "u5"} <= set(texts(scene))


async def test_what_is_typed_is_seen_as_it_is_typed() -> None:
    scene = Scene()

    await play(scene, (1.0, take), (3.0, types("1", "He")), (3.2, types("1", "Hel")))

    typed = [interim for interim in scene.interims if interim.id == "i1c-carl-1"]
    assert [(one.rev, one.text) for one in typed] == [(1, "He"), (2, "Hel")]


async def test_nothing_that_nobody_wrote_is_lost_when_the_captioner_hands_back() -> None:
    scene = Scene()

    await play(scene, (1.0, take), (15.0, back))

    assert texts(scene) == ["u0", "u1", "u2", "u3", "u4", "u5"]


async def test_a_captioner_whose_connection_is_lost_is_followed_by_the_recogniser() -> None:
    scene = Scene(options=SessionOptions(by_hand=ByHandOptions(lost_after_s=4)))

    await play(
        scene,
        (1.0, take),
        (3.0, types("1", "One")),
        (4.5, types("1", "One.", done=True)),
        (7.0, types("2", "Two and")),
    )

    # The line that was cut off is kept as it was, and the sentence follows whole.
    assert texts(scene) == ["One.", "Two and", "u1", "u2", "u3", "u4", "u5"]
    assert [status.captioner for status in scene.statuses if status.captioner] != []
    assert scene.statuses[-1].captioner is None


async def test_a_captioner_who_comes_back_in_time_goes_on() -> None:
    scene = Scene(options=SessionOptions(by_hand=ByHandOptions(lost_after_s=4)))

    await play(
        scene,
        (1.0, take),
        (4.5, take),
        *((float(second), sign) for second in range(6, 24, 2)),
        (24.0, types("1", "All of it")),
        (25.9, types("1", "All of it.", done=True)),
    )

    assert texts(scene) == ["All of it."]


async def test_a_captioner_who_writes_nothing_while_people_speak_is_relieved() -> None:
    scene = Scene(options=SessionOptions(by_hand=ByHandOptions(idle_after_s=6)))

    await play(scene, (1.0, take))

    assert texts(scene) == ["u0", "u1", "u2", "u3", "u4", "u5"]
    assert scene.statuses[-1].captioner is None


async def test_a_line_that_is_sent_twice_is_there_once() -> None:
    scene = Scene()
    line = types("1", "Only once.", done=True)

    await play(scene, (5.9, take), (9.0, line), (9.2, take), (9.3, line), (9.4, back))

    assert texts(scene).count("Only once.") == 1


async def test_the_room_can_be_captioned_by_hand_without_any_engine() -> None:
    scene = Scene(unavailable="no engine here")

    await play(scene, (1.0, take), (3.0, types("1", "By hand.", done=True)), (20.0, back))

    assert texts(scene) == ["By hand."]
    states = [(status.state, status.captioner) for status in scene.statuses]
    assert states == [(Health.OFF, None), (Health.OK, CARL), (Health.OFF, None)]


async def test_an_unfinished_line_becomes_final_when_the_room_ends() -> None:
    scene = Scene()

    await play(scene, (24.0, take), (25.5, types("1", "Good bye")))

    assert texts(scene)[-1] == "Good bye"
    assert scene.still_open == []


async def test_only_one_person_captions_at_a_time_and_only_they_write() -> None:
    scene = Scene()
    refused: list[Exception] = []

    async def another(hand: ByHand) -> None:
        with pytest.raises(Conflict) as conflict:
            hand.take_over(BEN)
        with pytest.raises(NotAllowed) as not_allowed:
            await hand.write(BEN.id, "1", "Me too", done=True)
        await hand.hand_back(BEN.id)
        refused.extend([conflict.value, not_allowed.value])

    await play(scene, (1.0, take), (2.0, another), (3.0, types("1", "Mine.", done=True)))

    assert len(refused) == 2
    assert "Mine." in texts(scene)


async def test_no_caption_starts_before_the_one_before_it_ended() -> None:
    scene = Scene()
    lines = [(3.0 + 0.4 * n, types(str(n), f"line {n}.", done=True)) for n in range(8)]

    await play(scene, (1.0, take), *lines, (8.0, back))

    typed = [final for final in scene.finals if final.source is Source.CAPTIONER]
    assert len(typed) == 8
    assert all(a.end_s <= b.start_s for a, b in pairwise(typed))
    assert all(final.start_s <= final.end_s for final in typed)


async def test_who_speaks_by_typing_is_captioned_while_the_recogniser_goes_on() -> None:
    scene = Scene()

    await play(scene, (9.0, lambda hand: hand.say(BEN, "1", "I agree.", lasts_s=1.2)))

    assert texts(scene) == ["u0", "u1", "I agree.", "u2", "u3", "u4", "u5"]
    typed = scene.finals[2]
    assert (typed.source, typed.speaker) == (Source.TYPED, BEN)
    assert typed.end_s - typed.start_s == pytest.approx(1.2)


async def test_typed_words_that_no_voice_says_each_have_a_moment_of_their_own() -> None:
    scene = Scene()

    async def types_at_once(hand: ByHand) -> None:
        for number in range(3):
            await hand.say(BEN, str(number), f"line {number}.", lasts_s=0)

    await play(scene, (9.0, types_at_once))

    typed = [final for final in scene.finals if final.source is Source.TYPED]
    assert [final.text for final in typed] == ["line 0.", "line 1.", "line 2."]
    assert all(final.start_s < final.end_s for final in typed)
    assert all(a.end_s <= b.start_s for a, b in pairwise(typed))


def heard(segment: int, start_s: float, end_s: float) -> Hypothesis:
    return Hypothesis(segment=segment, words=(word("x", start_s, end_s),), final=True)


def kept(start_s: float, end_s: float, name: str = "x") -> Final:
    return Final(id=name, rev=1, start_s=start_s, end_s=end_s, speaker=None, text=name)


def test_a_sentence_that_goes_on_when_the_captioner_leaves_is_shown_whole() -> None:
    handover = Handover()
    handover.take(CARL, now_s=10)
    going_on = Hypothesis(segment=0, words=(word("x", 12, 14),))

    assert not handover.shows(going_on, stream=0)
    handover.wrote(began_s=13, finished_s=15)
    assert handover.release() == []

    assert not handover.shows(going_on, stream=0)
    assert handover.shows(heard(0, 12, 18), stream=0)


def test_a_sentence_that_was_written_is_not_shown_when_its_recognition_comes_late() -> None:
    handover = Handover()
    handover.take(CARL, now_s=10)
    handover.wrote(began_s=13, finished_s=15)
    handover.release()

    assert not handover.shows(heard(0, 12, 14.5), stream=0)
    assert handover.shows(heard(1, 15, 17), stream=0)
    assert handover.shows(heard(2, 9, 9.9), stream=0)


def test_of_two_speakers_in_a_late_sentence_the_one_whom_nobody_wrote_is_kept() -> None:
    handover = Handover()
    handover.take(CARL, now_s=10)
    handover.wrote(began_s=13, finished_s=15)
    handover.release()
    both = (word("x", 12, 12.5), word("y", 13.5, 14))
    first, second = kept(12, 12.5, "first"), kept(13.5, 14, "second")

    assert not handover.shows(Hypothesis(segment=0, words=both, final=True), stream=0)
    assert handover.hold([first]) == []
    assert handover.hold([second]) == [second]
    assert handover.release() == []


def test_a_gap_is_shown_up_to_the_takeover_and_the_rest_only_if_nobody_wrote() -> None:
    handover = Handover()
    handover.take(CARL, now_s=10)

    early = handover.gap(Gap(start_s=8, end_s=14, reason=GapReason.ENGINE_RESTART))
    handover.wrote(began_s=11, finished_s=12)

    assert early == Gap(start_s=8, end_s=10, reason=GapReason.ENGINE_RESTART)
    assert handover.release() == [Gap(start_s=12, end_s=14, reason=GapReason.ENGINE_RESTART)]


def test_what_is_held_is_bounded() -> None:
    handover = Handover()
    handover.take(CARL, now_s=0)

    for second in range(2000):
        handover.hold([kept(second, second + 0.5, str(second))])

    assert len(handover.release()) == 1000


@pytest.mark.parametrize("seed", range(200))
def test_nothing_is_lost_whatever_was_written_and_whenever_hands_changed(seed: int) -> None:
    """Each sentence is shown, or a line was typed between its beginning and its end and after."""
    chance = random.Random(seed)
    starts = sorted(chance.uniform(0, 60) for _ in range(15))
    sentences = [(start_s, start_s + chance.uniform(0.5, 6)) for start_s in starts]
    taken_s, left_s = sorted((chance.uniform(0, 60), chance.uniform(0, 60)))
    edges = sorted(chance.uniform(taken_s, left_s) for _ in range(2 * chance.randrange(5)))
    lines = list(zip(edges[::2], edges[1::2], strict=True))
    late_s = chance.uniform(0, 5)
    events = [(taken_s, 0, -1), (left_s, 3, -1)]
    events += [(finished_s, 1, number) for number, (_, finished_s) in enumerate(lines)]
    events += [(end_s + late_s, 2, number) for number, (_, end_s) in enumerate(sentences)]
    handover, shown = Handover(), set()

    for now_s, kind, number in sorted(events):
        if kind == 0:
            handover.take(CARL, now_s=now_s)
        elif kind == 1:
            handover.wrote(began_s=lines[number][0], finished_s=lines[number][1])
        elif kind == 3:
            shown |= {entry.id for entry in handover.release() if isinstance(entry, Final)}
        elif handover.shows(heard(number, *sentences[number]), stream=0):
            shown.add(str(number))
        else:
            late = handover.hold([kept(*sentences[number], str(number))])
            shown |= {entry.id for entry in late if isinstance(entry, Final)}

    for number, (start_s, end_s) in enumerate(sentences):
        was_written = any(start_s < began_s and end_s <= done_s for began_s, done_s in lines)
        assert str(number) in shown or (taken_s <= start_s and was_written)


async def test_a_voice_that_says_typed_words_is_not_recognised() -> None:
    scene = Scene()
    quiet = np.zeros(FRAME_SAMPLES, np.int16)
    spoken = frames(sound(silence(1), tone(2), silence(1)))
    voiced = [replace(frame, people=quiet) for frame in spoken]

    await scene.run(voiced)

    assert scene.engine.utterances == []
    assert scene.finals == []
