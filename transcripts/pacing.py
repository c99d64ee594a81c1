"""How long cues are shown: long enough to be read, where the speech allows it.

The figures are those of common subtitle practice (Netflix Timed Text Style Guide; BBC Subtitle
Guidelines): 20 characters a second at most and 17 where there is time, a letter that is twice as
wide counting twice; at least a second; and no cue starts within half a second of another of the
same speaker. What is said cannot be slowed down, so three things are done, in this order. A cue
that the next one would take away before it can be read is put together with it, if both fit. What
is still too fast stays on while others speak (`transcripts.lanes` gives both a place). And where
nobody speaks cues stay until they can be read in comfort.

All times are whole milliseconds, and depend on starts and texts alone, never on how long a cue is
shown: cues that are brought in and laid out again stay as they are.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from models.room import Speaker
from models.transcript import Word
from models.writing import between, is_unspaced
from pipeline.lines import Widths, columns

MIN_S = 1.0
MIN_STEP_S = 0.5
CHARS_PER_S = 20
COMFORTABLE_CHARS_PER_S = 17
APART_S = 2.0
"""Words that begin later than this after a cue did are never put into it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """What is shown from ``start_s`` to ``end_s``; a gap's cue has no speaker and ``is_gap``."""

    start_s: float
    end_s: float
    lines: tuple[str, ...]
    speaker: Speaker | None = None
    language: str = ""
    is_gap: bool = False

    @property
    def columns(self) -> int:
        """How much there is to read, in Latin letters, wherever its lines end."""
        return columns(" ".join(self.lines))


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Words that become a cue, after ``indent`` columns in its first line; or a ``note``."""

    start_s: float
    end_s: float
    words: tuple[Word, ...] = ()
    note: str = ""
    speaker: Speaker | None = None
    language: str = ""
    indent: int = 0

    @property
    def needed_s(self) -> float:
        """How long it takes to read."""
        if self.note:
            return max(MIN_S, columns(self.note) / CHARS_PER_S)
        return max(MIN_S, Widths(self.words).chars(0, len(self.words)) / CHARS_PER_S)


def paced(track: Sequence[Part]) -> list[Part]:
    """Give one speaker's parts time to be read, without overlap; short ones are put together."""
    begun: list[Part] = []
    for part in track:
        earliest_s = begun[-1].start_s + MIN_STEP_S if begun else 0.0
        start_s = round(max(part.start_s, earliest_s), 3)
        both = _together(begun[-1], part, start_s) if begun else None
        if both is not None:
            begun[-1] = both
        else:
            begun.append(replace(part, start_s=start_s))
    return [
        replace(part, end_s=_end_s(part, begun[at + 1].start_s if at + 1 < len(begun) else None))
        for at, part in enumerate(begun)
    ]


def comfortable(cues: Sequence[Cue]) -> list[Cue]:
    """Show cues, which ascend by start, longer where nobody speaks behind them."""
    starts = [cue.start_s for cue in cues]
    last_ends = list(accumulate((cue.end_s for cue in cues), max))
    shown = []
    for cue in cues:
        following = bisect_left(starts, cue.end_s)
        if last_ends[following - 1] > cue.end_s:  # somebody else still speaks
            shown.append(cue)
            continue
        wanted_s = round(cue.start_s + cue.columns / COMFORTABLE_CHARS_PER_S, 3)
        limit_s = starts[following] if following < len(starts) else wanted_s
        shown.append(replace(cue, end_s=max(cue.end_s, min(wanted_s, limit_s))))
    return shown


def _end_s(part: Part, next_s: float | None) -> float:
    end_s = round(max(part.end_s, part.start_s + part.needed_s), 3)
    return end_s if next_s is None else min(end_s, next_s)


def _together(one: Part, other: Part, start_s: float) -> Part | None:
    """Put a part into the one before it; None where that can be read in time, or both do not fit.

    Scripts without spaces are left alone: how they are cut depends on what was heard as a word.
    """
    if one.note or other.note or one.language != other.language:
        return None
    if start_s - one.start_s >= min(one.needed_s, APART_S):
        return None
    first, before = other.words[0], one.words[-1]
    if any(is_unspaced(word.text[-1:]) for word in (first, before)):
        return None
    glued = between(before.text, first.text) == ""
    words = (*one.words, replace(first, glued=glued), *other.words[1:])
    if not Widths(words).fit(0, len(words), indent=one.indent):
        return None
    return replace(one, words=words, end_s=max(one.end_s, other.end_s))
