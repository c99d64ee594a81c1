"""Keeps an index of a journal, in the transactions in which the journal is written."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine, Executable, func, select, update

from models.edit import Edited
from models.recording import Span
from models.transcript import Correction, Entry, Final
from transcripts import queries
from transcripts.entries import entries_of
from transcripts.inserting import lock_rooms
from transcripts.search.finding import TableIndex
from transcripts.search.fts5 import Fts5Index
from transcripts.search.indexing import (
    AFFECTED,
    REACH,
    NotForReaders,
    after,
    followed,
    in_turn,
    kept,
)
from transcripts.search.places import find_take, take_number
from transcripts.search.said import SEQ_BITS, Kept, caption_id
from transcripts.search.tables import captions, hidden, index_state
from transcripts.search.tsvector import TsvectorIndex
from transcripts.tables import entries

_e, _c, _h = entries.c, captions.c, hidden.c
_WHOLE_TAKE = (1 << SEQ_BITS) - 1


def index_for(engine: Engine) -> TableIndex:
    """Choose the index of a database."""
    return Fts5Index() if engine.dialect.name == "sqlite" else TsvectorIndex()


class IndexKeeper:
    """Carries out `transcripts.journal_writer.Indexing` with an index in the same database."""

    def __init__(self, index: TableIndex) -> None:
        self._index = index

    def entered(self, connection: Connection, room_id: str, instance: int, entry: Entry) -> None:
        """Take in an entry that was just inserted, with its seq."""
        if isinstance(entry, Final):
            self._said(connection, room_id, instance, entry)
        elif isinstance(entry, Correction):
            self._corrected(connection, room_id, entry)

    def erased(self, connection: Connection, room_id: str, span: Span) -> None:
        """Let go of what was said in a span; the journal has gaps in its place by now."""
        self.rebuild(connection, room_id, span.instance)

    def settle(self, connection: Connection) -> bool:
        """Overwrite some of what was let go of, in a short step; True when nothing is left."""
        return self._index.settle(connection)

    def rebuild(self, connection: Connection, room_id: str, instance: int) -> None:
        """Make the index of an instance anew from the journal; what is right is left alone."""
        lock_rooms(connection, [room_id])  # what another server writes between would be lost
        of_it = _e.room_id == room_id, _e.instance == instance
        tracks = connection.execute(select(_e.track).distinct().where(*of_it)).scalars().all()
        not_given = _hidden(connection, room_id, instance)
        for track in tracks:
            of_track = {"room": room_id, "instance": instance, "track": track}
            said = _read(connection, queries.TRANSCRIPT_OF_INSTANCE, of_track)
            finals = [entry for entry in said if isinstance(entry, Final)]
            known = find_take(connection, room_id, instance, track)
            if known is None and not finals:
                continue
            take = known or _new_take(connection, room_id, instance, finals[0])
            self._replace(connection, take, in_turn(kept(said, room_id, take, not_given)))

    def _replace(self, connection: Connection, take: int, now: Sequence[Kept]) -> None:
        first = take << SEQ_BITS
        ids = {caption.id for caption in now}
        known = _between(connection, first, first + _WHOLE_TAKE)
        self._index.remove(connection, [one.id for one in known if one.id not in ids])
        self._index.put(connection, now)

    def _said(self, connection: Connection, room_id: str, instance: int, final: Final) -> None:
        take = find_take(connection, room_id, instance, final.track)
        if take is None:
            take = _new_take(connection, room_id, instance, final)
        for caption in kept([final], room_id, take, _hidden(connection, room_id, instance)):
            before = _between(connection, caption.id - REACH, caption.id - 1)
            self._index.put(connection, [after(_last_of(caption, before), caption)])

    def _corrected(self, connection: Connection, room_id: str, correction: Correction) -> None:
        of_caption = {"room": room_id, "caption": correction.id}
        history = _read(connection, queries.CAPTION, of_caption)
        final = next((entry for entry in history if isinstance(entry, Final)), None)
        if final is None:
            return
        take = find_take(connection, room_id, final.instance, final.track)
        if take is None:
            self.rebuild(connection, room_id, final.instance)
            return
        id = caption_id(take, final.seq)
        around = [one for one in _between(connection, id - REACH, id + AFFECTED) if one.id != id]
        now = kept(history, room_id, take, _hidden(connection, room_id, final.instance))
        now = [after(_last_of(one, [two for two in around if two.id < id]), one) for one in now]
        if not now:
            self._index.remove(connection, [id])
        near = sorted([*around, *now], key=lambda one: one.id)
        self._index.put(connection, [*now, *followed(near, id)])


def is_behind(connection: Connection) -> bool:
    """Whether the journal has captions from before there was an index."""
    return bool(connection.execute(select(index_state.c.behind)).scalar())


def has_caught_up(connection: Connection) -> None:
    """Keep that all of the journal is in the index."""
    connection.execute(update(index_state).values(behind=False))


def instances(connection: Connection) -> list[tuple[str, int, int]]:
    """Name each instance of a room in the journal: the room's id, its number, how many entries."""
    counted = select(_e.room_id, _e.instance, func.count()).group_by(_e.room_id, _e.instance)
    rows = connection.execute(counted.order_by(_e.room_id, _e.instance))
    return [(str(row[0]), int(row[1]), int(row[2])) for row in rows]


Progress = Callable[[int, int], None]
"""Is told how many of how many entries are through."""


def _nobody(done: int, total: int) -> None:
    pass


def reindex(engine: Engine, index: TableIndex, progress: Progress = _nobody) -> int:
    """Make the whole index anew from the journal; gives how many entries that has.

    Each instance is a transaction, begun by ``engine``: captions go on meanwhile, and what is not
    through yet is not found.
    """
    keeper = IndexKeeper(index)
    with engine.begin() as connection:
        index.clear(connection)
        counted = instances(connection)
    done, total = 0, sum(count for *_, count in counted)
    progress(done, total)
    for room_id, instance, count in counted:
        with engine.begin() as connection:
            keeper.rebuild(connection, room_id, instance)
        done += count
        progress(done, total)
    with engine.begin() as connection:
        has_caught_up(connection)
    return total


def _read(
    connection: Connection, query: Executable, values: Mapping[str, str | int]
) -> list[Entry]:
    return entries_of(connection.execute(query, values))


def _last_of(caption: Kept, before: Sequence[Kept]) -> Kept | None:
    speaker = caption.speaker
    return next((one for one in reversed(before) if one.speaker == speaker), None)


def _between(connection: Connection, first: int, last: int) -> list[Kept]:
    """What the index has of captions with ids from ``first`` to ``last`` of one take, ascending."""
    rows = connection.execute(
        select(_c.id, _c.start_s, _c.end_s, _c.line)
        .where(_c.id.between(max(first, 1), last))
        .order_by(_c.id)
    )
    return [Kept(id=row.id, start_s=row.start_s, end_s=row.end_s, line=row.line) for row in rows]


def _hidden(connection: Connection, room_id: str, instance: int) -> NotForReaders:
    rows = connection.execute(
        select(_h.cut, _h.start_s, _h.end_s).where(_h.room_id == room_id, _h.instance == instance)
    ).all()
    return NotForReaders(
        spans=tuple(
            Span(instance=instance, start_s=start_s, end_s=end_s)
            for cut, start_s, end_s in rows
            if not cut
        ),
        cut=Edited(hidden=tuple((start_s, end_s) for cut, start_s, end_s in rows if cut)),
    )


def _new_take(connection: Connection, room_id: str, instance: int, final: Final) -> int:
    """Number a take. It began when its first caption was written, less that caption's end."""
    written_at = connection.execute(
        select(_e.written_at).where(
            _e.room_id == room_id, _e.track == final.track, _e.seq == final.seq
        )
    ).scalar()
    written = datetime.fromisoformat(written_at) if written_at else datetime.now(UTC)
    if written.tzinfo is None:
        written = written.replace(tzinfo=UTC)
    began_at = written - timedelta(seconds=final.end_s)
    return take_number(connection, room_id, instance, final.track, began_at)
