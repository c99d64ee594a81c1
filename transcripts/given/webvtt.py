"""WebVTT (W3C, webvtt1) as cues: voices and languages are kept; looks, places and notes are not."""

import html
import re
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from models.room import LANGUAGE_TAG
from transcripts.given.cue import (
    ARROW,
    MAX_NAME,
    Block,
    GivenCue,
    Said,
    blocks,
    by_labels,
    plain,
    times,
    timing_at,
)

_EXAMPLE = "00:00:01.000 --> 00:00:04.000"
_CLOCK = r"(?:\d{2,5}:)?[0-5]\d:[0-5]\d\.\d{3}"
_TIMES = re.compile(rf"\s*(?P<start>{_CLOCK})\s*-->\s*(?P<end>{_CLOCK})(?:\s.*)?$", re.ASCII)
_NO_CUES = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s|$)")
_TAG = re.compile(r"<(/?)([^\s.>]*)(?:\.[^\s>]*)?(?:\s([^>]*))?>?")
_LANGUAGE = re.compile(LANGUAGE_TAG, re.IGNORECASE)
_MARKS = dict.fromkeys(map(ord, "\u200e\u200f"))  # a direction, where a letter would do


def is_webvtt(text: str) -> bool:
    """Whether a file says that it is WebVTT."""
    return re.match(r"WEBVTT(?:\s|$)", text) is not None


def cues(text: str) -> list[GivenCue]:
    """Read all cues. Raises `Invalid` with the line."""
    head, *others = blocks(text)
    found = [_cue(Block(line=head.line + 1, lines=head.lines[1:]))] if _runs_on(head) else []
    found += [_cue(block) for block in others if not _is_apart(block)]
    told = [cue for cue in found if cue.said]
    if any(part.name for cue in told for part in cue.said):
        return told
    return by_labels(told)


def _runs_on(head: Block) -> bool:
    """Whether the first cue stands below the head without an empty line, as some write it."""
    return any(ARROW in line for line in head.lines[1:3])


def _is_apart(block: Block) -> bool:
    return _NO_CUES.match(block.lines[0]) is not None and ARROW not in block.lines[0]


def _cue(block: Block) -> GivenCue:
    at = timing_at(block, _EXAMPLE)
    line = block.line + at
    start_s, end_s = times(block.lines[at], line, _TIMES, _EXAMPLE)
    said = _said("\n".join(block.lines[at + 1 :]))
    return GivenCue(line=line, start_s=start_s, end_s=end_s, said=said)


def _said(text: str) -> tuple[Said, ...]:
    """Part a cue's text where another voice or language begins."""
    parts = []
    for (voice, language), run in groupby(_runs(text), key=itemgetter(0, 1)):
        parts.append(
            Said(text=plain("".join(map(itemgetter(2), run))), name=voice, language=language)
        )
    return tuple(part for part in parts if part.text)


def _runs(text: str) -> Iterator[tuple[str, str, str]]:
    """Give what stands between tags, each with its voice and language."""
    voice, languages = "", [""]
    at = 0
    for tag in _TAG.finditer(text):
        yield voice, languages[-1], html.unescape(text[at : tag.start()])
        at = tag.end()
        closes, kind, value = tag.group(1), tag.group(2), tag.group(3) or ""
        if kind == "v":
            voice = "" if closes else _text(value)[:MAX_NAME].strip()
        elif kind == "lang" and not closes:
            languages.append(_language(value))
        elif kind == "lang" and len(languages) > 1:
            languages.pop()
    yield voice, languages[-1], html.unescape(text[at:])


def _language(value: str) -> str:
    """A language's tag; empty, as if nothing was said of it, where this is none."""
    tag = _text(value)
    return tag if _LANGUAGE.fullmatch(tag) else ""


def _text(text: str) -> str:
    return plain(html.unescape(text).translate(_MARKS))
