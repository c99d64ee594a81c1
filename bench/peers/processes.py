"""Processes that the bench starts: their processor time, and their end."""

import asyncio
import contextlib
import os
import signal
import socket
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from bench.environments import Unavailable

_TICKS = os.sysconf("SC_CLK_TCK")
_READY_S = 120.0
_END_S = 15.0


def free_port() -> int:
    """Find a port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def tree(pid: int) -> list[int]:
    """List a process and all that it and its children started."""
    found = [pid]
    with contextlib.suppress(OSError):
        for file in Path(f"/proc/{pid}/task").glob("*/children"):
            for child in file.read_text().split():
                found += tree(int(child))
    return found


def cpu_s(pid: int) -> float:
    """Sum the processor seconds of a tree of processes, ended children included."""
    total = 0
    for each in tree(pid):
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
            total += sum(int(ticks) for ticks in fields[11:15])
    return total / _TICKS


def machine_cpu_s() -> float:
    """Sum the processor seconds that everything on this machine has used."""
    fields = [int(field) for field in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]]
    user, nice, system, _, _, irq, softirq, *_ = fields
    return (user + nice + system + irq + softirq) / _TICKS


@asynccontextmanager
async def running(
    command: Sequence[str], *, environment: Mapping[str, str], log: Path, folder: Path
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run a server; its tree of processes is gone when the context ends."""
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=asyncio.subprocess.STDOUT,
            env={**os.environ, **environment},
            cwd=folder,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        await _end(process)


async def until_listening(process: asyncio.subprocess.Process, port: int, log: Path) -> None:
    """Wait until a server answers on its port. Raises `Unavailable`."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_READY_S):
            while process.returncode is None:
                with contextlib.suppress(OSError):
                    _, writer = await asyncio.open_connection("127.0.0.1", port)
                    writer.close()
                    await writer.wait_closed()
                    return
                await asyncio.sleep(0.2)
    raise Unavailable(f"the server did not start: {last_line(log)}")


def last_line(log: Path) -> str:
    """Give the last thing that a process said."""
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return lines[-1].strip() if lines else "it said nothing"


async def _end(process: asyncio.subprocess.Process) -> None:
    """Ask the process to end; whatever of its tree is still there after a while is killed."""
    members = tree(process.pid)
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_END_S):
            await process.wait()
    # children that outlive their parent keep the session that was made for them
    for pid in members:
        with contextlib.suppress(OSError):
            if os.getsid(pid) == process.pid:
                os.kill(pid, signal.SIGKILL)
    await process.wait()
