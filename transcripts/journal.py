"""The journal on SQLite: one writer that groups what waits together into one commit."""

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Self, TypeVar

from models.errors import StorageFailed
from models.recording import Span
from models.transcript import Entry, numbered
from transcripts.entries import caption_id_of, from_json, kind_of, to_json
from transcripts.erasing import erase, settle
from transcripts.journal_file import connect, migrate
from transcripts.journal_writer import Append, Waiting, Work, write_groups
from transcripts.moments import seq_at

T = TypeVar("T")

WAITING_LIMIT = 4096
_SETTLE_TRIES = 100
_SETTLE_EVERY_S = 0.1


class SqliteJournal:
    """Carries out `pipeline.journal.Journal` in the SQLite file ``path`` (WAL, synchronous FULL).

    An append returns after its COMMIT. Appends that wait at the same time share a transaction.
    Every method raises `StorageFailed` when the file cannot be opened, read or written, and
    before `start` and after `close`.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        # Each caller waits for its own append, so this only fills when the disk hangs: then
        # appending fails at once instead of piling up.
        self._waiting: Waiting = queue.Queue(WAITING_LIMIT)
        self._writer: threading.Thread | None = None
        self._reader: ThreadPoolExecutor | None = None
        self._reading: sqlite3.Connection | None = None

    async def start(self) -> None:
        """Open the file, creating or migrating it, and start the writer."""
        await asyncio.to_thread(self._open)

    async def close(self) -> None:
        """Commit what waits, then close the file; closing twice is fine."""
        writer, self._writer = self._writer, None
        if writer is not None:
            await asyncio.to_thread(self._close, writer)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_exception: object) -> None:
        await self.close()

    async def append(self, room_id: str, instance: int, entry: Entry) -> Entry:
        item = Append(
            room_id=room_id,
            track=entry.track,
            instance=instance,
            kind=kind_of(entry),
            caption_id=caption_id_of(entry),
            payload=to_json(entry),
            done=Future(),
        )
        self._put(item)
        return numbered(entry, seq=await asyncio.wrap_future(item.done), instance=instance)

    async def erase(self, room_id: str, span: Span) -> int:
        """Take what was said in ``span`` out of the file for good; gives how many entries it was.

        Each leaves a gap with its number. Raises `StorageFailed`, after which it may be repeated.
        """
        erased: int = await self._work(lambda connection: erase(connection, room_id, span))
        for _ in range(_SETTLE_TRIES):
            if await self._work(settle):
                return erased
            await asyncio.sleep(_SETTLE_EVERY_S)  # somebody reads a transcript just now
        raise StorageFailed("what was deleted cannot be overwritten yet: the journal is being read")

    async def after(
        self, room_id: str, seq: int, limit: int, *, track: str = ""
    ) -> Sequence[Entry]:
        return await self._entries(
            "room_id = ? AND track = ? AND seq > ? ORDER BY seq LIMIT ?",
            *(room_id, track, seq, max(limit, 0)),
        )

    async def before(
        self, room_id: str, seq: int, limit: int, *, track: str = ""
    ) -> Sequence[Entry]:
        newest_first = await self._entries(
            "room_id = ? AND track = ? AND seq < ? ORDER BY seq DESC LIMIT ?",
            *(room_id, track, seq, max(limit, 0)),
        )
        return newest_first[::-1]

    async def latest(self, room_id: str, *, track: str = "") -> int:
        rows = await self._rows(
            "SELECT coalesce(max(seq), 0) FROM entries WHERE room_id = ? AND track = ?",
            *(room_id, track),
        )
        return int(rows[0][0])

    async def at(
        self, room_id: str, time_s: float, *, track: str = "", instance: int | None = None
    ) -> int:
        """The seq of what was going on at a time of an instance, else of the newest with captions.

        That is the first final or gap which ends after ``time_s``, else the last one; 0 when the
        track has none of that instance.
        """
        return await self._read(
            lambda connection: seq_at(connection, room_id, track, time_s, instance)
        )

    async def corrections(
        self, room_id: str, first: int, last: int, *, track: str = ""
    ) -> Sequence[Entry]:
        """Each correction after ``last`` of a caption in ``first`` to ``last``, ascending."""
        return await self._entries(
            "room_id = ?1 AND track = ?2 AND seq > ?4 AND kind = 'correction' AND caption_id IN"
            " (SELECT caption_id FROM entries WHERE room_id = ?1 AND track = ?2"
            " AND seq BETWEEN ?3 AND ?4 AND kind = 'final') ORDER BY seq",
            *(room_id, track, first, last),
        )

    async def corrections_in(
        self, room_id: str, first: int, last: int, *, track: str = ""
    ) -> Sequence[Entry]:
        """Each correction whose own seq is from ``first`` to ``last``, ascending."""
        return await self._entries(
            "room_id = ? AND track = ? AND seq BETWEEN ? AND ? AND kind = 'correction'"
            " ORDER BY seq",
            *(room_id, track, first, last),
        )

    async def finals_in(self, room_id: str, first: int, last: int, *, track: str = "") -> int:
        """How many of the entries from ``first`` to ``last`` are finals."""
        rows = await self._rows(
            "SELECT count(*) FROM entries"
            " WHERE room_id = ? AND track = ? AND seq BETWEEN ? AND ? AND kind = 'final'",
            *(room_id, track, first, last),
        )
        return int(rows[0][0])

    async def speakers(self, room_id: str, *, after: int = 0) -> Sequence[str]:
        """The ids of who speaks in finals of what was said, beyond a seq, in order of the first."""
        rows = await self._rows(
            "SELECT json_extract(payload, '$.speaker.id') AS id FROM entries WHERE room_id = ?"
            " AND track = '' AND seq > ? AND kind = 'final' AND id IS NOT NULL"
            " GROUP BY id ORDER BY min(seq)",
            *(room_id, after),
        )
        return [str(row[0]) for row in rows]

    async def tracks(self, room_id: str, instance: int | None = None) -> Sequence[str]:
        """The translations that the room, or one of its instances, has entries of."""
        one = "" if instance is None else " AND instance = ?"
        rows = await self._rows(
            f"SELECT DISTINCT track FROM entries WHERE room_id = ? AND track > ''{one}"
            " ORDER BY track",
            *((room_id,) if instance is None else (room_id, instance)),
        )
        return [str(row[0]) for row in rows]

    async def caption(self, room_id: str, caption_id: str) -> Sequence[Entry]:
        return await self._entries(
            "room_id = ? AND caption_id = ? ORDER BY seq", room_id, caption_id
        )

    async def transcript(
        self, room_id: str, instance: int | None = None, *, track: str = ""
    ) -> Sequence[Entry]:
        """All entries of a track, or those of one instance and the corrections of its captions.

        They ascend by seq.
        """
        if instance is None:
            return await self._entries("room_id = ? AND track = ? ORDER BY seq", room_id, track)
        return await self._entries(
            "room_id = ?1 AND track = ?2 AND (instance = ?3 OR caption_id IN (SELECT caption_id"
            " FROM entries WHERE room_id = ?1 AND instance = ?3 AND kind = 'final')) ORDER BY seq",
            *(room_id, track, instance),
        )

    async def instances(self, room_id: str) -> Sequence[int]:
        """The instances of the room that have entries, ascending."""
        rows = await self._rows(
            "SELECT DISTINCT instance FROM entries WHERE room_id = ? ORDER BY instance", room_id
        )
        return [int(row[0]) for row in rows]

    async def _work(self, run: Callable[[sqlite3.Connection], Any]) -> Any:
        work = Work(run=run, done=Future())
        self._put(work)
        return await asyncio.wrap_future(work.done)

    def _put(self, item: Append | Work) -> None:
        if self._writer is None:
            raise StorageFailed("the journal is not open")
        try:
            self._waiting.put_nowait(item)
        except queue.Full:
            raise StorageFailed("the journal cannot keep up with what is said") from None

    async def _entries(self, condition: str, *values: str | int) -> list[Entry]:
        query = f"SELECT kind, payload, seq, track, instance FROM entries WHERE {condition}"
        rows = await self._rows(query, *values)
        try:
            return [from_json(*row) for row in rows]
        except ValueError as error:
            raise StorageFailed(f"the journal is damaged: {error}") from error

    async def _rows(self, query: str, *values: str | int) -> list[tuple[Any, ...]]:
        return await self._read(lambda connection: connection.execute(query, values).fetchall())

    async def _read(self, action: Callable[[sqlite3.Connection], T]) -> T:
        if self._reader is None or self._reading is None:
            raise StorageFailed("the journal is not open")
        connection = self._reading
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._reader, action, connection)
        except sqlite3.Error as error:
            raise StorageFailed(f"the journal cannot be read: {error}") from error

    def _open(self) -> None:
        if self._writer is not None:
            return
        writing = None
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            writing = connect(self._path)
            migrate(writing)
            self._reading = connect(self._path)
        except (sqlite3.Error, OSError) as error:
            if writing is not None:
                writing.close()
            raise StorageFailed(f"the journal cannot be opened: {error}") from error
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="journal-reader")
        self._writer = threading.Thread(
            target=write_groups, args=(writing, self._waiting), name="journal-writer", daemon=True
        )
        self._writer.start()

    def _close(self, writer: threading.Thread) -> None:
        self._waiting.put(None)
        if self._reader is not None and self._reading is not None:
            self._reader.shutdown()
            self._reading.close()
        self._reader = self._reading = None
        writer.join()
