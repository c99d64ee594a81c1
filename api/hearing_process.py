"""The process that hears a recording (`api.hearing_job`): started, read line by line, killed."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from api.hearing_order import Order, Said, loads

_LINE_BYTES = 1 << 20  # half a minute of speech is some kilobytes


class HearingProcess:
    """A running process; `said` ends when it does."""

    def __init__(self, process: Process) -> None:
        self._process = process

    async def said(self) -> AsyncIterator[Said]:
        """Yield what it says until it ends, however it ends."""
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            if line.endswith(b"\n"):
                yield loads(line.decode())

    def kill(self) -> None:
        """End it at once, with ffmpeg; its recogniser notices."""
        with suppress(ProcessLookupError):
            if self._process.returncode is None:
                os.killpg(self._process.pid, signal.SIGKILL)


@asynccontextmanager
async def hearing(order: Order) -> AsyncIterator[HearingProcess]:
    """Run a process for an order; it is gone when the context ends."""
    process = await asyncio.create_subprocess_exec(
        *[sys.executable, "-m", "api.hearing_job"],
        stdin=PIPE,  # its end is how the process learns of ours
        stdout=PIPE,
        limit=_LINE_BYTES,
        start_new_session=True,  # Ctrl-C is ours to handle, and the group is ours to kill
    )
    running = HearingProcess(process)
    try:
        assert process.stdin is not None
        process.stdin.write(order.dumps().encode())
        yield running
    finally:
        running.kill()
        await asyncio.shield(process.communicate())
