"""``roomscribe reindex``: the search index made anew from the journal."""

import asyncio
from collections.abc import Callable

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from api.data_folder import index_of, transcripts_at
from api.edits import RecordingEdits
from api.findable import FindableRooms, FindableSpans
from api.settings import Settings
from api.withholding import Withholding
from models.errors import Invalid, StorageFailed
from recorder.finishing import Finishing
from recorder.recording import Recorder
from rooms.registry import RoomRegistry
from rooms.store import RoomStore
from transcripts.database import FAILURES, Where, open_engine, reason, writing
from transcripts.journal import SqlJournal
from transcripts.search.keeping import IndexKeeper, reindex


async def remake(settings: Settings) -> int:
    """Make the index anew; a server may run on the same folder, and finds the rest meanwhile.

    Raises `Invalid` where nothing is kept, and `StorageFailed`.
    """
    rooms, where = settings.data_dir / "rooms.db", transcripts_at(settings)
    if not rooms.exists():
        raise Invalid(f"nothing is kept in {settings.data_dir} yet", field="data_dir")
    store = RoomStore(rooms)
    try:
        await _tell(settings, where, RoomRegistry(store))
    finally:
        store.close()
    console = Console(stderr=True, highlight=False)
    columns = (TextColumn("Indexing"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("indexing", total=None)
        total = await asyncio.to_thread(
            _reindex, where, lambda done, total: bar.update(task, completed=done, total=total)
        )
    console.print(f"{total:,} entries of the journal are indexed for search.")
    return 0


async def _tell(settings: Settings, where: Where, registry: RoomRegistry) -> None:
    """Bring what the index is to know of rooms and hidden spans up to date, before it is made."""
    recorder = Recorder(settings.data_dir / "recordings")
    edits = RecordingEdits(recorder, Finishing(recorder))
    await asyncio.to_thread(edits.read)
    indexing = IndexKeeper(index_of(where))
    async with SqlJournal(where, indexing) as journal:
        withholding = Withholding(recorder, registry, journal, edits)
        await withholding.start()
        await FindableRooms(journal, registry).start()
        await FindableSpans(journal, indexing, registry, withholding, edits).start()


def _reindex(where: Where, progress: Callable[[int, int], None]) -> int:
    engine = open_engine(where)
    try:
        return reindex(writing(engine), index_of(where), progress)
    except FAILURES as error:
        raise StorageFailed(f"the index could not be made: {reason(error)}") from None
    finally:
        engine.dispose()
