"""Recordings that are heard again after their rooms: the queue, and a process for one at a time.

A file that was brought in is captioned before anything else, rooms or not, by a process that gives
way to them. A second pass begins when no room is live, and goes on later when one starts meanwhile.
How far each is stands beside the recording (`recorder.heard`), so a restart goes on where the last
run ended, however it ended.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from api import given
from api.after_room import AfterRoom, Writing
from api.hearing_order import Began, Failed, Order, Over, Said
from api.hearing_process import HearingProcess, hearing
from api.settings import Settings
from models.audio import seconds
from models.errors import EngineUnavailable, NotFound, RoomscribeError
from models.recording import Recording, RecordingPhase
from models.room import Room
from pipeline.whole import Listened
from recorder import heard as kept
from recorder.finishing import FAILED, WAITING, Progress
from recorder.heard import Heard, Purpose
from recorder.recording import Recorder
from rooms.registry import RoomRegistry

log = logging.getLogger(__name__)

TRIES = 3
IMPROVING_ENGINES = frozenset({"faster-whisper"})
"""Engines that are better when they hear a recording as a whole than any is live."""

_STEPS = {
    Purpose.CAPTIONS: "captioning",
    Purpose.GIVEN: "captioning",
    Purpose.SECOND_PASS: "improving",
}


@dataclass(slots=True, eq=False)
class Work:
    """What is to be done for a recording, and how far that is.

    ``note`` is for people, when it went wrong; a failure is tried again after a while.
    """

    purpose: Purpose
    started_at: datetime
    progress: Progress = field(default_factory=lambda: Progress(step=WAITING))
    note: str = ""
    tries: int = 0
    not_before_s: float = 0.0

    @property
    def failed(self) -> bool:
        """Whether it was given up until the next start."""
        return self.progress.step == FAILED


@dataclass(frozen=True, slots=True, kw_only=True)
class HearingOptions:
    """``improves`` says whether there is a second pass; ``busy``, whether a room is live now."""

    improves: bool
    busy: Callable[[], bool] = lambda: False
    look_s: float = 1.0
    retry_s: float = 30.0


class Hearing:
    """Hears recordings in the background; lives in one event loop, from `start` to `close`.

    What is queued is as much as there are recordings on disk, each once.
    """

    def __init__(
        self,
        settings: Settings,
        recorder: Recorder,
        registry: RoomRegistry,
        after: AfterRoom,
        options: HearingOptions,
    ) -> None:
        self._settings = settings
        self._recorder = recorder
        self._registry = registry
        self._after = after
        self._options = options
        self._works: dict[str, Work] = {}
        self._heard: dict[str, Heard] = {}
        self._now = ""
        self._process: HearingProcess | None = None
        self._changed = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Queue what an earlier run has left, and begin."""
        for recording, heard in await asyncio.to_thread(self._all):
            self._queue(recording, heard)
        self.begin()

    def begin(self) -> None:
        """Work on what is added, and on nothing else."""
        self._run(self._work_on(), name="hearing")

    def finished(self, recording_id: str) -> None:
        """Take a recording that was finished just now."""
        self._run(self.add(recording_id), name="to be heard")

    async def add(self, recording_id: str) -> None:
        """Have a finished recording heard, if that is wanted and not done; twice is fine."""
        try:
            recording = await asyncio.to_thread(self._recorder.recording, recording_id)
            heard = await asyncio.to_thread(kept.load, self._recorder.folder(recording_id))
        except RoomscribeError:
            return
        self._queue(recording, heard)

    def work(self, recording_id: str) -> Work | None:
        """What is to be done for a recording; None for nothing."""
        return self._works.get(recording_id)

    def heard(self, recording_id: str) -> Heard | None:
        """What was heard of a recording so far."""
        return self._heard.get(recording_id)

    async def drop(self, recording_id: str) -> None:
        """Give a recording up, because it is to be deleted; nothing of it is written after that."""
        self._works.pop(recording_id, None)
        self._heard.pop(recording_id, None)
        while self._now == recording_id:
            if self._process:
                self._process.kill()
            await asyncio.sleep(0.01)

    async def idle(self) -> None:
        """Wait until nothing is to be done, or what is has failed."""
        while not all(work.failed for work in self._works.values()):
            await asyncio.sleep(0.02)

    async def close(self) -> None:
        """Stop at once; the next start goes on."""
        for task in (tasks := list(self._tasks)):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _run(self, work: Coroutine[Any, Any, None], *, name: str) -> None:
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _all(self) -> list[tuple[Recording, Heard | None]]:
        found = self._recorder.recordings()
        return [(one, kept.load(self._recorder.folder(one.id))) for one in found]

    def _queue(self, recording: Recording, heard: Heard | None) -> None:
        if heard:
            self._heard[recording.id] = heard
        purpose = self._purpose(recording, heard)
        if purpose and recording.id not in self._works:
            self._works[recording.id] = Work(purpose, recording.started_at)
            self._changed.set()

    def _purpose(self, recording: Recording, heard: Heard | None) -> Purpose | None:
        if recording.phase is not RecordingPhase.FINISHED or not recording.media:
            return None
        is_missing = heard is not None and heard.purpose is not Purpose.SECOND_PASS
        if heard and is_missing and not heard.done:
            return heard.purpose
        if heard and heard.purpose is Purpose.GIVEN:  # a person wrote them
            return None
        if heard and heard.done and heard.engine in IMPROVING_ENGINES:
            return None
        return Purpose.SECOND_PASS if self._options.improves else None

    async def _work_on(self) -> None:
        while True:
            self._changed.clear()
            if recording_id := self._next():
                await self._do(recording_id, self._works[recording_id])
                continue
            waits = not all(work.failed for work in self._works.values())
            with suppress(TimeoutError):
                async with asyncio.timeout(self._options.look_s if waits else None):
                    await self._changed.wait()

    def _next(self) -> str:
        """Choose what can be done now: missing captions, the oldest first; then better ones.

        Of those the newest rooms' come first: they are read most.
        """
        now_s = asyncio.get_running_loop().time()
        works = self._works.items()
        ready = [(one, work) for one, work in works if work.not_before_s <= now_s]
        missing = [one for one in ready if one[1].purpose is not Purpose.SECOND_PASS]
        better = [one for one in ready if one[1].purpose is Purpose.SECOND_PASS]
        missing = sorted(missing, key=lambda one: one[1].started_at)
        better = sorted(better, key=lambda one: one[1].started_at, reverse=True)
        chosen = [*missing, *([] if self._options.busy() else better)]
        return next((recording_id for recording_id, work in chosen if not work.failed), "")

    async def _do(self, recording_id: str, work: Work) -> None:
        """Hear a recording until that is done, has failed, or a room goes before."""
        self._now = recording_id
        try:
            done = await self._hear(recording_id, work)
            if not done and self._goes_before(work):
                work.progress = replace(work.progress, step=WAITING)
            elif not done:
                self._failed(work, "its process has ended too early")
            elif self._works.get(recording_id) is work:
                del self._works[recording_id]
        except NotFound:  # it has been deleted, or its room
            self._works.pop(recording_id, None)
        except EngineUnavailable as error:
            work.note, work.tries = str(error), TRIES
            self._failed(work, str(error))
        except (RoomscribeError, OSError) as error:
            self._failed(work, str(error))
        finally:
            self._now = ""

    def _failed(self, work: Work, why: str) -> None:
        log.warning("a recording was not heard: %s", why)
        work.tries += 1
        given_up = work.tries >= TRIES
        work.progress = Progress(step=FAILED) if given_up else Progress(step=WAITING)
        pause_s = self._options.retry_s * (work.tries - 1)
        work.not_before_s = asyncio.get_running_loop().time() + pause_s

    async def _hear(self, recording_id: str, work: Work) -> bool:
        """Run a process to its end; False when that came too early."""
        recording = await asyncio.to_thread(self._recorder.recording, recording_id)
        room = await self._registry.room(recording.room_id)
        if work.purpose is Purpose.GIVEN:
            return await self._keep_given(room, recording, work)
        file = await asyncio.to_thread(self._recorder.media_path, recording_id)
        heard = self._heard.get(recording_id)
        if heard is None or heard.purpose is not work.purpose:
            heard = Heard(purpose=work.purpose)
        writing = await self._after.begin(room, recording, heard)
        order = Order(
            settings=self._settings,
            file=str(file),
            from_s=heard.until_s,
            language=writing.language,
            terms=room.terms,
        )
        async with hearing(order) as self._process:
            watching = asyncio.create_task(self._watch(work, self._process))
            try:
                async for said in self._process.said():
                    share = min(1.0, heard.until_s / max(0.001, seconds(recording.samples)))
                    work.progress = Progress(step=_STEPS[work.purpose], share=share)
                    heard = await _take(said, heard, writing)
                    if self._works.get(recording_id) is not work:
                        raise NotFound("the recording is being deleted")
                    folder = self._recorder.folder(recording_id)
                    await asyncio.to_thread(kept.save, folder, heard)
                    self._heard[recording_id] = heard
            finally:
                watching.cancel()
                self._process = None
        return heard.done

    async def _keep_given(self, room: Room, recording: Recording, work: Work) -> bool:
        """Write the captions that came with a recording."""
        folder, added = self._recorder.folder(recording.id), 0
        async for share in given.kept(self._after, room, recording, folder):
            added, work.progress = added + 1, Progress(step=_STEPS[work.purpose], share=share)
            if self._works.get(recording.id) is not work:
                raise NotFound("the recording is being deleted")
        heard = Heard(purpose=work.purpose, done=True, added=added, at=_now())
        await asyncio.to_thread(kept.save, folder, heard)
        self._heard[recording.id] = heard
        await asyncio.to_thread((folder / kept.GIVEN).unlink, missing_ok=True)
        return True

    def _goes_before(self, work: Work) -> bool:
        """Whether live rooms have the machine for themselves."""
        return work.purpose is Purpose.SECOND_PASS and self._options.busy()

    async def _watch(self, work: Work, process: HearingProcess) -> None:
        while not self._goes_before(work):
            await asyncio.sleep(self._options.look_s)
        process.kill()


async def _take(said: Said, heard: Heard, writing: Writing) -> Heard:
    """Write what is heard, and give how far that is. Raises `EngineUnavailable` where none can."""
    match said:
        case Began(engine=engine, model=model):
            if heard.purpose is Purpose.SECOND_PASS and engine not in IMPROVING_ENGINES:
                raise EngineUnavailable(f"{engine} does not make captions better.")
            return replace(heard, engine=engine, model=model)
        case Failed(note=note):
            raise EngineUnavailable(note)
        case Listened():
            return await writing.take(heard, said)
        case Over():
            return replace(await writing.end(heard), done=True, at=_now())


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
