"""The one writer of a journal: it groups what waits together into one commit."""

import logging
import queue
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import InterfaceError, OperationalError

from models.errors import StorageFailed
from models.recording import Span
from models.transcript import Entry, numbered
from transcripts.database import reason, told
from transcripts.inserting import Appended, Identity, insert, is_stored, lock_rooms

log = logging.getLogger(__name__)

GROUP_LIMIT = 256
_DOUBTS_KEPT = 4096


class Indexing(Protocol):
    """Keeps an index of the entries, in the same database and in the writer's transactions."""

    def entered(self, connection: Connection, room_id: str, instance: int, entry: Entry) -> None:
        """Take in an entry that was just inserted, with its seq."""
        ...

    def erased(self, connection: Connection, room_id: str, span: Span) -> None:
        """Let go of what was said in a span; the journal has gaps in its place by now."""
        ...

    def settle(self, connection: Connection) -> bool:
        """Overwrite some of what was let go of, in a short step; True when nothing is left."""
        ...

    def rebuild(self, connection: Connection, room_id: str, instance: int) -> None:
        """Make the index of an instance anew from the journal."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Append:
    """One entry on its way to the writer; ``done`` is given its seq after the commit."""

    appended: Appended
    done: Future[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Something else to be done with the database; ``done`` is given what ``run`` gives."""

    run: Callable[[Engine], Any]
    done: Future[Any]


Waiting = queue.Queue[Append | Work | None]


class Writer:
    """Commits what waits, a group at a time; everything runs in the writer's thread."""

    def __init__(self, engine: Engine, waiting: Waiting, indexing: Indexing | None) -> None:
        self._engine = engine
        self._waiting = waiting
        self._indexing = indexing
        # Of these the commit was not answered. They may be stored: who tries again is told so.
        self._doubtful: dict[Identity, int] = {}

    def run(self) -> None:
        """Work until None comes."""
        open_ = True
        while open_:
            group, work, open_ = self._next_group()
            if group:
                self._commit(group)
            if work:
                self._do(work)

    def _next_group(self) -> tuple[list[Append], Work | None, bool]:
        """Wait for an append and take those that wait behind it, up to other work.

        False when None was met.
        """
        group: list[Append] = []
        item = self._waiting.get()
        while item is not None:
            if item.done.set_running_or_notify_cancel():
                if isinstance(item, Work):
                    return group, item, True
                group.append(item)
            if len(group) == GROUP_LIMIT:
                return group, None, True
            try:
                item = self._waiting.get_nowait()
            except queue.Empty:
                return group, None, True
        return group, None, False

    def _do(self, work: Work) -> None:
        try:
            result = work.run(self._engine)
        except Exception as error:  # whatever it is, captions are written on
            log.warning("the journal could not be changed: %s", type(error).__name__)
            failed = StorageFailed(f"the journal cannot be changed: {told(error)}")
            work.done.set_exception(failed)
        else:
            work.done.set_result(result)

    def _commit(self, group: Sequence[Append]) -> None:
        try:
            numbers = self._store([item.appended for item in group], self._indexing)
        except (OperationalError, InterfaceError) as error:  # the disk is full, or a server is gone
            self._fail(group, error)
        except Exception as error:
            if len(group) > 1:
                # One entry that cannot be stored must not take its neighbours with it.
                for item in group:
                    self._commit([item])
            elif isinstance(error, _NotIndexedError):
                self._commit_unindexed(group[0], error)
            else:
                self._fail(group, error)
        else:
            for item, number in zip(group, numbers, strict=True):
                item.done.set_result(number)

    def _commit_unindexed(self, item: Append, error: "_NotIndexedError") -> None:
        """Store an entry without its place in the index: captions come first."""
        try:
            (number,) = self._store([item.appended], None)
        except Exception as second:
            self._fail([item], second)
        else:
            log.error(
                "an entry of room %a cannot be searched for until the index is made anew: %s",
                item.appended.room_id,
                type(error.__cause__).__name__,
            )
            item.done.set_result(number)

    def _fail(self, group: Sequence[Append], error: Exception) -> None:
        why = reason(error)
        for room_id in {item.appended.room_id for item in group}:
            log.warning("an entry of room %a was not stored: %s", room_id, why)
        for item in group:
            failed = StorageFailed(f"the caption could not be stored: {told(error)}")
            item.done.set_exception(failed)

    def _store(self, group: Sequence[Appended], indexing: Indexing | None) -> list[int]:
        with self._engine.connect() as connection, connection.begin() as transaction:
            lock_rooms(connection, {one.room_id for one in group})
            known = [self._stored_before(connection, one) for one in group]
            new = [one for one, seq in zip(group, known, strict=True) if seq is None]
            inserted = insert(connection, new)
            if indexing:
                _index(connection, indexing, zip(new, inserted, strict=True))
            try:
                transaction.commit()
            except Exception:
                self._doubt(zip(new, inserted, strict=True))
                raise
        for one in group if self._doubtful else ():
            self._doubtful.pop(one.identity, None)
        following = iter(inserted)
        return [next(following) if seq is None else seq for seq in known]

    def _doubt(self, stored: Iterable[tuple[Appended, int]]) -> None:
        self._doubtful |= {one.identity: seq for one, seq in stored}
        while len(self._doubtful) > _DOUBTS_KEPT:
            del self._doubtful[next(iter(self._doubtful))]

    def _stored_before(self, connection: Connection, one: Appended) -> int | None:
        """The number under which an entry is stored already, although nobody was told."""
        seq = self._doubtful.get(one.identity)
        return seq if seq is not None and is_stored(connection, one, seq) else None


class _NotIndexedError(Exception):
    """The index failed on what the journal can store."""


def _index(
    connection: Connection, indexing: Indexing, inserted: Iterable[tuple[Appended, int]]
) -> None:
    for one, seq in inserted:
        entry = numbered(one.entry, seq=seq, instance=one.instance)
        try:
            indexing.entered(connection, one.room_id, one.instance, entry)
        except Exception as error:
            if connection.invalidated:  # the database is gone, and not the index at fault
                raise
            raise _NotIndexedError from error
