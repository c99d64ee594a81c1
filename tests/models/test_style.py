import json
import math
from dataclasses import fields

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import Invalid
from models.style import (
    ALIGNS,
    CASES,
    DOUBTS,
    EDGES,
    FONTS,
    PACES,
    POSITIONS,
    SPEAKERS,
    CaptionStyle,
)

NUMBERS = {
    "size_percent": (50, 400),
    "weight": (300, 900),
    "text_opacity": (0.25, 1),
    "background_opacity": (0, 1),
    "window_opacity": (0, 1),
    "line_height": (1, 3),
    "letter_spacing_em": (0, 0.5),
    "word_spacing_em": (0, 1),
    "paragraph_spacing_em": (0, 4),
    "lines": (0, 12),
    "line_length_ch": (20, 100),
    "width_percent": (30, 100),
}
CHOICES = {
    "font": FONTS,
    "edge": EDGES,
    "case": CASES,
    "pace": PACES,
    "position": POSITIONS,
    "align": ALIGNS,
    "speakers": SPEAKERS,
    "doubts": DOUBTS,
}
COLOURS = ("text_colour", "background_colour", "window_colour")


def _refused(values: object) -> str:
    with pytest.raises(Invalid) as refusal:
        CaptionStyle.parse(values)
    return refusal.value.field


def test_every_field_is_tested_here() -> None:
    assert {field.name for field in fields(CaptionStyle)} == {
        *NUMBERS,
        *CHOICES,
        *COLOURS,
        "track",
    }


def test_nothing_chosen_is_the_default() -> None:
    assert CaptionStyle.parse({}) == CaptionStyle()


def test_the_default_is_a_style_that_may_be_chosen() -> None:
    assert CaptionStyle.parse(CaptionStyle().as_json()) == CaptionStyle()


def test_a_style_survives_json() -> None:
    style = CaptionStyle.parse({"font": "opendyslexic", "size_percent": 250, "lines": 3})

    assert CaptionStyle.parse(json.loads(json.dumps(style.as_json()))) == style
    assert style.as_json()["size_percent"] == 250


@pytest.mark.parametrize(("name", "bounds"), NUMBERS.items())
def test_a_number_is_taken_within_its_range(name: str, bounds: tuple[float, float]) -> None:
    for value in (*bounds, sum(bounds) / 2):
        assert CaptionStyle.parse({name: value}).as_json()[name] == value
    for value in (bounds[0] - 0.01, bounds[1] + 0.01, -1e300, 1e300):
        assert _refused({name: value}) == name


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize(
    "value",
    [math.nan, math.inf, -math.inf, 10**400, -(10**400), 10**5000, True, False, None, "1", [1], {}],
    ids=lambda value: f"{type(value).__name__} {str(value)[:9]}" if value != 10**5000 else "huge",
)
def test_what_is_no_usable_number_is_refused(name: str, value: object) -> None:
    assert _refused({name: value}) == name


@pytest.mark.parametrize(("name", "choices"), CHOICES.items())
def test_a_choice_is_one_of_the_list(name: str, choices: tuple[str, ...]) -> None:
    for choice in choices:
        assert CaptionStyle.parse({name: choice}).as_json()[name] == choice
    for value in ("", "Comic", choices[0].upper(), f"{choices[0]} ", 0, None, True, [choices[0]]):
        assert _refused({name: value}) == name


@pytest.mark.parametrize("name", COLOURS)
def test_a_colour_is_six_digits(name: str) -> None:
    assert CaptionStyle.parse({name: "#1a2b3c"}).as_json()[name] == "#1a2b3c"
    for value in (
        "",
        "red",
        "#fff",
        "1a2b3c",
        "#1a2b3c\n",
        "#1a2b3c4d",
        "#gggggg",
        "#١٢٣٤٥٦",
        "#000000;}",
        0,
        None,
        ["#1a2b3c"],
    ):
        assert _refused({name: value}) == name


def test_a_track_is_a_language_or_nothing() -> None:
    for language in ("", "en", "fil", "pt-BR"):
        assert CaptionStyle.parse({"track": language}).as_json()["track"] == language
    for value in ("English", "EN", "e", "en\n", "en-", "<b>", 0, None, ["en"]):
        assert _refused({"track": value}) == "track"


def test_an_unknown_field_is_named() -> None:
    assert _refused({"font": "sans", "blink": True}) == "blink"


def test_a_long_unknown_name_is_cut() -> None:
    assert _refused({"x" * 10_000: 1}) == "x" * 40


@pytest.mark.parametrize(
    "key", [1, 10**5000, None, 1.5, (), b"font"], ids=lambda k: type(k).__name__
)
def test_a_name_that_is_not_text_is_refused(key: object) -> None:
    assert _refused({key: 1}) == "style"


@pytest.mark.parametrize("values", [None, [], "font", 1, True, [("font", "sans")]])
def test_a_style_is_an_object(values: object) -> None:
    assert _refused(values) == "style"


def test_the_message_says_what_is_possible() -> None:
    with pytest.raises(Invalid, match="a number from 50 to 400"):
        CaptionStyle.parse({"size_percent": 1})
    with pytest.raises(Invalid, match="mixed, upper"):
        CaptionStyle.parse({"case": "lower"})
    with pytest.raises(Invalid, match="#1a2b3c"):
        CaptionStyle.parse({"text_colour": "red"})


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None)
@given(
    st.dictionaries(st.sampled_from([f.name for f in fields(CaptionStyle)]) | st.text(), _json)
    | _json
)
def test_whatever_comes_is_a_style_or_refused(values: object) -> None:
    try:
        style = CaptionStyle.parse(values)
    except Invalid:
        return
    assert CaptionStyle.parse(style.as_json()) == style


def test_a_kept_style_is_read_again() -> None:
    style = CaptionStyle.parse({"font": "serif", "background_opacity": 0.5, "lines": 2})

    assert CaptionStyle.loads(style.dumps()) == style


def test_what_a_kept_style_no_longer_may_be_is_left_out() -> None:
    kept = '{"font": "serif", "blink": true, "lines": 99, "weight": NaN, "edge": "raised"}'

    assert CaptionStyle.loads(kept) == CaptionStyle(font="serif", edge="raised")
