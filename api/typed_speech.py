"""Speaking by typing: a caption from who types, and a voice that says it in the room."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from api.live import LiveRooms
from models.audio import RATE_HZ, Pcm
from models.errors import EngineUnavailable, NotAllowed, NotFound, TooFast
from models.room import AUTO_LANGUAGE, Activity, Speaker, User
from pipeline.captions import CaptionBus
from rooms.embedded.engine import EmbeddedRooms
from rooms.registry import RoomRegistry
from rooms.roles import Right, allows, refusal
from rooms.voice import Voice

NO_VOICE = (
    "No text-to-speech voice is installed on this server (espeak-ng): "
    "your words appear as a caption and are not heard."
)
VOICE_FAILED = "The voice could not speak: your words appear as a caption and are not heard."
_BURST = 4
_EVERY_S = 3.0
_MOST_WAITING_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What became of typed words; ``note`` says why they are not ``heard``."""

    heard: bool
    note: str = ""


@dataclass(slots=True, kw_only=True)
class Allowance:
    """So much at once, and then one each ``every_s``; pure."""

    burst: int = _BURST
    every_s: float = _EVERY_S
    _free_at: float = field(default=0.0)

    def is_spent(self, now_s: float) -> bool:
        """Whether any of it is taken still."""
        return self._free_at > now_s

    def take(self, now_s: float) -> float:
        """Take one; gives 0, or the seconds to wait when there is none now."""
        earliest = self._free_at - (self.burst - 1) * self.every_s
        if earliest > now_s:
            return earliest - now_s
        self._free_at = max(self._free_at, now_s) + self.every_s
        return 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Heard:
    """Words that a voice says for ``speaker``: ``begins_s`` in the room clock, ``_at`` by ours.

    ``cut`` is set when the voice is stopped.
    """

    speaker: Speaker
    begins_s: float
    begins_at: float
    lasts_s: float
    cut: asyncio.Event


class TypedSpeech:
    """Says what participants type; ``voice`` is None where none is installed."""

    def __init__(
        self,
        *,
        lives: LiveRooms,
        media: EmbeddedRooms,
        registry: RoomRegistry,
        voice: Voice | None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._lives = lives
        self._media = media
        self._registry = registry
        self.voice = voice
        self._now = now
        self._allowances: dict[tuple[str, str], Allowance] = {}
        self._telling: set[asyncio.Task[None]] = set()

    async def say(self, user: User, room_id: str, line: str, text: str) -> Said:
        """Caption ``text`` as said by ``user``, and say it in the room; ``line`` is said once.

        Raises `NotFound`, `RoomNotLive`, `NotAllowed` for who may not speak or is not there, and
        `TooFast` for who types faster than can be spoken.
        """
        room = await self._registry.room(room_id)
        hand = self._lives.by_hand(room_id)
        await self._registry.require(user, room_id, Right.SPEAK)
        await self._require_speaker(user, room_id)
        sound = self._media.get(room_id)
        if hand.has_said(user.id, line):
            return Said(heard=self.voice is not None)
        self._spend(room_id, user.id, sound.voice_wait_s(user.id))
        language = "" if room.language == AUTO_LANGUAGE else room.language
        said, pcm = await self._aloud(text, language)
        await self._require_speaker(user, room_id)  # a voice takes seconds
        if hand.has_said(user.id, line):  # sent twice at the same time; no await from here on
            return said
        speaker = Speaker(id=user.id, name=user.name)
        lasts_s = 0.0 if pcm is None else len(pcm) / RATE_HZ
        after_s = 0.0 if pcm is None else sound.speak(user.id, pcm)
        heard = _Heard(
            speaker=speaker,
            begins_s=hand.now_s + after_s,
            lasts_s=lasts_s,
            begins_at=_now_s() + after_s,
            cut=sound.voice_cut(user.id),
        )
        await hand.say(speaker, line, text, after_s=after_s, lasts_s=lasts_s)
        if lasts_s:
            task = asyncio.create_task(_tell(self._lives.bus(room_id), heard))
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)
        return said

    async def close(self) -> None:
        """Tell nobody any more who speaks."""
        for task in self._telling:
            task.cancel()
        await asyncio.gather(*self._telling, return_exceptions=True)

    async def _aloud(self, text: str, language: str) -> tuple[Said, Pcm | None]:
        """Make the sound of ``text``; None where there is none."""
        if self.voice is None:
            return Said(heard=False, note=NO_VOICE), None
        try:
            pcm = await self.voice.speak(text, language)
        except EngineUnavailable:
            return Said(heard=False, note=VOICE_FAILED), None
        if not len(pcm):
            return Said(heard=False, note=VOICE_FAILED), None
        return Said(heard=True), pcm

    async def _require_speaker(self, user: User, room_id: str) -> None:
        """Raise unless ``user`` is there and may speak at the moment when this returns."""
        try:
            there = await self._registry.participant(room_id, user.id)
        except NotFound:
            self._media.get(room_id)  # `RoomNotLive` says more, where it has ended
            raise NotAllowed("You have left this room; join it again to speak") from None
        if not allows(there.role, Right.SPEAK):
            raise NotAllowed(refusal(Right.SPEAK))

    def _spend(self, room_id: str, user_id: str, waits_s: float) -> None:
        if waits_s > _MOST_WAITING_S:
            raise TooFast("What you typed is still being spoken: wait until it has been heard")
        now_s = self._now()
        self._allowances = {
            key: one for key, one in self._allowances.items() if one.is_spent(now_s)
        }
        allowance = self._allowances.setdefault((room_id, user_id), Allowance())
        wait_s = allowance.take(now_s)
        if wait_s:
            raise TooFast(f"You type faster than can be read: wait {wait_s:.0f} s")


async def _tell(bus: CaptionBus, heard: _Heard) -> None:
    """Show readers who is heard; the recogniser is not told, as it hears none of it."""
    if await _is_cut(heard, until_s=heard.begins_at):
        return
    bus.publish(Activity(speaker=heard.speaker, on=True, t_s=heard.begins_s))
    await _is_cut(heard, until_s=heard.begins_at + heard.lasts_s)
    spoken_s = min(_now_s() - heard.begins_at, heard.lasts_s)
    bus.publish(Activity(speaker=heard.speaker, on=False, t_s=heard.begins_s + spoken_s))


async def _is_cut(heard: _Heard, *, until_s: float) -> bool:
    """Wait until a time, or until the voice is cut, and say whether it is."""
    with suppress(TimeoutError):
        async with asyncio.timeout_at(until_s):
            await heard.cut.wait()
    return heard.cut.is_set()


def _now_s() -> float:
    return asyncio.get_running_loop().time()
