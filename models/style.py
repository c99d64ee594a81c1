"""How one listener wants captions to look; it follows them into every room.

The ranges answer WCAG 2.2 (spacing, reflow) and FCC 79.103 (fonts, sizes, edges, opacity).
"""

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from typing import Literal, Self, get_args

from models.errors import Invalid

FONTS = (
    "sans",
    "serif",
    "mono-sans",
    "mono-serif",
    "casual",
    "cursive",
    "small-caps",
    "atkinson",
    "opendyslexic",
)
EDGES = ("none", "raised", "depressed", "uniform", "drop-shadow")
CASES = ("mixed", "upper")
POSITIONS = ("top", "middle", "bottom")
ALIGNS = ("start", "centre", "end")
SPEAKERS = ("names", "shapes", "shapes-colours")
DOUBTS = ("off", "marked")
Pace = Literal["fast", "balanced", "steady"]
PACES: tuple[Pace, ...] = get_args(Pace)

_COLOUR = re.compile(r"#[0-9a-f]{6}")
_TRACK = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}|")
_RANGES: dict[str, tuple[float, float]] = {
    "size_percent": (50, 400),
    "text_opacity": (0.25, 1),
    "background_opacity": (0, 1),
    "window_opacity": (0, 1),
    "weight": (300, 900),
    "line_height": (1, 3),
    "letter_spacing_em": (0, 0.5),
    "word_spacing_em": (0, 1),
    "paragraph_spacing_em": (0, 4),
    "lines": (0, 12),
    "line_length_ch": (20, 100),
    "width_percent": (30, 100),
}
_CHOICES: dict[str, tuple[str, ...]] = {
    "font": FONTS,
    "edge": EDGES,
    "case": CASES,
    "position": POSITIONS,
    "align": ALIGNS,
    "pace": PACES,
    "speakers": SPEAKERS,
    "doubts": DOUBTS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptionStyle:
    """A caption style. Colours are ``#rrggbb``, opacities 0 to 1; ``lines`` 0 fills the panel.

    Captions that do not fill it stand where ``position`` (down) and ``align`` (across) say.
    ``track`` is the language to read captions in, where a room offers it; empty is as spoken.
    ``pace`` says how soon words that may still change are shown (`api.pacing`). ``speakers`` are
    always named, and may have a shape and a colour of their own too. ``doubts`` are words that the
    recogniser is unsure of.
    """

    font: str = "sans"
    size_percent: float = 100
    weight: float = 400
    text_colour: str = "#ffffff"
    text_opacity: float = 1
    background_colour: str = "#000000"
    background_opacity: float = 0
    window_colour: str = "#101418"
    window_opacity: float = 1
    edge: str = "none"
    case: str = "mixed"
    line_height: float = 1.5
    letter_spacing_em: float = 0
    word_spacing_em: float = 0
    paragraph_spacing_em: float = 0.5
    lines: float = 0
    line_length_ch: float = 60
    width_percent: float = 100
    position: str = "bottom"
    align: str = "start"
    track: str = ""
    pace: Pace = "balanced"
    speakers: str = "names"
    doubts: str = "off"

    @classmethod
    def parse(cls, values: object) -> Self:
        """Read a style from JSON values; what is left out is the default.

        Raises `Invalid`, whose ``field`` names the first value that cannot be used.
        """
        if not isinstance(values, Mapping):
            raise Invalid("a caption style is an object", field="style")
        known = {field.name for field in fields(cls)}
        for name, value in values.items():
            if not isinstance(name, str):
                raise Invalid("a caption style's names are text", field="style")
            if name not in known:
                raise Invalid(f"a caption style has no {name[:40]!r}", field=name[:40])
            _check(name, value)
        return cls(**values)

    @classmethod
    def loads(cls, text: str) -> Self:
        """Read a style that was kept; what this version does not know or allow is left out."""
        kept = json.loads(text)
        style = cls()
        for name, value in kept.items():
            with suppress(Invalid):
                style = cls.parse(style.as_json() | {name: value})
        return style

    def dumps(self) -> str:
        """Write the style as text to keep."""
        return json.dumps(self.as_json())

    def as_json(self) -> dict[str, str | float]:
        """Give the style as JSON values, all of them."""
        return asdict(self)


def _check(name: str, value: object) -> None:
    if name in _RANGES:
        low, high = _RANGES[name]
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not low <= value <= high
        ):
            raise Invalid(f"{name} is a number from {low:g} to {high:g}", field=name)
    elif name in _CHOICES:
        if value not in _CHOICES[name]:
            raise Invalid(f"{name} is one of {', '.join(_CHOICES[name])}", field=name)
    elif name == "track":
        if not isinstance(value, str) or not _TRACK.fullmatch(value):
            raise Invalid("track is a language like en, or empty", field=name)
    elif not isinstance(value, str) or not _COLOUR.fullmatch(value):
        raise Invalid(f"{name} is a colour like #1a2b3c", field=name)
