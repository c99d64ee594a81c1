"""What it takes to be measured: a server that can be started, and rooms that speak to it."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Protocol

from bench.peers.scoring import Gap, Snapshot, SpokenWord, ahead_s
from bench.peers.speech import Speech
from models.audio import SPEECH_RATE_HZ

TAIL_S = 3.0
LINGER_S = 35.0
_CHUNK_S = 0.1


class Room(Protocol):
    """One room, connected: sound goes in, what a reader sees comes out."""

    async def say(self, speech: Speech, screen: "Screen") -> None:
        """Say it in real time, then be silent for `TAIL_S`."""

    async def finish(self) -> None:
        """Say that nothing more comes, and wait for what is left, `LINGER_S` at most."""


class Server(Protocol):
    """A server that runs."""

    @property
    def pid(self) -> int:
        """The process, whose children belong to it."""

    def room(self) -> AbstractAsyncContextManager[Room]:
        """Connect a new room."""


class System(Protocol):
    """A system under test; a ``variant`` is measured once with each number of rooms."""

    name: str
    title: str
    variant: bool

    def prepare(self) -> None:
        """Install what is needed. Raises `Unavailable`."""

    def serve(self, model: Path) -> AbstractAsyncContextManager[Server]:
        """Run the server with a folder of weights, to its end. Raises `Unavailable`."""


class Screen:
    """What a reader sees, over time; the clock begins with the first sample."""

    def __init__(self) -> None:
        self.snapshots: list[Snapshot] = []
        self._gaps: Sequence[Gap] | None = None
        self._heard: Sequence[SpokenWord] = ()
        self._began = time.monotonic()

    def begin(self) -> None:
        """Start the clock."""
        self._began = time.monotonic()

    @property
    def now_s(self) -> float:
        """Seconds since the first sample."""
        return time.monotonic() - self._began

    def show(self, committed: str, tentative: str) -> None:
        """Take what is on the screen from now on."""
        self.snapshots.append(Snapshot(at_s=self.now_s, committed=committed, tentative=tentative))

    def mark(self, gaps: Sequence[Gap], heard: Sequence[SpokenWord]) -> None:
        """Take all gaps so far, and what was heard with its times: both in the server's clock."""
        self._gaps, self._heard = gaps, heard

    def gaps(self, said: Sequence[SpokenWord]) -> list[Gap] | None:
        """Give the gaps in the clock of what was said; None when this system never told of any.

        When nothing was heard right, nobody can tell where they lie, and none is given.
        """
        if self._gaps is None:
            return None
        ahead = ahead_s(said, self._heard)
        return [] if ahead is None else [gap.later(-ahead) for gap in self._gaps]


async def pace(speech: Speech, screen: Screen, send: Callable[[bytes], Awaitable[None]]) -> None:
    """Send 16 kHz samples as bytes, a tenth of a second at a time, each when it has been said."""
    data = speech.pcm.tobytes() + bytes(2 * round(TAIL_S * SPEECH_RATE_HZ))
    size = 2 * round(_CHUNK_S * SPEECH_RATE_HZ)
    screen.begin()
    for at in range(0, len(data), size):
        due_s = (at + size) / (2 * SPEECH_RATE_HZ)
        await asyncio.sleep(max(0.0, due_s - screen.now_s))
        await send(data[at : at + size])
