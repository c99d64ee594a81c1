"""A reader of captions.v1: an independent websocket client, connected to a real server."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import websockets
from websockets.asyncio.client import ClientConnection

from tests.api.running import WAIT_S, Running

Message = dict[str, Any]
SPOKEN = ("final", "correction", "gap")


class Reader:
    """A client of captions.v1 that keeps everything it was sent."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.all: list[Message] = []

    async def next(self) -> Message:
        """The next message, whatever it is."""
        async with asyncio.timeout(WAIT_S):
            self.all.append(json.loads(await self.connection.recv()))
        return self.all[-1]

    async def take(self, type: str) -> Message:
        """The next message of a type; what comes before it is skipped."""
        while (await self.next())["type"] != type:
            pass
        return self.all[-1]

    async def up_to(self, seq: int) -> list[int]:
        """Read until the entry ``seq`` has come; gives the numbers of all entries so far."""
        while seq not in self.entries():
            await self.next()
        return self.entries()

    async def answered(self) -> None:
        """Make sure that the server has read everything that was sent to it."""
        await self.send(type="ping")
        await self.take("pong")

    async def send(self, **message: object) -> None:
        await self.connection.send(json.dumps(message))

    def entries(self) -> list[int]:
        """The numbers of all entries so far, except those of the first page."""
        numbers: list[int] = []
        for message in self.all:
            if message["type"] == "history":
                numbers += [item["seq"] for item in message["items"]]
            elif message["type"] in SPOKEN:
                numbers.append(message["seq"])
        return numbers

    def texts(self) -> list[str]:
        return [message["text"] for message in self.all if message["type"] == "final"]

    async def closed(self) -> int | None:
        """Wait until the server hangs up; gives its code."""
        async with asyncio.timeout(WAIT_S):
            await self.connection.wait_closed()
        return self.connection.close_code


@asynccontextmanager
async def reading(
    server: Running, room_id: str, query: str = "", **options: Any
) -> AsyncIterator[Reader]:
    address = f"{server.url.replace('http', 'ws', 1)}/v1/rooms/{room_id}/captions?{query}"
    options = {"subprotocols": ["captions.v1"], "compression": None} | options
    async with websockets.connect(address, proxy=None, **options) as connection:
        yield Reader(connection)


@asynccontextmanager
async def reading_along(
    server: Running, room_id: str, query: str = "", **options: Any
) -> AsyncIterator[Reader]:
    """Connect and read past the welcome and the first page."""
    async with reading(server, room_id, query, **options) as reader:
        await reader.take("welcome" if "after=" in query else "history")
        yield reader


def letters(count: int, prefix: str = "c") -> list[str]:
    return [f"{prefix}{number}" for number in range(1, count + 1)]
