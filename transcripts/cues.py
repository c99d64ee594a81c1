"""Captions laid out as cues: at most two short lines each, broken where a reader would pause.

Lines are those of `pipeline.lines`; the durations are those of common subtitle practice (20
characters a second, 10 where they are wide, at least a second).
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace

from models.room import Speaker
from models.transcript import FILLABLE, WITHHELD, Entry, Final, Gap, GapReason, Source
from pipeline.lines import captions, columns, lines
from transcripts.effective import effective, retimed

_WITHHELD_TEXTS = {
    GapReason.UNPUBLISHED: "not published",
    GapReason.DELETED: "deleted",
    GapReason.CUT: "cut by a host",
}
MIN_S = 1.0
MIN_STEP_S = 0.5
CHARS_PER_S = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """What is shown from ``start_s`` to ``end_s``; a gap's cue has no speaker and ``is_gap``."""

    start_s: float
    end_s: float
    lines: tuple[str, ...]
    speaker: Speaker | None = None
    language: str = ""
    is_gap: bool = False


def lay_out(entries: Sequence[Entry], *, named: bool = False) -> list[Cue]:
    """All cues of a transcript by start time; corrections are applied.

    Cues of one speaker never overlap and start at least `MIN_STEP_S` apart; no word is broken or
    lost, and only a single word longer than a line makes a longer line. ``named`` keeps room for
    `label` on each cue's first line.
    """
    tracks: defaultdict[str | None, list[Cue]] = defaultdict(list)
    for final in effective(entries):
        indent = len(label(final.speaker)) if named else 0
        tracks[final.speaker.id if final.speaker else None] += _caption_cues(final, indent)
    cues = [cue for track in tracks.values() for cue in _timed(track)]
    cues += _timed(sorted(_gap_cues(entries), key=lambda cue: cue.start_s))
    return sorted(cues, key=lambda cue: cue.start_s)


def main_language(cues: Iterable[Cue]) -> str:
    """The language of most cues; empty without any."""
    counted = Counter(cue.language for cue in cues if not cue.is_gap).most_common(1)
    return counted[0][0] if counted else ""


def label(speaker: Speaker | None) -> str:
    """A speaker's name before what they say, cut when it would fill the line."""
    name = " ".join(speaker.name.split()) if speaker else ""
    if not name:
        return ""
    return f"{name[:17]}…: " if len(name) > 18 else f"{name}: "


def gap_text(gap: Gap) -> str:
    """What a reader is told about a gap."""
    if gap.reason is GapReason.OFF_RECORD:
        until = f" to {short_clock(gap.end_s)}" if gap.end_s > gap.start_s else ""
        return f"[off the record from {short_clock(gap.start_s)}{until}]"
    if gap.reason in WITHHELD:
        what = _WITHHELD_TEXTS[gap.reason]
        return f"[{what}: {short_clock(gap.start_s)} to {short_clock(gap.end_s)}]"
    length_s = f"{max(gap.end_s - gap.start_s, 0):.1f}".removesuffix(".0")
    return f"[captions missing: {length_s} s, {gap.reason.value}]"


def short_clock(at_s: float) -> str:
    """A time as people read it: ``12:31``, from an hour on ``1:02:31``."""
    whole = int(max(at_s, 0))
    minutes = f"{whole // 60 % 60:02d}:{whole % 60:02d}"
    return f"{whole // 3600}:{minutes}" if whole >= 3600 else minutes


def exact_clock(at_s: float, decimal: str) -> str:
    """``hh:mm:ss`` and milliseconds behind ``decimal``."""
    whole, ms = divmod(round(max(at_s, 0) * 1000), 1000)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}{decimal}{ms:03d}"


def gaps_of(entries: Iterable[Entry]) -> list[Gap]:
    """The gaps, in order, each once, but for those that a second pass has filled.

    That a span off the record began is left out when its end is there.
    """
    entries = list(entries)
    fills = [e for e in entries if isinstance(e, Final) and e.source is Source.SECOND_PASS]
    every = (entry for entry in entries if isinstance(entry, Gap))
    gaps = _once(gap for gap in every if not any(_fills(final, gap) for final in fills))
    over = {_place(gap) for gap in gaps if gap.end_s > gap.start_s}
    return [gap for gap in gaps if gap.end_s > gap.start_s or _place(gap) not in over]


def _once(gaps: Iterable[Gap]) -> list[Gap]:
    """Leave out what tells of a span that is told of: each entry in it has become a gap."""
    told: set[tuple[Hashable, ...]] = set()
    kept = []
    for gap in gaps:
        key = (gap.reason, gap.instance, gap.start_s, gap.end_s)
        if gap.reason not in WITHHELD or key not in told:
            kept.append(gap)
        told.add(key)
    return kept


def _fills(final: Final, gap: Gap) -> bool:
    is_within = final.start_s < gap.end_s and final.end_s > gap.start_s
    return is_within and gap.reason in FILLABLE and final.instance == gap.instance


def _place(gap: Gap) -> tuple[int, float]:
    return gap.instance, gap.start_s


def _gap_cues(entries: Iterable[Entry]) -> list[Cue]:
    return [
        Cue(start_s=gap.start_s, end_s=gap.end_s, lines=(gap_text(gap),), is_gap=True)
        for gap in gaps_of(entries)
    ]


def _caption_cues(final: Final, indent: int) -> list[Cue]:
    return [
        Cue(
            start_s=words[0].start_s,
            end_s=words[-1].end_s,
            lines=lines(words, indent=indent, language=final.language),
            speaker=final.speaker,
            language=final.language,
        )
        for words in captions(retimed(final), indent=indent, language=final.language)
    ]


def _timed(cues: Sequence[Cue]) -> list[Cue]:
    """Give one speaker's cues time to be read, without overlap."""
    starts: list[float] = []
    for cue in cues:
        starts.append(max(cue.start_s, starts[-1] + MIN_STEP_S if starts else 0.0))
    timed = []
    for index, (cue, start_s) in enumerate(zip(cues, starts, strict=True)):
        needed_s = max(MIN_S, sum(map(columns, cue.lines)) / CHARS_PER_S)
        end_s = max(cue.end_s, start_s + needed_s)
        if index + 1 < len(starts):
            end_s = min(end_s, starts[index + 1])
        timed.append(replace(cue, start_s=start_s, end_s=end_s))
    return timed
