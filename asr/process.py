"""One recogniser process: started, spoken to in frames, killed."""

import asyncio
import contextlib
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

from asr.wire import BadFrame, Message, frame_length, pack, unpack
from models.caption import EngineInfo
from models.errors import EngineUnavailable

_ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerSpec:
    """Which engine a process runs, and how many rooms share it.

    ``languages`` are the ISO 639-1 codes it knows; none means every one. ``model`` is a folder or
    a file for engines that need one. At least ``processes`` run, each with ``workers`` decodes
    at a time, ``threads`` for each and up to ``batch`` windows in each; with ``gpus``, process n
    uses GPU n modulo their number. ``short_context`` is explained in `asr.context`.
    ``smaller`` is a folder of weights for the time of overload, or empty.
    A ``patient`` one never gives a window up for coming too late: for files, not for live rooms.
    """

    engine: str
    info: EngineInfo
    model: str = ""
    streams_per_process: int = 1
    processes: int = 1
    workers: int = 1
    threads: int = 1
    batch: int = 1
    device: str = "cpu"
    compute_type: str = "int8"
    gpus: int = 0
    short_context: bool = False
    smaller: str = ""
    smaller_short_context: bool = False
    patient: bool = False
    languages: tuple[str, ...] = ()


class WorkerProcess:
    """A running process; `receive` gives its frames until it ends."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def start(cls, spec: WorkerSpec, *, place: int = 0) -> "WorkerProcess":
        """Start process number ``place`` of a spec.

        It gets a session of its own, so that Ctrl-C is the server's to handle.
        """
        try:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "asr.worker",
                *_arguments(spec, place),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                env=_environment(spec),
                start_new_session=True,
            )
        except OSError as error:
            raise EngineUnavailable("A process for the recogniser cannot be started.") from error
        return cls(process)

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._process.pid

    def send(self, message: Message) -> None:
        """Write a frame without waiting; what a dead process does not read is lost.

        The transport's buffer is bounded by whoever counts what was answered
        (`asr.host.Limits.backlog_s`).
        """
        stdin = self._process.stdin
        if stdin is not None and not stdin.is_closing():
            stdin.write(pack(message))

    async def receive(self) -> Message | None:
        """Wait for a frame; None when the process has ended or speaks nonsense."""
        assert self._process.stdout is not None
        try:
            length = frame_length(await self._process.stdout.readexactly(4))
            return unpack(await self._process.stdout.readexactly(length))
        except (asyncio.IncompleteReadError, ConnectionError, BadFrame):
            return None

    async def ended(self, *, within_s: float) -> int | None:
        """Wait for the end of the process; gives its status, negative for a signal.

        None when it goes on: it only speaks nonsense, or closed its pipe.
        """
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                return await self._process.wait()
        return None

    def kill(self) -> None:
        """End the process at once; `receive` gives None after what it had said."""
        # asyncio's own kill collects a process that has just died, and then its status is unknown.
        with contextlib.suppress(ProcessLookupError):
            if self._process.returncode is None:
                os.kill(self._process.pid, signal.SIGKILL)

    async def close(self) -> None:
        """Kill the process, collect it and free its pipes, even when that is cancelled."""
        collecting = asyncio.create_task(self._collect())
        try:
            await asyncio.shield(collecting)
        except asyncio.CancelledError:
            await collecting
            raise

    async def _collect(self) -> None:
        self.kill()
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        with contextlib.suppress(ConnectionError):
            await self._process.stdin.wait_closed()
        while await self._process.stdout.read(65536):
            pass
        await self._process.wait()


def _arguments(spec: WorkerSpec, place: int) -> list[str]:
    """Write a spec as what `asr.worker` reads."""
    return [
        *("--engine", spec.engine),
        *("--model", spec.model),
        *("--workers", str(spec.workers)),
        *("--threads", str(spec.threads)),
        *("--batch", str(spec.batch)),
        *("--device", spec.device),
        *("--device-index", str(place % max(1, spec.gpus))),
        *("--compute-type", spec.compute_type),
        *(("--short-context",) if spec.short_context else ()),
        *(("--smaller", spec.smaller) if spec.smaller else ()),
        *(("--smaller-short-context",) if spec.smaller_short_context else ()),
        *(("--patient",) if spec.patient else ()),
    ]


def _environment(spec: WorkerSpec) -> dict[str, str]:
    """Give the server's environment with what makes a recogniser quick and keeps it offline."""
    inherited = os.environ.get("PYTHONPATH")
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(part for part in (str(_ROOT), inherited) if part),
        "HF_HUB_OFFLINE": "1",
        "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
        "OMP_NUM_THREADS": str(spec.threads),
    }
