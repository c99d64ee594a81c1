"""The time line of what is left of a recording, for many lists of cuts."""

import random
from collections.abc import Iterator

import pytest

from models.audio import FRAME_SAMPLES, RATE_HZ
from models.edit import Cut, Edited, EditList
from models.errors import Invalid

SAMPLES = 60 * RATE_HZ


def some_edits(count: int = 200) -> Iterator[EditList]:
    lottery = random.Random(5)
    for _ in range(count):
        spans = []
        for _ in range(lottery.randrange(6)):
            start_s = lottery.uniform(0, 55)
            spans.append((start_s, start_s + lottery.uniform(0.001, 4)))
        yield EditList.of(spans, SAMPLES)


def test_what_is_left_has_each_of_its_samples_once_and_in_order() -> None:
    lottery = random.Random(6)
    for edit in some_edits():
        left = edit.length(SAMPLES)
        places = sorted(lottery.randrange(left) for _ in range(50))
        originals = [edit.to_original(place) for place in places]

        assert originals == sorted(originals)
        assert [edit.to_edited(sample) for sample in originals] == places
        for sample in originals:
            assert not any(cut.start <= sample < cut.end for cut in edit.cuts)


def test_a_moment_that_is_cut_is_at_the_seam_and_the_seam_is_behind_the_cut() -> None:
    for edit in some_edits():
        for cut in edit.cuts:
            seam = edit.to_edited(cut.start)
            for sample in (cut.start, (cut.start + cut.end) // 2, cut.end):
                assert edit.to_edited(sample) == seam
            assert edit.to_original(seam) == cut.end


def test_cuts_are_whole_packets_and_apart_from_each_other() -> None:
    for edit in some_edits():
        edges = [edge for cut in edit.cuts for edge in (cut.start, cut.end)]
        assert edges == sorted(set(edges))
        assert all(edge % FRAME_SAMPLES == 0 for edge in edges)


def test_seconds_follow_samples() -> None:
    edit = EditList.of([(1.0, 2.0), (4.0, 5.5)], SAMPLES)

    assert [edit.to_edited_s(time_s) for time_s in (0.5, 1.5, 2.25, 6.0)] == [0.5, 1.0, 1.25, 3.5]
    assert [edit.to_original_s(time_s) for time_s in (0.5, 1.0, 3.0, 3.5)] == [0.5, 2.0, 5.5, 6.0]
    assert edit.length(SAMPLES) == SAMPLES - 2.5 * RATE_HZ


def test_every_packet_that_is_touched_goes_and_cuts_that_meet_are_one() -> None:
    edit = EditList.of([(3.5, 4.0), (1.001, 2.999), (2.995, 3.5)], SAMPLES)

    assert edit.cuts == (Cut(start=RATE_HZ, end=4 * RATE_HZ),)


@pytest.mark.parametrize(
    ("spans", "field", "says"),
    [
        ([(2.0, 2.0)], "cuts.0.end_s", "ends before it begins"),
        ([(0.0, 1.0), (5.0, 4.0)], "cuts.1.end_s", "ends before it begins"),
        ([(60.0, 61.0)], "cuts.0.start_s", "ends at 60 s"),
        ([(50.0, 60.1)], "cuts.0.end_s", "ends at 60 s"),
        ([(0.0, 60.0)], "cuts", "Nothing would be left"),
        ([(0.0, 30.0), (30.5, 60.0)], "cuts", "Nothing would be left"),
    ],
)
def test_a_cut_that_cannot_be_made_says_why(
    spans: list[tuple[float, float]], field: str, says: str
) -> None:
    with pytest.raises(Invalid, match=says) as refused:
        EditList.of(spans, SAMPLES)
    assert refused.value.field == field


def test_a_word_beside_a_cut_stays_and_one_that_reaches_into_it_goes() -> None:
    edited = Edited(hidden=((1.0, 2.0),))

    assert not edited.hides(0.5, 1.02)
    assert not edited.hides(1.98, 2.5)
    assert edited.hides(0.5, 1.05)
    assert edited.hides(1.95, 4.0)
    assert edited.hides(0.0, 9.0)
    assert edited.hides(1.5, 1.5)
