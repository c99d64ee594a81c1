"""How text becomes what is looked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcripts.search.tokens import located, tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Budget, please!", "the budget please"),
        ("Café naïve Ångström", "cafe naive angstrom"),
        ("Cafe\u0301", "cafe"),
        ("Straße ŁÓDŹ Ærø İstanbul", "strasse lodz aero istanbul"),
        ("don't DON’T Ada's l'amour", "dont dont ada s l amour"),
        ("e-mail state-of-the-art", "e mail state of the art"),
        ("1,000 and 12,345,678 or 3.14 and 1,2", "1000 and 12345678 or 3 14 and 1 2"),
        ("東京タワー", "東 京 タ ワ ー"),
        ("か\u3099 が", "が が"),
        ("ช้าง", "ช้ า ง"),
        ("हिन्दी", "हिन्दी"),
        ("한국어 검색", "한국어 검색"),
        ("שָׁלוֹם مَرْحَبًا", "שלום مرحبا"),
        ("½ ㎏ ﬁne", "1 2 kg fine"),
        ("a\0b \ud800 🎙 _x_", "a b x"),
        ("x" * 100, "x" * 64),
    ],
)
def test_case_diacritics_and_what_stands_between_words_make_no_difference(
    text: str, expected: str
) -> None:
    assert tokens(text) == expected.split()


@given(st.text())
def test_tokens_are_letters_and_numbers_that_stay_as_they_are(text: str) -> None:
    for token in tokens(text):
        assert tokens(token) == [token]
        token.encode()


@given(st.text(alphabet="ab1,' ’nt-é\u0301東🎙"))
def test_tokens_are_found_where_they_stand(text: str) -> None:
    places = located(text)

    assert [one.text for one in places] == tokens(text)
    assert all(tokens(text[one.start : one.end]) == [one.text] for one in places)


def test_what_is_repeated_without_end_is_kept_so_often() -> None:
    assert tokens("la " * 1000 + "end") == ["la"] * 250 + ["end"]
    assert tokens("là " * 1000 + "end") == ["la"] * 250 + ["end"]
