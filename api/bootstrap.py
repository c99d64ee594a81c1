"""The composition root: the one place that names concrete adapters."""

import asyncio
from dataclasses import dataclass

from api.after_room import AfterRoom
from api.archives import Archives
from api.chapters import RecordingChapters
from api.deleting import Deletions
from api.downloads import Downloads
from api.edits import RecordingEdits
from api.exporting import Exports
from api.hearing import IMPROVING_ENGINES, Hearing, HearingOptions
from api.identity import Identity
from api.imports import MEGABYTE, Imports
from api.live import LiveRooms
from api.remote_media import RemoteMedia
from api.retention import Retention
from api.settings import Settings
from api.storage_metrics import StorageMetrics
from api.styles import StyleNews
from api.typed_speech import TypedSpeech
from api.withholding import Withholding
from asr.choose import Choice, choose
from asr.weights import Advance
from models.room import AUTO_LANGUAGE, User
from models.style import CaptionStyle
from pipeline.channel import Channel
from pipeline.recognition import Recogniser
from pipeline.silero import SileroDetector
from recorder import derived, imported
from recorder.finishing import FAILED, Finishing
from recorder.object_store import ObjectStore
from recorder.recording import Recorder
from recorder.retention import Policy
from recorder.uploads import HERE, Storage, Uploads
from rooms.embedded.engine import EmbeddedRooms
from rooms.registry import RoomRegistry
from rooms.store import RoomStore
from rooms.voice import find_voice
from transcripts.journal import SqliteJournal
from transcripts.speakers import SpeakerOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class Roomscribe:
    """A whole server, put together; ``notice`` is a line or two about its engine, or empty."""

    settings: Settings
    store: RoomStore
    registry: RoomRegistry
    identity: Identity
    media: EmbeddedRooms
    journal: SqliteJournal
    exports: Exports
    recorder: Recorder
    finishing: Finishing
    edits: RecordingEdits
    uploads: Uploads | None
    remote_media: RemoteMedia
    hearing: Hearing
    imports: Imports
    chapters: RecordingChapters
    downloads: Downloads
    withholding: Withholding
    deletions: Deletions
    retention: Retention
    archives: Archives
    recogniser: Recogniser
    lives: LiveRooms
    styles: StyleNews
    typed: TypedSpeech
    speakers: SpeakerOrder
    notice: str

    async def close(self) -> None:
        """End every room, keep what was said, and stop the engine."""
        await self.typed.close()
        await self.retention.close()
        await self.hearing.close()
        await self.lives.close()
        await self.finishing.close()
        if self.uploads:
            await self.uploads.close()
        await self.downloads.close()
        self.remote_media.close()
        await self.media.aclose()
        await self.recogniser.close()
        await self.exports.close()
        await self.journal.close()
        self.store.close()

    def storage(self, recording_id: str) -> Storage:
        """Say where a recording is kept."""
        return self.uploads.storage(recording_id) if self.uploads else HERE

    async def style(self, user: User | None) -> CaptionStyle:
        """Give the listener's caption style, or the default."""
        kept = await self.registry.style(user.id) if user else None
        return CaptionStyle.loads(kept) if kept else CaptionStyle()

    async def keep_style(
        self, user: User, style: CaptionStyle, *, by: Channel[CaptionStyle] | None = None
    ) -> None:
        """Keep the listener's caption style for every room, and tell the listener's open pages.

        ``by`` is the connection that brought it, which need not be told.
        """
        await self.registry.save_style(user.id, style.dumps())
        self.styles.tell(user, style, besides=by)


async def engine(
    settings: Settings,
    advance: Advance | None = None,
    *,
    language: str = AUTO_LANGUAGE,
    patient: bool = False,
) -> Choice:
    """Choose and warm up the engine that the settings name; ``advance`` hears of a download.

    ``language`` is what will be spoken, which matters when the settings name no model. For files
    the engine is ``patient``.
    Raises `EngineUnavailable`.
    """
    choice = await asyncio.to_thread(
        choose,
        settings.engine,
        settings.model,
        language=language,
        download=settings.download,
        short_context=settings.short_context,
        smaller=settings.smaller_model,
        wish=settings.wish,
        patient=patient,
        advance=advance,
    )
    await choice.recogniser.start()
    return choice


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


def _uploads(
    settings: Settings, recorder: Recorder, finishing: Finishing, store: ObjectStore | None
) -> Uploads | None:
    """Begin to move recordings to the store, once nothing else is done with them."""

    def busy(recording_id: str) -> bool:
        progress = finishing.progress(recording_id)
        return progress is not None and progress.step != FAILED

    if store is None:
        return None
    uploads = Uploads(recorder, store, busy=busy, keep_s=settings.s3_keep_hours * 3600)
    uploads.start()
    return uploads


async def start(settings: Settings, advance: Advance | None = None) -> Roomscribe:
    """Open the data folder, start the engine, and begin to finish what was left behind.

    Raises `EngineUnavailable` when the engine that the settings name cannot run here, and
    `StorageFailed` when the data folder cannot be used.
    """
    folder = settings.data_dir
    folder.mkdir(parents=True, exist_ok=True)
    store = RoomStore(folder / "rooms.db")
    registry = RoomRegistry(store)
    await registry.recover()
    objects = object_store(settings)
    recorder = Recorder(folder / "recordings", store=objects, segment_s=settings.segment_s)
    await asyncio.to_thread(derived.sweep, recorder.root)
    await asyncio.to_thread(imported.sweep, recorder.root)
    transcripts = folder / "transcripts.db"
    journal = SqliteJournal(transcripts)
    await journal.start()
    finishing = Finishing(recorder, at_once=settings.finish_at_once)
    edits = RecordingEdits(recorder, finishing)
    await asyncio.to_thread(edits.read)
    withholding = Withholding(recorder, registry, journal, edits)
    await withholding.start()
    choice = await engine(settings, advance)
    exports = Exports(transcripts)
    chapters = RecordingChapters(recorder, journal, exports, edits)
    media = EmbeddedRooms(ice_addresses=settings.ice)
    lives = LiveRooms(
        registry=registry,
        media=media,
        journal=journal,
        recorder=recorder,
        finishing=finishing,
        recogniser=choice.recogniser,
        detector=SileroDetector,
    )
    uploads = _uploads(settings, recorder, finishing, objects)
    lives.metrics.registry.register(StorageMetrics(uploads))
    downloads = Downloads(
        recorder=recorder,
        finishing=finishing,
        registry=registry,
        journal=journal,
        exports=exports,
        edits=edits,
        chapters=chapters,
    )
    hearing = Hearing(
        settings,
        recorder,
        registry,
        AfterRoom(lives, journal),
        HearingOptions(
            improves=settings.second_pass == "auto"
            and choice.recogniser.info.name in IMPROVING_ENGINES,
            busy=lambda: bool(media.live()),
        ),
    )
    speakers = SpeakerOrder(journal)
    deletions = Deletions(
        recorder=recorder,
        finishing=finishing,
        hearing=hearing,
        downloads=downloads,
        chapters=chapters,
        edits=edits,
        journal=journal,
        withholding=withholding,
        speakers=speakers,
        lives=lives,
    )
    await deletions.resume()
    retention = Retention(
        policy=Policy(default_days=settings.keep_days, most_days=settings.keep_days_max),
        recorder=recorder,
        registry=registry,
        deletions=deletions,
        path=folder / "retention.json",
    )
    await retention.start()
    finishing.finished = hearing.finished
    await finishing.start()
    await hearing.start()
    voice = find_voice() if settings.voice == "auto" else None
    return Roomscribe(
        settings=settings,
        store=store,
        registry=registry,
        identity=Identity(registry, folder / "secret.key", token_days=settings.token_days),
        media=media,
        journal=journal,
        exports=exports,
        recorder=recorder,
        finishing=finishing,
        edits=edits,
        uploads=uploads,
        remote_media=RemoteMedia(),
        hearing=hearing,
        imports=Imports(
            recorder, registry, finishing, most_bytes=settings.import_max_mb * MEGABYTE
        ),
        chapters=chapters,
        downloads=downloads,
        withholding=withholding,
        deletions=deletions,
        retention=retention,
        archives=Archives(
            recorder=recorder,
            downloads=downloads,
            chapters=chapters,
            edits=edits,
            exports=exports,
            journal=journal,
            withholding=withholding,
        ),
        recogniser=choice.recogniser,
        lives=lives,
        styles=StyleNews(),
        typed=TypedSpeech(lives=lives, media=media, registry=registry, voice=voice),
        speakers=speakers,
        notice=choice.notice,
    )
