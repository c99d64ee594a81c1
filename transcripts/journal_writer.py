"""The one writer of a journal: it groups what waits together into one commit."""

import logging
import queue
import sqlite3
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from models.errors import StorageFailed
from transcripts.entries import CORRECTION, GAP

log = logging.getLogger(__name__)

GROUP_LIMIT = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Append:
    """One entry on its way to the writer; ``done`` is given its seq after the commit."""

    room_id: str
    track: str
    instance: int
    kind: str
    caption_id: str | None
    payload: str
    done: Future[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Something else to be done with the file; ``done`` is given what ``run`` gives."""

    run: Callable[[sqlite3.Connection], Any]
    done: Future[Any]


Waiting = queue.Queue[Append | Work | None]


def write_groups(connection: sqlite3.Connection, waiting: Waiting) -> None:
    """Commit what waits, a group at a time, until None comes; runs in the writer's thread."""
    open_ = True
    while open_:
        group, work, open_ = _next_group(waiting)
        if group:
            _commit(connection, group)
        if work:
            _do(connection, work)
    connection.close()


def _next_group(waiting: Waiting) -> tuple[list[Append], Work | None, bool]:
    """Wait for an append and take those that wait behind it, up to other work.

    False when None was met.
    """
    group: list[Append] = []
    item = waiting.get()
    while item is not None:
        if item.done.set_running_or_notify_cancel():
            if isinstance(item, Work):
                return group, item, True
            group.append(item)
        if len(group) == GROUP_LIMIT:
            return group, None, True
        try:
            item = waiting.get_nowait()
        except queue.Empty:
            return group, None, True
    return group, None, False


def _do(connection: sqlite3.Connection, work: Work) -> None:
    try:
        result = work.run(connection)
    except Exception as error:  # whatever it is, captions are written on
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        log.warning("the journal could not be changed: %s", type(error).__name__)
        work.done.set_exception(StorageFailed(f"the journal cannot be changed: {error}"))
    else:
        work.done.set_result(result)


def _commit(connection: sqlite3.Connection, group: list[Append]) -> None:
    try:
        connection.execute("BEGIN IMMEDIATE")
        numbers = [_insert(connection, item) for item in group]
        connection.execute("COMMIT")
    except (sqlite3.Error, ValueError) as error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        if len(group) > 1:
            # One entry that cannot be stored must not take its neighbours with it.
            for item in group:
                _commit(connection, [item])
            return
        log.warning("an entry of room %a was not stored: %s", group[0].room_id, error)
        group[0].done.set_exception(StorageFailed(f"the caption could not be stored: {error}"))
        return
    for item, number in zip(group, numbers, strict=True):
        item.done.set_result(number)


def _insert(connection: sqlite3.Connection, item: Append) -> int:
    if item.kind == CORRECTION and _is_erased(connection, item):
        raise ValueError("the caption was deleted")
    cursor = connection.execute(
        "INSERT INTO entries SELECT ?1, ?2, coalesce(max(seq), 0) + 1, ?3, ?4, ?5, ?6, ?7"
        " FROM entries WHERE room_id = ?1 AND track = ?2 RETURNING seq",
        (
            item.room_id,
            item.track,
            item.instance,
            item.kind,
            item.caption_id,
            item.payload,
            datetime.now(UTC).isoformat(timespec="milliseconds"),
        ),
    )
    return int(cursor.fetchone()[0])


def _is_erased(connection: sqlite3.Connection, item: Append) -> bool:
    """Whether a caption was deleted: who corrects it has read it before."""
    found = connection.execute(
        "SELECT 1 FROM entries WHERE room_id = ? AND caption_id = ? AND kind = ?",
        (item.room_id, item.caption_id, GAP),
    )
    return found.fetchone() is not None
