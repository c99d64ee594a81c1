"""Cues as SubRip, for every player."""

from transcripts.cues import exact_clock, label, lay_out
from transcripts.formats.script import Script
from transcripts.pacing import Cue


def subrip(script: Script) -> str:
    """Write a transcript; a new speaker's name begins a line."""
    blocks = []
    before: Cue | None = None
    for number, cue in enumerate(lay_out(script.entries, named=True), start=1):
        is_change = before is None or before.speaker != cue.speaker
        text = "\n".join(cue.lines).replace("-->", "→")
        times = f"{exact_clock(cue.start_s, ',')} --> {exact_clock(cue.end_s, ',')}"
        blocks.append(f"{number}\n{times}\n{label(cue.speaker) if is_change else ''}{text}\n")
        before = cue
    return "\n".join(blocks)
