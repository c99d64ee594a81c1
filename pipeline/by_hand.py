"""Captions that people type into a live room: a captioner's, and those of who speaks by typing.

One for each room instance, beside its recogniser. A captioner takes over (`pipeline.handover`),
writes lines, and hands back; when nothing is heard of their connection for ``lost_after_s``, or
they write nothing for ``idle_after_s`` while people speak, the recogniser goes on by itself, with
all that nobody wrote.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from models.audio import FRAME_S
from models.caption import Interim
from models.errors import Conflict, NotAllowed
from models.room import AUTO_LANGUAGE, Room, Speaker
from models.transcript import Entry, Final, Gap, Hypothesis, Source
from pipeline.attribution import SpeakerTimeline
from pipeline.handover import Handover

_MOST_KNOWN = 1000  # ids of finished lines: one that is sent again after an outage is ignored


@dataclass(frozen=True, slots=True, kw_only=True)
class ByHandOptions:
    """``reaction_s`` is how long after the first word a captioner usually begins to type."""

    reaction_s: float = 1.5
    lost_after_s: float = 10.0
    idle_after_s: float = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What typing needs of its room: its clock, and where captions go.

    ``settled`` is where the newest final ends; ``changed`` is told when somebody else writes.
    ``off_record`` says whether what is typed now, of what was said between two times, may not be
    kept.
    """

    now: Callable[[], float]
    settled: Callable[[], float]
    keep: Callable[[Entry], Awaitable[None]]
    show: Callable[[Interim], None]
    off_record: Callable[[float, float], bool]
    changed: Callable[[], None]


@dataclass(slots=True, kw_only=True)
class _Line:
    """A line that is being typed; its first letter came at ``began_s``, the last at ``typed_s``."""

    id: str
    began_s: float
    typed_s: float
    start_s: float
    text: str = ""
    rev: int = 0
    off_record: bool = False


class ByHand:
    """Who types in one instance of ``room``."""

    def __init__(
        self,
        room: Room,
        timeline: SpeakerTimeline,
        desk: Desk,
        *,
        options: ByHandOptions | None = None,
    ) -> None:
        self._prefix = f"i{room.instance}"
        self._timeline = timeline
        self._desk = desk
        self._language = "" if room.language == AUTO_LANGUAGE else room.language
        self.options = options or ByHandOptions()
        self._handover = Handover()
        self._reaction_s = self.options.reaction_s
        self._line: _Line | None = None
        self._ended_s = 0.0
        self._silent_until_s = 0.0
        self._finished: dict[str, None] = {}
        self._seen_s = 0.0
        self._active_s = 0.0
        # Who adds to it waits until it is empty, so it is as long as a full disk lets people wait.
        self._unkept: deque[Final | Gap] = deque()
        self._keeping: asyncio.Task[None] | None = None

    @property
    def captioner(self) -> Speaker | None:
        """Who captions the room by hand now; None while the recogniser does."""
        return self._handover.holder

    def take_over(self, by: Speaker, *, reaction_s: float | None = None) -> None:
        """Let ``by`` write, also again. Raises `Conflict` when somebody else does."""
        holder = self._handover.holder
        if holder and holder.id != by.id:
            raise Conflict(f"{holder.name} is captioning this room; they must hand back first")
        if holder is None:
            self._reaction_s = self.options.reaction_s
        if reaction_s is not None:
            self._reaction_s = reaction_s
        self._active_s, self._seen_s = self._desk.now(), _alive_s()
        if holder is None:
            self._handover.take(by, now_s=self._desk.now())
            self._desk.changed()

    def seen(self, by_id: str) -> None:
        """Note a sign of life of who writes: silence is how a lost connection is known first."""
        if self._holds(by_id):
            self._seen_s = _alive_s()

    async def hand_back(self, by_id: str) -> None:
        """Let the recogniser go on; nothing happens unless it is ``by_id`` who writes."""
        if self._holds(by_id):
            await self._release()

    async def write(self, by_id: str, line: str, text: str, *, done: bool) -> None:
        """Take what a captioner's line is by now; ``done`` makes it a final.

        ``line`` names it, so that one that is sent twice is there once. Raises `NotAllowed` for who
        has not taken over.
        """
        caption_id = f"{self._prefix}c-{by_id}-{line}"
        if caption_id in self._finished:
            return
        if not self._holds(by_id):
            raise NotAllowed("You are not captioning this room now: take over first")
        self._active_s, self._seen_s = self._desk.now(), _alive_s()
        if self._line and self._line.id != caption_id:
            self._finish()
        if self._line is None:
            self._line = self._begin(caption_id)
        written = self._line
        written.text = " ".join(text.split())
        written.typed_s = self._desk.now()
        self._note_record(written)
        if done:
            self._finish()
        if self._unkept:
            await self._keep()
        if self._line is written:
            self._show(written)

    @property
    def now_s(self) -> float:
        """The time in the room clock."""
        return self._desk.now()

    def has_said(self, by_id: str, line: str) -> bool:
        """Whether a typed line was said already."""
        return f"{self._prefix}t-{by_id}-{line}" in self._finished

    async def say(
        self, by: Speaker, line: str, text: str, *, after_s: float = 0.0, lasts_s: float
    ) -> None:
        """Caption what ``by`` said by typing; it is heard ``after_s`` from now, for ``lasts_s``.

        What no voice says has a moment of its own, so that a time leads to one such caption.
        """
        if self.has_said(by.id, line):
            return
        caption_id = f"{self._prefix}t-{by.id}-{line}"
        self._know(caption_id)
        start_s = self._desk.now() + after_s
        if not lasts_s:
            start_s, lasts_s = max(start_s, self._silent_until_s), FRAME_S
            self._silent_until_s = start_s + lasts_s
        self._unkept.append(
            Final(
                id=caption_id,
                rev=1,
                start_s=start_s,
                end_s=start_s + lasts_s,
                speaker=by,
                text=" ".join(text.split()),
                language=self._language,
                source=Source.TYPED,
                off_record=self._desk.off_record(self._desk.now(), start_s + lasts_s),
            )
        )
        await self._keep()

    async def look(self) -> None:
        """Take back from a captioner who is gone or asleep; to be called every second or so."""
        if self._handover.holder is None:
            return
        gone = _alive_s() - self._seen_s >= self.options.lost_after_s
        idle_s = self._desk.now() - self._active_s
        asleep = idle_s >= self.options.idle_after_s and self._handover.unwritten
        if gone or asleep:
            await self._release()

    async def end(self) -> None:
        """Finish what is typed: the room's audio is over."""
        await self._release()

    def shows(self, hypothesis: Hypothesis, *, stream: int) -> bool:
        """Whether readers see what the recogniser makes of a segment."""
        return self._handover.shows(hypothesis, stream=stream)

    async def hold(self, entry: Final) -> None:
        """Hold back what the recogniser heard, in case that nobody writes it.

        What came too late to be held is kept at once.
        """
        if late := self._handover.hold([entry]):
            self._unkept.extend(late)
            await self._keep()

    def gap(self, gap: Gap) -> Gap | None:
        """Give the part of a gap that readers are told of now; the captioner may write the rest."""
        return self._handover.gap(gap)

    def _holds(self, by_id: str) -> bool:
        holder = self._handover.holder
        return holder is not None and holder.id == by_id

    async def _release(self) -> None:
        """Let the recogniser go on, at once; then wait until all that was written is durable."""
        if self._handover.holder:
            self._finish()
            self._unkept.extend(self._handover.release())
            self._desk.changed()
        await self._keep()

    async def _keep(self) -> None:
        """Wait until nothing is unkept; who is cancelled meanwhile leaves nothing behind."""
        if self._keeping is None or self._keeping.done():
            self._keeping = asyncio.create_task(self._keep_all())
        await asyncio.shield(self._keeping)

    async def _keep_all(self) -> None:
        while self._unkept:
            await self._desk.keep(self._unkept.popleft())

    def _begin(self, caption_id: str) -> _Line:
        now_s = self._desk.now()
        start_s = max(now_s - self._reaction_s, self._desk.settled(), self._ended_s)
        return _Line(id=caption_id, began_s=now_s, typed_s=now_s, start_s=start_s)

    def _show(self, line: _Line) -> None:
        line.rev += 1
        end_s = self._end_s(line)
        self._desk.show(
            Interim(
                id=line.id,
                rev=line.rev,
                start_s=line.start_s,
                end_s=end_s,
                speaker=self._timeline.speaker(line.start_s, end_s),
                text=line.text,
                language=self._language,
                source=Source.CAPTIONER,
                kept=not line.off_record,
            )
        )

    def _note_record(self, line: _Line) -> None:
        """A line is off the record when any of it was said or typed there."""
        line.off_record |= self._desk.off_record(line.start_s, line.typed_s)

    def _finish(self) -> None:
        """Make the open line a final; an empty one is taken back."""
        line, self._line = self._line, None
        if line is None:
            return
        if not line.text:
            self._show(line)
            return
        self._know(line.id)
        self._ended_s = end_s = self._end_s(line)
        self._handover.wrote(began_s=line.began_s, finished_s=line.typed_s)
        speaker = self._timeline.speaker(line.start_s, end_s)
        self._unkept.append(
            Final(
                id=line.id,
                rev=line.rev + 1,
                start_s=line.start_s,
                end_s=end_s,
                speaker=speaker,
                text=line.text,
                language=self._language,
                source=Source.CAPTIONER,
                overlap=self._timeline.together(speaker, line.start_s, end_s),
                off_record=line.off_record,
            )
        )

    def _end_s(self, line: _Line) -> float:
        return max(line.start_s, line.typed_s - self._reaction_s)

    def _know(self, caption_id: str) -> None:
        self._finished[caption_id] = None
        while len(self._finished) > _MOST_KNOWN:
            del self._finished[next(iter(self._finished))]


def _alive_s() -> float:
    """A clock that goes on when a room's sound does not."""
    return asyncio.get_running_loop().time()
