"""What both kinds of caption files have in common: lines in blocks, times, and who says what."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from models.errors import Invalid
from models.writing import between

ARROW = "-->"
MAX_NAME = 80
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff]")
# A name as people write it before what they say: capitals first, at most four words.
_LABEL = re.compile(
    r"(?:>>\s*|[-–]\s*)?"
    r"([^\W\d_a-z][\w.'’&-]{0,30}(?:[ ](?:[^\W\d_a-z]|de |da |van |von )[\w.'’&-]{0,30}){0,3}…?)"
    r"(?:\s?\([^()]{1,30}\))?:\s+(?=\S)"
)
_CHANGE = re.compile(r">>\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A part of a cue: ``name`` of who says it and its ``language``, empty where it is not said."""

    text: str
    name: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenCue:
    """A cue of a file, whose times stand in ``line``."""

    line: int
    start_s: float
    end_s: float
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Lines without an empty one between them; the first one's number is ``line``, from 1."""

    line: int
    lines: tuple[str, ...]


def blocks(text: str) -> Iterator[Block]:
    """Part a file's text at its empty lines."""
    kept: list[str] = []
    lines = re.split(r"\r\n|\r|\n", text)
    for number, line in enumerate([*lines, ""], start=1):
        if line.strip():
            kept.append(line)
        elif kept:
            yield Block(line=number - len(kept), lines=tuple(kept))
            kept = []


def wrong(line: int, what: str) -> Invalid:
    """The error for what is wrong in a line."""
    return Invalid(f"line {line}: {what}", field="captions")


def timing_at(block: Block, example: str) -> int:
    """Which line of a block has the times: the first, or the one below a cue's name.

    Raises `Invalid`.
    """
    at = next((at for at in (0, 1) if ARROW in "".join(block.lines[at : at + 1])), None)
    if at is None:
        raise wrong(block.line, f"a cue's times are expected here, like {example}")
    for number, line in enumerate(block.lines[at + 1 :], start=block.line + at + 1):
        if ARROW in line:
            raise wrong(number, "an empty line is missing before this cue")
    return at


def times(line: str, number: int, pattern: re.Pattern[str], example: str) -> tuple[float, float]:
    """Read a cue's start and end in seconds. Raises `Invalid`."""
    found = pattern.match(line)
    if found is None:
        raise wrong(number, f"these are no times: they are written like {example}")
    start_s, end_s = (_clock_s(found.group(name)) for name in ("start", "end"))
    if end_s < start_s:
        raise wrong(number, "the cue ends before it begins")
    return start_s, end_s


def plain(text: str) -> str:
    """Text on one line without what cannot be shown; Chinese lines are joined without a space."""
    whole = ""
    for line in _CONTROL.sub(" ", text).split("\n"):
        words = " ".join(line.split())
        whole += (between(whole, words) if whole and words else "") + words
    return whole


def labelled(text: str) -> tuple[str | None, str]:
    """Part a name before what is said from it.

    The name is None where there is none, and empty where only a change of speakers is marked.
    """
    if found := _LABEL.match(text):
        return found.group(1)[:MAX_NAME], text[found.end() :]
    if found := _CHANGE.match(text):
        return "", text[found.end() :]
    return None, text


def is_note(text: str) -> bool:
    """Whether a cue is no speech, such as ``[music]``."""
    return text.startswith(("[", "(", "♪")) and text.endswith(("]", ")", "♪"))


def by_labels(cues: Sequence[GivenCue]) -> list[GivenCue]:
    """Find speakers by names that begin a cue, in a file that names nobody otherwise.

    Who is named speaks until another is.
    """
    name = ""
    told = []
    for cue in cues:
        first, *others = cue.said
        found, text = labelled(first.text)
        if found is not None:
            name = found
        elif is_note(text):
            name = ""
        said = (replace(first, text=text), *others)
        told.append(replace(cue, said=tuple(replace(part, name=name) for part in said)))
    return told


def _clock_s(text: str) -> float:
    whole, _, fraction = text.replace(",", ".").partition(".")
    seconds = 0
    for part in whole.split(":"):
        seconds = seconds * 60 + int(part)
    return seconds + int(fraction.ljust(3, "0")) / 1000
