"""Cues as a TTML file in the text profile of IMSC 1.1 (W3C, ttml-imsc1.1), for other players.

It is what `srt` is, with more said about it: a new speaker's name begins a line, and each cue names
its speaker (`ttm:agent`) and its language. Styles are the least that a reader must be told: light
text on a dark ground at the bottom, and notes of what is missing in italics.
"""

import re
from collections import Counter
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from transcripts.cues import Cue, exact_clock, label

PROFILE = "http://www.w3.org/ns/ttml/profile/imsc1.1/text"
_TTML = "http://www.w3.org/ns/ttml"
_NAMESPACES = {"": "", ":ttp": "#parameter", ":tts": "#styling", ":ttm": "#metadata"}
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"})

_STYLING = """\
    <styling>
      <style xml:id="caption" tts:color="white" tts:backgroundColor="black" \
tts:fontFamily="proportionalSansSerif" tts:fontSize="100%" tts:lineHeight="125%"/>
      <style xml:id="note" tts:fontStyle="italic"/>
    </styling>
    <layout>
      <region xml:id="bottom" tts:origin="10% 10%" tts:extent="80% 80%" \
tts:displayAlign="after" tts:textAlign="center" tts:showBackground="whenActive"/>
    </layout>"""


def ttml(cues: Sequence[Cue], *, title: str, remarks: Sequence[str]) -> str:
    """Write cues, which ascend by their start and have room for `label`, as one document."""
    agents = _agents(cues)
    language = Counter(cue.language for cue in cues if not cue.is_gap).most_common(1)
    main = language[0][0] if language else ""
    spaces = " ".join(f'xmlns{name}="{_TTML}{part}"' for name, part in _NAMESPACES.items())
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f"<tt {spaces} xml:lang={_quoted(main)} "
        f'ttp:timeBase="media" ttp:contentProfiles="{PROFILE}">',
        "  <head>",
        "    <metadata>",
        f"      <ttm:title>{_escaped(title)}</ttm:title>",
        *(f"      <ttm:desc>{_escaped(remark)}</ttm:desc>" for remark in remarks),
        *(_agent(id, name) for id, name in agents.values()),
        "    </metadata>",
        _STYLING,
        "  </head>",
        '  <body style="caption" region="bottom">',
        *(["    <div>", *_paragraphs(cues, agents, main), "    </div>"] if cues else []),
        "  </body>",
        "</tt>",
    ]
    return "\n".join(lines) + "\n"


def _agents(cues: Sequence[Cue]) -> dict[str, tuple[str, str]]:
    """The speakers by their ids, each with its id in the file and its name."""
    speakers = {cue.speaker.id: cue.speaker for cue in cues if cue.speaker}
    return {
        one.id: (f"speaker{number}", " ".join(one.name.split()))
        for number, one in enumerate(speakers.values(), start=1)
    }


def _agent(id: str, name: str) -> str:
    written = f'<ttm:name type="full">{_escaped(name)}</ttm:name>'
    return f'      <ttm:agent xml:id="{id}" type="person">{written}</ttm:agent>'


def _paragraphs(
    cues: Sequence[Cue], agents: dict[str, tuple[str, str]], main: str
) -> Sequence[str]:
    written = []
    before: Cue | None = None
    for cue in cues:
        attributes = f'begin="{exact_clock(cue.start_s, ".")}" end="{exact_clock(cue.end_s, ".")}"'
        text = "<br/>".join(_escaped(line) for line in cue.lines)
        if cue.is_gap:
            attributes += ' style="note" xml:lang="en"'
        else:
            if cue.language != main:
                attributes += f" xml:lang={_quoted(cue.language)}"
            if cue.language.partition("-")[0] in _RIGHT_TO_LEFT:
                attributes += ' tts:direction="rtl"'
        if cue.speaker:
            attributes += f' ttm:agent="{agents[cue.speaker.id][0]}"'
        if before is None or before.speaker != cue.speaker:
            text = _escaped(label(cue.speaker)) + text
        written.append(f"      <p {attributes}>{text}</p>")
        before = cue
    return written


def _escaped(text: str) -> str:
    return escape(_NOT_XML.sub("\ufffd", text))


def _quoted(text: str) -> str:
    return quoteattr(_NOT_XML.sub("\ufffd", text))
