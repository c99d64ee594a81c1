"""A transcript as plain text to read."""

from models.transcript import Gap
from transcripts.cues import gap_text, short_clock
from transcripts.formats.script import IMPROVED, Script, name_of
from transcripts.formats.turns import turns


def reading(script: Script) -> str:
    """A turn is a speaker with a time, then paragraphs; gaps stand between turns."""
    blocks = [script.heading, *([f"[{IMPROVED}]"] if script.is_improved else [])]
    for item in turns(script):
        clock = short_clock(item.start_s)
        if isinstance(item, Gap):
            blocks.append(f"[{clock}] {gap_text(item)}")
            continue
        head = f"{name_of(item.speaker)} [{clock}]".strip()
        first, *others = (paragraph.text for paragraph in item.paragraphs)
        blocks += [f"{head}\n{first}", *others]
    return "\n\n".join(blocks) + "\n"
