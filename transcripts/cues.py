"""Captions laid out as cues: at most two short lines each, broken where a reader would pause.

Lines are those of `pipeline.lines`, times those of `transcripts.pacing`.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from heapq import merge

from models.room import Speaker
from models.transcript import FILLABLE, WITHHELD, Entry, Final, Gap, GapReason, Source
from pipeline.lines import captions, lines
from transcripts.effective import effective, retimed
from transcripts.pacing import Cue, Part, comfortable, paced

_WITHHELD_TEXTS = {
    GapReason.UNPUBLISHED: "not published",
    GapReason.DELETED: "deleted",
    GapReason.CUT: "cut by a host",
}


def lay_out(entries: Sequence[Entry], *, named: bool = False) -> list[Cue]:
    """All cues of a transcript by start time; corrections are applied.

    Cues of one speaker, and those of gaps and of nobody, never overlap and start at least
    `pacing.MIN_STEP_S` apart; no word is broken or lost, and only a single word longer than a line
    makes a longer line. ``named`` keeps room for `label` on each cue's first line.
    """
    tracks: defaultdict[str | None, list[Part]] = defaultdict(list)
    for final in effective(entries):
        indent = len(label(final.speaker)) if named else 0
        tracks[final.speaker.id if final.speaker else None] += _parts(final, indent)
    tracks[None] = list(merge(_gap_parts(entries), tracks[None], key=_start_s))
    cues = [_cue(part) for track in tracks.values() for part in paced(track)]
    return comfortable(sorted(cues, key=_order))


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


def _start_s(part: Part) -> float:
    return part.start_s


def _order(cue: Cue) -> tuple[float, str, str]:
    """By time; of those at one time always the same is first, whoever asks."""
    return cue.start_s, label(cue.speaker), " ".join(cue.lines)


def _gap_parts(entries: Iterable[Entry]) -> list[Part]:
    parts = [
        Part(start_s=gap.start_s, end_s=gap.end_s, note=gap_text(gap)) for gap in gaps_of(entries)
    ]
    return sorted(parts, key=_start_s)


def _parts(final: Final, indent: int) -> list[Part]:
    return [
        Part(
            start_s=words[0].start_s,
            end_s=words[-1].end_s,
            words=tuple(words),
            speaker=final.speaker,
            language=final.language,
            indent=indent,
        )
        for words in captions(retimed(final), indent=indent, language=final.language)
    ]


def _cue(part: Part) -> Cue:
    broken = lines(part.words, indent=part.indent, language=part.language)
    return Cue(
        start_s=part.start_s,
        end_s=part.end_s,
        lines=(part.note,) if part.note else broken,
        speaker=part.speaker,
        language=part.language,
        is_gap=bool(part.note),
    )
