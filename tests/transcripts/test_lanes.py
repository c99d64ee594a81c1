from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from transcripts.lanes import lanes
from transcripts.pacing import Cue

SPANS = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 10)), max_size=12)


def cues(*spans: tuple[int, int]) -> list[Cue]:
    return [Cue(start_s=start, end_s=start + length, lines=("x",)) for start, length in spans]


def test_who_speaks_alone_has_no_place() -> None:
    assert lanes(cues((0, 2), (2, 2), (5, 1))) == [None, None, None]


def test_a_cue_keeps_its_lane_while_those_below_it_change() -> None:
    assert lanes(cues((0, 3), (1, 6), (3, 2), (8, 1))) == [0, 1, 0, None]


@given(SPANS)
def test_cues_at_one_time_are_in_different_lanes(spans: list[tuple[int, int]]) -> None:
    placed = cues(*sorted(spans))
    found = lanes(placed)

    for (one, lane), (other, other_lane) in combinations(zip(placed, found, strict=True), 2):
        if one.start_s < other.end_s and other.start_s < one.end_s:
            assert None not in (lane, other_lane)
            assert lane != other_lane
