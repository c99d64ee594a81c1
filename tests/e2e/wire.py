"""A wire between a browser and a server that a test can cut, silently or for both to see."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit


class Wire:
    """Passes TCP connections on to the server at ``url``."""

    def __init__(self, url: str) -> None:
        self._port = urlsplit(url).port or 80
        self._open: set[asyncio.StreamWriter] = set()
        self._passing = asyncio.Event()
        self._passing.set()
        self._refusing = False
        self.url = ""

    def go_silent(self) -> None:
        """Pass nothing on from now on; nobody is told, as when a cable is pulled."""
        self._passing.clear()

    def cut(self) -> None:
        """Close every connection, and refuse new ones."""
        self._refusing = True
        for writer in self._open:
            writer.transport.abort()
        self._open.clear()

    def mend(self) -> None:
        """Pass new connections on; those of before are lost."""
        self.cut()
        self._refusing = False
        self._passing.set()

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection of the browser."""
        self._open.add(writer)
        await self._passing.wait()
        if self._refusing or writer.transport.is_closing():
            writer.transport.abort()
            return
        try:
            there, here = await asyncio.open_connection("127.0.0.1", self._port)
        except OSError:  # the server is not there now
            writer.transport.abort()
            return
        self._open.add(here)
        await asyncio.gather(self._pass(reader, here), self._pass(there, writer))
        await self._passing.wait()  # nobody is told before
        for end in (writer, here):
            end.transport.abort()
            self._open.discard(end)

    async def _pass(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await source.read(65536):
                if not self._passing.is_set():
                    return  # what is on a wire that is cut is lost
                sink.write(data)
                await sink.drain()
        if self._passing.is_set():
            sink.close()


@asynccontextmanager
async def wire(url: str) -> AsyncIterator[Wire]:
    """Lay a wire to the server at ``url``; its own address is in `Wire.url`."""
    laid = Wire(url)
    server = await asyncio.start_server(laid.accept, "127.0.0.1", 0)
    laid.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield laid
    finally:
        server.close()
        laid.mend()
