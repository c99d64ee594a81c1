"""One room's captions, from the first tapped frame to the last final.

A session owns three tasks: one hears the tap, one turns what the recogniser says into captions,
one reports how far captions are behind. They end by themselves when the tap ends: the listener
flushes, the recogniser finishes its tail, and the last final is durable before `run` returns. The
bus stays open: it belongs to the room, which may go live again.
"""

import asyncio
import logging
import statistics
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from models.audio import Frame
from models.caption import EngineInfo, Health, Status
from models.errors import EngineUnavailable, StorageFailed
from models.room import Room
from models.transcript import Entry, Final, Gap, Hypothesis
from pipeline.attribution import SpeakerTimeline
from pipeline.captioning import Captioner
from pipeline.captions import CaptionBus
from pipeline.journal import Journal
from pipeline.listening import Listener, ListeningOptions
from pipeline.recognition import (
    EngineBack,
    EngineLost,
    Progress,
    Recogniser,
    Recognition,
    RecognitionEvent,
)
from pipeline.speech import SpeechDetector
from pipeline.tap import Tap

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionOptions:
    """Lengths in seconds.

    ``patient`` waits for the recogniser instead of skipping audio: for files, never for live rooms.
    """

    listening: ListeningOptions = field(default_factory=ListeningOptions)
    terms: Sequence[str] = ()
    patient: bool = False
    patient_lag_s: float = 4.0
    behind_s: float = 4.0
    report_s: float = 1.0
    drain_s: float = 30.0
    retry_s: float = 1.0


class Session:
    """The captions of one room instance."""

    def __init__(
        self,
        room: Room,
        *,
        recogniser: Recogniser,
        detector: Callable[[], SpeechDetector],
        journal: Journal,
        bus: CaptionBus,
        options: SessionOptions | None = None,
    ) -> None:
        self._room = room
        self._recogniser = recogniser
        self._detector = detector
        self._journal = journal
        self._bus = bus
        self._options = options or SessionOptions()
        self._timeline = SpeakerTimeline()
        self._captioner = Captioner(f"i{room.instance}s", self._timeline)
        self._delays: deque[float] = deque(maxlen=9)
        self._shown_s = 0.0
        self._settled_s = 0.0
        self._health = Health.OK
        self._note = ""
        self._reported: Status | None = None
        self._stream = 0
        self._storage_note = ""
        self._writing = asyncio.Lock()
        self._progressed = asyncio.Event()
        self._results_over = False

    @property
    def engine(self) -> EngineInfo:
        """What listeners are told about the recogniser."""
        return self._recogniser.info

    async def run(self, tap: Tap) -> None:
        """Caption the room until the tap ends. Raises what the tap raises."""
        try:
            detector = self._detector()
            recognition = await self._recogniser.open(
                language=self._room.language, terms=self._options.terms
            )
        except EngineUnavailable as error:
            await self._only_watch(tap, note=str(error))
            return
        listener = Listener(recognition, detector, self._options.listening)
        try:
            async with asyncio.TaskGroup() as tasks:
                reporting = tasks.create_task(self._report(listener))
                captioning = tasks.create_task(self._caption(recognition, listener))
                await self._listen(tap, recognition, listener)
                await self._drain(captioning, listener)
                reporting.cancel()
        except BaseExceptionGroup as group:
            # One task's error cancels the others; only it is news.
            raise group.exceptions[0] from None
        finally:
            await recognition.close()

    async def _only_watch(self, tap: Tap, *, note: str) -> None:
        self._health, self._note = Health.OFF, note
        self._publish_status(0.0)
        async for item in tap:
            if not isinstance(item, Frame):
                self._bus.publish(item)

    async def _listen(self, tap: Tap, recognition: Recognition, listener: Listener) -> None:
        async for item in tap:
            if not isinstance(item, Frame):
                self._timeline.add(item)
                self._bus.publish(item)
                continue
            await self._keep_all(listener.push(item))
            if self._options.patient:
                await self._wait_for_engine(listener)
        await self._keep_all(listener.flush())
        recognition.finish()

    async def _wait_for_engine(self, listener: Listener) -> None:
        while not self._results_over and (
            listener.engine_down or listener.lag_s > self._options.patient_lag_s
        ):
            self._progressed.clear()
            await self._progressed.wait()

    async def _drain(self, captioning: "asyncio.Task[None]", listener: Listener) -> None:
        done: set[asyncio.Task[None]] = set()
        while not done:
            done, _ = await asyncio.wait([captioning], timeout=self._options.drain_s)
            # a full disk delays the end; only a recogniser is given up on
            if not done and not self._storage_note:
                log.warning("room %s: the recogniser did not finish its tail", self._room.id)
                captioning.cancel()
                break
        self._withdraw_all()
        await self._keep_all(listener.abandon(self._settled_s))

    async def _caption(self, recognition: Recognition, listener: Listener) -> None:
        try:
            async for event in recognition.results():
                await self._handle(event, listener)
                self._progressed.set()
        finally:
            self._results_over = True
            self._progressed.set()

    async def _handle(self, event: RecognitionEvent, listener: Listener) -> None:
        match event:
            case Hypothesis():
                self._measure(event, listener)
                await self._show(event)
            case Progress(until_s=until_s, settled=settled):
                listener.progressed(until_s)
                if settled:
                    listener.settled(until_s)
            case EngineLost(note=note):
                listener.engine_lost(self._settled_s)
                self._withdraw_all()
                self._health, self._note = Health.DOWN, note
                self._publish_status(self._delay_s(listener))
            case EngineBack():
                await self._keep_all(listener.engine_back())
                self._health, self._note = Health.OK, ""
                self._publish_status(self._delay_s(listener))

    async def _show(self, hypothesis: Hypothesis) -> None:
        for caption in self._captioner.captions(hypothesis, stream=self._stream):
            if isinstance(caption, Final):
                self._settled_s = max(self._settled_s, caption.end_s)
                await self._keep(caption)
            else:
                self._bus.publish(caption)

    def _withdraw_all(self) -> None:
        for taken in self._captioner.withdraw_all():
            self._bus.publish(taken)
        self._stream += 1

    async def _keep_all(self, gaps: Sequence[Gap]) -> None:
        for gap in gaps:
            await self._keep(gap)

    async def _keep(self, entry: Entry) -> None:
        """Make an entry durable, then show it; a full disk delays it but loses nothing."""
        async with self._writing:
            while True:
                try:
                    kept = await self._journal.append(self._room.id, self._room.instance, entry)
                except StorageFailed as error:
                    log.error("room %s: the journal cannot be written: %s", self._room.id, error)
                    self._storage_is(str(error))
                    await asyncio.sleep(self._options.retry_s)
                else:
                    self._bus.publish(kept)
                    self._storage_is("")
                    return

    def _storage_is(self, note: str) -> None:
        if note != self._storage_note:
            self._storage_note = note
            self._publish_status(self._reported.delay_s if self._reported else 0.0)

    def _measure(self, hypothesis: Hypothesis, listener: Listener) -> None:
        """Note how long ago the newest word was said that nobody had seen before."""
        if hypothesis.words and hypothesis.words[-1].end_s > self._shown_s:
            self._shown_s = hypothesis.words[-1].end_s
            self._delays.append(max(0.0, listener.now_s - self._shown_s))

    def _delay_s(self, listener: Listener) -> float:
        usual_s = statistics.median(self._delays) if self._delays else 0.0
        return max(usual_s, listener.lag_s)

    async def _report(self, listener: Listener) -> None:
        while True:
            await asyncio.sleep(self._options.report_s)
            delay_s = self._delay_s(listener)
            if self._health in (Health.OK, Health.BEHIND):
                behind = delay_s > self._options.behind_s
                self._health = Health.BEHIND if behind else Health.OK
            self._publish_status(delay_s)

    def _publish_status(self, delay_s: float) -> None:
        state = Health.DOWN if self._storage_note else self._health
        note = self._storage_note or self._note
        status = Status(delay_s=round(delay_s, 1), state=state, note=note)
        if status != self._reported:
            self._reported = status
            self._bus.publish(status)
