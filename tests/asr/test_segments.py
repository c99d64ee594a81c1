from hypothesis import given, settings
from hypothesis import strategies as st

from asr.segments import CaptionLength, Segments
from models.transcript import Hypothesis, Word
from pipeline.lines import LINES, lines


def words(text: str, *, start_s: float = 0.0, each_s: float = 0.4) -> list[Word]:
    return [
        Word(
            text=word,
            start_s=start_s + n * each_s,
            end_s=start_s + (n + 1) * each_s,
            confidence=1.0,
        )
        for n, word in enumerate(text.split())
    ]


def text(hypothesis: Hypothesis) -> str:
    return " ".join(word.text for word in hypothesis.words)


def test_a_sentence_becomes_a_caption() -> None:
    segments = Segments(language="en")
    done = segments.add(words("Good morning. How are you? Very"))
    assert [text(h) for h in done] == ["Good morning.", "How are you?"]
    assert [h.segment for h in done] == [0, 1]
    assert all(h.final and h.stable == len(h.words) for h in done)
    assert [text(h) for h in segments.flush()] == ["Very"]


def test_an_interim_counts_its_agreed_words() -> None:
    segments = Segments(language="en")
    segments.add(words("Very well"))
    (shown,) = segments.show(words("thank you", start_s=1.0))
    assert text(shown) == "Very well thank you"
    assert (shown.stable, shown.final) == (2, False)


def test_an_interim_that_did_not_change_is_not_said_again() -> None:
    segments = Segments(language="en")
    segments.show(words("good"))
    assert segments.show(words("good")) == []


def test_that_a_shown_word_will_stay_is_said() -> None:
    segments = Segments(language="en")
    segments.show(words("good"))
    segments.add(words("good"))
    (shown,) = segments.show([])
    assert (text(shown), shown.stable, shown.final) == ("good", 1, False)


def test_a_caption_that_was_shown_and_not_agreed_is_withdrawn() -> None:
    segments = Segments(language="en")
    (shown,) = segments.show(words("the"))
    (withdrawn,) = segments.flush()
    assert withdrawn.segment == shown.segment
    assert withdrawn.final
    assert withdrawn.words == ()


def test_a_long_caption_is_cut_where_the_speaker_paused() -> None:
    segments = Segments(language="en", length=CaptionLength(longest_chars=40))
    before = words("we went to the garden and there")
    after = words("it was raining all day", start_s=3.2)
    done = segments.add([*before, *after])
    assert [text(h) for h in done] == ["we went to the garden and there"]


def test_a_long_caption_is_cut_before_a_phrase_and_never_behind_an_article() -> None:
    segments = Segments(language="en")
    said = "well the most important thing is that people know where to go when there is a fire"
    done = segments.add(words(said, each_s=0.2))
    assert [text(h) for h in done] == [
        "well the most important thing is that people know where to go"
    ]
    assert [text(h) for h in segments.flush()] == ["when there is a fire"]


def test_words_that_are_not_agreed_yet_help_to_choose_where_to_cut() -> None:
    segments = Segments(language="en", length=CaptionLength(longest_chars=42))
    said = words("yesterday the kettle boiled over twice, but nobody noticed.", each_s=0.2)
    assert segments.add(said[:5], said[5:]) == []
    (done,) = segments.add(said[5:6], said[6:])
    assert text(done) == "yesterday the kettle boiled over twice,"


def test_a_caption_that_is_nearly_full_ends_with_its_clause() -> None:
    segments = Segments(language="en")
    said = words("and when everybody had come home from the garden that evening, we")
    (done,) = segments.add(said)
    assert text(done).endswith("evening,")


def test_a_sentence_that_is_about_to_end_is_not_cut_at_a_comma() -> None:
    segments = Segments(language="en")
    said = words("and when everybody had come home from the garden that evening, we ate.")
    assert segments.add(said[:-2], said[-2:]) == []


def test_a_word_longer_than_a_caption_is_one_caption() -> None:
    segments = Segments(language="en")
    done = [*segments.add(words(f"see {'x' * 120} there")), *segments.flush()]
    assert " ".join(text(h) for h in done) == f"see {'x' * 120} there"


WORDS = st.lists(
    st.sampled_from(["the", "kettle", "had", "and", "nobody", "neighbours", "boiled,", "cold."]),
    min_size=20,
    max_size=80,
)


@settings(deadline=None, max_examples=60)
@given(WORDS, st.lists(st.tuples(st.integers(1, 9), st.integers(0, 6)), min_size=1))
def test_what_was_shown_as_stable_stays_in_its_caption_and_every_final_fits(
    tokens: list[str], steps: list[tuple[int, int]]
) -> None:
    said, at = words(" ".join(tokens)), 0
    segments = Segments(language="en")
    promised: dict[int, list[str]] = {}
    finals: list[Hypothesis] = []
    while at < len(said):
        for agreed, tentative in steps:
            ahead = said[at + agreed : at + agreed + tentative]
            finals += segments.add(said[at : at + agreed], ahead)
            for shown in segments.show(ahead):
                promised[shown.segment] = [w.text for w in shown.words[: shown.stable]]
            at += agreed
    finals += segments.flush()

    heard = [word.text for final in finals for word in final.words]
    assert heard == tokens
    for final in finals:
        before = promised.get(final.segment, [])
        assert [word.text for word in final.words][: len(before)] == before
        assert len(lines(final.words)) <= LINES
        assert final.words[-1].end_s - final.words[0].start_s <= 12.0


def test_no_caption_is_longer_than_twelve_seconds() -> None:
    segments = Segments(language="en")
    done = [*segments.add(words("so " * 10, each_s=2.0)), *segments.flush()]
    assert sum(len(h.words) for h in done) == 10
    assert all(h.words[-1].end_s - h.words[0].start_s <= 12.0 for h in done)
