"""Journal entries as JSON payloads and back, exactly."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from models.errors import StorageFailed
from models.room import Speaker
from models.transcript import Correction, Entry, Final, Gap, GapReason, Source, Word

FINAL, CORRECTION, GAP = "final", "correction", "gap"


def kind_of(entry: Entry) -> str:
    """Name the entry's kind as the journal stores it."""
    match entry:
        case Final():
            return FINAL
        case Correction():
            return CORRECTION
        case Gap():
            return GAP


def caption_id_of(entry: Entry) -> str | None:
    """The caption that the entry is about, None for a gap."""
    return None if isinstance(entry, Gap) else entry.id


def to_json(entry: Entry) -> str:
    """Write the entry without its place in the journal: seq, track and instance."""
    match entry:
        case Final():
            payload = _final_payload(entry)
        case Correction():
            payload = {
                "id": entry.id,
                "rev": entry.rev,
                "text": entry.text,
                "by": _speaker_payload(entry.by),
                "replaces": entry.replaces,
                "at": entry.at.isoformat() if entry.at else None,
                **({"words": _words_payload(entry.words)} if entry.words else {}),
            }
        case Gap():
            payload = {"start": entry.start_s, "end": entry.end_s, "reason": entry.reason.value}
    # ASCII, so that even an unpaired surrogate that somebody typed can be stored.
    return json.dumps(payload, separators=(",", ":"))


def from_json(kind: str, payload: str, seq: int, track: str = "", instance: int = 0) -> Entry:
    """Read an entry back; raises ValueError on a kind or payload that `to_json` does not write."""
    try:
        data = json.loads(payload)
        if kind == FINAL:
            return _final(data, seq, track, instance)
        if kind == CORRECTION:
            return Correction(
                id=data["id"],
                rev=data["rev"],
                text=data["text"],
                by=Speaker(**data["by"]),
                replaces=data["replaces"],
                at=datetime.fromisoformat(data["at"]) if data.get("at") else None,
                words=_words(data.get("words", ())),
                track=track,
                seq=seq,
            )
        if kind == GAP:
            return Gap(
                start_s=data["start"],
                end_s=data["end"],
                reason=GapReason(data["reason"]),
                track=track,
                seq=seq,
                instance=instance,
            )
    except (KeyError, TypeError) as error:
        raise ValueError(f"entry {seq} cannot be read") from error
    raise ValueError(f"entry {seq} is of an unknown kind")


def entries_of(rows: Iterable[Iterable[Any]]) -> list[Entry]:
    """Read entries back as `from_json` does. Raises `StorageFailed` for one that cannot be read."""
    try:
        return [from_json(*row) for row in rows]
    except ValueError as error:
        raise StorageFailed(f"the journal is damaged: {error}") from error


def _final_payload(final: Final) -> dict[str, Any]:
    # Most captions overlap none, and older journals do not know of it.
    overlap = {"overlap": [_speaker_payload(one) for one in final.overlap]} if final.overlap else {}
    return overlap | {
        "id": final.id,
        "rev": final.rev,
        "start": final.start_s,
        "end": final.end_s,
        "speaker": _speaker_payload(final.speaker) if final.speaker else None,
        "text": final.text,
        "words": _words_payload(final.words),
        "language": final.language,
        "source": final.source.value,
    }


def _final(data: dict[str, Any], seq: int, track: str, instance: int) -> Final:
    return Final(
        id=data["id"],
        rev=data["rev"],
        start_s=data["start"],
        end_s=data["end"],
        speaker=Speaker(**data["speaker"]) if data["speaker"] else None,
        text=data["text"],
        words=_words(data["words"]),
        language=data["language"],
        source=Source(data["source"]),
        overlap=tuple(Speaker(**one) for one in data.get("overlap", ())),
        track=track,
        seq=seq,
        instance=instance,
    )


def _words_payload(words: Iterable[Word]) -> list[list[Any]]:
    return [[w.text, w.start_s, w.end_s, w.confidence, *([True] if w.glued else [])] for w in words]


def _words(payload: Iterable[Sequence[Any]]) -> tuple[Word, ...]:
    return tuple(
        Word(text=text, start_s=start_s, end_s=end_s, confidence=confidence, glued=bool(glued))
        for text, start_s, end_s, confidence, *glued in payload
    )


def _speaker_payload(speaker: Speaker) -> dict[str, str]:
    return {"id": speaker.id, "name": speaker.name}
