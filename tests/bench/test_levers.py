from bench.levers import Screen
from models.transcript import Hypothesis, Word


def words(text: str) -> tuple[Word, ...]:
    return tuple(Word(text=t, start_s=0.0, end_s=0.1, confidence=1.0) for t in text.split())


def test_a_reader_sees_finals_then_what_is_stable_then_the_rest() -> None:
    screen = Screen()
    screen.take(Hypothesis(segment=0, words=words("Hello there."), final=True), 1.0)
    screen.take(Hypothesis(segment=1, words=words("How are"), stable=1), 1.5)

    (_, last) = screen.snapshots

    assert last.committed.split() == ["Hello", "there.", "How"]
    assert (last.tentative, last.at_s) == ("are", 1.5)


def test_a_caption_that_is_taken_back_leaves_the_screen() -> None:
    screen = Screen()
    screen.take(Hypothesis(segment=0, words=words("hm")), 1.0)
    screen.take(Hypothesis(segment=0, words=(), final=True), 2.0)

    assert (screen.snapshots[-1].committed, screen.snapshots[-1].tentative) == ("", "")
