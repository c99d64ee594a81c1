"""What is asked of the journal, each statement built once.

When one is run it is given what it asks for of `room`, `track`, `seq`, `limit`, `first`, `last`,
`instance` and `caption`.
"""

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select

from transcripts.entries import CORRECTION, FINAL
from transcripts.tables import TextIn, entries

_e = entries.c
_room = _e.room_id == bindparam("room")
_in_track = and_(_room, _e.track == bindparam("track"))
_of_instance = _e.instance == bindparam("instance")
_within = _e.seq.between(bindparam("first"), bindparam("last"))
_speaker = TextIn("speaker.id")

ENTRY = select(_e.kind, _e.payload, _e.seq, _e.track, _e.instance)
"""The columns that `transcripts.entries.entries_of` takes."""

AFTER = ENTRY.where(_in_track, _e.seq > bindparam("seq")).order_by(_e.seq).limit(bindparam("limit"))
BEFORE = (
    ENTRY.where(_in_track, _e.seq < bindparam("seq"))
    .order_by(_e.seq.desc())
    .limit(bindparam("limit"))
)
LATEST = select(func.coalesce(func.max(_e.seq), 0)).where(_in_track)


def _caption_in(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    finals = select(_e.caption_id).where(*conditions, _e.kind == FINAL)
    return _e.caption_id.in_(finals.correlate(None))


CORRECTIONS_IN = ENTRY.where(_in_track, _within, _e.kind == CORRECTION).order_by(_e.seq)
CORRECTIONS_OF = ENTRY.where(
    _in_track,
    _e.seq > bindparam("last"),
    _e.kind == CORRECTION,
    _caption_in(_in_track, _within),
).order_by(_e.seq)
FINALS_IN = select(func.count()).where(_in_track, _within, _e.kind == FINAL)
SPEAKERS = (
    select(_speaker)
    .where(_in_track, _e.seq > bindparam("seq"), _e.kind == FINAL)
    .group_by(_speaker)
    .order_by(func.min(_e.seq))
)
TRACKS = select(_e.track).distinct().where(_room, _e.track != "")
TRACKS_OF_INSTANCE = TRACKS.where(_of_instance)
CAPTION = ENTRY.where(_room, _e.caption_id == bindparam("caption")).order_by(_e.seq)
TRANSCRIPT = ENTRY.where(_in_track).order_by(_e.seq)
TRANSCRIPT_OF_INSTANCE = ENTRY.where(
    _in_track, or_(_of_instance, _caption_in(_room, _of_instance))
).order_by(_e.seq)
INSTANCES = select(_e.instance).distinct().where(_room).order_by(_e.instance)
