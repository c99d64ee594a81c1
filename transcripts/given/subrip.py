"""SubRip as cues, as it is written: with or without numbers, with commas or points, with looks."""

import re

from transcripts.given.cue import Block, GivenCue, Said, blocks, by_labels, plain, times, timing_at

_EXAMPLE = "00:00:01,000 --> 00:00:04,000"
_CLOCK = r"(?:\d{1,5}:)?[0-5]?\d:[0-5]?\d(?:[.,]\d{1,3})?"
_TIMES = re.compile(rf"\s*(?P<start>{_CLOCK})\s*-->\s*(?P<end>{_CLOCK})(?:\s.*)?$", re.ASCII)
# None reaches beyond where another may begin, or many that never end would take hours to look for.
_LOOKS = re.compile(r"</?(?:[biusBIUS]|font|FONT)(?:\s[^<>]*)?>|\{\\[^{}]*\}")


def cues(text: str) -> list[GivenCue]:
    """Read all cues. Raises `Invalid` with the line."""
    found = [_cue(block) for block in blocks(text)]
    return by_labels([cue for cue in found if cue.said[0].text])


def _cue(block: Block) -> GivenCue:
    at = timing_at(block, _EXAMPLE)
    line = block.line + at
    start_s, end_s = times(block.lines[at], line, _TIMES, _EXAMPLE)
    text = plain(_LOOKS.sub("", "\n".join(block.lines[at + 1 :])))
    return GivenCue(line=line, start_s=start_s, end_s=end_s, said=(Said(text=text),))
