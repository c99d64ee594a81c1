"""What a reader sees of a growing caption at each pace, and what it never sees."""

from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.delivery import Delivery
from api.pacing import Look, paced
from models.caption import Interim
from models.style import PACES, Pace
from models.transcript import Final
from pipeline.steadiness import steadiness
from tests.api.running import ADA, final, interim

WORD = st.sampled_from(["the", "a", "cat", "sat", "on", "mats"])


def look(text: str, stable: int = 0, rev: int = 1) -> Interim:
    return Interim(id="i1", rev=rev, start_s=0, end_s=1, speaker=ADA, text=text, stable=stable)


def shown(pace: Pace, *looks: Interim) -> list[str]:
    """What a reader is sent, one look after the other."""
    reader = Delivery(sent=0, latest=0, pace=pace)
    sent = [item for item in reader.live(list(looks)) if isinstance(item, Interim)]
    return [item.text for item in sent]


def looks(*texts: str) -> list[Interim]:
    return [look(text, rev=rev) for rev, text in enumerate(texts, start=1)]


def test_fast_shows_every_look() -> None:
    heard = looks("the", "the cat", "the cap", "the cat sat")

    assert shown("fast", *heard) == ["the", "the cat", "the cap", "the cat sat"]


def test_balanced_shows_new_words_at_once() -> None:
    assert shown("balanced", *looks("the", "the cat sat")) == ["the", "the cat sat"]


def test_balanced_does_not_show_a_change_that_the_next_look_undoes() -> None:
    heard = looks("the cat", "the cap", "the cat sat")

    assert shown("balanced", *heard) == ["the cat", "the cat sat"]


def test_balanced_shows_a_change_that_two_looks_have() -> None:
    heard = looks("the cap", "the cat", "the cat sat")

    assert shown("balanced", *heard) == ["the cap", "the cat sat"]


def test_balanced_shows_a_promised_change_at_once() -> None:
    assert shown("balanced", look("the cap"), look("the cat", stable=7, rev=2)) == [
        "the cap",
        "the cat",
    ]


def test_balanced_does_not_take_back_words_that_a_look_leaves_out() -> None:
    heard = looks("the cat sat", "the cat", "the cat sat on")

    assert shown("balanced", *heard) == ["the cat sat", "the cat sat on"]


def test_balanced_tells_at_once_that_a_word_will_not_change_any_more() -> None:
    reader = Delivery(sent=0, latest=0, pace="balanced")
    reader.live([look("the cat")])

    (now,) = reader.live([look("the cat", stable=7, rev=2)])

    assert isinstance(now, Interim)
    assert (now.text, now.stable) == ("the cat", 7)


def test_steady_shows_only_what_is_promised() -> None:
    heard = [look("the cat"), look("the cat sat", stable=3, rev=2), look("the cat", 7, rev=3)]

    assert shown("steady", *heard) == ["the", "the cat"]


def test_a_caption_that_is_taken_back_disappears_at_every_pace() -> None:
    for pace in PACES:
        assert shown(pace, look("the", stable=3), look("", rev=2)) == ["the", ""]


def test_a_caption_of_which_nothing_was_shown_is_not_taken_back() -> None:
    assert shown("steady", look("the"), look("", rev=2)) == []


def test_who_goes_to_fast_sees_at_once_what_was_held_back() -> None:
    reader = Delivery(sent=0, latest=0, pace="steady")
    reader.live([look("the cat", stable=3), look("the cat sat", stable=3, rev=2)])

    reader.set_pace("fast")

    assert [item.text for item in reader.interims()] == ["the cat sat"]


def test_who_goes_to_steady_keeps_what_stands_until_it_is_known_to_be_wrong() -> None:
    reader = Delivery(sent=0, latest=0, pace="fast")
    reader.live([look("the cap")])

    reader.set_pace("steady")

    assert reader.interims() == []
    assert reader.live([look("the cap sat", stable=3, rev=2)]) == []
    (now,) = reader.live([look("the cat sat", stable=7, rev=3)])
    assert isinstance(now, Interim)
    assert now.text == "the cat"


def test_a_speaker_who_turns_out_to_be_another_is_shown_though_no_word_is_new() -> None:
    before = interim("i1", 1, "the")
    after = Interim(id="i1", rev=2, start_s=0, end_s=1, speaker=None, text="the")

    assert paced("balanced", Look(item=before).then(after), before) == after


@st.composite
def growing(draw: st.DrawFn) -> list[Interim]:
    """Looks of one caption whose promises are kept, with anything behind them."""
    said = draw(st.lists(WORD, min_size=1, max_size=8))
    promised, made = 0, []
    for rev in range(1, draw(st.integers(1, 12)) + 1):
        promised = draw(st.integers(promised, len(said)))
        tail = draw(st.lists(WORD, min_size=not promised, max_size=4))
        stable = len(" ".join(said[:promised]))
        made.append(look(" ".join(said[:promised] + tail), stable=stable, rev=rev))
    return made


@given(growing())
def test_in_steady_no_word_that_was_shown_is_changed_or_taken_back(heard: list[Interim]) -> None:
    seen = shown("steady", *heard)

    for before, now in pairwise(seen):
        assert now.startswith(f"{before} ")


@given(st.lists(st.tuples(st.lists(WORD, min_size=1, max_size=5), st.integers(0, 30))))
def test_steady_keeps_the_promise_even_when_the_recogniser_breaks_it(
    heard: list[tuple[list[str], int]],
) -> None:
    made = [
        look(" ".join(words), stable=min(stable, len(" ".join(words))), rev=rev)
        for rev, (words, stable) in enumerate(heard, start=1)
    ]

    seen = [text.split() for text in shown("steady", *made)]

    assert all(now[: len(before)] == before for before, now in pairwise(seen))


@given(growing())
def test_balanced_never_erases_more_than_fast(heard: list[Interim]) -> None:
    end = final(heard[-1].text)
    erased = {pace: erased_by(shown(pace, *heard), end) for pace in PACES}

    assert erased["balanced"] <= erased["fast"]


@given(growing())
def test_balanced_knows_all_that_is_promised(heard: list[Interim]) -> None:
    reader = Delivery(sent=0, latest=0, pace="balanced")
    seen = ""
    for item in heard:
        for sent in reader.live([item]):
            assert isinstance(sent, Interim)
            seen = sent.text
        assert seen.split()[: len(item.text[: item.stable].split())] == (
            item.text[: item.stable].split()
        )


@pytest.mark.parametrize("pace", PACES)
@given(heard=growing())
def test_at_every_pace_revisions_ascend_and_nothing_is_said_twice(
    pace: Pace, heard: list[Interim]
) -> None:
    reader = Delivery(sent=0, latest=0, pace=pace)
    sent = [item for item in reader.live(list(heard)) if isinstance(item, Interim)]

    revs = [item.rev for item in sent]
    assert revs == sorted(set(revs))
    assert all(item.stable <= len(item.text) for item in sent)


def erased_by(texts: Iterable[str], end: Final) -> int:
    interims = [Interim(id=end.id, rev=1, start_s=0, end_s=1, speaker=None, text=t) for t in texts]
    return steadiness([*interims, end]).erased


def test_without_spaces_too_only_what_is_promised_is_shown_at_the_steady_pace() -> None:
    heard = [look("今天我们", stable=2, rev=1), look("今天我们谈谈", stable=4, rev=2)]

    assert shown("steady", *heard) == ["今天", "今天我们"]


def test_without_spaces_too_a_change_waits_for_a_second_look_at_the_balanced_pace() -> None:
    assert shown("balanced", *looks("今天好", "今天号", "今天号码")) == ["今天好", "今天号码"]
