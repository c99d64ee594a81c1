"""A data folder, opened: people and rooms, what was said, recordings, and who may have them."""

import asyncio
from dataclasses import dataclass

from api.chapters import RecordingChapters
from api.edits import RecordingEdits
from api.exporting import Exports
from api.findable import FindableRooms, FindableSpans
from api.settings import Settings
from api.withholding import Withholding
from recorder import derived, imported
from recorder.finishing import Finishing
from recorder.object_store import ObjectStore
from recorder.recording import Recorder
from rooms.registry import RoomRegistry
from rooms.store import RoomStore
from transcripts.database import Where, address, open_engine
from transcripts.journal import SqlJournal
from transcripts.search.finding import TableIndex
from transcripts.search.keeping import IndexKeeper, index_for


@dataclass(frozen=True, slots=True, kw_only=True)
class DataFolder:
    """What is kept there, each part ready to be used."""

    store: RoomStore
    registry: RoomRegistry
    objects: ObjectStore | None
    recorder: Recorder
    finishing: Finishing
    where: Where
    journal: SqlJournal
    index: TableIndex
    indexing: IndexKeeper
    edits: RecordingEdits
    withholding: Withholding
    exports: Exports
    chapters: RecordingChapters
    rooms: FindableRooms
    spans: FindableSpans


async def open_data_folder(settings: Settings) -> DataFolder:
    """Open the folder, making it at the first start. Raises `StorageFailed` and `Invalid`."""
    folder = settings.data_dir
    folder.mkdir(parents=True, exist_ok=True)
    where = transcripts_at(settings)
    store = RoomStore(folder / "rooms.db")
    registry = RoomRegistry(store)
    await registry.recover()
    objects = object_store(settings)
    recorder = Recorder(folder / "recordings", store=objects, segment_s=settings.segment_s)
    await asyncio.to_thread(derived.sweep, recorder.root)
    await asyncio.to_thread(imported.sweep, recorder.root)
    index = index_of(where)
    indexing = IndexKeeper(index)
    journal = SqlJournal(where, indexing)
    await journal.start()
    rooms = FindableRooms(journal, registry)
    await rooms.start()
    finishing = Finishing(recorder, at_once=settings.finish_at_once)
    edits = RecordingEdits(recorder, finishing)
    await asyncio.to_thread(edits.read)
    withholding = Withholding(recorder, registry, journal, edits)
    await withholding.start()
    spans = FindableSpans(journal, indexing, registry, withholding, edits)
    await spans.start()
    exports = Exports(where)
    return DataFolder(
        store=store,
        registry=registry,
        objects=objects,
        recorder=recorder,
        finishing=finishing,
        where=where,
        journal=journal,
        index=index,
        indexing=indexing,
        edits=edits,
        withholding=withholding,
        exports=exports,
        chapters=RecordingChapters(recorder, journal, exports, edits),
        rooms=rooms,
        spans=spans,
    )


def transcripts_at(settings: Settings) -> Where:
    """Say in which database transcripts are. Raises `Invalid` and `StorageFailed`."""
    return address(settings.database.get_secret_value(), settings.data_dir)


def index_of(where: Where) -> TableIndex:
    """Choose the index for a database."""
    return index_for(open_engine(where))


def object_store(settings: Settings) -> ObjectStore | None:
    """Give the store that recordings are moved to, where one is set up. Raises `Invalid`."""
    if not settings.s3_bucket:
        return None
    from recorder.s3 import Bucket, S3Objects  # its library is loaded only where it is wanted

    bucket = Bucket(
        name=settings.s3_bucket,
        prefix=settings.s3_prefix,
        endpoint=settings.s3_endpoint,
        region=settings.s3_region,
        access_key=settings.s3_access_key,
        secret_key=settings.s3_secret_key.get_secret_value(),
    )
    return S3Objects(bucket)
