"""A transcript as people read it: whose turn it is, in paragraphs, with what is missing between."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from models.room import Speaker
from models.transcript import Final, Gap
from models.writing import between
from pipeline.breaks import ends_sentence
from transcripts.cues import gaps_of
from transcripts.formats.script import Script, names

PARAGRAPH_PAUSE_S = 2.5
PARAGRAPH_CHARS = 600
CORRECTED = "[corrected]"
OVERLAP = "[at the same time as {}]"


@dataclass(slots=True, kw_only=True)
class Paragraph:
    """What is read in one go, in one language."""

    text: str
    language: str


@dataclass(slots=True, kw_only=True)
class Turn:
    """What one speaker says until another does."""

    start_s: float
    speaker: Speaker | None
    paragraphs: list[Paragraph] = field(default_factory=list)


def turns(script: Script, breaks_s: Sequence[float] = ()) -> list[Turn | Gap]:
    """Give turns and gaps by their start; a turn also ends at each of ``breaks_s``."""
    marked = {final.id for final in script.corrected}
    said = [final for final in script.captions if final.text.strip()]
    items: list[Final | Gap] = [*said, *gaps_of(script.entries)]
    told: list[Turn | Gap] = []
    before: Final | None = None
    for item in sorted(items, key=lambda item: item.start_s):
        if isinstance(item, Gap):
            told.append(item)
            before = None
            continue
        last = told[-1] if told else None
        is_new = before is None or before.speaker != item.speaker
        if is_new or _parted(before, item, breaks_s) or not isinstance(last, Turn):
            last = Turn(start_s=item.start_s, speaker=item.speaker)
            told.append(last)
        _say(last, item, before, corrected=item.id in marked)
        before = item
    return told


def _parted(before: Final | None, item: Final, breaks_s: Sequence[float]) -> bool:
    return before is not None and any(before.start_s < at <= item.start_s for at in breaks_s)


def _say(turn: Turn, final: Final, before: Final | None, *, corrected: bool) -> None:
    """Add a caption to a turn, with what a reader is told behind it."""
    overlap = [OVERLAP.format(names(final.overlap))] if final.overlap else []
    noted = [final.text, *overlap, *([CORRECTED] if corrected else [])]
    text = " ".join(" ".join(noted).split())
    last = turn.paragraphs[-1] if turn.paragraphs else None
    goes_on = (
        last is not None
        and before is not None
        and last.language == final.language
        and final.start_s - before.end_s <= PARAGRAPH_PAUSE_S
        and not (len(last.text) > PARAGRAPH_CHARS and ends_sentence(last.text))
    )
    if goes_on and last is not None:
        last.text += between(last.text, text) + text
    else:
        turn.paragraphs.append(Paragraph(text=text, language=final.language))
