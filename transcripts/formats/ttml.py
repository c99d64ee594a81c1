"""Cues as a TTML file in the text profile of IMSC 1.1 (W3C, ttml-imsc1.1), for other players.

It is what `srt` is, with more said about it: a new speaker's name begins a line, and each cue names
its speaker (`ttm:agent`) and its language. Styles are the least that a reader must be told: light
text on a dark ground at the bottom, and notes of what is missing in italics. Where people talk at
once, each has a region of their own (`transcripts.lanes`), for none of those may overlap.
"""

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

from models.writing import is_right_to_left
from transcripts.cues import exact_clock, label, lay_out, main_language
from transcripts.formats.script import Script, name_of
from transcripts.formats.xml_text import xml_text
from transcripts.lanes import lanes
from transcripts.pacing import Cue

PROFILE = "http://www.w3.org/ns/ttml/profile/imsc1.1/text"
_TTML = "http://www.w3.org/ns/ttml"
_NAMESPACES = {"": "", ":ttp": "#parameter", ":tts": "#styling", ":ttm": "#metadata"}

_STYLING = """\
    <styling>
      <style xml:id="caption" tts:color="white" tts:backgroundColor="black" \
tts:fontFamily="proportionalSansSerif" tts:fontSize="100%" tts:lineHeight="125%"/>
      <style xml:id="note" tts:fontStyle="italic"/>
    </styling>"""
_BOTTOM = '<region xml:id="bottom" tts:origin="10% 10%" tts:extent="80% 80%" {}/>'
_LANE = '<region xml:id="lane{}" tts:origin="10% {}%" tts:extent="80% 18%" {}/>'
_AT_ITS_END = 'tts:displayAlign="after" tts:textAlign="center" tts:showBackground="whenActive"'
_LANES = 4  # 18 % of the height for two lines each, from 90 % up; who comes later shares the last


def ttml(script: Script) -> str:
    """Write a transcript as one document."""
    cues = lay_out(script.entries, named=True)
    agents = _agents(cues)
    main = main_language(cues)
    places = [None if lane is None else min(lane, _LANES - 1) for lane in lanes(cues)]
    spaces = " ".join(f'xmlns{name}="{_TTML}{part}"' for name, part in _NAMESPACES.items())
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f"<tt {spaces} xml:lang={_quoted(main)} "
        f'ttp:timeBase="media" ttp:contentProfiles="{PROFILE}">',
        "  <head>",
        "    <metadata>",
        f"      <ttm:title>{_escaped(script.heading)}</ttm:title>",
        *(f"      <ttm:desc>{_escaped(remark)}</ttm:desc>" for remark in script.remarks),
        *(_agent(id, name) for id, name in agents.values()),
        "    </metadata>",
        _STYLING,
        "    <layout>",
        *(f"      {region}" for region in _regions({lane for lane in places if lane is not None})),
        "    </layout>",
        "  </head>",
        '  <body style="caption">',
        *(["    <div>", *_paragraphs(cues, places, agents, main), "    </div>"] if cues else []),
        "  </body>",
        "</tt>",
    ]
    return "\n".join(lines) + "\n"


def _regions(used: set[int]) -> Iterator[str]:
    yield _BOTTOM.format(_AT_ITS_END)
    for lane in sorted(used):
        yield _LANE.format(lane, 72 - 18 * lane, _AT_ITS_END)


def _agents(cues: Sequence[Cue]) -> dict[str, tuple[str, str]]:
    """The speakers by their ids, each with its id in the file and its name."""
    speakers = {cue.speaker.id: cue.speaker for cue in cues if cue.speaker}
    return {
        one.id: (f"speaker{number}", name_of(one))
        for number, one in enumerate(speakers.values(), start=1)
    }


def _agent(id: str, name: str) -> str:
    written = f'<ttm:name type="full">{_escaped(name)}</ttm:name>'
    return f'      <ttm:agent xml:id="{id}" type="person">{written}</ttm:agent>'


def _paragraphs(
    cues: Sequence[Cue],
    places: Sequence[int | None],
    agents: dict[str, tuple[str, str]],
    main: str,
) -> Iterator[str]:
    before: Cue | None = None
    for cue, place in zip(cues, places, strict=True):
        text = "<br/>".join(_escaped(line) for line in cue.lines)
        if before is None or before.speaker != cue.speaker:
            text = _escaped(label(cue.speaker)) + text
        attributes = "".join(_attributes(cue, main))
        region = "bottom" if place is None else f"lane{place}"
        attributes += f' region="{region}"'
        if cue.speaker:
            attributes += f' ttm:agent="{agents[cue.speaker.id][0]}"'
        yield f"      <p{attributes}>{text}</p>"
        before = cue


def _attributes(cue: Cue, main: str) -> Iterator[str]:
    yield f' begin="{exact_clock(cue.start_s, ".")}" end="{exact_clock(cue.end_s, ".")}"'
    if cue.is_gap:
        yield ' style="note" xml:lang="en"'
        return
    if cue.language != main:
        yield f" xml:lang={_quoted(cue.language)}"
    if is_right_to_left(cue.language):
        yield ' tts:direction="rtl"'


def _escaped(text: str) -> str:
    return escape(xml_text(text))


def _quoted(text: str) -> str:
    return quoteattr(xml_text(text))
