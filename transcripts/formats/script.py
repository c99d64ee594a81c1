"""A transcript that is to be written: entries, and what is said of them beside the words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from models.recording import Chapter
from models.room import Speaker
from models.transcript import SECOND_PASS, Correction, Entry, Final, Source
from transcripts.cues import exact_clock
from transcripts.effective import effective

IMPROVED = "Improved after the room: a recogniser has heard the recording again, as a whole"


@dataclass(frozen=True, kw_only=True)
class Script:
    """What a file is made of; ``entries`` ascend by seq.

    ``started_at`` is the wall-clock time of ``t = 0``. ``chapters`` are for files that have
    headings; None lets them be found in the words.
    """

    entries: Sequence[Entry]
    title: str
    started_at: datetime | None = None
    chapters: Sequence[Chapter] | None = None

    @cached_property
    def captions(self) -> Sequence[Final]:
        """The captions as they read now, in the order in which they were said."""
        return effective(self.entries)

    @cached_property
    def corrected(self) -> Sequence[Final]:
        """The captions that a person corrected, in that order."""
        by_hand = {
            entry.id
            for entry in self.entries
            if isinstance(entry, Correction) and entry.by.id != SECOND_PASS.id
        }
        return [final for final in self.captions if final.id in by_hand]

    @property
    def began(self) -> str:
        """When the room began, to the minute; empty when that is not known."""
        at = self.started_at
        return f"{at:%Y-%m-%d %H:%M} {at.tzname() or ''}".strip() if at else ""

    @property
    def heading(self) -> str:
        """The title and when it was."""
        return " · ".join(part for part in (self.title, self.began) if part) or "Transcript"

    @property
    def is_improved(self) -> bool:
        """Whether a second pass has changed or added anything."""
        return any(
            (isinstance(entry, Correction) and entry.by.id == SECOND_PASS.id)
            or (isinstance(entry, Final) and entry.source is Source.SECOND_PASS)
            for entry in self.entries
        )

    @property
    def remarks(self) -> Sequence[str]:
        """What cues cannot say of themselves: which were corrected, who spoke at the same time."""
        remarks = [IMPROVED] if self.is_improved else []
        if self.corrected:
            times = ", ".join(exact_clock(final.start_s, ".") for final in self.corrected)
            remarks.append(f"Corrected by hand, the captions at {times}")
        for final in self.captions:
            if final.overlap and final.text.strip():
                at, others = exact_clock(final.start_s, "."), names(final.overlap)
                remarks.append(f"At {at}: at the same time as {others}")
        return remarks


def names(speakers: Sequence[Speaker]) -> str:
    """Name speakers in a sentence."""
    return ", ".join(name_of(speaker) for speaker in speakers)


def name_of(speaker: Speaker | None) -> str:
    """A speaker's name on one line; empty for nobody."""
    return " ".join(speaker.name.split()) if speaker else ""
