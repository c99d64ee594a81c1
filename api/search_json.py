"""Results of searches as JSON, with addresses that lead to the moment."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, urlencode

from api.edits import RecordingEdits
from api.search import FoundCaption, FoundRoom, Results
from models.edit import EditList
from models.transcript import Final
from transcripts.search.parsing import Hint
from transcripts.search.snippets import Range


def answer(
    text: str, hints: Sequence[Hint], results: Results, edits: RecordingEdits, exact_url: str
) -> dict[str, Any]:
    """Give all that a search came to; ``exact_url`` finds the words as they were typed alone."""
    return {
        "query": {
            "text": text,
            "hints": [_hint(one) for one in hints],
            "heard_as": [{"word": one.word, "as": list(one.others)} for one in results.heard_as],
            "exact": results.exact,
            **({} if results.exact else {"exact_url": exact_url}),
        },
        "rooms": [_room(one, edits) for one in results.rooms],
        "total": results.total,
        "total_is": "exact" if results.is_total else "at-least",
        "cursor": results.cursor,
    }


def _hint(one: Hint) -> dict[str, Any]:
    instead = {"instead": one.instead} if one.instead is not None else {}
    return {"text": one.text, "start": one.start, "end": one.end, **instead}


def _room(found: FoundRoom, edits: RecordingEdits) -> dict[str, Any]:
    """Give what was found in a room. Times are those of the player where there is a recording."""
    about, host = found.room, found.host
    hits = [_caption(found, one, edits) for one in found.hits]
    return {
        "room": {
            "id": about.id,
            "title": about.title,
            "state": about.state,
            "private": about.private,
            "host": {"id": host.id, "name": host.name},
            "started_at": found.began_at.isoformat(),
        },
        "instance": found.instance,
        "recording": hits[0]["recording"],
        "track": found.track,
        "title_marks": _marks(found.title_marks),
        "hits": hits,
        "more": found.more,
    }


def _caption(found: FoundRoom, one: FoundCaption, edits: RecordingEdits) -> dict[str, Any]:
    caption, snippet = one.shown.caption, one.shown.snippet
    edit = edits.edit_of(one.recording) if one.recording else EditList()
    at_s, end_s = (round(edit.to_edited_s(s), 3) for s in (snippet.at_s, caption.end_s))
    return {
        "caption": caption.id,
        "seq": caption.seq,
        "start": round(edit.to_edited_s(caption.start_s), 3),
        "end": end_s,
        "at": at_s,
        "speaker": _speaker(caption),
        "snippet": snippet.text,
        "marks": _marks(snippet.marks),
        "before": _beside(one.shown.before, edit),
        "after": _beside(one.shown.after, edit),
        "language": caption.language,
        "source": caption.source,
        "corrected": one.corrected,
        "url": _url(found, one, at_s, end_s),
        "recording": one.recording.id if one.recording else None,
    }


def _url(found: FoundRoom, one: FoundCaption, at_s: float, end_s: float) -> str:
    """Where a hit is played; where it cannot be, its room at that moment."""
    if one.recording:
        query = {"t": _number(at_s), "to": _number(end_s)}
        return f"/recordings/{quote(one.recording.id, safe='')}?{urlencode(query)}"
    query = {"instance": str(found.instance), "from": _number(at_s), "to": _number(end_s)}
    return f"/rooms/{quote(found.room.id, safe='')}?{urlencode(query)}"


def _beside(caption: Final | None, edit: EditList) -> dict[str, Any] | None:
    if caption is None:
        return None
    return {
        "speaker": _speaker(caption),
        "text": caption.text,
        "start": round(edit.to_edited_s(caption.start_s), 3),
    }


def _speaker(caption: Final) -> dict[str, str] | None:
    speaker = caption.speaker
    return {"id": speaker.id, "name": speaker.name} if speaker else None


def _marks(marks: Sequence[Range]) -> list[list[int]]:
    return [[start, end] for start, end in marks]


def _number(time_s: float) -> str:
    return f"{time_s:.3f}".rstrip("0").rstrip(".")
