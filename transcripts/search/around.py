"""What was said around hits, read from the journal: some entries for each, as now corrected."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import ColumnElement, Connection

from models.transcript import Correction, Entry, Final, Source
from transcripts.entries import CORRECTION, entries_of
from transcripts.moments import seq_at
from transcripts.queries import ENTRY
from transcripts.search.answering import Group
from transcripts.tables import entries

NEAR = 8
"""So many entries before and after a hit are read: corrections and gaps may stand between."""

_AT_ONCE = 400

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """Entries around the hits of a group, ascending, as the journal has them: not for readers yet.

    ``near`` says by a hit's seq which seqs are around it.
    """

    entries: Sequence[Entry]
    near: Mapping[int, frozenset[int]]

    def of(self, hit: int, captions: Iterable[Final]) -> list[Final]:
        """Those of the captions that are around a hit."""
        return [one for one in captions if one.seq in self.near[hit]]


def around(connection: Connection, group: Group) -> Around:
    """Read what is around the hits of a group."""
    near = {hit.seq: _near(hit.seq) for hit in group.hits}
    read = _read(connection, group, near.values())
    late = [one for one in read if isinstance(one, Final) and _is_late(one, near)]
    for one in late:
        # It fills a gap, and its number is from long after what was said beside it.
        then = seq_at(connection, group.room_id, group.track, one.start_s, group.instance)
        near[one.seq] = _near(then) | {one.seq}
    if late:
        read = _read(connection, group, near.values())
    return Around(entries=read, near=near)


def _near(seq: int) -> frozenset[int]:
    return frozenset(range(max(1, seq - NEAR), seq + NEAR + 1))


def _is_late(caption: Final, hits: Mapping[int, frozenset[int]]) -> bool:
    return caption.source is Source.SECOND_PASS and caption.seq in hits


def _read(connection: Connection, group: Group, wanted: Iterable[frozenset[int]]) -> list[Entry]:
    """Read the finals of an instance among some seqs, and all corrections of those."""
    room, track = entries.c.room_id == group.room_id, entries.c.track == group.track
    found: dict[int, Entry] = {}
    for seqs in _parts(sorted(frozenset[int]().union(*wanted))):
        of_instance = entries.c.instance == group.instance
        near = _entries(connection, room, track, of_instance, entries.c.seq.in_(seqs))
        found |= {one.seq: one for one in near if not isinstance(one, Correction)}
    for ids in _parts([one.id for one in found.values() if isinstance(one, Final)]):
        theirs = entries.c.kind == CORRECTION, entries.c.caption_id.in_(ids)
        found |= {one.seq: one for one in _entries(connection, room, track, *theirs)}
    return [found[seq] for seq in sorted(found)]


def _entries(connection: Connection, *conditions: ColumnElement[bool]) -> list[Entry]:
    return entries_of(connection.execute(ENTRY.where(*conditions)))


def _parts(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for at in range(0, len(items), _AT_ONCE):
        yield items[at : at + _AT_ONCE]
