"""The composition root: with `api.data_folder`, the one place that names concrete adapters."""

import asyncio
from dataclasses import dataclass

from api.after_room import AfterRoom
from api.archives import Archives
from api.chapters import RecordingChapters
from api.data_folder import DataFolder, open_data_folder
from api.deleting import Deletions
from api.downloads import Downloads
from api.edits import RecordingEdits
from api.exporting import Exports
from api.first_indexing import FirstIndexing
from api.hearing import IMPROVING_ENGINES, Hearing, HearingOptions
from api.identity import Identity
from api.imports import MEGABYTE, Imports
from api.live import LiveRooms
from api.mention_words import MentionWords
from api.mentions import Mentions
from api.notifying import Notifying
from api.remote_media import RemoteMedia
from api.retention import Retention
from api.search import Search
from api.search_metrics import SearchMetrics
from api.settings import Settings
from api.storage_metrics import StorageMetrics
from api.styles import StyleNews
from api.typed_speech import TypedSpeech
from api.withholding import Withholding
from asr.choose import Choice, choose
from asr.weights import Advance
from models.notification import Kind
from models.room import AUTO_LANGUAGE, User
from models.style import CaptionStyle
from pipeline.channel import Channel
from pipeline.recognition import Recogniser
from pipeline.silero import SileroDetector
from recorder.finishing import FAILED, Finishing
from recorder.recording import Recorder
from recorder.retention import Policy
from recorder.uploads import HERE, Storage, Uploads
from rooms.embedded.engine import EmbeddedRooms
from rooms.registry import RoomRegistry
from rooms.store import RoomStore
from rooms.voice import find_voice
from transcripts.journal import SqlJournal
from transcripts.search.finding import TableIndex
from transcripts.search.searching import Searching
from transcripts.search.tolerant import Finders, finders
from transcripts.speakers import SpeakerOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class Roomscribe:
    """A whole server, put together; ``notice`` is a line or two about its engine, or empty."""

    settings: Settings
    store: RoomStore
    registry: RoomRegistry
    identity: Identity
    media: EmbeddedRooms
    journal: SqlJournal
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
    notifying: Notifying
    mentions: Mentions
    typed: TypedSpeech
    speakers: SpeakerOrder
    index: TableIndex
    searching: Searching
    search: Search
    finders: Finders
    first_indexing: FirstIndexing
    notice: str

    async def close(self) -> None:
        """End every room, keep what was said, and stop the engine."""
        await self.first_indexing.close()
        await self.typed.close()
        await self.retention.close()
        await self.hearing.close()
        await self.lives.close()
        await self.mentions.close()
        await self.notifying.close()
        await self.finishing.close()
        if self.uploads:
            await self.uploads.close()
        await self.downloads.close()
        self.remote_media.close()
        await self.media.aclose()
        await self.recogniser.close()
        await self.exports.close()
        await self.searching.close()
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


async def start(settings: Settings, advance: Advance | None = None) -> Roomscribe:
    """Open the data folder, start the engine, and begin to finish what was left behind.

    Raises `EngineUnavailable` when the engine that the settings name cannot run here, `Invalid` for
    what is no database, and `StorageFailed` when that or the data folder cannot be used.
    """
    data = await open_data_folder(settings)
    choice = await engine(settings, advance)
    media = EmbeddedRooms(ice_addresses=settings.ice)
    lives = LiveRooms(
        registry=data.registry,
        media=media,
        journal=data.journal,
        recorder=data.recorder,
        finishing=data.finishing,
        recogniser=choice.recogniser,
        detector=SileroDetector,
    )
    later = _afterwards(settings, data, choice, media, lives)
    lives.metrics.registry.register(StorageMetrics(later.uploads))
    await later.start(data.finishing)
    notifying = Notifying(settings)
    searching = Searching(data.where)
    first_indexing = FirstIndexing(data.journal, data.indexing)
    await first_indexing.start()
    lives.metrics.registry.register(SearchMetrics(searching, first_indexing))
    voice = find_voice() if settings.voice == "auto" else None
    return Roomscribe(
        settings=settings,
        store=data.store,
        registry=data.registry,
        identity=Identity(
            data.registry, settings.data_dir / "secret.key", token_days=settings.token_days
        ),
        media=media,
        journal=data.journal,
        exports=data.exports,
        recorder=data.recorder,
        finishing=data.finishing,
        edits=data.edits,
        uploads=later.uploads,
        remote_media=RemoteMedia(),
        hearing=later.hearing,
        imports=_imports(settings, data),
        chapters=data.chapters,
        downloads=later.downloads,
        withholding=data.withholding,
        deletions=later.deletions,
        retention=later.retention,
        archives=_archives(data, later.downloads),
        recogniser=choice.recogniser,
        lives=lives,
        styles=StyleNews(),
        notifying=notifying,
        mentions=await _mentions(data, notifying, lives),
        typed=TypedSpeech(lives=lives, media=media, registry=data.registry, voice=voice),
        speakers=later.speakers,
        searching=searching,
        search=_search(data, searching),
        index=data.index,
        finders=finders(data.index),
        first_indexing=first_indexing,
        notice=choice.notice,
    )


async def _mentions(data: DataFolder, notifying: Notifying, lives: LiveRooms) -> Mentions:
    """Begin to look for saved searches in what is said, and to send what came of it before."""
    words = MentionWords(data.registry, data.journal, data.withholding)
    notifying.worded(Kind.MENTION, words)
    mentions = Mentions(
        notifying=notifying,
        registry=data.registry,
        journal=data.journal,
        withholding=data.withholding,
    )
    await mentions.start()
    lives.heard = mentions.heard
    notifying.start()
    return mentions


@dataclass(frozen=True, slots=True, kw_only=True)
class _Afterwards:
    """What is done with recordings when their room is over."""

    uploads: Uploads | None
    downloads: Downloads
    hearing: Hearing
    speakers: SpeakerOrder
    deletions: Deletions
    retention: Retention

    async def start(self, finishing: Finishing) -> None:
        """Go on with what was left undone, what is to be deleted first."""
        if self.uploads:
            self.uploads.start()
        await self.deletions.resume()
        await self.retention.start()
        finishing.finished = self.hearing.finished
        await finishing.start()
        await self.hearing.start()


def _afterwards(
    settings: Settings, data: DataFolder, choice: Choice, media: EmbeddedRooms, lives: LiveRooms
) -> _Afterwards:
    downloads = Downloads(
        recorder=data.recorder,
        finishing=data.finishing,
        registry=data.registry,
        journal=data.journal,
        exports=data.exports,
        edits=data.edits,
        chapters=data.chapters,
    )
    hearing = _hearing(settings, data, choice, media, lives)
    speakers = SpeakerOrder(data.journal)
    deletions = Deletions(
        recorder=data.recorder,
        finishing=data.finishing,
        hearing=hearing,
        downloads=downloads,
        chapters=data.chapters,
        edits=data.edits,
        journal=data.journal,
        withholding=data.withholding,
        speakers=speakers,
        lives=lives,
    )
    return _Afterwards(
        uploads=_uploads(settings, data),
        downloads=downloads,
        hearing=hearing,
        speakers=speakers,
        deletions=deletions,
        retention=Retention(
            policy=Policy(default_days=settings.keep_days, most_days=settings.keep_days_max),
            recorder=data.recorder,
            registry=data.registry,
            deletions=deletions,
            path=settings.data_dir / "retention.json",
        ),
    )


def _uploads(settings: Settings, data: DataFolder) -> Uploads | None:
    """Who moves recordings to the store, once nothing else is done with them."""

    def busy(recording_id: str) -> bool:
        progress = data.finishing.progress(recording_id)
        return progress is not None and progress.step != FAILED

    if data.objects is None:
        return None
    keep_s = settings.s3_keep_hours * 3600
    return Uploads(data.recorder, data.objects, busy=busy, keep_s=keep_s)


def _hearing(
    settings: Settings, data: DataFolder, choice: Choice, media: EmbeddedRooms, lives: LiveRooms
) -> Hearing:
    improves = settings.second_pass == "auto" and choice.recogniser.info.name in IMPROVING_ENGINES
    return Hearing(
        settings,
        data.recorder,
        data.registry,
        AfterRoom(lives, data.journal),
        HearingOptions(improves=improves, busy=lambda: bool(media.live())),
    )


def _search(data: DataFolder, searching: Searching) -> Search:
    return Search(
        searching=searching,
        registry=data.registry,
        recorder=data.recorder,
        withholding=data.withholding,
        edits=data.edits,
    )


def _imports(settings: Settings, data: DataFolder) -> Imports:
    most_bytes = settings.import_max_mb * MEGABYTE
    return Imports(data.recorder, data.registry, data.finishing, most_bytes=most_bytes)


def _archives(data: DataFolder, downloads: Downloads) -> Archives:
    return Archives(
        recorder=data.recorder,
        downloads=downloads,
        chapters=data.chapters,
        edits=data.edits,
        exports=data.exports,
        journal=data.journal,
        withholding=data.withholding,
    )
