"""A live room: the 20 ms clock, its peers, and everyone who taps the mix."""

import asyncio
import logging
import secrets
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from models.audio import FRAME_S, Pcm
from models.errors import NotFound, RoomNotLive
from models.room import Activity, Speaker, User
from pipeline.channel import Channel, WhenFull
from pipeline.tap import TapItem
from rooms.embedded.desk import Desk, Tick
from rooms.embedded.receive import ReceiveStatistics, RtpAudio
from rooms.embedded.webrtc import CONNECT_WITHIN_S, PacketTrack, Peer, opus_packet

log = logging.getLogger(__name__)

HANG_UP_AFTER_S = 10.0
_LOOK_AFTER_PEERS_S = 0.5
_TICKS_PER_TURN = 25  # after a stall: others get the event loop every half second of sound
_MAX_DRAIN_TURNS = 3000  # 30 s of packets
_STALL_S = 1.0
_NOTICE = "a notice"  # ids of people have no spaces
_TAIL_S = 0.1  # what was said before the end waits that long for packets that come late


@dataclass(slots=True, kw_only=True)
class _Call:
    user_id: str | None
    peer: Peer
    made_at: float
    track: PacketTrack | None = None  # a listener's; None for who speaks
    id: str = field(default_factory=lambda: secrets.token_urlsafe(12))


class LiveRoom:
    """One room instance on air, from `start` to `close`."""

    def __init__(
        self,
        room_id: str,
        *,
        ice_addresses: Sequence[str] = (),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.room_id = room_id
        self.started_at = datetime.now(UTC)
        self._ice_addresses = tuple(ice_addresses)
        self._clock = clock
        self._desk = Desk()
        self._epoch = clock()
        self._ticks = 0
        self._calls: dict[str, _Call] = {}
        self._taps: list[Channel[TapItem]] = []
        self._speakers: dict[str, _Call] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False
        self._cuts: dict[str, asyncio.Event] = {}
        self.pre_skip = self._desk.pre_skip

    @property
    def sample(self) -> int:
        """The first sample of the next frame."""
        return self._desk.sample

    def start(self) -> None:
        """Begin the clock: sample 0 is now."""
        self._epoch = self._clock()
        self.started_at = datetime.now(UTC)
        self._spawn(self._run())
        self._spawn(self._look_after_peers())

    def tap(self, *, limit: int = 500) -> Channel[TapItem]:
        """Follow the mix from the next frame on; whoever speaks already is told first.

        The channel keeps ``limit`` items and drops its oldest frames: 500 is some ten seconds. Who
        began and ceased to speak is kept, or they would seem to speak for ever.
        """
        tap: Channel[TapItem] = Channel(
            limit, when_full=WhenFull.DROP_OLDEST, spare=lambda item: isinstance(item, Activity)
        )
        for activity in self._desk.speaking_now():
            tap.put_nowait(activity)
        if self._closed:
            tap.close()
        else:
            self._taps.append(tap)
        return tap

    async def publish(self, user: User, offer_sdp: str) -> tuple[str, str]:
        """Let ``user`` speak: (resource id, SDP answer). A second publish replaces the first.

        Raises `BadOffer`, or `RoomNotLive` once the room has ended.
        """
        self._require_open()
        peer = Peer(
            on_rtp=lambda packet: self._receive(call, packet), ice_addresses=self._ice_addresses
        )
        call = _Call(user_id=user.id, peer=peer, made_at=self._clock())
        answer = await peer.answer(offer_sdp)
        await self._admit(call)
        before = self._speakers.get(user.id)
        self._speakers[user.id] = call
        self._desk.seat(Speaker(id=user.id, name=user.name))
        if before is not None:
            await self._forget(before)
        return call.id, answer

    async def play(self, user: User | None, offer_sdp: str) -> tuple[str, str]:
        """Let ``user``, or a guest, listen: (resource id, SDP answer); raises as `publish`."""
        self._require_open()
        track = PacketTrack()
        peer = Peer(track=track, ice_addresses=self._ice_addresses)
        user_id = user.id if user else None
        call = _Call(user_id=user_id, peer=peer, made_at=self._clock(), track=track)
        answer = await peer.answer(offer_sdp)
        await self._admit(call)
        return call.id, answer

    async def hang_up(self, resource_id: str) -> None:
        """End one connection; raises `NotFound` when there is none of that id."""
        if resource_id not in self._calls:
            raise NotFound("There is no such connection, or it has ended")
        await self._forget(self._calls[resource_id])

    def owner(self, resource_id: str) -> str | None:
        """Whose connection it is, None for a guest's; raises `NotFound`."""
        if resource_id not in self._calls:
            raise NotFound("There is no such connection, or it has ended")
        return self._calls[resource_id].user_id

    async def unpublish(self, user_id: str) -> None:
        """Take a speaker off air; they go on listening."""
        call = self._speakers.get(user_id)
        if call is not None:
            await self._forget(call)

    async def remove(self, user_id: str) -> None:
        """Hang up everything of one person."""
        self.hush(user_id)
        for call in [c for c in self._calls.values() if c.user_id == user_id]:
            await self._forget(call)

    def set_muted(self, user_id: str, muted: bool) -> None:
        """Drop what a speaker sends, at the mixer, whatever their client does."""
        self._desk.set_muted(user_id, muted)

    def speak(self, user_id: str, pcm: Pcm) -> float:
        """Let a voice say ``pcm`` for who types; gives the seconds until it begins.

        Raises `RoomNotLive` once the room has ended.
        """
        self._require_open()
        return self._desk.speak(user_id, pcm)

    def voice_wait_s(self, user_id: str) -> float:
        """How long a voice still speaks for somebody."""
        return self._desk.voice_wait_s(user_id)

    def voice_cut(self, user_id: str) -> asyncio.Event:
        """Give what is set when the voice is stopped that speaks for somebody now."""
        return self._cuts.setdefault(user_id, asyncio.Event())

    def hush(self, user_id: str) -> None:
        """Stop the voice that speaks for somebody."""
        self._desk.hush(user_id)
        if cut := self._cuts.pop(user_id, None):
            cut.set()

    def play_notice(self, pcm: Pcm) -> None:
        """Let everybody hear a notice that nobody says; the recogniser does not."""
        self._desk.speak(_NOTICE, pcm)

    def set_off_record(self, on: bool) -> int:
        """Have every frame from now on say that it may not be kept, or may; gives its sample.

        What voices have not said yet when that ends was typed off the record, and is never heard.
        """
        if self._desk.off_record and not on:
            for who in self._desk.voices():
                self.hush(who)
        self._desk.off_record = on
        return self.sample

    def speaking(self) -> frozenset[str]:
        """The ids of those who speak now."""
        return self._desk.speaking()

    def on_air(self) -> frozenset[str]:
        """The ids of those who are connected to speak."""
        return self._desk.on_air()

    def vanished(self) -> frozenset[str]:
        """The ids of those who are not muted, and whose packets stopped coming 2 s ago."""
        return self._desk.vanished()

    def listeners(self) -> int:
        """How many connections listen."""
        return sum(1 for call in self._calls.values() if call.track is not None)

    def statistics(self) -> dict[str, ReceiveStatistics]:
        """How each speaker's track fares, by user id."""
        return self._desk.statistics()

    def tick(self, now: float) -> Tick:
        """Make the frame that ends at ``now`` and hand it out to listeners and taps."""
        listeners = [call for call in self._calls.values() if call.track is not None]
        tick = self._desk.tick(now, minus=frozenset(c.user_id for c in listeners if c.user_id))
        self._ticks += 1
        sample = tick.frame.sample
        common = opus_packet(tick.frame.packet, sample)
        own = {who: opus_packet(payload, sample) for who, payload in tick.minus.items()}
        for call in listeners:
            assert call.track is not None
            call.track.send(own.get(call.user_id, common) if call.user_id else common)
        self._tell([*tick.activities, tick.frame])
        return tick

    def advance(self, now: float, *, at_most: int | None = None) -> int:
        """Make every tick that is due at ``now``, each at its own time; return how many."""
        made = 0
        while self._next_tick_at() <= now and (at_most is None or made < at_most):
            self.tick(self._next_tick_at())
            made += 1
        return made

    async def close(self) -> None:
        """End the room: taps end after what was said until now, and every peer is hung up."""
        if self._closed:
            return
        self._closed = True
        for cut in self._cuts.values():
            cut.set()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._catch_up()
        self.advance(self._clock() + _TAIL_S)
        for who in self._desk.on_air():
            self._desk.unseat(who)
        self._tell(list(self._desk.changes()))
        for tap in self._taps:
            tap.close()
        await asyncio.gather(*(self._forget(call) for call in list(self._calls.values())))

    def _next_tick_at(self) -> float:
        return self._epoch + (self._ticks + 1) * FRAME_S

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(max(0.0, self._next_tick_at() - self._clock()))
            await self._catch_up()
            self.advance(self._clock(), at_most=_TICKS_PER_TURN)

    async def _catch_up(self) -> None:
        """After a stall, let the sockets hand over what came meanwhile before it is mixed.

        A socket gives one packet a turn of the event loop.
        """
        late_s = self._clock() - self._next_tick_at()
        if late_s <= 2 * FRAME_S:
            return
        if late_s > _STALL_S:
            log.warning("Room %s was held up for %.0f ms", self.room_id, late_s * 1000)
        for _ in range(min(_MAX_DRAIN_TURNS, 4 + 2 * int(late_s / FRAME_S))):
            await asyncio.sleep(0)

    async def _look_after_peers(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_AFTER_PEERS_S)
            for call in list(self._calls.values()):
                if reason := self._over(call):
                    log.info("Room %s hangs up %s: %s", self.room_id, call.id, reason)
                    await self._forget(call)

    def _over(self, call: _Call) -> str:
        if call.peer.closed.is_set():
            return "it ended"
        now = self._clock()
        if not call.peer.connected.is_set() and now - call.made_at > CONNECT_WITHIN_S:
            return "it never connected"
        if call.track is None and call.user_id in self._desk.vanished():
            last = self._desk.last_packet_at(call.user_id)
            if last is not None and now - last > HANG_UP_AFTER_S:
                return "no sound came"
        return ""

    def _receive(self, call: _Call, packet: RtpAudio) -> None:
        if call.user_id is None or self._speakers.get(call.user_id) is not call:
            return
        now = self._clock()
        stall_s = max(0.0, now - self._next_tick_at())
        self._desk.push(call.user_id, packet, now, stall_s=stall_s)

    def _tell(self, items: Sequence[TapItem]) -> None:
        self._taps = [tap for tap in self._taps if not tap.closed]
        for tap in self._taps:
            for item in items:
                tap.put_nowait(item)

    async def _admit(self, call: _Call) -> None:
        if self._closed:
            await call.peer.close()
            self._require_open()
        self._calls[call.id] = call

    async def _forget(self, call: _Call) -> None:
        self._calls.pop(call.id, None)
        if call.user_id is not None and self._speakers.get(call.user_id) is call:
            del self._speakers[call.user_id]
            self._desk.unseat(call.user_id)
        await call.peer.close()

    def _require_open(self) -> None:
        if self._closed:
            raise RoomNotLive("The room has ended")

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        task.add_done_callback(self._say_if_broken)
        self._tasks.add(task)

    def _say_if_broken(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            log.critical("Room %s has stopped", self.room_id, exc_info=error)
