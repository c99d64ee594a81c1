"""Cues as WebVTT (W3C, webvtt1), for players on the web.

Each cue names its speaker as a voice. Where people talk at once, all but the first of them have a
line of their own, so that no cue moves another that is being read; other cues have no place, and
every player and reader puts them where it likes best.
"""

from transcripts.cues import exact_clock, lay_out, main_language
from transcripts.formats.script import Script, name_of
from transcripts.lanes import LINES_A_LANE, lanes
from transcripts.pacing import Cue


def webvtt(script: Script) -> str:
    """Write a transcript; what is said of it comes first, as notes."""
    cues = lay_out(script.entries)
    notes = [script.heading, *script.remarks]
    blocks = ["WEBVTT", *(f"NOTE {note}".replace("-->", "→") for note in notes)]
    main = main_language(cues)
    blocks += [_cue(cue, lane, main) for cue, lane in zip(cues, lanes(cues), strict=True)]
    return "\n\n".join(blocks) + "\n"


def _cue(cue: Cue, lane: int | None, main: str) -> str:
    text = "\n".join(_escaped(line) for line in cue.lines)
    if not cue.is_gap and cue.language != main:
        text = f"<lang {_escaped(cue.language)}>{text}</lang>"
    name = name_of(cue.speaker)
    voice = f"<v {_escaped(name)}>" if name else ""
    times = f"{exact_clock(cue.start_s, '.')} --> {exact_clock(cue.end_s, '.')}"
    # Counted from the bottom, where -1 is the last line.
    place = f" line:-{lane * LINES_A_LANE + len(cue.lines)}" if lane else ""
    return f"{times}{place}\n{voice}{text}"


def _escaped(text: str) -> str:
    for character, escape in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\0", "\ufffd")):
        text = text.replace(character, escape)
    return text
