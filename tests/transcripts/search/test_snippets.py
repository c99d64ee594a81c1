"""What a hit shows of its caption."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from models.room import Speaker
from models.transcript import Correction, Final, Word
from transcripts.effective import effective
from transcripts.search.snippets import LONGEST, Snippet, snippet

ADA = Speaker(id="a", name="Ada")


def said(text: str, start_s: float = 10.0) -> Final:
    """A caption of a word a second."""
    words = tuple(
        Word(text=word, start_s=start_s + at, end_s=start_s + at + 1, confidence=0.9)
        for at, word in enumerate(text.split())
    )
    end_s = start_s + len(words)
    return Final(id="c", rev=1, start_s=start_s, end_s=end_s, speaker=ADA, text=text, words=words)


def found(caption: Final, *words: str) -> Snippet:
    places = [caption.text.index(word) for word in words]
    return snippet(caption, [(at, at + len(word)) for at, word in zip(places, words, strict=True)])


def marked(shown: Snippet) -> list[str]:
    return [shown.text[start:end] for start, end in shown.marks]


def test_a_short_caption_is_shown_whole_with_the_time_of_the_first_word_that_was_found() -> None:
    shown = found(said("The walrus came to tea."), "tea", "walrus")

    assert shown.text == "The walrus came to tea."
    assert marked(shown) == ["walrus", "tea"]
    assert shown.at_s == 11.0


def test_what_overlaps_is_marked_once() -> None:
    shown = snippet(said("a walrus in tea"), [(2, 8), (4, 11), (2, 8)])

    assert marked(shown) == ["walrus in"]


def test_a_corrected_word_is_found_at_the_time_of_the_word_that_it_replaces() -> None:
    misheard = said("the wall rush came to tea")
    correction = Correction(id="c", rev=2, text="the walrus came to tea", by=ADA, replaces=1)
    (caption,) = effective([misheard, correction])

    assert found(caption, "came").at_s == 13.0
    assert 11.0 <= found(caption, "walrus").at_s < 13.0


def test_a_long_caption_is_cut_around_what_was_found_between_words() -> None:
    text = " ".join(f"word{number}" for number in range(200))
    shown = found(said(text), "word100", "word101")

    assert shown.text.startswith("…word")
    assert shown.text.endswith("…")
    assert len(shown.text) <= LONGEST + 2
    assert shown.text[1:-1] in text
    assert all(word in text.split() for word in shown.text[1:-1].split())
    assert marked(shown) == ["word100", "word101"]
    assert shown.at_s == 110.0


def test_a_long_caption_is_shown_to_its_end_where_the_word_is_near_it() -> None:
    text = " ".join(f"word{number}" for number in range(200))
    shown = found(said(text), "word199")

    assert shown.text.startswith("…")
    assert shown.text.endswith("word199")
    assert len(shown.text) > LONGEST - 20


def test_marks_beyond_what_is_shown_are_left_out() -> None:
    text = "first " + "between " * 100 + "last"
    shown = found(said(text), "first", "last")

    assert shown.text.startswith("first")
    assert shown.text.endswith("…")
    assert marked(shown) == ["first"]


def test_a_caption_in_which_nothing_is_marked_is_shown_from_its_start() -> None:
    shown = snippet(said("The walrus came to tea."), [])

    assert (shown.text, shown.marks, shown.at_s) == ("The walrus came to tea.", (), 10.0)


def test_text_without_spaces_is_cut_between_letters_and_timed_by_them() -> None:
    text = "海象来喝茶。" * 60
    words = tuple(
        Word(text=letter, start_s=float(at), end_s=at + 1.0, confidence=0.9, glued=at > 0)
        for at, letter in enumerate(text)
    )
    caption = replace(said(text), words=words, start_s=0.0, end_s=float(len(text)))
    shown = snippet(caption, [(180, 182)])

    assert marked(shown) == ["海象"]
    assert shown.text.startswith("…")
    assert len(shown.text) <= LONGEST + 2
    assert shown.at_s == 180.0


def test_a_word_that_is_longer_than_a_snippet_is_cut_inside() -> None:
    shown = snippet(said("x" * 2000), [(900, 1000)])

    assert len(shown.text) == LONGEST + 2
    assert marked(shown) == ["x" * 100]


@given(
    st.text(alphabet="abé 茶。\n\u0301…", max_size=700),
    st.lists(st.tuples(st.integers(0, 700), st.integers(1, 30)), max_size=4),
)
def test_marks_always_lie_within_what_is_shown_and_show_what_was_found(
    text: str, places: list[tuple[int, int]]
) -> None:
    ranges = [(at, min(at + length, len(text))) for at, length in places if at < len(text)]
    caption = said(text)
    shown = snippet(caption, ranges)

    wanted = {text[start:end] for start, end in ranges}
    assert len(shown.text) <= LONGEST + 2
    assert all(0 <= start < end <= len(shown.text) for start, end in shown.marks)
    assert bool(shown.marks) == bool(ranges)
    assert caption.start_s <= shown.at_s <= max(caption.end_s, caption.start_s)
    if len(ranges) == 1 and len(text) <= LONGEST:
        assert set(marked(shown)) == wanted
