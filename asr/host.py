"""One recogniser process, kept running, and the rooms in it."""

import asyncio
import contextlib
import logging
import signal
from dataclasses import dataclass

from asr.backoff import Backoff
from asr.process import WorkerProcess, WorkerSpec
from asr.room import RoomStream
from asr.wire import Failed, Finished, Heard, Message, Ready, Worked
from models.audio import SPEECH_RATE_HZ
from models.errors import EngineUnavailable

log = logging.getLogger(__name__)

_RESTARTING = "The recogniser stopped and is being restarted."
_ENDING_S = 1.0  # a process that has closed its pipe is nearly gone
_TRIAL_SAMPLES = SPEECH_RATE_HZ  # an utterance shorter than a second may end without a decode
_HANGING = "The recogniser keeps hanging and is tried again with what is said next."


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """When a process counts as hung, and how it is brought back (`asr.backoff`).

    A room that has more than ``backlog_s`` of audio waiting in the process hangs too: whoever
    feeds faster than real time must mind `pipeline.recognition.Progress`.
    """

    ready_s: float = 120.0
    hang_s: float = 20.0
    backlog_s: float = 60.0
    first_retry_s: float = 0.2
    longest_retry_s: float = 10.0
    settled_s: float = 30.0


class Host:
    """Recogniser process number ``place`` of a spec, kept running, and the rooms in it.

    When the first start of a spec that is not ``proven`` fails, there is no point in trying again.
    """

    def __init__(
        self, spec: WorkerSpec, limits: Limits, *, place: int = 0, proven: bool = False
    ) -> None:
        self._spec = spec
        self._limits = limits
        self.place = place
        self._proven = proven
        self._note = _RESTARTING
        self._backoff = Backoff(
            first_s=limits.first_retry_s,
            longest_s=limits.longest_retry_s,
            settled_s=limits.settled_s,
        )
        self._on_trial = self._has_settled = self._lacks_memory = self._hung = False
        self._process: WorkerProcess | None = None
        self._rooms: dict[int, RoomStream] = {}
        self._number = 0
        self._ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._task = asyncio.create_task(self._run(), name="recogniser")

    @property
    def pid(self) -> int | None:
        """The process's id while it runs and is ready."""
        return self._process.pid if self._process else None

    @property
    def free(self) -> int:
        """How many more rooms fit."""
        return self._spec.streams_per_process - len(self._rooms)

    @property
    def empty(self) -> bool:
        """Whether no room uses the process."""
        return not self._rooms

    async def ready(self) -> None:
        """Wait for the first start; raises `EngineUnavailable` when the engine cannot run."""
        await asyncio.shield(self._ready)

    def add(self, room: RoomStream) -> None:
        """Give a room its place."""
        self._number += 1
        self._rooms[self._number] = room
        if self._process is None or self._on_trial:
            room.missing(self._note)
        if self._process is not None:
            room.attach(self._process, self._number, on_trial=self._on_trial)

    def remove(self, room: RoomStream) -> None:
        """Take a room's place back."""
        self._rooms = {n: r for n, r in self._rooms.items() if r is not room}

    async def close(self) -> None:
        """Stop the process for good."""
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task
        if not self._ready.done():
            self._ready.set_exception(EngineUnavailable("The recogniser was stopped."))
        # An error that nobody waited for has been logged already.
        self._ready.exception()

    async def _run(self) -> None:
        while True:
            try:
                await self._live_once()
            except EngineUnavailable as error:
                if not self._ready.done() and not self._proven:
                    self._ready.set_exception(error)
                    return
                self._cannot_start(str(error))
            await asyncio.sleep(self._backoff.pause_s())

    def _cannot_start(self, note: str) -> None:
        """Tell the rooms why they have no captions; those to come are told the same."""
        log.warning("a recogniser process cannot be started: %s", note)
        if not self._ready.done():
            self._ready.set_result(None)
        if note != self._note:
            self._note = note
            for room in self._rooms.values():
                room.missing(note)

    async def _live_once(self) -> None:
        process = await WorkerProcess.start(self._spec, place=self.place)
        try:
            await self._await_ready(process)
            await self._live(process)
        finally:
            await process.close()
        log.warning("a recogniser process ended")

    async def _live(self, process: WorkerProcess) -> None:
        """Serve the rooms with a process that is ready, until it ends."""
        clock = asyncio.get_running_loop().time
        ready_at_s, self._process = clock(), process
        self._on_trial, self._has_settled = self._backoff.doubtful, False
        if not self._on_trial:
            self._note = _RESTARTING
        for number, room in self._rooms.items():
            room.attach(process, number, on_trial=self._on_trial)
        if not self._ready.done():
            self._ready.set_result(None)
        watch = asyncio.create_task(self._watch(process), name="recogniser-watch")
        try:
            while (message := await process.receive()) is not None:
                self._handle(message)
        finally:
            watch.cancel()
            self._process = None
            self._died(clock() - ready_at_s)

    def _died(self, lived_s: float) -> None:
        """Tell the rooms; when it happens again and again, also why that may be."""
        worked = self._has_settled or not any(room.waits for room in self._rooms.values())
        self._backoff.died(lived_s=lived_s, worked=worked)
        if self._lacks_memory:
            self._note = _too_little_memory(self._spec)
        elif self._backoff.doubtful:
            self._note = _HANGING if self._hung else _keeps_stopping(self._spec)
        self._lacks_memory = self._hung = self._on_trial = False
        for room in self._rooms.values():
            room.lost(self._note)

    async def _await_ready(self, process: WorkerProcess) -> None:
        try:
            async with asyncio.timeout(self._limits.ready_s):
                message = await process.receive()
        except TimeoutError:
            raise EngineUnavailable(
                f"{self._spec.engine} did not start within {self._limits.ready_s:.0f} s."
            ) from None
        if isinstance(message, Failed):
            raise EngineUnavailable(
                _too_little_memory(self._spec) if message.memory else message.message
            )
        if not isinstance(message, Ready):
            if await process.ended(within_s=_ENDING_S) == -signal.SIGKILL:
                raise EngineUnavailable(_too_little_memory(self._spec))
            raise EngineUnavailable(
                f"{self._spec.engine} ended while it was starting; there may be too little memory."
            )

    async def _watch(self, process: WorkerProcess) -> None:
        """Kill a process in which a room makes no progress; its end does the rest."""
        while True:
            await asyncio.sleep(min(1.0, self._limits.hang_s / 4))
            for room in self._rooms.values():
                if room.stuck(hang_s=self._limits.hang_s, backlog_s=self._limits.backlog_s):
                    log.error("a recogniser process hangs and is killed")
                    self._hung = True
                    process.kill()
                    return

    def _handle(self, message: Message) -> None:
        if isinstance(message, Failed):
            self._lacks_memory = message.memory
        elif isinstance(message, Heard | Worked | Finished):
            self._judge(message)
            room = self._rooms.get(message.stream)
            if room is not None:
                room.handle(message)

    def _judge(self, message: Heard | Worked | Finished) -> None:
        """End the trial of a process that has given words, or worked off an utterance."""
        settled = (
            isinstance(message, Worked) and message.settled and message.samples >= _TRIAL_SAMPLES
        )
        self._has_settled = self._has_settled or settled
        heard = isinstance(message, Heard) and message.hypothesis.final and message.hypothesis.words
        if self._on_trial and (settled or heard):
            self._on_trial, self._note = False, _RESTARTING
            for room in self._rooms.values():
                room.believe()


def _too_little_memory(spec: WorkerSpec) -> str:
    return f"There is too little memory for {_with_advice(spec)}"


def _keeps_stopping(spec: WorkerSpec) -> str:
    return (
        "The recogniser keeps stopping and is tried again with what is said next. "
        f"There may be too little memory for {_with_advice(spec)}"
    )


def _with_advice(spec: WorkerSpec) -> str:
    if not spec.model:
        return f"{spec.engine}."
    return (
        f"the model {spec.info.model}. "
        "Whoever runs this server can choose a smaller one (ROOMSCRIBE_MODEL)."
    )
