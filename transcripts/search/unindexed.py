"""Captions that no index has yet: those of a journal from before there was one."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from transcripts.entries import FINAL
from transcripts.search.keeping import is_behind
from transcripts.tables import entries

_e = entries.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Unindexed:
    """An instance of a room of which some captions may wait, and how many it has."""

    room_id: str
    instance: int
    captions: int


def unindexed(connection: Connection) -> list[Unindexed]:
    """The instances that wait, the last written first: what is newer is looked for more often."""
    if not is_behind(connection):
        return []
    waiting = (
        select(_e.room_id, _e.instance, func.count())
        .where(_e.kind == FINAL)
        .group_by(_e.room_id, _e.instance)
        .order_by(func.max(_e.written_at).desc())
    )
    return [
        Unindexed(room_id=room_id, instance=instance, captions=captions)
        for room_id, instance, captions in connection.execute(waiting)
    ]
