"""A second track in English: complete or with a gap, and never at the cost of the first."""

import asyncio
from dataclasses import replace

import pytest

from models.room import Room
from models.transcript import Entry, Final, Gap, GapReason, Source
from pipeline.session import Session, SessionOptions
from tests.pipeline.fakes import (
    BEN,
    ROOM,
    FakeRecognition,
    frames,
    live,
    silence,
    sound,
    tone,
    without,
)
from tests.pipeline.scene import TALK, Scene, later

GERMAN = replace(ROOM, language="de", translate=True)
LONG_TALK = sound(*(part for _ in range(12) for part in (silence(1), tone(3))), silence(1))


def scene(
    *,
    slowness: float = 0.0,
    translator: FakeRecognition | None = None,
    language: str = "de",
    room: Room = GERMAN,
    options: SessionOptions | None = None,
) -> Scene:
    return Scene(
        slowness=slowness,
        language=language,
        translator=translator or FakeRecognition(name="e"),
        room=room,
        options=options,
    )


def texts(entries: list[Entry]) -> list[str]:
    return [e.text if isinstance(e, Final) else type(e).__name__ for e in entries]


def uncovered(one: Scene) -> list[Final]:
    """Captions whose words are neither translated nor in a gap of the translation."""
    spans = [(e.start_s, e.end_s) for e in one.english if isinstance(e, Final | Gap)]
    return [
        final
        for final in one.finals
        if not any(a <= final.start_s + 0.5 and final.end_s - 0.5 <= b for a, b in spans)
    ]


async def test_each_utterance_is_translated_once_it_is_final() -> None:
    one = scene()

    await one.run(frames(TALK))

    assert texts(one.english) == ["e0", "e1"]
    assert [entry.seq for entry in one.english] == [1, 2]
    assert {e.language for e in one.english if isinstance(e, Final)} == {"en"}
    assert [final.seq for final in one.finals] == [1, 2]
    assert one.recogniser.translated_from == ["de"]


async def test_a_translation_hears_the_audio_of_its_utterance_on_the_same_clock() -> None:
    translator = FakeRecognition(name="e")
    one = scene(translator=translator)

    await one.run(frames(TALK))

    said = [(u.start_s, len(u.pcm)) for u in one.engine.utterances]
    assert [(u.start_s, len(u.pcm)) for u in translator.utterances] == said
    spans = [(e.start_s, e.end_s) for e in one.english if isinstance(e, Final)]
    assert spans == [(f.start_s, f.end_s) for f in one.finals]


async def test_a_file_waits_for_its_translation_and_little_is_kept_for_later() -> None:
    options = SessionOptions(patient=True, patient_translation_s=5.0, drain_s=600)
    one = scene(translator=FakeRecognition(name="e", slowness=4.0), options=options)

    await one.run(frames(LONG_TALK), frame_s=0.001)

    assert texts(one.english) == [f"e{n}" for n in range(12)]
    ahead, most = 0, 0
    for _, item in one.bus.shown:
        if isinstance(item, Final):
            ahead += -1 if item.track else 1
            most = max(most, ahead)
    assert most <= 4


async def test_captions_of_a_translation_have_ids_of_their_own_and_no_interims() -> None:
    one = scene()

    await one.run(frames(TALK))

    translated = {e.id for e in one.english if isinstance(e, Final)}
    assert len(translated) == 2
    assert not translated & {final.id for final in one.finals}
    assert not translated & {interim.id for interim in one.interims}


async def test_a_caption_is_there_before_its_translation() -> None:
    one = scene(translator=FakeRecognition(name="e", slowness=0.5))

    await one.run(frames(TALK))

    assert texts(one.journal.entries) == ["u0", "e0", "u1", "e1"]


@pytest.mark.parametrize(
    "room",
    [
        replace(GERMAN, translate=False),
        replace(GERMAN, language="en-GB"),
    ],
    ids=["not asked for", "English is spoken"],
)
async def test_a_room_that_needs_no_translation_has_none(room: Room) -> None:
    one = scene(room=room)

    await one.run(frames(TALK))

    assert one.english == []
    assert len(one.finals) == 2


async def test_an_engine_that_cannot_translate_captions_as_ever() -> None:
    one = Scene(language="de", room=GERMAN)

    await one.run(frames(TALK))

    assert (len(one.finals), one.english) == (2, [])


async def test_what_is_said_in_english_is_passed_on_as_it_was_said() -> None:
    translator = FakeRecognition(name="e")
    one = scene(translator=translator, language="en", room=replace(GERMAN, language="auto"))

    await one.run(frames(TALK))

    assert texts(one.english) == ["u0", "u1"]
    assert translator.utterances == []


async def test_noise_without_words_is_not_translated() -> None:
    translator = FakeRecognition(name="e")
    one = scene(translator=translator)
    one.engine.name = ""

    await one.run(frames(TALK))

    assert translator.utterances == []
    assert one.english == []


async def test_words_that_were_not_translated_are_a_gap_that_says_so() -> None:
    one = scene(translator=FakeRecognition(name=""))

    await one.run(frames(TALK))

    assert [e.reason for e in one.english if isinstance(e, Gap)] == [GapReason.NOT_TRANSLATED] * 2
    assert one.gaps == []
    assert uncovered(one) == []


async def test_audio_that_was_not_captioned_is_a_gap_in_both_tracks() -> None:
    one = scene()

    await one.run(without(frames(TALK), 3.2, 3.8))

    assert [gap.reason for gap in one.gaps] == [GapReason.TAP_LOST]
    translated = [e for e in one.english if isinstance(e, Gap)]
    assert [replace(gap, track="", seq=0) for gap in translated] == [
        replace(gap, seq=0) for gap in one.gaps
    ]


async def test_a_translator_that_is_too_slow_leaves_gaps_in_its_own_track_only() -> None:
    one = scene(translator=FakeRecognition(name="e", slowness=3.0))

    await one.run(frames(LONG_TALK))

    assert len(one.finals) == 12
    assert one.gaps == []
    reasons = {e.reason for e in one.english if isinstance(e, Gap)}
    assert GapReason.OVERLOAD in reasons
    assert sum(isinstance(e, Final) for e in one.english) >= 3
    assert uncovered(one) == []
    assert [e.seq for e in one.english] == list(range(1, len(one.english) + 1))


async def test_translating_waits_while_the_captions_are_behind() -> None:
    translator = FakeRecognition(name="e")
    one = scene(slowness=1.6, translator=translator)
    busy: list[bool] = []
    begin = translator.begin

    session = one.session()

    def watched(start_s: float) -> None:
        assert session._listener is not None
        busy.append(session._listener.load_s > 2.0)
        begin(start_s)

    translator.begin = watched  # type: ignore[method-assign]
    await session.run(live(frames(LONG_TALK)))

    assert busy
    assert not any(busy[:-1])
    assert uncovered(one) == []


async def test_a_translator_that_dies_loses_one_utterance_and_says_so() -> None:
    translator = FakeRecognition(name="e", slowness=0.5)
    one = scene(translator=translator)
    later(3.6, translator.die)
    later(4.0, translator.come_back)

    await one.run(frames(TALK))

    assert [type(e).__name__ for e in one.english] == ["Gap", "Final"]
    assert isinstance(one.english[0], Gap)
    assert one.english[0].reason is GapReason.ENGINE_RESTART
    assert one.gaps == []
    assert uncovered(one) == []


async def test_a_translator_that_never_ends_does_not_keep_the_room_open() -> None:
    one = scene(
        translator=FakeRecognition(name="e", slowness=1000.0),
        options=SessionOptions(drain_s=5.0),
    )

    async with asyncio.timeout(60):
        await one.run(frames(TALK))

    assert [type(e).__name__ for e in one.english] == ["Gap", "Gap"]
    assert uncovered(one) == []


async def test_captions_that_a_dying_recogniser_left_are_no_hole_in_the_translation() -> None:
    one = scene()
    later(2.0, one.engine.die)
    later(3.2, one.engine.come_back)

    await one.run(frames(TALK))

    assert [gap.reason for gap in one.gaps] == [GapReason.ENGINE_RESTART]
    assert any(isinstance(e, Gap) for e in one.english)
    assert isinstance(one.english[-1], Final)
    assert uncovered(one) == []


async def test_new_words_of_the_room_reach_its_translator_too() -> None:
    translator = FakeRecognition(name="e")
    one = scene(translator=translator)
    session = one.session()
    later(4.5, lambda: session.learn(("Ødegaard",)))

    await session.run(live(frames(TALK)))

    assert translator.learnt == [("Ødegaard",)]


async def test_a_translation_begins_and_ends_while_the_room_is_live() -> None:
    one = scene(room=replace(GERMAN, translate=False))
    session = one.session()
    later(6.0, lambda: session.translate(True))
    later(14.2, lambda: session.translate(False))

    await session.run(live(frames(LONG_TALK)))

    assert len(one.finals) == 12
    translated = [e for e in one.english if isinstance(e, Final)]
    assert [final.start_s for final in translated] == [f.start_s for f in one.finals[1:3]]


async def test_a_translator_that_died_while_it_had_nothing_to_do_loses_nothing() -> None:
    translator = FakeRecognition(name="e")
    one = scene(translator=translator)
    later(4.2, translator.die)
    later(4.4, translator.come_back)

    await one.run(frames(TALK))

    assert texts(one.english) == ["e0", "e1"]


async def test_a_file_is_not_read_ahead_of_its_translation() -> None:
    one = scene(
        translator=FakeRecognition(name="e", slowness=3.0), options=SessionOptions(patient=True)
    )
    session, waiting_s = one.session(), [0.0]

    def watch() -> None:
        assert session._translation is not None
        waiting_s.append(session._translation.waiting_s)
        if len(one.english) < 12:
            later(0.1, watch)

    watch()
    await session.run(live(frames(LONG_TALK), frame_s=0.0))

    assert texts(one.english) == [f"e{n}" for n in range(12)]
    assert max(waiting_s) <= 20.0


async def typing(one: Scene, session: Session, *times_s: float) -> None:
    """Run a room in which Ben types at some times."""

    async def ben() -> None:
        for at_s in times_s:
            await asyncio.sleep(at_s - asyncio.get_running_loop().time())
            await session.by_hand.say(BEN, f"{at_s:.0f}", f"getippt {at_s:.0f}", lasts_s=1.0)

    await asyncio.gather(session.run(live(frames(TALK))), ben())


async def test_typed_words_are_in_the_translation_as_they_were_typed_and_in_their_place() -> None:
    one = scene()

    await typing(one, one.session(), 2.0, 3.8)

    assert texts(one.english) == ["getippt 2", "e0", "getippt 4", "e1"]
    typed = one.english[2]
    assert isinstance(typed, Final)
    assert (typed.source, typed.language, typed.speaker) == (Source.TYPED, "de", BEN)
    assert len({e.id for e in one.journal.entries if isinstance(e, Final)}) == 8


async def test_typed_words_wait_for_what_was_said_before_them() -> None:
    one = scene(translator=FakeRecognition(name="e", slowness=2.0))

    await typing(one, one.session(), 3.8)

    assert texts(one.english) == ["e0", "getippt 4", "e1"]


async def test_typed_words_are_in_the_translation_of_a_room_whose_recogniser_cannot_run() -> None:
    one = Scene(
        unavailable="no weights", translator=FakeRecognition(name="e"), room=GERMAN, language="de"
    )

    await typing(one, one.session(), 2.0)

    assert texts(one.english) == ["getippt 2"]
    assert one.english[0].seq == 1


async def test_typed_words_are_not_in_a_translation_that_nobody_wants() -> None:
    one = scene()
    session = one.session()
    session.translate(False)

    await typing(one, session, 2.0)

    assert one.english == []


async def test_typed_words_that_wait_when_the_translation_fails_are_kept() -> None:
    one = Scene(
        translator=FakeRecognition(name="e", slowness=100.0),
        room=GERMAN,
        language="de",
        options=SessionOptions(drain_s=2),
    )

    await typing(one, one.session(), 3.8)

    assert texts(one.english) == ["Gap", "getippt 4", "Gap"]
