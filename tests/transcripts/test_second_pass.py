"""What a second pass may change, and what it leaves alone."""

from collections.abc import Sequence
from dataclasses import replace

from models.room import Speaker
from models.transcript import (
    SECOND_PASS,
    Correction,
    Entry,
    Final,
    Gap,
    GapReason,
    Hypothesis,
    Source,
    Word,
)
from transcripts.cues import gaps_of
from transcripts.effective import effective
from transcripts.exports import export
from transcripts.second_pass import SecondPass

ADA, BEN = Speaker(id="ada", name="Ada"), Speaker(id="ben", name="Ben")
STEP_S = 0.4


def words(text: str, start_s: float, *, confidence: float = 0.9) -> tuple[Word, ...]:
    return tuple(
        Word(
            text=one,
            start_s=start_s + at * STEP_S,
            end_s=start_s + (at + 1) * STEP_S,
            confidence=confidence,
        )
        for at, one in enumerate(text.split())
    )


def said(text: str, start_s: float, *, seq: int, by: Speaker = ADA, sure: float = 0.6) -> Final:
    spoken = words(text, start_s, confidence=sure)
    return Final(
        id=f"c{seq}",
        rev=2,
        start_s=start_s,
        end_s=spoken[-1].end_s,
        speaker=by,
        text=text,
        words=spoken,
        seq=seq,
        instance=1,
    )


def heard(text: str, start_s: float, *, sure: float = 0.9) -> Hypothesis:
    return Hypothesis(segment=0, words=words(text, start_s, confidence=sure), final=True)


def passed(entries: Sequence[Entry], *finals: Hypothesis) -> list[Correction | Final]:
    passing = SecondPass(entries, instance=1)
    written = passing.take(100.0, finals)
    return [*written, *passing.end()]


def texts(entries: Sequence[Entry], written: Sequence[Entry]) -> list[str]:
    return [final.text for final in effective([*entries, *written])]


def test_each_caption_keeps_its_place_and_gets_the_words_that_were_said_in_it() -> None:
    live: list[Final] = [
        said("the cattle is one", 1.0, seq=1),
        said("who takes mild today", 3.0, seq=2, by=BEN),
    ]

    written = passed(live, heard("The kettle is on. Who takes milk today?", 1.05))

    after = effective([*live, *written])
    assert [final.text for final in after] == ["The kettle is on.", "Who takes milk today?"]
    assert [(f.start_s, f.end_s, f.speaker) for f in after] == [
        (f.start_s, f.end_s, f.speaker) for f in live
    ]
    assert all(isinstance(one, Correction) and one.by == SECOND_PASS for one in written)
    assert [one.rev for one in written if isinstance(one, Correction)] == [3, 3]
    assert all(f.start_s <= w.start_s <= w.end_s <= f.end_s for f in after for w in f.words)


def test_words_have_the_times_at_which_the_second_pass_heard_them() -> None:
    live = [said("a bee", 1.0, seq=1)]
    exact = Hypothesis(
        segment=0,
        final=True,
        words=(
            Word(text="Ada", start_s=1.1, end_s=1.3, confidence=0.9),
            Word(text="begins", start_s=1.35, end_s=1.7, confidence=0.9),
        ),
    )

    [after] = effective([*live, *passed(live, exact)])

    assert [(word.text, word.start_s) for word in after.words] == [("Ada", 1.1), ("begins", 1.35)]


def test_what_a_person_corrected_typed_or_wrote_is_left_alone() -> None:
    corrected = said("the cattle is one", 1.0, seq=1)
    by_hand = Correction(id="c1", rev=3, text="The cattle has won.", by=BEN, replaces=1, seq=2)
    typed = replace(said("tee please", 4.0, seq=3), source=Source.TYPED)
    written_by = replace(said("so tea it is", 7.0, seq=4), source=Source.CAPTIONER)
    live: list[Entry] = [corrected, by_hand, typed, written_by]

    written = passed(
        live,
        heard("The kettle is on.", 1.0),
        heard("Tea, please.", 4.0),
        heard("So T, it is.", 7.0),
    )

    assert written == []


def test_a_second_pass_is_corrected_by_people_and_not_by_itself() -> None:
    live = [said("the cattle is one", 1.0, seq=1)]
    [once] = passed(live, heard("The kettle is on.", 1.0))
    again = [*live, replace(once, seq=2)]

    assert passed(again, heard("The kettle is on.", 1.0)) == []


def test_less_certain_words_change_nothing() -> None:
    live: list[Entry] = [said("the kettle is on", 1.0, seq=1, sure=0.9)]

    assert passed(live, heard("the petal is gone", 1.0, sure=0.7)) == []


def test_a_hole_or_a_flood_of_words_changes_nothing() -> None:
    live = [said("we meet at ten and we end at noon", 1.0, seq=1, sure=0.8)]
    flood = Hypothesis(
        segment=0,
        final=True,
        words=tuple(
            Word(text="no", start_s=1 + at / 20, end_s=1 + (at + 1) / 20, confidence=0.99)
            for at in range(60)
        ),
    )

    assert passed(live) == []
    assert passed(live, heard("we meet", 1.0)) == []
    assert passed(live, flood) == []


def test_captions_of_people_who_spoke_at_once_are_left_alone() -> None:
    live = [said("I thing so too", 1.0, seq=1), said("no not add all", 1.2, seq=2, by=BEN)]

    assert passed(live, heard("I think so, too. No, not at all.", 1.0)) == []


def test_a_gap_whose_sound_was_recorded_is_filled_in_its_place() -> None:
    gap = Gap(start_s=3.0, end_s=6.0, reason=GapReason.OVERLOAD, seq=2, instance=1)
    live: list[Entry] = [said("Good morning.", 1.0, seq=1), gap, said("Any questions?", 7.0, seq=3)]

    written = passed(
        live,
        heard("Good morning.", 1.0),
        heard("We begin with tea.", 3.5),
        heard("Any questions?", 7.0),
    )

    assert texts(live, written) == ["Good morning.", "We begin with tea.", "Any questions?"]
    [fill] = written
    assert isinstance(fill, Final)
    assert (fill.source, fill.speaker) == (Source.SECOND_PASS, None)
    assert gaps_of([*live, *written]) == []
    exported = export([*live, fill], "txt", title="Tea", started_at=None).decode()
    assert "captions missing" not in exported
    assert "Improved after the room" in exported


def test_words_of_a_caption_beside_a_gap_do_not_fill_it() -> None:
    gap = Gap(start_s=1.5, end_s=6.0, reason=GapReason.OVERLOAD, seq=2, instance=1)
    live: list[Entry] = [said("the kettle is on", 1.0, seq=1, sure=0.9), gap]

    assert passed(live, heard("the kettle is on", 1.0)) == []


def test_what_was_off_the_record_is_neither_filled_nor_heard() -> None:
    off = Gap(start_s=3.0, end_s=6.0, reason=GapReason.OFF_RECORD, seq=2)
    lost = Gap(start_s=2.9, end_s=6.1, reason=GapReason.TAP_LOST, seq=3)
    live: list[Entry] = [said("between us the cattle", 1.8, seq=1), off, lost]

    written = passed(live, heard("between us the kettle", 1.8), heard("is broken", 4.0))

    assert "kettle" not in " ".join(texts(live, written))
    assert "broken" not in " ".join(texts(live, written))


def test_an_interrupted_pass_goes_on_where_no_caption_was_open() -> None:
    live = [said("the cattle is one", 1.0, seq=1), said("who takes mild today", 9.0, seq=2)]
    first = SecondPass(live, instance=1)
    begun = first.take(9.8, [heard("The kettle is on.", 1.0), heard("Who takes", 9.0)])
    assert [one.id for one in begun] == ["c1"]
    assert first.safe_s == 0.0

    second = SecondPass([*live, *begun], instance=1)
    silent = second.take(5.0, [heard("The kettle is on.", 1.0)])
    assert (silent, second.safe_s) == ([], 5.0)
    resumed = SecondPass([*live, *begun], instance=1, from_s=5.0)
    rest = [*resumed.take(12.0, [heard("Who takes milk today?", 9.0)]), *resumed.end()]

    assert texts(live, [*begun, *rest]) == ["The kettle is on.", "Who takes milk today?"]


def test_files_tell_corrections_by_people_from_those_of_a_second_pass() -> None:
    live = [said("the cattle is one", 1.0, seq=1), said("tee please", 4.0, seq=2)]
    by_hand = Correction(id="c2", rev=3, text="Tea, please.", by=BEN, replaces=2, seq=3)
    written = passed([*live, by_hand], heard("The kettle is on.", 1.0))
    entries = [*live, by_hand, *written]

    text = export(entries, "txt", title="Tea", started_at=None).decode()
    vtt = export(entries, "vtt", title="Tea", started_at=None).decode()

    assert text.count("[corrected]") == 1
    assert "Tea, please. [corrected]" in text
    assert "NOTE Improved after the room" in vtt
    assert "NOTE Corrected by hand, the captions at 00:00:04.000" in vtt
