from asr.segments import CaptionLength, Segments, ends_sentence
from models.transcript import Hypothesis, Word


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


def test_a_long_caption_is_cut_at_its_widest_late_pause() -> None:
    segments = Segments(language="en", length=CaptionLength(longest_chars=40))
    before = words("we went to the garden and there")
    after = words("it was raining all day", start_s=3.2)
    done = segments.add([*before, *after])
    assert [text(h) for h in done] == ["we went to the garden and there"]


def test_a_caption_without_pauses_is_filled() -> None:
    segments = Segments(language="en", length=CaptionLength(longest_chars=20))
    done = segments.add(words("one two three four five six seven"))
    assert [text(h) for h in done] == ["one two three four"]


def test_no_caption_is_longer_than_twelve_seconds() -> None:
    segments = Segments(language="en")
    done = [*segments.add(words("so " * 10, each_s=2.0)), *segments.flush()]
    assert sum(len(h.words) for h in done) == 10
    assert all(h.words[-1].end_s - h.words[0].start_s <= 12.0 for h in done)


def test_an_abbreviation_ends_no_sentence() -> None:
    assert not ends_sentence("Dr.")
    assert ends_sentence("here.")
    assert ends_sentence("here.”")
    assert not ends_sentence("here,")
