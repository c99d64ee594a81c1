"""The server as a context: uvicorn in the running event loop."""

import asyncio
import logging
import re
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn

from api import bootstrap
from api.app import create
from api.bootstrap import Roomscribe
from api.settings import Settings
from asr.weights import Advance
from models.errors import Conflict
from rooms.embedded.engine import settle_gc

_GRACE_S = 5
_PRIVATE = re.compile(r"([?&](?:token|key|confirm|stop)=)[^&\s\"]+|(/search\?)[^\s\"]+")


class _Server(uvicorn.Server):
    """Uvicorn, leaving signals to the command that runs it."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class _Discreet(logging.Filter):
    """Keeps sign-ins, keys and searches out of the log, where uvicorn writes whole addresses."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(
                _PRIVATE.sub(r"\1\2…", value) if isinstance(value, str) else value
                for value in record.args
            )
        return True


_DISCREET = _Discreet()


@asynccontextmanager
async def serving(
    settings: Settings, advance: Advance | None = None
) -> AsyncIterator[tuple[str, Roomscribe]]:
    """Run the server; gives its address and its parts. Rooms are finished on the way out.

    Raises `Conflict` when the port is taken.
    """
    listener = _listen(settings)
    try:
        running = await bootstrap.start(settings, advance)
    except BaseException:
        listener.close()
        raise
    config = uvicorn.Config(
        create(settings, running=running),
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        ws_max_size=1024 * 1024,
        log_level=settings.log_level,
        timeout_graceful_shutdown=_GRACE_S,
    )
    for name in ("uvicorn.access", "uvicorn.error"):
        logging.getLogger(name).addFilter(_DISCREET)
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[listener]))
    settle_gc()
    try:
        host, port = listener.getsockname()[:2]
        yield f"http://{'localhost' if host in ('127.0.0.1', '0.0.0.0') else host}:{port}", running
    finally:
        await running.lives.close()
        server.should_exit = True
        await task
        await running.close()


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family)
    except OSError as error:
        raise Conflict(
            f"cannot listen on {settings.host}:{settings.port} ({error.strerror}): "
            "end what runs there, or choose another port with --port or ROOMSCRIBE_PORT"
        ) from None
