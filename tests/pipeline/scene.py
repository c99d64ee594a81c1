"""One room with its session, played in virtual time."""

import asyncio
from collections.abc import Iterable

from models.caption import Interim, Status
from models.room import Room
from models.transcript import Entry, Final, Gap
from pipeline.session import Session, SessionOptions
from pipeline.speech import LevelDetector
from pipeline.tap import TapItem
from tests.pipeline.fakes import (
    ROOM,
    FakeJournal,
    FakeRecogniser,
    FakeRecognition,
    WatchedBus,
    live,
    silence,
    sound,
    tone,
)

TALK = sound(silence(1), tone(2), silence(1), tone(2), silence(1))


class Scene:
    """One room with its session, an engine that does what it is told, and what was shown."""

    def __init__(
        self,
        *,
        slowness: float = 0.0,
        failures: int = 0,
        unavailable: str = "",
        options: SessionOptions | None = None,
        translator: FakeRecognition | None = None,
        language: str = "en",
        smaller: str = "",
        room: Room = ROOM,
    ) -> None:
        self.engine = FakeRecognition(slowness=slowness, language=language)
        self.recogniser = FakeRecogniser(
            self.engine, unavailable=unavailable, translator=translator, smaller=smaller
        )
        self._room = room
        self.journal = FakeJournal(failures=failures)
        self.bus = WatchedBus()
        self._options = options

    def session(self) -> Session:
        return Session(
            self._room,
            recogniser=self.recogniser,
            detector=LevelDetector,
            journal=self.journal,
            bus=self.bus,
            options=self._options,
        )

    async def run(self, items: Iterable[TapItem], *, frame_s: float = 0.02) -> None:
        await self.session().run(live(items, frame_s=frame_s))

    @property
    def finals(self) -> list[Final]:
        return [e for e in self.journal.entries if isinstance(e, Final) and not e.track]

    @property
    def gaps(self) -> list[Gap]:
        return [e for e in self.journal.entries if isinstance(e, Gap) and not e.track]

    @property
    def english(self) -> list[Entry]:
        """What the translation has, in order."""
        return [entry for entry in self.journal.entries if entry.track == "en"]

    @property
    def statuses(self) -> list[Status]:
        return [item for _, item in self.bus.shown if isinstance(item, Status)]

    @property
    def interims(self) -> list[Interim]:
        return [item for _, item in self.bus.shown if isinstance(item, Interim)]

    @property
    def still_open(self) -> list[Interim]:
        """What a reader would still see as not final."""
        newest = {i.id: i for i in self.interims}
        done = {final.id for final in self.finals}
        return [i for i in newest.values() if i.text and i.id not in done]


def later(at_s: float, action: object) -> None:
    assert callable(action)
    asyncio.get_running_loop().call_later(at_s, action)
