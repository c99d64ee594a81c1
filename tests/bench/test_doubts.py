"""How well confidence tells wrong words, on words made up."""

from bench.doubts import Judged, Marking, judge, marking
from models.transcript import Word


def _words(*heard: tuple[str, float]) -> list[Word]:
    return [
        Word(text=text, start_s=n, end_s=n + 1, confidence=sure)
        for n, (text, sure) in enumerate(heard)
    ]


def test_a_word_is_right_when_it_was_said_there() -> None:
    words = _words(("Ask", 0.9), ("nut", 0.3), ("what", 0.8), ("uh", 0.2), ("your", 0.7))

    judged = judge(words, "Ask not what your country can do")

    assert [one.right for one in judged] == [True, False, True, False, True]
    assert [one.confidence for one in judged] == [0.9, 0.3, 0.8, 0.2, 0.7]


def test_the_same_word_twice_is_right_only_as_often_as_it_was_said() -> None:
    judged = judge(_words(("the", 0.9), ("the", 0.1), ("garden", 0.9)), "the garden")

    assert sorted(one.right for one in judged) == [False, True, True]


def test_marking_counts_what_is_marked_and_what_is_wrong() -> None:
    judged = [
        Judged(confidence=0.2, right=False),
        Judged(confidence=0.4, right=True),
        Judged(confidence=0.9, right=False),
        Judged(confidence=0.9, right=True),
    ]

    assert marking(judged, 0.5) == Marking(marked=0.5, precision=0.5, recall=0.5)
    assert marking(judged, 0.1) == Marking(marked=0.0, precision=0.0, recall=0.0)
    assert marking([], 0.5) == Marking(marked=0.0, precision=0.0, recall=0.0)
