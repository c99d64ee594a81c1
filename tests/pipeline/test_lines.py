"""Captions laid out for readers: short, even lines that end where a speaker would pause."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.transcript import Word
from pipeline.breaks import CLAUSE, HANGING, PLAIN, WAITING, break_cost, ends_sentence
from pipeline.lines import (
    LINE_CHARS,
    LINES,
    captions,
    columns,
    final_lines,
    lines,
    text_lines,
)
from tests.api.running import final

ADDRESS = "https://example.org/a/very/long/address/that/nobody/would/ever/say"
TOKENS = st.sampled_from(
    ["the", "a", "of", "and", "kettle", "boiled,", "window.", "neighbourhood", "I", "said", ADDRESS]
)
TEXTS = st.lists(TOKENS, min_size=1, max_size=60).map(" ".join)


def spoken(text: str, *, pause_before: str = "", pause_s: float = 0.0) -> list[Word]:
    """Words of a quarter of a second each, with one pause."""
    words, at_s = [], 0.0
    for token in text.split():
        at_s += pause_s if token == pause_before else 0.0
        words.append(Word(text=token, start_s=at_s, end_s=at_s + 0.25, confidence=1.0))
        at_s += 0.25
    return words


def texts(cut: Sequence[Sequence[Word]]) -> list[str]:
    return [" ".join(word.text for word in words) for words in cut]


def test_a_short_caption_is_one_line() -> None:
    assert text_lines("The kettle is on.") == ("The kettle is on.",)


def test_lines_are_even_when_nothing_else_matters() -> None:
    text = "Kettles boil, pots simmer, ovens glow, pans hiss, clocks tick, cats nap."

    assert text_lines(text) == (
        "Kettles boil, pots simmer, ovens glow,",
        "pans hiss, clocks tick, cats nap.",
    )


def test_a_line_ends_with_its_sentence() -> None:
    assert text_lines("I made some tea. Would you like a cup before we start?") == (
        "I made some tea.",
        "Would you like a cup before we start?",
    )


def test_a_line_ends_with_its_clause() -> None:
    assert text_lines("When the kettle had boiled, we sat down by the window.") == (
        "When the kettle had boiled,",
        "we sat down by the window.",
    )


def test_a_line_ends_before_the_word_that_begins_a_phrase() -> None:
    assert text_lines("Somebody upstairs telephoned yesterday because nobody answered") == (
        "Somebody upstairs telephoned yesterday",
        "because nobody answered",
    )


def test_a_line_ends_where_the_speaker_took_a_breath() -> None:
    text = "somebody moved seven chairs there yesterday evening"

    assert lines(spoken(text, pause_before="there", pause_s=0.5)) == (
        "somebody moved seven chairs",
        "there yesterday evening",
    )


def test_a_short_word_is_not_left_alone_in_the_last_line() -> None:
    assert text_lines("Audio and recording must never notice. Certainly.") == (
        "Audio and recording",
        "must never notice. Certainly.",
    )


def test_a_word_that_fills_half_a_line_may_stand_in_it_alone() -> None:
    long = "incomprehensibilities-of-ours"

    assert text_lines(f"Nobody upstairs wanted all that, {long}.")[-1] == f"{long}."


def test_the_last_word_is_no_caption_of_its_own_where_another_cut_is_fairer() -> None:
    said = spoken(
        "Seven people upstairs heard somebody breaking windows yesterday evening again, "
        "unfortunately."
    )

    assert texts(captions(said)) == [
        "Seven people upstairs heard somebody breaking",
        "windows yesterday evening again, unfortunately.",
    ]


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(["people", "upstairs", "wrote", "letters"]), min_size=8, max_size=12),
    st.sampled_from(["again,", "again."]),
)
def test_a_last_word_stands_alone_only_where_every_fairer_cut_is_at_a_bad_place(
    tokens: list[str], before: str
) -> None:
    words = spoken(" ".join([*tokens, before, "unfortunately."]))
    *_, last = cut = captions(words)
    if len(cut) > 1 and len(last) == 1:
        both, alone = [*cut[-2], *last], len(last[0].text)
        for at in range(1, len(both) - 1):
            sizes = [len(texts([part])[0]) for part in (both[:at], both[at:])]
            is_fairer = min(sizes) > alone and all(
                len(captions(part)) == 1 for part in (both[:at], both[at:])
            )
            assert not is_fairer or break_cost(both[at - 1].text, both[at].text) > PLAIN


def test_a_name_stays_together() -> None:
    assert text_lines("Yesterday evening Wilhelmina Featherstone telephoned twice") == (
        "Yesterday evening",
        "Wilhelmina Featherstone telephoned twice",
    )


def test_a_word_longer_than_a_line_stands_alone_and_whole() -> None:
    assert text_lines(f"look at {ADDRESS} now") == ("look at", ADDRESS, "now")


def test_what_a_person_wrote_may_have_more_than_two_lines() -> None:
    made = text_lines("nobody had minded at all because the house was full of books " * 3)

    assert len(made) == 5
    assert all(len(line) <= LINE_CHARS for line in made)


def test_other_languages_have_their_own_small_words() -> None:
    said = "Wir treffen uns heute Abend in der alten Halle neben dem Bahnhof"

    assert text_lines(said, language="de-AT") == (
        "Wir treffen uns heute Abend",
        "in der alten Halle neben dem Bahnhof",
    )


@settings(deadline=None)
@given(TEXTS)
def test_joined_by_spaces_the_lines_are_the_text(text: str) -> None:
    assert " ".join(text_lines(text)) == text


@settings(deadline=None)
@given(TEXTS)
def test_a_line_is_short_or_a_single_word(text: str) -> None:
    assert all(len(line) <= LINE_CHARS or " " not in line for line in text_lines(text))


@settings(deadline=None)
@given(TEXTS)
def test_there_are_no_more_lines_than_a_greedy_reader_would_need(text: str) -> None:
    greedy = [""]
    for word in text.split():
        longer = f"{greedy[-1]} {word}".strip()
        greedy = [*greedy[:-1], longer] if len(longer) <= LINE_CHARS else [*greedy, word]

    assert len(text_lines(text)) == len([line for line in greedy if line])


@settings(deadline=None)
@given(st.text(max_size=300))
def test_whatever_is_written_is_laid_out_whole(text: str) -> None:
    assert "".join("".join(text_lines(text)).split()) == "".join(text.split())


@settings(deadline=None)
@given(TEXTS, st.floats(0, 3))
def test_every_caption_fits_into_two_lines_and_no_word_is_lost(text: str, pause_s: float) -> None:
    words = spoken(text, pause_before="kettle", pause_s=pause_s)

    cut = captions(words)

    assert [word for part in cut for word in part] == words
    assert all(len(lines(part)) <= LINES for part in cut)


@settings(deadline=None)
@given(st.lists(st.sampled_from(["kettle", "the", "of", "boils"]), min_size=8, max_size=14))
def test_no_line_ends_with_a_word_that_waits_where_another_place_is_as_even(
    tokens: list[str],
) -> None:
    first, *others = text_lines(" ".join(tokens))
    if others and first.split()[-1] in WAITING["en"]:
        words = len(first.split())
        for at in (words - 1, words + 1):
            one, other = " ".join(tokens[:at]), " ".join(tokens[at:])
            fits = max(len(one), len(other)) <= LINE_CHARS
            even = abs(len(one) - len(other)) <= abs(len(first) - len(others[0])) + 4
            assert not (fits and even and tokens[at - 1] not in WAITING["en"])


def test_a_long_pause_ends_a_caption() -> None:
    words = spoken("wait there", pause_before="there", pause_s=2.5)

    assert texts(captions(words)) == ["wait", "there"]


def test_captions_are_cut_where_sentences_end() -> None:
    said = spoken(
        "It had rained for three weeks and nobody had minded at all. The house was full of books."
    )

    assert texts(captions(said)) == [
        "It had rained for three weeks and nobody had minded at all.",
        "The house was full of books.",
    ]


def test_nothing_is_no_line_and_no_caption() -> None:
    assert (text_lines(" \n "), lines(()), captions(())) == ((), (), [])


def test_a_finals_own_pauses_count_and_a_corrected_text_goes_without() -> None:
    words = spoken(
        "somebody moved seven chairs there yesterday evening", pause_before="there", pause_s=0.5
    )
    said = replace(final("x"), text=" ".join(w.text for w in words), words=tuple(words))

    assert final_lines(said)[1] == "there yesterday evening"
    assert " ".join(final_lines(replace(said, text="Somebody moved."))) == "Somebody moved."


@pytest.mark.parametrize("before", ["a", "the", "of", "and", "my", "Dr."])
def test_a_word_that_waits_for_the_next_is_the_worst_to_end_on(before: str) -> None:
    assert break_cost(before, "kettle", pause_s=1.0) == HANGING


def test_breaks_are_ordered_as_readers_like_them() -> None:
    costs = [
        break_cost("on.", "We"),
        break_cost("on,", "we"),
        break_cost("kettle", "boils", pause_s=0.4),
        break_cost("kettle", "when"),
        break_cost("kettle", "boils"),
        break_cost("Ada", "Lovelace"),
        break_cost("the", "kettle"),
    ]

    assert costs == sorted(set(costs))


def test_an_abbreviation_ends_no_sentence() -> None:
    assert not ends_sentence("Dr.")
    assert ends_sentence("here.")
    assert ends_sentence("here.”")
    assert not ends_sentence("here,")


@pytest.mark.parametrize(
    "word", ["क्या?", "है।", "ماذا؟", "ہے۔", "「はい。」", "好！", "(Yes!)", "արի։"]
)
def test_a_sentence_ends_in_every_script(word: str) -> None:
    assert ends_sentence(word)


@pytest.mark.parametrize("word", ["لكن،", "但是，", "でも、"])
def test_a_clause_ends_in_every_script(word: str) -> None:
    assert break_cost(word, "x") == CLAUSE


def test_wide_letters_take_two_columns_and_marks_on_letters_none() -> None:
    wide, marked = "日本語", "e\u0301"

    assert len(text_lines(" ".join([wide] * 6))) == 1  # 6 x 6 columns and 5 spaces
    assert len(text_lines(" ".join([wide] * 7))) == 2
    assert len(text_lines(" ".join([marked] * 21))) == 1
    assert len(text_lines(" ".join([marked] * 22))) == 2


def test_forty_two_letters_fit_into_a_line_and_forty_three_do_not() -> None:
    assert len(text_lines("a" * 20 + " " + "b" * 21)) == 1
    assert len(text_lines("a" * 20 + " " + "b" * 22)) == 2


def test_lines_in_chinese_end_between_letters_and_never_before_what_closes() -> None:
    text = "今天我们来谈谈会议字幕的事情，因为很多人听不见，需要看字幕。"

    broken = text_lines(text, language="zh")

    assert "".join(broken) == text
    assert len(broken) == 2
    assert all(columns(line) <= LINE_CHARS for line in broken)
    assert broken[0].endswith("，")


def test_words_that_were_heard_without_spaces_are_laid_out_without_them() -> None:
    said = "私 たち は 今日 会議 の 字幕 に ついて 話 し ます 。 皆 さん も ぜひ 聞 い て くだ さい"
    heard = said.split()
    words = tuple(
        Word(text=text, start_s=n / 4, end_s=(n + 1) / 4, confidence=1.0, glued=True)
        for n, text in enumerate(heard)
    )

    broken = lines(words, language="ja")

    assert "".join(broken) == "".join(heard)
    assert broken[0].endswith("。")


def test_a_thai_line_ends_at_a_space_rather_than_inside_a_word() -> None:
    text = "วันนี้เราจะพูดเรื่องคำบรรยายสด เพราะหลายคนไม่ได้ยินเสียง"

    assert text_lines(text, language="th") == tuple(text.split())
