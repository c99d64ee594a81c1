"""Recognition in supervised processes: the `pipeline.recognition.Recogniser` for real use.

A `Host` keeps one process running and restarts it when it dies or hangs; `Supervised` spreads the
rooms over hosts, the least loaded first, and keeps one place free, so that opening a room is
immediate.
"""

import asyncio
import contextlib
import itertools
import logging
import math
import signal
from collections.abc import Sequence
from dataclasses import dataclass

from asr.language import code
from asr.process import WorkerProcess, WorkerSpec
from asr.room import RoomStream
from asr.wire import Failed, Finished, Heard, Message, Ready, Worked
from models.caption import EngineInfo
from models.errors import EngineUnavailable
from models.room import AUTO_LANGUAGE

log = logging.getLogger(__name__)

_RESTARTING = "The recogniser stopped and is being restarted."


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """When a process counts as hung, and how it is brought back.

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
        self._ready_at_s = math.inf
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
        if self._process is not None:
            room.attach(self._process, self._number)
        else:
            room.missing(self._note)

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
        clock = asyncio.get_running_loop().time
        pause_s = self._limits.first_retry_s
        while True:
            self._ready_at_s = math.inf
            try:
                await self._live_once()
            except EngineUnavailable as error:
                if not self._ready.done() and not self._proven:
                    self._ready.set_exception(error)
                    return
                self._cannot_start(str(error))
            # Loading is no life: a process that always dies of it is not tried ever faster.
            if clock() - self._ready_at_s > self._limits.settled_s:
                pause_s = self._limits.first_retry_s
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, self._limits.longest_retry_s)

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
            self._process, self._note = process, _RESTARTING
            self._ready_at_s = asyncio.get_running_loop().time()
            for number, room in self._rooms.items():
                room.attach(process, number)
            if not self._ready.done():
                self._ready.set_result(None)
            watch = asyncio.create_task(self._watch(process), name="recogniser-watch")
            try:
                while (message := await process.receive()) is not None:
                    self._handle(message)
            finally:
                watch.cancel()
        finally:
            self._process = None
            for room in self._rooms.values():
                room.lost(_RESTARTING)
            await process.close()
        log.warning("a recogniser process ended")

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
            if await process.ended() == -signal.SIGKILL:
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
                    process.kill()
                    return

    def _handle(self, message: Message) -> None:
        if isinstance(message, Heard | Worked | Finished):
            room = self._rooms.get(message.stream)
            if room is not None:
                room.handle(message)


class Supervised:
    """A `Recogniser` over worker processes."""

    def __init__(self, spec: WorkerSpec, *, limits: Limits | None = None) -> None:
        self._spec = spec
        self._limits = limits or Limits()
        self._hosts: list[Host] = []
        self._streams: dict[RoomStream, Host] = {}
        self._placing = asyncio.Lock()
        self._proven = False

    @property
    def info(self) -> EngineInfo:
        """What listeners are told about the engine."""
        return self._spec.info

    @property
    def pids(self) -> tuple[int, ...]:
        """The processes that run and are ready."""
        return tuple(host.pid for host in self._hosts if host.pid is not None)

    async def start(self) -> None:
        """Start the processes and wait for one of them; raises `EngineUnavailable`."""
        async with self._placing:
            await self._host_with_room()
            self._fill()

    async def open(
        self, *, language: str, terms: Sequence[str] = (), translate: bool = False
    ) -> RoomStream:
        """Open a room's stream, at once when a place is free."""
        spoken = self._spoken(language)
        if translate and not self._spec.info.translates:
            raise EngineUnavailable(f"{self._spec.engine} cannot translate with these weights.")
        async with self._placing:
            host = await self._host_with_room()
            room = RoomStream(
                language=spoken, terms=tuple(terms), translate=translate, leave=self._leave
            )
            host.add(room)
            self._streams[room] = host
            self._fill()
        return room

    def _spoken(self, language: str) -> str:
        """Give the engine's code for a room's language; raises `EngineUnavailable`."""
        known = self._spec.languages
        if language == AUTO_LANGUAGE:
            return known[0] if len(known) == 1 else AUTO_LANGUAGE
        spoken = code(language)
        if known and spoken not in known:
            model = " ".join(filter(None, (self._spec.info.name, self._spec.info.model)))
            only = f"knows {known[0]} only, not" if len(known) == 1 else "does not know"
            raise EngineUnavailable(f"{model} {only} the language {language}.")
        return spoken

    async def close(self) -> None:
        """Stop every stream and process."""
        for room in list(self._streams):
            await room.close()
        hosts, self._hosts = self._hosts, []
        await asyncio.gather(*(host.close() for host in hosts))

    async def _host_with_room(self) -> Host:
        """Find or start the host that a room is best put in."""
        host = min((h for h in self._hosts if h.free > 0), key=_burden, default=None) or self._add()
        try:
            await host.ready()
        except EngineUnavailable:
            if host in self._hosts:
                self._hosts.remove(host)
            await host.close()
            raise
        self._proven = True
        return host

    def _fill(self) -> None:
        """Start what is missing: the processes that were asked for, and a free place."""
        while len(self._hosts) < self._spec.processes or all(h.free <= 0 for h in self._hosts):
            self._add()

    def _add(self) -> Host:
        taken = {host.place for host in self._hosts}
        place = next(number for number in itertools.count() if number not in taken)
        host = Host(self._spec, self._limits, place=place, proven=self._proven)
        self._hosts.append(host)
        return host

    async def _leave(self, room: RoomStream) -> None:
        host = self._streams.pop(room, None)
        if host is None:
            return
        host.remove(room)
        spare = [other for other in self._hosts if other is not host and other.empty]
        if host.empty and spare and len(self._hosts) > self._spec.processes:
            # A fresh spare is as good as this one, and a decoder that was used keeps its memory.
            self._hosts.remove(host)
            await host.close()


def _burden(host: Host) -> tuple[bool, int]:
    """Order hosts by how well they suit a room: those that run, then those with few rooms."""
    return host.pid is None, -host.free


def _too_little_memory(spec: WorkerSpec) -> str:
    if not spec.model:
        return f"There is too little memory for {spec.engine}."
    return (
        f"There is too little memory for the model {spec.info.model}. "
        "Whoever runs this server can choose a smaller one (ROOMSCRIBE_MODEL)."
    )
