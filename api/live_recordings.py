"""What is recorded of live rooms: one part after another, each from one switch to the next."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from models.audio import seconds
from models.caption import RecordingState
from models.room import Room
from pipeline.channel import Channel
from pipeline.tap import TapItem
from recorder.finishing import Finishing
from recorder.recording import Recorder
from rooms.embedded.live import LiveRoom
from rooms.tones import tone

log = logging.getLogger(__name__)

TAP_FRAMES = 1500  # 30 s of audio: what a stalled disk or recogniser may hold up without loss


@dataclass(slots=True, kw_only=True, eq=False)
class Standing:
    """How a room's instance is recorded now; ``tap`` is that of the part that is written.

    ``speaker_tracks`` says whether that part has files of each speaker, too.
    """

    instance: int = 0
    state: RecordingState = RecordingState.OFF
    note: str = ""
    low_disk: bool = False
    speaker_tracks: bool = False
    tap: Channel[TapItem] | None = None


NOT_RECORDED = Standing()


class LiveRecordings:
    """Switches recordings on and off; ``tell`` publishes a room's news."""

    def __init__(
        self, recorder: Recorder, finishing: Finishing, tell: Callable[[str], Awaitable[None]]
    ) -> None:
        self._recorder = recorder
        self._finishing = finishing
        self._tell = tell
        self._standings: dict[str, Standing] = {}

    def standing(self, room_id: str) -> Standing:
        """Say how a room is recorded."""
        return self._standings.get(room_id, NOT_RECORDED)

    def begin(self, room: Room, sound: LiveRoom) -> Coroutine[Any, Any, None] | None:
        """Begin with a room that goes live; gives the work of recording it, where it is."""
        self._standings[room.id] = standing = Standing(instance=room.instance)
        if not room.record:
            return None
        standing.state = RecordingState.ON
        return self._part(room, standing, sound)

    def switch(
        self, room: Room, sound: LiveRoom, state: RecordingState
    ) -> tuple[float, Coroutine[Any, Any, None] | None]:
        """Go over to another state with the next frame, whose time in the room clock is given.

        With it comes the work of recording the next part, where one begins. Listeners hear a tone.
        """
        standing = self._standings.setdefault(room.id, Standing(instance=room.instance))
        before, standing.state = standing.state, state
        sample = sound.set_off_record(state is RecordingState.OFF_RECORD)
        part = None
        if state is RecordingState.ON and standing.tap is None:
            part = self._part(room, standing, sound)
        elif state is RecordingState.OFF and standing.tap is not None:
            standing.tap.close()
            standing.tap = None
            standing.note, standing.low_disk, standing.speaker_tracks = "", False, False
        if state is not before:
            sound.play_notice(tone(state))
        return seconds(sample), part

    def ended(self, room_id: str) -> None:
        """Forget a room that has ended, unless its last part is still written."""
        if self.standing(room_id).tap is None:
            self._standings.pop(room_id, None)

    def _part(self, room: Room, standing: Standing, sound: LiveRoom) -> Coroutine[Any, Any, None]:
        standing.note = ""
        standing.speaker_tracks = room.speaker_tracks
        standing.tap = tap = sound.tap(limit=TAP_FRAMES)
        return self._record(room, standing, tap, sound.pre_skip)

    async def _record(
        self, room: Room, standing: Standing, tap: Channel[TapItem], pre_skip: int
    ) -> None:
        telling: set[asyncio.Task[None]] = set()

        def changed(note: str, low_disk: bool) -> None:
            if standing.tap is tap:
                standing.note, standing.low_disk = note, low_disk
                telling.add(asyncio.create_task(_told(self._tell(room.id))))

        try:
            recording = await self._recorder.record(
                room,
                tap,
                pre_skip=pre_skip,
                on_state=changed,
                join=False,
                tracks=room.speaker_tracks,
            )
            self._finishing.add(recording.id)
        except Exception:
            log.exception("room %s: the recording has stopped", room.id)
            if standing.tap is tap:
                standing.tap, standing.speaker_tracks = None, False
                standing.note = "The recording has stopped because of an error."
                if standing.state is RecordingState.ON:
                    standing.state = RecordingState.OFF
            tap.close()
        else:
            self._over(room, standing, tap)
        await asyncio.gather(*telling, return_exceptions=True)
        await self._tell(room.id)

    def _over(self, room: Room, standing: Standing, tap: Channel[TapItem]) -> None:
        """Forget an instance whose sound has ended; a part that was switched off is no news."""
        if standing.tap is tap:
            standing.tap = None
            if self._standings.get(room.id) is standing:  # it may be live again already
                del self._standings[room.id]


async def _told(telling: Awaitable[None]) -> None:
    await telling
