"""A room of a peer: samples go out over a websocket, what a reader sees comes back as JSON."""

import asyncio
import contextlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import websockets

from bench.peers.speech import Speech
from bench.peers.system import LINGER_S, Screen, pace

Message = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How a peer speaks: its word for the end of the audio, and how its messages are read.

    ``shown`` splits a message into what is committed and what is not, None when it shows nothing;
    ``over`` tells the last message.
    """

    goodbye: bytes
    shown: Callable[[Message], tuple[str, str] | None]
    over: Callable[[Message], bool]


class SocketRoom:
    """One connected client of a peer."""

    def __init__(self, socket: websockets.ClientConnection, dialect: Dialect) -> None:
        self._socket = socket
        self._dialect = dialect
        self._reading: asyncio.Task[None] | None = None

    async def say(self, speech: Speech, screen: Screen) -> None:
        self._reading = asyncio.create_task(self._read(screen))
        await pace(speech, screen, self._socket.send)

    async def finish(self) -> None:
        await self._socket.send(self._dialect.goodbye)
        if self._reading is not None:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._reading, LINGER_S)

    async def _read(self, screen: Screen) -> None:
        with contextlib.suppress(websockets.ConnectionClosed):
            async for text in self._socket:
                message = json.loads(text)
                if self._dialect.over(message):
                    return
                if (shown := self._dialect.shown(message)) is not None:
                    screen.show(*shown)
