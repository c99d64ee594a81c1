"""Joining and cutting words in scripts with spaces and without."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.writing import Piece, between, joined, pieces, word_count

LETTERS = st.sampled_from("ab1 ,.'今天我们。、「」っー々สวัสดีเครับำะខ្មែរမြန်မာ안녕")


def texts(text: str) -> list[str]:
    return [piece.text for piece in pieces(text)]


@given(st.text(LETTERS, max_size=30))
def test_a_text_that_is_cut_and_joined_is_the_same(text: str) -> None:
    assert joined(pieces(text)) == " ".join(text.split())


@pytest.mark.parametrize("text", ["", "hello", "well, I'm here", "안녕 하세요", "Привет, мир"])
def test_where_words_have_spaces_they_are_the_pieces(text: str) -> None:
    assert pieces(text) == tuple(Piece(text=word) for word in text.split())


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("今天好。", ["今", "天", "好。"]),
        ("「はい」と", ["「は", "い」", "と"]),
        ("ちょっと待って", ["ちょっ", "と", "待っ", "て"]),
        ("Python を使う", ["Python", "を", "使", "う"]),
        ("第12回OK", ["第", "12", "回", "OK"]),
        ("เก่งมาก ครับ", ["เก่", "ง", "มา", "ก", "ค", "รั", "บ"]),
        ("ខ្មែរ", ["ខ្មែ", "រ"]),
    ],
)
def test_no_letter_is_torn_from_its_marks_and_no_bracket_from_its_word(
    text: str, cut: list[str]
) -> None:
    assert texts(text) == cut


def test_a_space_between_thai_phrases_is_kept() -> None:
    assert [piece.glued for piece in pieces("ดี ครับ")] == [False, False, True, True]


def test_captions_that_follow_each_other_have_a_space_between_them_where_it_is_written() -> None:
    assert between("Good morning.", "How are you?") == " "
    assert between("今天好。", "你呢？") == ""
    assert between("今天好。", "OK?") == " "
    assert between("ดีครับ", "ดีค่ะ") == " "
    assert between("", "x") == " "


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("one two three", 3),
        ("- well -", 3),
        ("今天我们来谈谈字幕。", 5),  # nine letters
        ("Python を使う。", 3),
        ("ขอบคุณมากครับ", 3),
        ("。", 0),
        ("", 0),
    ],
)
def test_words_are_counted_by_how_long_they_take_to_read(text: str, words: int) -> None:
    assert word_count(text) == words
