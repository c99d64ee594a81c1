"""New entries of a journal are looked through for standing queries."""

from dataclasses import replace
from datetime import UTC, datetime

from models.room import Speaker
from models.transcript import Correction, Entry, Final, Gap, GapReason
from transcripts.search.looking import look_through, marks
from transcripts.search.matching import About
from transcripts.search.parsing import parse
from transcripts.search.standing import StandingQueries

ADA, BEN = Speaker(id="a", name="Ada"), Speaker(id="b", name="Ben")
ABOUT = About(
    room_id="r1",
    title="Tea",
    host_id="h1",
    host_name="Hanna",
    began_at=datetime(2026, 11, 5, tzinfo=UTC),
)


def final(seq: int, text: str, speaker: Speaker = ADA, instance: int = 1) -> Final:
    return Final(
        id=f"c{seq}",
        rev=1,
        start_s=seq,
        end_s=seq + 1,
        speaker=speaker,
        text=text,
        seq=seq,
        instance=instance,
    )


def correction(seq: int, of: Final, text: str, rev: int = 2) -> Correction:
    return Correction(id=of.id, rev=rev, text=text, by=BEN, replaces=of.seq, seq=seq)


def found(query: str, *entries: Entry, first: int = 1) -> list[str]:
    standing = StandingQueries()
    standing.put("q", parse(query).query)
    history = [one for one in entries if not isinstance(one, Gap)]
    histories = {one.id: [other for other in history if other.id == one.id] for one in history}
    return [one.final.id for one in look_through(standing, ABOUT, entries, first, histories)]


def test_only_what_is_new_is_found() -> None:
    entries = (final(1, "the kettle"), final(2, "a kettle"), final(3, "milk"), final(4, "kettle"))

    assert found("kettle", *entries, first=2) == ["c2", "c4"]


def test_a_phrase_is_found_across_the_captions_of_one_speaker_in_one_instance() -> None:
    begun, other = final(1, "who takes"), final(2, "not me", BEN)

    assert found('"takes milk"', begun, other, final(3, "milk then"), first=3) == ["c3"]
    assert found('"takes milk"', begun, other, final(3, "milk then", BEN), first=3) == []
    assert found('"takes milk"', begun, other, final(3, "milk", instance=2), first=3) == []


def test_a_correction_counts_where_it_makes_a_caption_match() -> None:
    misheard = final(1, "the cattle is on")
    right = correction(2, misheard, "the kettle is on")
    again = correction(3, misheard, "The kettle is on.", rev=3)

    assert found("kettle", misheard, right, again) == ["c1"]
    assert found("kettle", misheard, right, again, first=3) == []
    assert found("cattle", misheard, right) == ["c1"]
    assert found("cattle", misheard, right, first=2) == []


def test_gaps_and_corrections_of_what_is_gone_find_nothing() -> None:
    gap = Gap(start_s=0, end_s=9, reason=GapReason.DELETED, seq=1, instance=1)
    orphan = Correction(id="c1", rev=2, text="kettle", by=BEN, replaces=1, seq=2)

    assert found("kettle", gap, orphan) == []


def test_what_is_found_is_marked_in_code_points() -> None:
    caption = replace(final(1, "☕ The Kettle, the kettle!"))

    found = marks(parse("kettle").query, caption)

    assert [caption.text[start:end] for start, end in found] == ["Kettle", "kettle"]
