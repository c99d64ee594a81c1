"""Transcripts after cuts: no word of a cut is left, and the others are where their sound is."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from models.edit import AS_RECORDED, Edited, EditList
from models.room import Speaker
from models.transcript import SECOND_PASS, Correction, Entry, Final, Gap, GapReason, Word
from tests.transcripts.as_text import as_text
from transcripts.cutting import blanked, heard_last, without_cuts
from transcripts.effective import effective
from transcripts.exports import FORMATS, export

ADA = Speaker(id="ada", name="Ada")
SAMPLES = 48_000 * 60


def final(id: str, start_s: float, text: str, seq: int = 0) -> Final:
    """A caption whose words last half a second each."""
    words = tuple(
        Word(text=word, start_s=start_s + n / 2, end_s=start_s + n / 2 + 0.5, confidence=0.9)
        for n, word in enumerate(text.split())
    )
    end_s = start_s + len(words) / 2
    return Final(
        id=id, rev=1, start_s=start_s, end_s=end_s, speaker=ADA, text=text, words=words, seq=seq
    )


def cut(*spans: tuple[float, float]) -> Edited:
    edit = EditList.of(spans, SAMPLES)
    return Edited(hidden=edit.spans(), edit=edit)


def texts(entries: list[Entry]) -> list[str]:
    return [caption.text for caption in effective(entries)]


def test_a_caption_in_a_cut_is_gone_and_what_follows_moves_up() -> None:
    said = [final("a", 1, "one two", 1), final("b", 3, "three four", 2), final("c", 5, "five", 3)]

    left = without_cuts(said, cut((3, 4)))

    assert texts(left) == ["one two", "five"]
    assert [one.start_s for one in effective(left)] == [1, 4]
    assert effective(left)[1].words[0].start_s == 4


def test_a_caption_across_a_cut_keeps_its_words_outside_with_their_sound() -> None:
    said = [final("a", 1, "Well, my secret number is ten, anyway.", 1)]

    (left,) = effective(without_cuts(said, cut((2, 4))))

    assert left.text == "Well, my anyway."
    assert [(word.text, word.start_s) for word in left.words] == [
        ("Well,", 1),
        ("my", 1.5),
        ("anyway.", 2),
    ]
    assert (left.start_s, left.end_s) == (1, 2.5)


def test_words_without_spaces_stay_without_spaces() -> None:
    words = tuple(
        Word(text=text, start_s=n, end_s=n + 1, confidence=1, glued=n > 0)
        for n, text in enumerate("今日は雨")
    )
    said = [replace(final("a", 0, "x", 1), text="今日は雨", words=words, end_s=4.0)]

    assert texts(without_cuts(said, cut((1, 2)))) == ["今は雨"]


def test_no_revision_of_a_caption_keeps_what_was_cut() -> None:
    correction = Correction(
        id="a", rev=2, text="Well, my PIN is eleven, anyway.", by=ADA, replaces=1, seq=2
    )
    said: list[Entry] = [final("a", 1, "Well, my pin is ten, anyway.", 1), correction]

    left = without_cuts(said, cut((2, 3.5)))

    assert texts(left) == ["Well, my anyway."]
    for format in FORMATS:
        text = as_text(export(left, format, title="Tea", started_at=datetime.now(UTC)), format)
        assert "anyway" in text
        assert not any(word in text.casefold() for word in ("pin", "ten,", "eleven"))
    data = json.loads(export(left, "json", title="Tea", started_at=None))
    (caption,) = data["captions"]
    assert [one["text"] for one in caption["revisions"]] == ["Well, my anyway."] * 2
    assert caption["start"] == 1


def test_a_correction_that_comes_after_the_cut_is_kept_outside_of_it() -> None:
    later = Correction(id="a", rev=2, text="Well, now, anyhow!", by=ADA, replaces=1, seq=9)
    said: list[Entry] = [final("a", 1, "Well, my secret number, now, anyway.", 1), later]

    assert texts(without_cuts(said, cut((1.5, 3)))) == ["Well, now, anyhow!"]


def test_what_a_person_wrote_after_a_second_pass_is_cut_by_what_that_heard() -> None:
    heard = tuple(
        Word(text=word, start_s=1 + n, end_s=2 + n, confidence=1)
        for n, word in enumerate(["Well,", "my", "secret."])
    )
    second = Correction(
        id="a", rev=2, text="Well, my secret.", by=ADA, replaces=1, words=heard, seq=2
    )
    person = Correction(id="a", rev=3, text="Well, my SECRET!", by=ADA, replaces=2, seq=3)
    first = replace(final("a", 1, "Swell mice egret.", 1), end_s=4.0)
    said: list[Entry] = [first, second, person]

    left = without_cuts(said, cut((3, 4)))

    assert texts(left) == ["Well, my"]
    later = blanked([person], {0: cut((3, 4))}, heard_last(said))
    assert later == [replace(person, text="Well, my")]


def test_new_words_that_may_stand_for_what_was_cut_go_with_it() -> None:
    later = Correction(id="a", rev=2, text="Well, our code, anyway.", by=ADA, replaces=1, seq=9)
    said: list[Entry] = [final("a", 1, "Well, my secret number, anyway.", 1), later]

    assert texts(without_cuts(said, cut((1.5, 3)))) == ["Well, anyway."]


def test_typed_words_without_times_are_cut_by_their_share() -> None:
    typed = replace(final("a", 1, "one two three four", 1), words=())

    assert texts(without_cuts([typed], cut((1, 2)))) == ["three four"]


def test_a_translation_goes_with_any_word_that_was_cut() -> None:
    track = [replace(final("a", 1, "My number is ten.", 1), track="en")]
    elsewhere = replace(final("b", 8, "Good morning.", 2), track="en")

    assert texts(without_cuts([*track, elsewhere], cut((1, 1.5)))) == ["Good morning."]


def test_gaps_are_as_long_as_what_is_left_of_them() -> None:
    off = GapReason.OFF_RECORD
    said = [
        Gap(start_s=5.0, end_s=5.0, reason=off, seq=1),
        Gap(start_s=5.0, end_s=9.0, reason=off, seq=2),
        Gap(start_s=12.0, end_s=13.0, reason=GapReason.OVERLOAD, seq=3),
    ]

    left = without_cuts(said, cut((4, 6), (11, 14)))

    assert [(one.start_s, one.end_s) for one in left if isinstance(one, Gap)] == [(4, 7)]


def test_in_a_journal_every_number_stays_and_times_do_too() -> None:
    said: list[Entry] = [
        final("a", 1, "one two", 1),
        final("b", 3, "three four", 2),
        Correction(id="b", rev=2, text="three five", by=ADA, replaces=2, seq=3),
        final("c", 4, "five", 4),
    ]
    edited = Edited(hidden=((3.0, 4.0),))

    captions = {one.id: one for one in said if isinstance(one, Final)}

    seen = blanked(said, {0: edited}, captions)

    assert [one.seq for one in seen] == [1, 2, 3, 4]
    assert seen[:1] + seen[3:] == said[:1] + said[3:]
    gap = Gap(start_s=3.0, end_s=4.0, reason=GapReason.CUT)
    assert seen[1:3] == [replace(gap, seq=2), replace(gap, seq=3)]
    assert blanked(said, {1: edited}, captions) == said  # another time that the room was live


def test_without_cuts_nothing_changes() -> None:
    said = [final("a", 1, "one  two", 1)]

    assert without_cuts(said, AS_RECORDED) == said


def test_what_a_second_pass_heard_is_cut_by_the_times_at_which_it_heard_it() -> None:
    said = final("a", 1, "well my secret number", 1)
    heard = tuple(
        Word(text=text, start_s=start_s, end_s=start_s + 0.5, confidence=0.9)
        for text, start_s in (("Well,", 1.0), ("my", 1.5), ("secret", 2.0), ("number.", 2.5))
    )
    better = Correction(
        id="a",
        rev=2,
        text="Well, my secret number.",
        by=SECOND_PASS,
        replaces=1,
        words=heard,
        seq=2,
    )

    left = without_cuts([said, better], cut((2.0, 2.5)))

    (caption,) = effective(left)
    assert caption.text == "Well, my number."
    assert [word.text for word in caption.words] == ["Well,", "my", "number."]
    assert caption.words[-1].start_s == pytest.approx(2.0, abs=0.02)
    assert "secret" not in str(left)
