"""Off the record: shown to who is there, said so in the journal, and kept nowhere. Virtual time."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

import pytest

from models.audio import Frame
from models.caption import Interim
from models.room import Speaker
from models.transcript import Final, Gap, GapReason
from pipeline.off_record import OffRecord
from pipeline.session import Session
from pipeline.tap import TapItem
from tests.pipeline.fakes import ADA, ROOM, FakeRecognition, frames, silence, sound, tone, word
from tests.pipeline.scene import Scene

CARL = Speaker(id="carl", name="Carl")
GERMAN = replace(ROOM, language="de", translate=True)
THREE = sound(*(part for _ in range(3) for part in (silence(1), tone(2))), silence(1))
"""Sentences at 1–3, 4–6 and 7–9 s: u0, u1, u2."""


def off_record(heard: Sequence[Frame], start_s: float, end_s: float) -> list[Frame]:
    return [replace(one, off_record=start_s <= one.start_s < end_s) for one in heard]


def passing(scene: Scene, track: str = "") -> list[Interim]:
    return [one for one in scene.interims if one.done and one.track == track]


async def typing(scene: Scene, items: Sequence[TapItem], at_s: float, text: str) -> None:
    """Run a room in which Ada types, and the host's word is as far as the frames."""
    session = scene.session()

    async def tap() -> AsyncIterator[TapItem]:
        for item in items:
            await asyncio.sleep(0.02)
            if isinstance(item, Frame):
                session.go_off_record(item.off_record)
            yield item

    async def type_() -> None:
        await asyncio.sleep(at_s)
        await session.by_hand.say(ADA, "a", text, lasts_s=0.5)

    typed = asyncio.create_task(type_())
    await session.run(tap())
    await typed


async def test_a_span_is_shown_but_not_kept_and_the_journal_says_from_when_to_when() -> None:
    scene = Scene()

    await scene.run(off_record(frames(THREE), 3.5, 6.5))

    assert [final.text for final in scene.finals] == ["u0", "u2"]
    assert [one.text for one in passing(scene)] == ["u1"]
    assert not passing(scene)[0].kept
    assert [(gap.start_s, gap.end_s, gap.reason) for gap in scene.gaps] == [
        (3.5, 3.5, GapReason.OFF_RECORD),
        (3.5, 6.5, GapReason.OFF_RECORD),
    ]
    assert [entry.seq for entry in scene.journal.entries] == [1, 2, 3, 4]


async def test_interims_say_from_their_first_word_that_they_are_not_kept() -> None:
    scene = Scene()

    await scene.run(off_record(frames(THREE), 3.5, 6.5))

    (name,) = {one.id for one in passing(scene)}
    assert all(not one.kept for one in scene.interims if one.id == name)
    assert all(one.kept for one in scene.interims if one.id != name)


async def test_who_speaks_across_the_edge_is_cut_there_and_only_there() -> None:
    scene = Scene()

    await scene.run(off_record(frames(sound(silence(1), tone(6), silence(1))), 3.0, 5.0))

    kept, shown = scene.finals, passing(scene)
    assert [one.text for one in kept] == ["u0", "u2"]
    assert [one.text for one in shown] == ["u1"]
    fed = [(one.start_s, one.end_s) for one in scene.engine.utterances]
    assert fed[0][1] == pytest.approx(3.0, abs=0.032)
    assert fed[1][0] == pytest.approx(3.0, abs=0.032)
    assert fed[1][1] == pytest.approx(5.0, abs=0.032)
    assert fed[2][0] >= 5.0 - 0.032


async def test_a_span_that_lasts_to_the_end_is_closed_with_the_room() -> None:
    scene = Scene()

    await scene.run(off_record(frames(THREE), 3.5, 99.0))

    assert [(gap.start_s, gap.end_s) for gap in scene.gaps] == [(3.5, 3.5), (3.5, 10.0)]
    assert [one.text for one in passing(scene)] == ["u1", "u2"]


async def test_what_is_typed_in_the_span_is_shown_and_not_kept() -> None:
    scene = Scene()

    await typing(scene, off_record(frames(THREE), 3.5, 6.5), 5.0, "my secret")

    assert "my secret" in [one.text for one in passing(scene)]
    assert "my secret" not in [final.text for final in scene.finals]


async def test_what_is_typed_counts_from_the_hosts_word_however_far_the_frames_are() -> None:
    scene = Scene()
    session = scene.session()

    async def act() -> None:
        await asyncio.sleep(1.0)
        session.go_off_record(True)
        await session.by_hand.say(ADA, "a", "my secret", lasts_s=0.0)

    acting = asyncio.create_task(act())
    await run(session, frames(THREE))
    await acting

    assert [one.text for one in passing(scene)] == ["my secret"]
    assert "my secret" not in [final.text for final in scene.finals]


async def test_a_captioners_line_is_off_the_record_when_any_of_it_was_typed_there() -> None:
    scene = Scene()
    session = scene.session()

    async def act() -> None:
        await asyncio.sleep(3.0)
        session.by_hand.take_over(CARL)
        for at_s, line, text in (
            (3.2, "a", "before"),
            (4.2, "b", "the sec"),
            (6.8, "b", "the secret"),
        ):
            await asyncio.sleep(at_s - asyncio.get_running_loop().time())
            await session.by_hand.write(CARL.id, line, text, done=line == "a" or at_s > 5)
        await asyncio.sleep(2)
        await session.by_hand.write(CARL.id, "c", "after", done=True)

    acting = asyncio.create_task(act())
    await run(session, off_record(frames(THREE), 3.5, 6.5))
    await acting

    assert [final.text for final in scene.finals if final.source == "captioner"] == [
        "before",
        "after",
    ]
    assert "the secret" in [one.text for one in passing(scene)]


async def test_the_translation_is_shown_but_not_kept_either() -> None:
    scene = Scene(language="de", translator=FakeRecognition(name="e"), room=GERMAN)

    await scene.run(off_record(frames(THREE), 3.5, 6.5))

    kept = [entry for entry in scene.english if isinstance(entry, Final)]
    gaps = [entry for entry in scene.english if isinstance(entry, Gap)]
    assert len(kept) == 2
    assert len(passing(scene, "en")) == 1
    assert (gaps[-1].start_s, gaps[-1].end_s) == (3.5, 6.5)


async def test_who_comes_back_in_the_span_is_shown_what_was_said_last_and_later_nobody_is() -> None:
    scene = Scene()
    seen: list[list[str]] = []

    async def look() -> None:
        for at_s in (7.2, 9.5):
            await asyncio.sleep(at_s - asyncio.get_running_loop().time())
            reader = scene.bus.subscribe()
            items, _ = await reader.take()
            seen.append([one.text for one in items if isinstance(one, Interim) and one.done])
            reader.close()

    looking = asyncio.create_task(look())
    await scene.run(off_record(frames(THREE), 3.5, 8.0))
    await looking

    assert seen == [["u1"], []]


def test_a_caption_with_one_word_in_the_span_is_off_the_record() -> None:
    spans = OffRecord()
    for frame in off_record(frames(THREE), 3.5, 6.5):
        spans.heard(frame)

    def caption(*starts_s: float) -> Final:
        words = tuple(word("w", at_s, at_s + 0.2) for at_s in starts_s)
        return Final(
            id="a",
            rev=1,
            start_s=starts_s[0],
            end_s=starts_s[-1] + 0.2,
            speaker=None,
            text="w",
            words=words,
        )

    assert spans.has(caption(3.0, 3.45))
    assert not spans.has(caption(3.0, 3.35))
    assert spans.has(caption(6.35, 7.0))
    assert not spans.has(caption(6.5, 7.0))


async def run(session: Session, items: Sequence[TapItem]) -> None:
    async def tap() -> AsyncIterator[TapItem]:
        for item in items:
            await asyncio.sleep(0.02)
            yield item

    await session.run(tap())
