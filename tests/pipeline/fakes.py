"""A recogniser that is told when to be slow, to die and to come back, and what stands around it."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import numpy as np

from models.audio import FRAME_SAMPLES, RATE_HZ, SPEECH_RATE_HZ, Frame, Pcm
from models.caption import EngineInfo, LiveItem
from models.errors import EngineUnavailable, StorageFailed
from models.room import Room, RoomState, Speaker
from models.transcript import Correction, Entry, Final, Gap, Hypothesis, Word
from pipeline.captions import CaptionBus
from pipeline.channel import Channel
from pipeline.listening import Listener, ListeningOptions
from pipeline.recognition import EngineBack, EngineLost, Progress, RecognitionEvent
from pipeline.resample import Resampler
from pipeline.speech import LevelDetector
from pipeline.tap import TapItem

ADA = Speaker(id="ada", name="Ada")
BEN = Speaker(id="ben", name="Ben")
ROOM = Room(
    id="r1",
    title="Garden",
    language="en",
    host_id="ada",
    state=RoomState.LIVE,
    created_at=datetime(2024, 1, 1, tzinfo=UTC),
    instance=1,
)


def word(text: str, start_s: float, end_s: float) -> Word:
    return Word(text=text, start_s=start_s, end_s=end_s, confidence=1.0)


def silence(length_s: float) -> Pcm:
    return np.zeros(round(length_s * RATE_HZ), dtype=np.int16)


def tone(length_s: float) -> Pcm:
    t = np.arange(round(length_s * RATE_HZ)) / RATE_HZ
    return (8000 * np.sin(2 * np.pi * 440 * t)).astype(np.int16)


def sound(*parts: Pcm) -> Pcm:
    return np.concatenate(parts)


def frames(pcm: Pcm, *, first: int = 0) -> list[Frame]:
    return [
        Frame(sample=first + at, pcm=pcm[at : at + FRAME_SAMPLES])
        for at in range(0, len(pcm), FRAME_SAMPLES)
    ]


def without(all_frames: Iterable[Frame], start_s: float, end_s: float) -> list[Frame]:
    """Lose the frames between two times."""
    return [f for f in all_frames if not start_s <= f.start_s < end_s]


def at_16_khz(pcm: Pcm) -> Pcm:
    resampler = Resampler()
    return np.concatenate([resampler.push(pcm), resampler.flush()])


async def live(items: Iterable[TapItem], *, frame_s: float = 0.02) -> AsyncIterator[TapItem]:
    """Hand frames over in (virtual) real time."""
    for item in items:
        if isinstance(item, Frame):
            await asyncio.sleep(frame_s)
        yield item


@dataclass(slots=True, kw_only=True)
class Utterance:
    """What the recogniser was fed between one ``begin`` and its ``end``."""

    start_s: float
    parts: list[Pcm] = field(default_factory=list)
    ended: bool = False

    @property
    def pcm(self) -> Pcm:
        return np.concatenate(self.parts)

    @property
    def end_s(self) -> float:
        return self.start_s + sum(len(part) for part in self.parts) / SPEECH_RATE_HZ


class FakeRecognition:
    """Hears one word in each utterance: ``u0``, ``u1`` …, at once or ``slowness`` times as long.

    Each of its lives numbers segments from 0. ``name`` stands before the utterance's number. Its
    smaller model is four times as quick.
    """

    def __init__(self, *, slowness: float = 0.0, language: str = "en", name: str = "u") -> None:
        self.slowness = slowness
        self.language = language
        self.name = name
        self.utterances: list[Utterance] = []
        self.closed = False
        self.learnt: list[Sequence[str]] = []
        self.lightened: list[bool] = []
        self.crash: Exception | None = None
        self.hangs_at_the_end = False
        self._events: Channel[RecognitionEvent] = Channel(10_000)
        self._jobs: Channel[tuple[float, list[RecognitionEvent]]] = Channel(100_000)
        self._up = True
        self._hearing = False
        self._life_began = 0

    def begin(self, start_s: float) -> None:
        assert not self._hearing, "an utterance begins inside another"
        self._hearing = self._up
        if self._up:
            self.utterances.append(Utterance(start_s=start_s))

    def learn(self, terms: Sequence[str]) -> None:
        self.learnt.append(terms)

    def lighten(self, on: bool) -> None:
        self.lightened.append(on)

    def feed(self, pcm: Pcm) -> None:
        if not self._hearing:
            return
        now = self.utterances[-1]
        first = not now.parts
        now.parts.append(pcm)
        events: list[RecognitionEvent] = [self._heard(final=False)] if first else []
        events.append(Progress(until_s=now.end_s))
        self._work(len(pcm) / SPEECH_RATE_HZ, events)

    def end(self) -> None:
        if not self._hearing:
            return
        self._hearing = False
        now = self.utterances[-1]
        now.ended = True
        self._work(0.0, [self._heard(final=True), Progress(until_s=now.end_s, settled=True)])

    def finish(self) -> None:
        self._jobs.close()
        if not self.slowness and not self._events.closed and not self.hangs_at_the_end:
            self._events.close()

    async def results(self) -> AsyncIterator[RecognitionEvent]:
        working = asyncio.create_task(self._run()) if self.slowness else None
        try:
            async for event in self._events:
                if self.crash:
                    raise self.crash
                yield event
        finally:
            if working:
                working.cancel()

    async def close(self) -> None:
        self.closed = True

    def die(self, note: str = "the engine stopped") -> None:
        self._up = self._hearing = False
        while len(self._jobs):
            self._jobs._items.popleft()
        self._events.put_nowait(EngineLost(note=note))

    def come_back(self, *, on_trial: bool = False) -> None:
        self._up = True
        self._life_began = len(self.utterances)
        self._events.put_nowait(EngineBack(on_trial=on_trial))

    def pass_trial(self) -> None:
        """Be believed to work."""
        self._events.put_nowait(EngineBack())

    def say(self, hypothesis: Hypothesis) -> None:
        """Hear something in the middle of an utterance."""
        self._events.put_nowait(hypothesis)

    def vanish(self) -> None:
        """Die for good: no result follows."""
        self.die()
        self._events.close()

    def _heard(self, *, final: bool) -> Hypothesis:
        number, now = len(self.utterances) - 1, self.utterances[-1]
        said = (word(f"{self.name}{number}", now.start_s, now.end_s),) if self.name else ()
        segment = number - self._life_began
        return Hypothesis(segment=segment, words=said, final=final, language=self.language)

    def _work(self, audio_s: float, events: list[RecognitionEvent]) -> None:
        if self.slowness:
            self._jobs.put_nowait((audio_s, events))
        else:
            for event in events:
                self._events.put_nowait(event)

    async def _run(self) -> None:
        async for audio_s, events in self._jobs:
            light = self.lightened[-1:] == [True]
            await asyncio.sleep(audio_s * self.slowness / (4 if light else 1))
            if self._up:
                for event in events:
                    self._events.put_nowait(event)
        self._events.close()


class FakeRecogniser:
    """An engine with one room, which it can translate when it has a ``translator``."""

    def __init__(
        self,
        recognition: FakeRecognition,
        *,
        unavailable: str = "",
        translator: FakeRecognition | None = None,
        smaller: str = "",
    ) -> None:
        self._smaller = smaller
        self._recognition = recognition
        self._translator = translator
        self._unavailable = unavailable
        self.opens_after_s = 0.0
        self.opened: list[tuple[str, Sequence[str]]] = []
        self.translated_from: list[str] = []

    @property
    def info(self) -> EngineInfo:
        translates = self._translator is not None
        return EngineInfo(
            name="fake",
            model="none",
            quality="basic",
            translates=translates,
            smaller=self._smaller,
        )

    async def start(self) -> None:
        return None

    async def open(
        self, *, language: str, terms: Sequence[str] = (), translate: bool = False
    ) -> FakeRecognition:
        await asyncio.sleep(self.opens_after_s)
        if self._unavailable:
            raise EngineUnavailable(self._unavailable)
        if translate:
            assert self._translator is not None
            self.translated_from.append(language)
            return self._translator
        self.opened.append((language, terms))
        return self._recognition

    async def close(self) -> None:
        return None


class FakeJournal:
    """Numbers entries in memory; fails ``failures`` times first, or for as long as it is full."""

    def __init__(self, *, failures: int = 0) -> None:
        self.entries: list[Entry] = []
        self.failures = failures
        self.full = False
        self.takes_s = 0.001

    async def append(self, room_id: str, instance: int, entry: Entry) -> Entry:
        await asyncio.sleep(self.takes_s)
        if self.full or self.failures:
            self.failures = max(0, self.failures - 1)
            raise StorageFailed("the disk is full")
        kept = _numbered(entry, len(self._of(entry.track)) + 1)
        self.entries.append(kept)
        return kept

    async def after(
        self, room_id: str, seq: int, limit: int, *, track: str = ""
    ) -> Sequence[Entry]:
        return [entry for entry in self._of(track) if entry.seq > seq][:limit]

    async def before(
        self, room_id: str, seq: int, limit: int, *, track: str = ""
    ) -> Sequence[Entry]:
        return [entry for entry in self._of(track) if entry.seq < seq][-limit:]

    async def latest(self, room_id: str, *, track: str = "") -> int:
        return len(self._of(track))

    async def tracks(self, room_id: str, instance: int | None = None) -> Sequence[str]:
        return sorted({entry.track for entry in self.entries if entry.track})

    async def caption(self, room_id: str, caption_id: str) -> Sequence[Entry]:
        return [e for e in self.entries if isinstance(e, Final | Correction) and e.id == caption_id]

    def _of(self, track: str) -> list[Entry]:
        return [entry for entry in self.entries if entry.track == track]


def _numbered(entry: Entry, seq: int) -> Entry:
    return replace(entry, seq=seq)


class WatchedBus(CaptionBus):
    """Remembers everything that was shown, and when."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[tuple[float, LiveItem]] = []

    def publish(self, item: LiveItem) -> None:
        self.shown.append((asyncio.get_running_loop().time(), item))
        super().publish(item)


def listener_of(recognition: FakeRecognition, options: ListeningOptions | None = None) -> Listener:
    """Hear speech by its loudness alone."""
    return Listener(recognition, LevelDetector(), options)


def push(listener: Listener, heard: Sequence[Frame]) -> list[Gap]:
    """Let a listener hear frames; what it says was not heard."""
    return [gap for frame in heard for gap in listener.push(frame)]
