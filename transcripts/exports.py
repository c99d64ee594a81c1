"""Transcripts as files: WebVTT, SubRip, TTML, text to read, and JSON with everything."""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from models.errors import Invalid
from models.room import Speaker
from models.transcript import SECOND_PASS, Correction, Entry, Final, Gap, Source
from models.writing import between
from pipeline.breaks import ends_sentence
from transcripts.cues import Cue, exact_clock, gap_text, gaps_of, label, lay_out, short_clock
from transcripts.effective import effective, retimed
from transcripts.ttml import ttml

FORMATS: Mapping[str, str] = MappingProxyType(
    {
        "vtt": "text/vtt; charset=utf-8",
        "srt": "application/x-subrip; charset=utf-8",
        "txt": "text/plain; charset=utf-8",
        "json": "application/json",
        "ttml": "application/ttml+xml",
    }
)
"""The formats of `export` and their media types."""

PARAGRAPH_PAUSE_S = 2.5
PARAGRAPH_CHARS = 600
CORRECTED = "[corrected]"
IMPROVED = "Improved after the room: a recogniser has heard the recording again, as a whole"
OVERLAP = "[at the same time as {}]"

Write = Callable[[Sequence[Entry], str, datetime | None], str]


def export(
    entries: Sequence[Entry], format: str, *, title: str, started_at: datetime | None
) -> str:
    """Write a transcript in one of `FORMATS`, with corrections applied and gaps shown.

    ``entries`` ascend by seq; ``started_at`` is the wall-clock time of ``t = 0``. Raises `Invalid`
    for another format.
    """
    writers: dict[str, Write] = {
        "vtt": _vtt,
        "srt": _srt,
        "txt": _txt,
        "json": _json,
        "ttml": _ttml,
    }
    if format not in writers:
        raise Invalid(f"the format is one of {', '.join(FORMATS)}", field="format")
    return writers[format](entries, " ".join(title.split()), started_at)


def _vtt(entries: Sequence[Entry], title: str, started_at: datetime | None) -> str:
    notes = [_heading(title, started_at), *_remarks(entries)]
    blocks = ["WEBVTT", *(f"NOTE {note}".replace("-->", "→") for note in notes)]
    for cue in lay_out(entries):
        text = "\n".join(_vtt_escaped(line) for line in cue.lines)
        name = " ".join(cue.speaker.name.split()) if cue.speaker else ""
        voice = f"<v {_vtt_escaped(name)}>" if name else ""
        times = f"{exact_clock(cue.start_s, '.')} --> {exact_clock(cue.end_s, '.')}"
        blocks.append(f"{times}\n{voice}{text}")
    return "\n\n".join(blocks) + "\n"


def _remarks(entries: Sequence[Entry]) -> list[str]:
    """What cues cannot say of themselves: which were corrected, and who spoke at the same time."""
    remarks = [IMPROVED] if is_improved(entries) else []
    if corrected := _corrected(entries):
        times = ", ".join(exact_clock(final.start_s, ".") for final in corrected)
        remarks.append(f"Corrected by hand, the captions at {times}")
    for final in effective(entries):
        if final.overlap and final.text.strip():
            at, others = exact_clock(final.start_s, "."), _names(final.overlap)
            remarks.append(f"At {at}: at the same time as {others}")
    return remarks


def _vtt_escaped(text: str) -> str:
    for character, escape in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\0", "\ufffd")):
        text = text.replace(character, escape)
    return text


def _srt(entries: Sequence[Entry], title: str, started_at: datetime | None) -> str:
    blocks = []
    before: Cue | None = None
    for number, cue in enumerate(lay_out(entries, named=True), start=1):
        is_change = before is None or before.speaker != cue.speaker
        text = "\n".join(cue.lines).replace("-->", "→")
        times = f"{exact_clock(cue.start_s, ',')} --> {exact_clock(cue.end_s, ',')}"
        blocks.append(f"{number}\n{times}\n{label(cue.speaker) if is_change else ''}{text}\n")
        before = cue
    return "\n".join(blocks)


def _ttml(entries: Sequence[Entry], title: str, started_at: datetime | None) -> str:
    heading, cues = _heading(title, started_at), lay_out(entries, named=True)
    return ttml(cues, title=heading, remarks=_remarks(entries))


def _corrected(entries: Sequence[Entry]) -> list[Final]:
    """The captions that a person corrected, by start time."""
    ids = {e.id for e in entries if isinstance(e, Correction) and e.by.id != SECOND_PASS.id}
    return [final for final in effective(entries) if final.id in ids]


def _txt(entries: Sequence[Entry], title: str, started_at: datetime | None) -> str:
    """A turn is a speaker with a time, then paragraphs; gaps stand between turns."""
    marked = {final.id for final in _corrected(entries)}
    said = [
        replace(final, text=" ".join([final.text, *_notes(final, corrected=final.id in marked)]))
        for final in effective(entries)
        if final.text.strip()
    ]
    gaps = gaps_of(entries)
    blocks = [_heading(title, started_at), *([f"[{IMPROVED}]"] if is_improved(entries) else [])]
    before: Final | Gap | None = None
    items: list[Final | Gap] = [*said, *gaps]
    for item in sorted(items, key=lambda item: item.start_s):
        if isinstance(item, Gap):
            blocks.append(f"[{short_clock(item.start_s)}] {gap_text(item)}")
        elif not isinstance(before, Final) or before.speaker != item.speaker:
            name = " ".join(item.speaker.name.split()) if item.speaker else ""
            head = f"{name} [{short_clock(item.start_s)}]".strip()
            blocks.append(f"{head}\n{' '.join(item.text.split())}")
        elif item.start_s - before.end_s > PARAGRAPH_PAUSE_S or _is_long(blocks[-1]):
            blocks.append(" ".join(item.text.split()))
        else:
            text = " ".join(item.text.split())
            blocks[-1] += between(blocks[-1], text) + text
        before = item
    return "\n\n".join(blocks) + "\n"


def is_improved(entries: Sequence[Entry]) -> bool:
    """Whether a second pass has changed or added anything."""
    return any(
        (isinstance(entry, Correction) and entry.by.id == SECOND_PASS.id)
        or (isinstance(entry, Final) and entry.source is Source.SECOND_PASS)
        for entry in entries
    )


def _notes(final: Final, *, corrected: bool) -> list[str]:
    """What a reader is told behind a caption's text."""
    overlap = [OVERLAP.format(_names(final.overlap))] if final.overlap else []
    return [*overlap, *([CORRECTED] if corrected else [])]


def _names(speakers: Sequence[Speaker]) -> str:
    return ", ".join(" ".join(speaker.name.split()) for speaker in speakers)


def _is_long(paragraph: str) -> bool:
    return len(paragraph) > PARAGRAPH_CHARS and ends_sentence(paragraph)


def _json(entries: Sequence[Entry], title: str, started_at: datetime | None) -> str:
    revisions: defaultdict[str, list[Final | Correction]] = defaultdict(list)
    for entry in entries:
        if not isinstance(entry, Gap):
            revisions[entry.id].append(entry)
    data = {
        "version": 1,
        "title": title,
        "started_at": started_at.isoformat() if started_at else None,
        "captions": [_caption(final, revisions[final.id]) for final in effective(entries)],
        "gaps": [
            {
                "seq": entry.seq,
                "start": round(entry.start_s, 3),
                "end": round(entry.end_s, 3),
                "reason": entry.reason.value,
            }
            for entry in gaps_of(entries)
        ],
    }
    return json.dumps(data, indent=1) + "\n"


def _caption(final: Final, revisions: Sequence[Final | Correction]) -> dict[str, Any]:
    return {
        "seq": final.seq,
        "id": final.id,
        "rev": final.rev,
        "start": round(final.start_s, 3),
        "end": round(final.end_s, 3),
        "speaker": _speaker(final.speaker),
        "text": final.text,
        "words": [
            [
                *(w.text, round(w.start_s, 3), round(w.end_s, 3), round(w.confidence, 3)),
                *([True] if w.glued else []),
            ]
            for w in retimed(final)
        ],
        "language": final.language,
        "source": final.source.value,
        "overlap": [_speaker(one) for one in final.overlap],
        "revisions": [
            {
                "seq": entry.seq,
                "rev": entry.rev,
                "text": entry.text,
                "by": _speaker(entry.by if isinstance(entry, Correction) else None),
                "at": _when(entry),
            }
            for entry in revisions
        ],
    }


def _when(entry: Final | Correction) -> str | None:
    """When a text was written; what was heard has its place in the recording instead."""
    return entry.at.isoformat() if isinstance(entry, Correction) and entry.at else None


def _speaker(speaker: Speaker | None) -> dict[str, str] | None:
    return {"id": speaker.id, "name": speaker.name} if speaker else None


def _heading(title: str, started_at: datetime | None) -> str:
    began = f"{started_at:%Y-%m-%d %H:%M} {started_at.tzname() or ''}".strip() if started_at else ""
    return " · ".join(part for part in (title, began) if part) or "Transcript"
