"""The journal in a database: one writer that groups what waits together into one commit."""

import asyncio
import json
import logging
import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Self, TypeVar

from sqlalchemy import Connection, Engine, Row, Select

from models.errors import StorageFailed
from models.recording import Span
from models.transcript import Entry, numbered
from transcripts import queries
from transcripts.database import FAILURES, Where, open_engine, reason, told, writing
from transcripts.entries import entries_of
from transcripts.erasing import erase, settle
from transcripts.inserting import Appended
from transcripts.journal_writer import Append, Indexing, Waiting, Work, Writer
from transcripts.moments import seq_at
from transcripts.upgrading import upgrade

log = logging.getLogger(__name__)

T = TypeVar("T")

WAITING_LIMIT = 4096
_READERS = 4
_SETTLE_TRIES = 100
_SETTLE_EVERY_S = 0.1


class SqlJournal:
    """Carries out `pipeline.journal.Journal` in a SQLite file or in PostgreSQL.

    An append returns after its COMMIT. Appends that wait at the same time share a transaction, and
    with them ``indexing`` what it makes of them. Every method raises `StorageFailed` when the
    database cannot be opened, read or written, and before `start` and after `close`.
    """

    def __init__(self, where: Where, indexing: Indexing | None = None) -> None:
        self._where = where
        self._indexing = indexing
        # Each caller waits for its own append, so this only fills when the disk hangs: then
        # appending fails at once instead of piling up.
        self._waiting: Waiting = queue.Queue(WAITING_LIMIT)
        self._writer: threading.Thread | None = None
        self._readers: ThreadPoolExecutor | None = None
        self._engine: Engine | None = None

    async def start(self) -> None:
        """Open the database, creating or migrating its tables, and start the writer."""
        await asyncio.to_thread(self._open)

    async def close(self) -> None:
        """Commit what waits, then close the database; closing twice is fine."""
        writer, self._writer = self._writer, None
        readers, self._readers = self._readers, None
        if writer is not None and readers is not None:
            await asyncio.to_thread(self._close, writer, readers)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_exception: object) -> None:
        await self.close()

    async def append(self, room_id: str, instance: int, entry: Entry) -> Entry:
        item = Append(appended=Appended.of(room_id, instance, entry), done=Future())
        self._put(item)
        return numbered(entry, seq=await asyncio.wrap_future(item.done), instance=instance)

    async def write(self, action: Callable[[Connection], T]) -> T:
        """Do something else in the writer's thread, in a transaction of its own."""

        def run(engine: Engine) -> T:
            with engine.begin() as connection:
                return action(connection)

        done: T = await self._work(run)
        return done

    async def read(self, action: Callable[[Connection], T]) -> T:
        """Ask the database, in another thread."""
        if self._readers is None:
            raise StorageFailed("the journal is not open")
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._readers, self._reading, action)
        except FAILURES as error:
            log.warning("the journal cannot be read: %s", reason(error))
            raise StorageFailed(f"the journal cannot be read: {told(error)}") from None

    async def erase(self, room_id: str, span: Span) -> int:
        """Take what was said in ``span`` out of the database for good; gives how many entries.

        Each leaves a gap with its number. Raises `StorageFailed`, after which it may be repeated.
        """

        def overwrite(connection: Connection) -> int:
            erased = erase(connection, room_id, span)
            if self._indexing:
                self._indexing.erased(connection, room_id, span)
            return erased

        erased = await self.write(overwrite)
        while self._indexing and not await self.write(self._indexing.settle):
            pass  # captions are written between its steps
        for _ in range(_SETTLE_TRIES):
            if await self._work(settle):
                return erased
            await asyncio.sleep(_SETTLE_EVERY_S)  # somebody reads a transcript just now
        raise StorageFailed("what was deleted cannot be overwritten yet: the journal is being read")

    async def after(
        self, room_id: str, seq: int, limit: int, *, track: str = ""
    ) -> Sequence[Entry]:
        return await self._entries(
            queries.AFTER, room=room_id, track=track, seq=seq, limit=max(limit, 0)
        )

    async def before(
        self, room_id: str, seq: int, limit: int, *, track: str = ""
    ) -> Sequence[Entry]:
        newest_first = await self._entries(
            queries.BEFORE, room=room_id, track=track, seq=seq, limit=max(limit, 0)
        )
        return newest_first[::-1]

    async def latest(self, room_id: str, *, track: str = "") -> int:
        return int(await self._value(queries.LATEST, room=room_id, track=track))

    async def at(
        self, room_id: str, time_s: float, *, track: str = "", instance: int | None = None
    ) -> int:
        """The seq of what was going on at a time of an instance, else of the newest with captions.

        That is the first final or gap which ends after ``time_s``, else the last one; 0 when the
        track has none of that instance.
        """
        return await self.read(
            lambda connection: seq_at(connection, room_id, track, time_s, instance)
        )

    async def corrections(
        self, room_id: str, first: int, last: int, *, track: str = ""
    ) -> Sequence[Entry]:
        """Each correction after ``last`` of a caption in ``first`` to ``last``, ascending."""
        return await self._entries(
            queries.CORRECTIONS_OF, room=room_id, track=track, first=first, last=last
        )

    async def corrections_in(
        self, room_id: str, first: int, last: int, *, track: str = ""
    ) -> Sequence[Entry]:
        """Each correction whose own seq is from ``first`` to ``last``, ascending."""
        return await self._entries(
            queries.CORRECTIONS_IN, room=room_id, track=track, first=first, last=last
        )

    async def finals_in(self, room_id: str, first: int, last: int, *, track: str = "") -> int:
        """How many of the entries from ``first`` to ``last`` are finals."""
        return int(
            await self._value(queries.FINALS_IN, room=room_id, track=track, first=first, last=last)
        )

    async def speakers(self, room_id: str, *, after: int = 0) -> Sequence[str]:
        """The ids of who speaks in finals of what was said, beyond a seq, in order of the first."""
        rows = await self._rows(queries.SPEAKERS, room=room_id, track="", seq=after)
        ids = (json.loads(row[0]) for row in rows if row[0])
        return [str(one) for one in ids if one is not None]

    async def tracks(self, room_id: str, instance: int | None = None) -> Sequence[str]:
        """The translations that the room, or one of its instances, has entries of."""
        if instance is None:
            rows = await self._rows(queries.TRACKS, room=room_id)
        else:
            rows = await self._rows(queries.TRACKS_OF_INSTANCE, room=room_id, instance=instance)
        return sorted(str(row[0]) for row in rows)

    async def caption(self, room_id: str, caption_id: str) -> Sequence[Entry]:
        return await self._entries(queries.CAPTION, room=room_id, caption=caption_id)

    async def transcript(
        self, room_id: str, instance: int | None = None, *, track: str = ""
    ) -> Sequence[Entry]:
        """All entries of a track, or those of one instance and the corrections of its captions.

        They ascend by seq.
        """
        if instance is None:
            return await self._entries(queries.TRANSCRIPT, room=room_id, track=track)
        return await self._entries(
            queries.TRANSCRIPT_OF_INSTANCE, room=room_id, track=track, instance=instance
        )

    async def instances(self, room_id: str) -> Sequence[int]:
        """The instances of the room that have entries, ascending."""
        return [int(row[0]) for row in await self._rows(queries.INSTANCES, room=room_id)]

    async def _work(self, run: Callable[[Engine], Any]) -> Any:
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

    async def _entries(self, query: Select[Any], **values: str | int) -> list[Entry]:
        return entries_of(await self._rows(query, **values))

    async def _value(self, query: Select[Any], **values: str | int) -> Any:
        return (await self._rows(query, **values))[0][0]

    async def _rows(self, query: Select[Any], **values: str | int) -> Sequence[Row[Any]]:
        return await self.read(lambda connection: connection.execute(query, values).all())

    def _reading(self, action: Callable[[Connection], T]) -> T:
        assert self._engine is not None
        with self._engine.connect() as connection:
            return action(connection)

    def _open(self) -> None:
        if self._writer is not None:
            return
        self._engine = open_engine(self._where)
        try:
            upgrade(self._engine)
        except FAILURES as error:
            self._engine.dispose()
            raise StorageFailed(f"the journal cannot be opened: {reason(error)}") from None
        except StorageFailed:
            self._engine.dispose()
            raise
        self._readers = ThreadPoolExecutor(_READERS, thread_name_prefix="journal-reader")
        writer = Writer(writing(self._engine), self._waiting, self._indexing)
        self._writer = threading.Thread(target=writer.run, name="journal-writer", daemon=True)
        self._writer.start()

    def _close(self, writer: threading.Thread, readers: ThreadPoolExecutor) -> None:
        self._waiting.put(None)
        readers.shutdown()
        writer.join()
        if self._engine is not None:
            self._engine.dispose()
