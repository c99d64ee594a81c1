"""What was said: recognised words, and the durable entries of a room's journal."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from models.room import Speaker


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One recognised word, in seconds in the room clock; ``confidence`` is 0 to 1.

    ``glued`` where no space stands before it, as in Chinese (`models.writing`).
    """

    text: str
    start_s: float
    end_s: float
    confidence: float
    glued: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Hypothesis:
    """What a recogniser makes of one segment so far.

    ``segment`` numbers the segments of one recognition stream, from 0. The first ``stable`` words
    will not change any more. ``final`` is said once for every segment that was ever shown and ends
    it; a final without words withdraws the segment.

    ``unheard`` is where (start and end in s) audio of the utterance was given up, because the
    recogniser could not come to it in time.
    """

    segment: int
    words: tuple[Word, ...]
    stable: int = 0
    final: bool = False
    language: str = "en"
    unheard: tuple[float, float] | None = None


SECOND_PASS = Speaker(id="second-pass", name="Second pass")
"""Who corrects captions after the room, when a recogniser has heard its recording as a whole."""


class Source(StrEnum):
    """Where a caption came from; one of a second pass fills a gap of a room that is over."""

    ASR = "asr"
    CAPTIONER = "captioner"
    TYPED = "typed"
    SECOND_PASS = "second-pass"


class GapReason(StrEnum):
    """Why there are no captions of what was said."""

    OVERLOAD = "overload"
    ENGINE_RESTART = "engine-restart"
    TAP_LOST = "tap-lost"
    OFF_RECORD = "off-record"
    NOT_TRANSLATED = "not-translated"
    UNPUBLISHED = "unpublished"
    DELETED = "deleted"
    CUT = "cut"


WITHHELD = frozenset({GapReason.UNPUBLISHED, GapReason.DELETED, GapReason.CUT})
"""Reasons of gaps that stand in the place of what was captioned, each for all of its span."""


FILLABLE = frozenset({GapReason.OVERLOAD, GapReason.ENGINE_RESTART, GapReason.TAP_LOST})
"""Gaps whose sound may have been recorded: it was the recogniser that did not get it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Final:
    """A caption that only a `Correction` can change.

    ``seq`` is 0 until the journal numbers it, and then ``instance`` is the one of the room that it
    was said in. ``track`` is empty for what was said, and the language of a translation (as in all
    entries).
    ``overlap`` names who else spoke during a considerable part of it (`pipeline.attribution`).
    One that is ``off_record`` is shown to who is there, and is never in a journal.
    """

    id: str
    rev: int
    start_s: float
    end_s: float
    speaker: Speaker | None
    text: str
    words: tuple[Word, ...] = ()
    language: str = "en"
    source: Source = Source.ASR
    overlap: tuple[Speaker, ...] = ()
    off_record: bool = False
    track: str = ""
    seq: int = 0
    instance: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """New text for the caption ``id``; ``replaces`` is the seq of the entry that it supersedes.

    ``at`` is when it was written; None in journals from before that was kept. ``words`` are those
    of a recogniser: a person writes no times.
    """

    id: str
    rev: int
    text: str
    by: Speaker
    replaces: int
    at: datetime | None = None
    words: tuple[Word, ...] = ()
    track: str = ""
    seq: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A span without captions, said in the open.

    A span off the record is told twice: when it begins, with no length, and when it is over. What
    is `WITHHELD` is told once for each entry that it takes the place of, each with the whole span.
    """

    start_s: float
    end_s: float
    reason: GapReason
    track: str = ""
    seq: int = 0
    instance: int = 0


Entry = Final | Correction | Gap


def numbered(entry: Entry, *, seq: int, instance: int) -> Entry:
    """Give an entry its place in the journal; a correction belongs to its caption's instance."""
    if isinstance(entry, Correction):
        return replace(entry, seq=seq)
    return replace(entry, seq=seq, instance=instance)
