"""Recognition in supervised processes: the `pipeline.recognition.Recogniser` for real use.

Each process has an `asr.host.Host`, which restarts it when it dies or hangs; `Supervised` spreads
the rooms over hosts, the least loaded first, and keeps one place free, so that opening a room is
immediate.
"""

import asyncio
import itertools
from collections.abc import Sequence

from asr.host import Host, Limits
from asr.language import code
from asr.process import WorkerSpec
from asr.room import RoomStream
from models.caption import EngineInfo
from models.errors import EngineUnavailable
from models.room import AUTO_LANGUAGE


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
