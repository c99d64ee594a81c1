"""Rooms while they are live: sound, captions and recording, started and ended together."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from api.live_recordings import TAP_FRAMES, LiveRecordings
from api.metrics import Metrics
from api.vocabulary import LiveVocabulary
from models.caption import LiveItem, RecordingState, RoomNews
from models.errors import NotFound, RoomNotLive, RoomscribeError, StaleRevision
from models.room import (
    AUTO_LANGUAGE,
    TRANSLATION,
    Participant,
    Role,
    Room,
    RoomState,
    Speaker,
    User,
)
from models.transcript import Correction, Entry, Final
from pipeline.by_hand import ByHand
from pipeline.captions import CaptionBus, Subscription
from pipeline.channel import Channel
from pipeline.journal import Journal
from pipeline.recognition import Recogniser
from pipeline.session import Session, SessionOptions
from pipeline.speech import SpeechDetector
from pipeline.tap import TapItem
from recorder.finishing import Finishing
from recorder.recording import Recorder
from rooms.embedded.engine import EmbeddedRooms
from rooms.registry import RoomRegistry
from rooms.roles import Right, allows
from rooms.vocabulary import own_words

log = logging.getLogger(__name__)

_END = 2**53  # above every seq


class LiveRooms:
    """Starts and ends rooms; keeps a room's caption bus while it is live or read."""

    def __init__(
        self,
        *,
        registry: RoomRegistry,
        media: EmbeddedRooms,
        journal: Journal,
        recorder: Recorder,
        finishing: Finishing,
        recogniser: Recogniser,
        detector: Callable[[], SpeechDetector],
    ) -> None:
        self._registry = registry
        self._media = media
        self._journal = journal
        self._recogniser = recogniser
        self._detector = detector
        self.metrics = Metrics()
        self.heard: Callable[[str, LiveItem], None] = lambda _room_id, _item: None
        self._buses: dict[str, CaptionBus] = {}
        self._running: dict[str, list[asyncio.Task[None]]] = {}
        self._recordings = LiveRecordings(recorder, finishing, self.tell)
        self._vocabularies: dict[str, LiveVocabulary] = {}
        self._sessions: dict[str, Session] = {}
        self._spoken: dict[str, str] = {}
        self._telling: set[asyncio.Task[None]] = set()
        self._correcting = asyncio.Lock()

    def bus(self, room_id: str) -> CaptionBus:
        """Give the room's caption bus."""
        if room_id not in self._buses:
            self._buses[room_id] = bus = CaptionBus()
            bus.watch = self._watch(room_id, self.metrics.follow(room_id, bus))
        return self._buses[room_id]

    def _watch(self, room_id: str, count: Callable[[LiveItem], None]) -> Callable[[LiveItem], None]:
        """See each item of a room: it is counted, and then ``heard``."""

        def watch(item: LiveItem) -> None:
            count(item)
            self.heard(room_id, item)

        return watch

    @contextmanager
    def reading(self, room_id: str) -> Iterator[Subscription]:
        """Read along until the context ends."""
        subscription = self.bus(room_id).subscribe()
        try:
            yield subscription
        finally:
            subscription.close()
            self._tidy(room_id)

    async def news(self, room: Room) -> RoomNews:
        """Say how the room is now."""
        live = room.state is RoomState.LIVE
        participants = len(await self._registry.participants(room.id)) if live else 0
        recording = self._recordings.standing(room.id)
        return RoomNews(
            state=room.state,
            participants=participants,
            recording=recording.state,
            note=recording.note,
            low_disk=recording.low_disk,
            speaker_tracks=recording.speaker_tracks,
            language=await self._language(room),
            tracks=await self.tracks(room),
        )

    async def tracks(self, room: Room) -> tuple[str, ...]:
        """Say in which languages captions are offered beside what is spoken.

        In a live room those are made now; otherwise what is kept can be read, too.
        """
        translated = room.wants_translation and self._recogniser.info.translates
        offered = {TRANSLATION} if translated else set()
        if room.state is not RoomState.LIVE:
            offered |= set(await self._journal.tracks(room.id))
        return tuple(sorted(offered))

    async def _language(self, room: Room) -> str:
        """Say what is spoken in a room: where that is found out, what was last heard there."""
        if room.language != AUTO_LANGUAGE:
            return room.language
        if room.id in self._spoken:
            return self._spoken[room.id]
        newest = await self._journal.before(room.id, _END, 20)
        heard = [entry.language for entry in newest if isinstance(entry, Final)]
        spoken = [language for language in heard if language]
        return spoken[-1] if spoken else ""

    async def tell(self, room_id: str) -> None:
        """Publish the room's news to everybody who reads along, and to its recogniser."""
        self.changed(room_id)
        room = await self._registry.room(room_id)
        if session := self._sessions.get(room_id):
            session.translate(room.wants_translation)
        news = await self.news(room)
        if room_id in self._buses:
            self._buses[room_id].publish(news)

    def changed(self, room_id: str) -> None:
        """Say that a room's own words may be others now; nothing happens when it is not live."""
        if vocabulary := self._vocabularies.get(room_id):
            vocabulary.changed()

    async def start(self, user: User, room_id: str) -> Room:
        """Take a room live. Raises `NotAllowed`, `Conflict` or `NotFound`."""
        room = await self._registry.start(user, room_id)
        sound = await self._media.open(room_id)
        self._spoken[room_id] = ""
        words = own_words(room, [Participant(user=user, role=Role.HOST)])
        session = Session(
            room,
            recogniser=self._recogniser,
            detector=self._detector,
            journal=self._journal,
            bus=self.bus(room_id),
            options=SessionOptions(
                terms=words, on_language=lambda language: self._hears(room_id, language)
            ),
        )
        vocabulary = LiveVocabulary(lambda: self._words(room_id), session.learn, told=words)
        self._vocabularies[room_id] = vocabulary
        self._sessions[room_id] = session
        tap = sound.tap(limit=TAP_FRAMES)
        self._run(room, self._caption(room, session, vocabulary, tap))
        if part := self._recordings.begin(room, sound):
            self._run(room, part)
        await self.tell(room_id)
        return room

    async def end(self, user: User, room_id: str) -> Room:
        """End a room: its sound stops at once, its last captions and its recording follow."""
        room = await self._registry.end(user, room_id)
        with suppress(RoomNotLive):  # a scheduled room is called off
            await self._media.close(room_id)
        self._recordings.ended(room_id)
        await self.tell(room_id)
        return room

    async def record(self, user: User, room_id: str, state: RecordingState) -> float:
        """Record a live room from now on, or not, or take it off the record.

        Gives the time in the room clock from which that counts, exact to a frame. Raises
        `NotAllowed`, `NotFound` or `RoomNotLive`.
        """
        room = await self._registry.room(room_id)
        await self._registry.require(user, room_id, Right.RECORD)
        from_s, part = self._recordings.switch(room, self._media.get(room_id), state)
        if part:
            self._run(room, part)
        if session := self._sessions.get(room_id):
            session.go_off_record(state is RecordingState.OFF_RECORD)
        await self.tell(room_id)
        return from_s

    async def correct(
        self, user: User, room: Room, caption_id: str, *, text: str, rev: int
    ) -> Correction:
        """Give a caption a new text for everybody who reads it, now and later.

        Raises `NotFound`, or `StaleRevision` when ``rev`` is not the caption's present revision.
        """
        async with self._correcting:
            newest = (await self.revisions(room, caption_id))[-1]
            if rev != newest.rev:
                raise StaleRevision(
                    f"the caption is at revision {newest.rev} by now: read it again"
                )
            correction = Correction(
                id=caption_id,
                rev=rev + 1,
                text=text,
                by=Speaker(id=user.id, name=user.name),
                replaces=newest.seq,
                at=datetime.now(UTC),
                track=newest.track,
            )
            kept = await self.add(room, room.instance, correction)
        return replace(correction, seq=kept.seq)

    async def improve(self, room: Room, correction: Correction) -> bool:
        """Keep a correction that nobody asked for, unless its caption was corrected meanwhile."""
        async with self._correcting:
            history = await self._journal.caption(room.id, correction.id)
            if not history or history[-1].seq != correction.replaces:
                return False  # it was deleted, or a person was quicker
            await self.add(room, room.instance, correction)
        return True

    async def add(self, room: Room, instance: int, entry: Entry) -> Entry:
        """Keep an entry that no session keeps, and show it to who reads along."""
        kept = await self._journal.append(room.id, instance, entry)
        self.bus(room.id).publish(kept)
        self._tidy(room.id)
        return kept

    async def revisions(self, room: Room, caption_id: str) -> list[Final | Correction]:
        """Give a caption as it was first, then its corrections. Raises `NotFound`."""
        history = await self._journal.caption(room.id, caption_id)
        texts = [entry for entry in history if isinstance(entry, Final | Correction)]
        if not texts:
            raise NotFound("there is no such caption in this room")
        return texts

    def by_hand(self, room_id: str) -> ByHand:
        """Who types in a room. Raises `RoomNotLive`."""
        if room_id not in self._sessions:
            raise RoomNotLive("The room is not live")
        return self._sessions[room_id].by_hand

    def captioner(self, room_id: str) -> Speaker | None:
        """Who captions a room by hand now."""
        session = self._sessions.get(room_id)
        return session.by_hand.captioner if session else None

    def speaking(self, room_id: str) -> frozenset[str]:
        """Say which users are speaking now."""
        try:
            return self._media.get(room_id).speaking()
        except RoomNotLive:
            return frozenset()

    async def enforce(self, room_id: str, participant: Participant) -> None:
        """Make the mixer do what a participant's role and mute say.

        The sound first: taking the captions back waits for the disk.
        """
        user_id = participant.user.id
        try:
            sound = self._media.get(room_id)
        except RoomNotLive:
            return
        sound.set_muted(user_id, participant.muted)
        if not allows(participant.role, Right.SPEAK):
            sound.hush(user_id)
            await sound.unpublish(user_id)
        session = self._sessions.get(room_id)
        if session and not allows(participant.role, Right.CORRECT):
            await session.by_hand.hand_back(user_id)

    async def hang_up_user(self, room_id: str, user_id: str) -> None:
        """Hang up everything that a person has open in a room; the sound first."""
        with suppress(RoomNotLive):
            await self._media.get(room_id).remove(user_id)
        if session := self._sessions.get(room_id):
            await session.by_hand.hand_back(user_id)

    def is_over(self, room_id: str, instance: int) -> bool:
        """Whether an instance has ended, and all of its captions and its sound are kept."""
        name = _work_of(room_id, instance)
        return all(
            task.done() or task.get_name() != name for task in self._running.get(room_id, ())
        )

    async def finished(self, room_id: str) -> None:
        """Wait until an ended room's captions are complete and its sound is on disk."""
        await asyncio.gather(*self._running.get(room_id, []))

    async def close(self) -> None:
        """End every room and wait for captions and recordings; readers are told."""
        for room_id in self._media.live():
            await self._end_for_good(room_id)
        for room_id in list(self._running):
            await self.finished(room_id)
        for bus in self._buses.values():
            bus.close()

    def _run(self, room: Room, work: Coroutine[Any, Any, None]) -> None:
        """Do work of a room; that of an earlier instance may still be finishing."""
        room_id = room.id
        task = asyncio.create_task(work, name=_work_of(room_id, room.instance))
        unfinished = [task for task in self._running.get(room_id, []) if not task.done()]
        self._running[room_id] = [*unfinished, task]
        task.add_done_callback(lambda _: self._tidy(room_id))

    def _tidy(self, room_id: str) -> None:
        """Forget a room that is over and that nobody reads: its captions are in the journal."""
        if any(not task.done() for task in self._running.get(room_id, ())):
            return
        self._running.pop(room_id, None)
        self._spoken.pop(room_id, None)
        if not len(self._buses.get(room_id, ())):
            self._buses.pop(room_id, None)
            self.metrics.forget(room_id)

    async def _end_for_good(self, room_id: str) -> None:
        try:
            room = await self._registry.room(room_id)
            await self.end(await self._registry.user(room.host_id), room_id)
        except RoomscribeError as error:
            log.warning("room %s: it could not be ended properly: %s", room_id, error)
            with suppress(RoomNotLive):
                await self._media.close(room_id)

    def _hears(self, room_id: str, language: str) -> None:
        """Tell readers which language was found out; one that was chosen is no news."""
        if self._spoken.get(room_id) == language:
            return
        self._spoken[room_id] = language
        task = asyncio.create_task(self.tell(room_id))
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    async def _words(self, room_id: str) -> tuple[str, ...]:
        room = await self._registry.room(room_id)
        return own_words(room, await self._registry.participants(room_id))

    async def _caption(
        self, room: Room, session: Session, vocabulary: LiveVocabulary, tap: Channel[TapItem]
    ) -> None:
        following = asyncio.create_task(vocabulary.follow(), name="vocabulary")
        try:
            await session.run(tap)
        except Exception:
            log.exception("room %s: captions have stopped", room.id)
            note = "Captions have stopped because of an error. The room goes on."
            await session.give_up(tap, note=note)
        finally:
            following.cancel()
            if self._vocabularies.get(room.id) is vocabulary:  # it may be live again already
                del self._vocabularies[room.id]
            if self._sessions.get(room.id) is session:
                del self._sessions[room.id]


def _work_of(room_id: str, instance: int) -> str:
    return f"instance {instance} of {room_id}"
