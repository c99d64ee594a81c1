"""A transcript as JSON with all that is known, in the shape of `transcript.schema.json`.

That file is in `docs/reference`.
"""

import json
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from models.room import Speaker
from models.transcript import Correction, Final, Gap
from transcripts.cues import gaps_of
from transcripts.effective import retimed
from transcripts.formats.script import Script


def everything(script: Script) -> str:
    """Write captions with their words and every revision, and gaps."""
    revisions: defaultdict[str, list[Final | Correction]] = defaultdict(list)
    for entry in script.entries:
        if not isinstance(entry, Gap):
            revisions[entry.id].append(entry)
    data = {
        "version": 1,
        "title": script.title,
        "started_at": script.started_at.isoformat() if script.started_at else None,
        "track": next((entry.track for entry in script.entries), ""),
        "captions": [_caption(final, revisions[final.id]) for final in script.captions],
        "gaps": [
            {
                "seq": entry.seq,
                "start": round(entry.start_s, 3),
                "end": round(entry.end_s, 3),
                "reason": entry.reason.value,
            }
            for entry in gaps_of(script.entries)
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
