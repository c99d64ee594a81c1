"""One room's captions, from the first tapped frame to the last final.

A session owns five tasks: one listens to the tap, one hears the recogniser, one turns what it says
into captions, one translates these where that is wanted, one reports how far they are behind. They
end by themselves when the tap ends: the listener flushes, the recogniser finishes its tail, and the
last final is durable before `run` returns. The bus stays open: it belongs to the room, which may go
live again.
"""

import asyncio
import logging
import math
from collections.abc import Callable, Sequence
from dataclasses import replace

from models.audio import Frame
from models.caption import EngineInfo, Health, Rung, Status
from models.errors import EngineUnavailable
from models.room import TRANSLATION, Room
from models.transcript import Entry, Final, Gap, GapReason, Hypothesis
from pipeline.attribution import SpeakerTimeline
from pipeline.by_hand import ByHand, Desk
from pipeline.captioning import Captioner
from pipeline.captions import CaptionBus
from pipeline.channel import Channel
from pipeline.condition import Condition
from pipeline.journal import Journal
from pipeline.keeping import Keeper
from pipeline.ladder import SMALLER
from pipeline.listening import Listener, ListeningOptions
from pipeline.recognition import EngineBack, EngineLost, Progress, Recogniser, Recognition
from pipeline.room_clock import RoomClock
from pipeline.session_options import SessionOptions
from pipeline.speech import SpeechDetector
from pipeline.tap import Tap
from pipeline.translation import Translation, TranslationOptions

__all__ = ["Session", "SessionOptions"]

log = logging.getLogger(__name__)

_EVENTS = 1000  # what waits while the disk is full; the recogniser waits when there is more
_Heard = Hypothesis | Gap | EngineLost | EngineBack


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
        self._bus = bus
        self._options = options or SessionOptions()
        self._timeline = SpeakerTimeline()
        self._captioner = Captioner(f"i{room.instance}s", self._timeline)
        self._condition = Condition(behind_s=self._options.behind_s)
        self._settled_s = 0.0
        self._listener: Listener | None = None
        self._terms = tuple(self._options.terms)
        self._recognition: Recognition | None = None
        self._reported: Status | None = None
        self._stream = 0
        self._progressed = asyncio.Event()
        self._results_over = False
        self._language = ""
        self._keeper = Keeper(
            room, journal, bus, on_disk=self._disk_is, retry_s=self._options.retry_s
        )
        self._translation = self._translating()
        self._clock = RoomClock()
        self.by_hand = self._typing()

    @property
    def engine(self) -> EngineInfo:
        """What listeners are told about the recogniser."""
        return self._recogniser.info

    def learn(self, terms: Sequence[str]) -> None:
        """Take these as the room's own words from now on."""
        self._terms = tuple(terms)
        if self._recognition:
            self._recognition.learn(self._terms)
        if self._translation:
            self._translation.learn(self._terms)

    def translate(self, wanted: bool) -> None:
        """Translate what is said from now on, or no more; an engine that cannot ignores it."""
        if self._translation:
            self._translation.wanted = wanted

    def go_off_record(self, on: bool) -> None:
        """Keep nothing of what is typed from now on, or keep it again; frames say it themselves."""
        self._keeper.off_record.asked = on

    async def run(self, tap: Tap) -> None:
        """Caption the room until the tap ends. Raises what the tap raises."""
        opened_with = self._terms
        self._clock.begin()
        try:
            detector = self._detector()
            recognition = await self._recogniser.open(
                language=self._room.language, terms=opened_with
            )
        except EngineUnavailable as error:
            await self._only_watch(tap, Health.OFF, note=str(error))
            await self.by_hand.end()
            return
        if self._translation:
            recognition = self._translation.overhear(recognition)
        self._recognition = recognition
        if self._terms != opened_with:  # they changed while the engine started
            recognition.learn(self._terms)
        listener = self._listener = Listener(recognition, detector, self._listening())
        try:
            async with asyncio.TaskGroup() as tasks:
                reporting = tasks.create_task(self._report())
                heard: Channel[_Heard] = Channel(_EVENTS)
                hearing = tasks.create_task(self._hear(recognition, listener, heard))
                captioning = tasks.create_task(self._caption(heard, listener))
                translating = tasks.create_task(self._translate())
                await self._listen(tap, recognition, listener)
                await self._drain(hearing, captioning, listener)
                await self._drain_translation(translating)
                reporting.cancel()
        except BaseExceptionGroup as group:
            # One task's error cancels the others; only it is news.
            raise group.exceptions[0] from None
        finally:
            self._recognition = None
            self._withdraw_all()
            await recognition.close()

    async def give_up(self, tap: Tap, *, note: str) -> None:
        """After a `run` that failed: say so, and keep one gap until the tap ends."""
        lost = self._listener.abandon(self._settled_s) if self._listener else []
        if self._translation:
            self._translation.give_up()
        start_s = min([self._clock.heard_s, *(gap.start_s for gap in lost)])
        await self._only_watch(tap, Health.DOWN, note=note)
        if self._clock.heard_s > start_s:
            gap = Gap(start_s=start_s, end_s=self._clock.heard_s, reason=GapReason.ENGINE_RESTART)
            await self._keep_gaps([gap])
        if self._translation:
            await self._keeper.keep_all(self._translation.abandon())
        await self.by_hand.end()

    def _translating(self) -> Translation | None:
        if not (self._room.may_translate and self._recogniser.info.translates):
            return None
        return Translation(
            Captioner(f"i{self._room.instance}{TRANSLATION}", self._timeline),
            open_stream=lambda language: self._recogniser.open(
                language=language, terms=self._terms, translate=True
            ),
            keep=self._keeper.keep,
            busy=self._is_busy,
            wanted=self._room.wants_translation,
            options=TranslationOptions(waiting_s=math.inf) if self._options.patient else None,
        )

    def _typing(self) -> ByHand:
        desk = Desk(
            now=lambda: self._clock.now_s,
            settled=lambda: self._keeper.until_s,
            keep=self._keep_written,
            show=self._keeper.show,
            off_record=self._keeper.off_record.typed,
            changed=self._writer_changed,
        )
        return ByHand(self._room, self._timeline, desk, options=self._options.by_hand)

    def _writer_changed(self) -> None:
        self._condition.captioner(self.by_hand.captioner)
        self._publish_status()

    def _is_busy(self) -> bool:
        """Whether the captions of what is said need the recogniser more than a translation."""
        listener = self._listener
        if listener is None or self._options.patient:
            return False
        return listener.rung is not Rung.NORMAL or listener.load_s > self._options.translate_below_s

    async def _translate(self) -> None:
        if self._translation:
            await self._translation.run()

    async def _drain_translation(self, translating: "asyncio.Task[None]") -> None:
        if self._translation:
            limit_s = None if self._options.patient else self._options.drain_s
            if not await self._translation.ends(translating, within_s=limit_s):
                log.warning("room %s: the end of its translation is missing", self._room.id)
            await self._keeper.keep_all(self._translation.abandon())

    def _listening(self) -> ListeningOptions:
        options = self._options.listening
        if self._options.patient:
            return replace(options, ladder={})
        smaller = SMALLER if self._recogniser.info.smaller else {}
        return replace(options, ladder={**options.ladder, **smaller})

    async def _only_watch(self, tap: Tap, health: Health, *, note: str) -> None:
        self._condition.engine(health, note)
        self._publish_status()
        reporting = asyncio.create_task(self._report())
        translating = asyncio.create_task(self._translate())  # of what is typed
        try:
            async for item in tap:
                if isinstance(item, Frame):
                    await self._hear_frame(item)
                else:
                    self._timeline.add(item)
                    self._bus.publish(item)
            self._pass_on(await self._keeper.ended())
        finally:
            reporting.cancel()
            await asyncio.wait([reporting])
        await self._drain_translation(translating)

    async def _listen(self, tap: Tap, recognition: Recognition, listener: Listener) -> None:
        async for item in tap:
            if not isinstance(item, Frame):
                self._timeline.add(item)
                self._bus.publish(item)
                continue
            await self._hear_frame(item)
            await self._keep_gaps(listener.push(item))
            if self._reported and self._reported.rung is not listener.rung:
                self._publish_status()
            if self._options.patient:
                await self._wait_for_engine(listener)
                if self._translation:
                    await self._translation.room()
        await self._keep_gaps(listener.flush())
        self._pass_on(await self._keeper.ended())
        recognition.finish()

    async def _hear_frame(self, frame: Frame) -> None:
        self._clock.heard(frame.end_s)
        self._pass_on(await self._keeper.heard(frame))

    def _pass_on(self, gap: Gap | None) -> None:
        if gap and self._translation:
            self._translation.gap(gap)

    async def _wait_for_engine(self, listener: Listener) -> None:
        while not self._results_over and (
            listener.engine_down
            or listener.lag_s > self._options.patient_lag_s
            or (
                self._translation
                and self._translation.waiting_s > self._options.patient_translation_s
            )
        ):
            self._progressed.clear()
            await self._progressed.wait()

    async def _drain(
        self,
        hearing: "asyncio.Task[None]",
        captioning: "asyncio.Task[None]",
        listener: Listener,
    ) -> None:
        """Wait for what was said before the end; only a recogniser is given up on."""
        done: set[asyncio.Task[None]] = set()
        while not done:
            done, _ = await asyncio.wait([hearing], timeout=self._options.drain_s)
            if not done and not self._condition.disk_is_full:
                log.warning("room %s: the recogniser did not finish its tail", self._room.id)
                hearing.cancel()
                break
        await asyncio.wait([captioning])  # what it heard is kept, however slow the disk is
        self._withdraw_all()
        await self._keep_gaps(listener.abandon(self._settled_s))
        await self.by_hand.end()

    async def _hear(
        self, recognition: Recognition, listener: Listener, heard: Channel[_Heard]
    ) -> None:
        """Tell the listener at once how the engine does, even while captions wait for a disk."""
        final_s = 0.0
        try:
            async for event in recognition.results():
                match event:
                    case Progress(until_s=until_s, settled=settled):
                        if settled:
                            listener.settled(until_s)
                            if self._translation:
                                self._translation.settled(until_s)
                        else:
                            listener.progressed(until_s)
                    case Hypothesis(final=True, words=words) if words:
                        final_s = max(final_s, words[-1].end_s)
                        if self._translation:
                            self._translation.said(event)
                    case EngineLost():
                        listener.engine_lost(final_s)
                        if self._translation:
                            self._translation.lost()
                    case EngineBack(on_trial=on_trial):
                        for gap in listener.engine_back(on_trial=on_trial):
                            await heard.put(gap)
                if not isinstance(event, Progress):
                    await heard.put(event)
                self._progressed.set()
        finally:
            heard.close()
            self._results_over = True
            self._progressed.set()

    async def _caption(self, heard: Channel[_Heard], listener: Listener) -> None:
        async for event in heard:
            match event:
                case Hypothesis():
                    await self._show(event, listener)
                case Gap():
                    await self._keep_gaps([event])
                case EngineLost(note=note):
                    self._withdraw_all()
                    self._condition.engine(Health.DOWN, note)
                    self._publish_status()
                case EngineBack(on_trial=False):
                    self._condition.engine(Health.OK)
                    self._publish_status()

    async def _show(self, hypothesis: Hypothesis, listener: Listener) -> None:
        quiet = listener.rung not in (Rung.NORMAL, Rung.STRETCHED)
        shown = self.by_hand.shows(hypothesis, stream=self._stream)
        if shown and hypothesis.words and (hypothesis.final or not quiet):
            self._condition.shown(hypothesis.words[-1].end_s, now_s=listener.now_s)
        if hypothesis.words and hypothesis.language != self._language:
            self._language = hypothesis.language
            if self._options.on_language:
                self._options.on_language(self._language)
        if shown or hypothesis.final:
            for caption in self._captioner.captions(hypothesis, stream=self._stream):
                if isinstance(caption, Final):
                    self._settled_s = max(self._settled_s, caption.end_s)
                    if shown:
                        await self._keeper.keep(caption)
                    else:
                        await self.by_hand.hold(caption)
                elif not quiet or not caption.text:
                    self._keeper.show(caption)
        if hypothesis.unheard:
            start_s, end_s = hypothesis.unheard
            gap = Gap(start_s=start_s, end_s=end_s, reason=GapReason.OVERLOAD)
            await self._keep_gaps([gap])

    def _withdraw_all(self) -> None:
        for taken in self._captioner.withdraw_all():
            self._bus.publish(taken)
        self._stream += 1

    async def _keep_gaps(self, gaps: Sequence[Gap]) -> None:
        """Keep what was not recognised; what a captioner may have written is theirs to fill."""
        for gap in gaps:
            told = gap if gap.track else self.by_hand.gap(gap)
            if told:
                await self._keeper.keep(told)
            if self._translation and not gap.track:
                self._translation.gap(gap)

    async def _keep_written(self, entry: Entry) -> None:
        """Keep what a person typed, in the translation as well."""
        await self._keeper.keep(entry)
        if self._translation and isinstance(entry, Final):
            await self._translation.written(entry)

    def _disk_is(self, note: str) -> None:
        if self._condition.disk(note):
            self._publish_status()
        if not note:
            self._progressed.set()

    async def _report(self) -> None:
        while True:
            await asyncio.sleep(self._options.report_s)
            await self.by_hand.look()
            self._publish_status()

    def _publish_status(self) -> None:
        load_s, rung = 0.0, Rung.NORMAL
        if self._listener:
            load_s, rung = self._listener.load_s, self._listener.rung
        status = self._condition.status(load_s, rung)
        if status != self._reported:
            self._reported = status
            self._bus.publish(status)
