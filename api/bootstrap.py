"""The composition root: the one place that names concrete adapters."""

from dataclasses import dataclass

from api.identity import Identity
from api.live import LiveRooms
from api.settings import Settings
from asr.choose import choose
from models.room import User
from models.style import CaptionStyle
from pipeline.recognition import Recogniser
from pipeline.silero import SileroDetector
from recorder.recording import Recorder
from rooms.embedded.engine import EmbeddedRooms
from rooms.registry import RoomRegistry
from rooms.store import RoomStore
from transcripts.journal import SqliteJournal


@dataclass(frozen=True, slots=True, kw_only=True)
class Roomscribe:
    """A whole server, put together; ``notice`` says which engine was chosen and why."""

    settings: Settings
    registry: RoomRegistry
    identity: Identity
    media: EmbeddedRooms
    journal: SqliteJournal
    recorder: Recorder
    recogniser: Recogniser
    lives: LiveRooms
    notice: str

    async def close(self) -> None:
        """End every room, keep what was said, and stop the engine."""
        await self.lives.close()
        await self.media.aclose()
        await self.recogniser.close()
        await self.journal.close()
        self.registry.close()

    async def style(self, user: User | None) -> CaptionStyle:
        """Give the listener's caption style, or the default."""
        kept = await self.registry.style(user.id) if user else None
        return CaptionStyle.loads(kept) if kept else CaptionStyle()

    async def keep_style(self, user: User, style: CaptionStyle) -> None:
        """Keep the listener's caption style for every room."""
        await self.registry.save_style(user.id, style.dumps())


async def start(settings: Settings) -> Roomscribe:
    """Open the data folder, finish what a crash left behind, and start the engine.

    Raises `EngineUnavailable` when the engine that the settings name cannot run here, and
    `StorageFailed` when the data folder cannot be used.
    """
    folder = settings.data_dir
    folder.mkdir(parents=True, exist_ok=True)
    registry = RoomRegistry(RoomStore(folder / "rooms.db"))
    await registry.recover()
    recorder = Recorder(folder / "recordings", segment_s=settings.segment_s)
    recorder.recover()
    journal = SqliteJournal(folder / "transcripts.db")
    await journal.start()
    recogniser, notice = await choose(
        settings.engine, model=settings.model, download=settings.download
    )
    media = EmbeddedRooms(ice_addresses=settings.ice)
    return Roomscribe(
        settings=settings,
        registry=registry,
        identity=Identity(registry, folder / "secret.key", token_days=settings.token_days),
        media=media,
        journal=journal,
        recorder=recorder,
        recogniser=recogniser,
        lives=LiveRooms(
            registry=registry,
            media=media,
            journal=journal,
            recorder=recorder,
            recogniser=recogniser,
            detector=SileroDetector,
        ),
        notice=notice,
    )
