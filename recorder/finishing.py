"""The queue of recordings that are to be finished, a process for each, one at a time by default.

What waits is on disk as folders that lack something (`recorder.job`), so a restart goes on where
the last run ended, however it ended.
"""

import asyncio
import logging
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from models.errors import Conflict, NotFound, StorageFailed
from recorder.job import is_left
from recorder.recording import Recorder

log = logging.getLogger(__name__)

WAITING, FAILED = "waiting", "failed"
TRIES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where a recording is on its way: `WAITING`, a step of `recorder.job`, or `FAILED`.

    ``share`` of the step is done, from 0 to 1. One that failed is tried again, a few times now and
    after the next start.
    """

    step: str
    share: float = 0.0


class Finishing:
    """Finishes recordings in the background; lives in one event loop, from `start` to `close`.

    What is queued is as much as there are recordings on disk, each once.
    """

    def __init__(self, recorder: Recorder, *, at_once: int = 1, retry_s: float = 60.0) -> None:
        self._recorder = recorder
        self._at_once = at_once
        self._retry_s = retry_s
        self.finished: Callable[[str], None] = lambda _: None
        """Is told the id of each recording that is finished."""
        self._progress: dict[str, Progress] = {}
        self._tries: dict[str, int] = {}
        self._ended: dict[str, asyncio.Event] = {}
        self._waiting: asyncio.Queue[str] = asyncio.Queue()
        self._running: dict[str, Process] = {}
        self._workers: list[asyncio.Task[None]] = []
        self._later: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Queue what an earlier run has left, from the oldest on, and begin."""
        for recording_id in await asyncio.to_thread(self._left):
            self.add(recording_id)
        self.begin()

    def begin(self) -> None:
        """Work on what is added, and on nothing else."""
        self._workers = [asyncio.create_task(self._work()) for _ in range(self._at_once)]

    def add(self, recording_id: str) -> None:
        """Have a recording finished that does not run any more; twice is fine."""
        if recording_id not in self._ended:
            self._ended[recording_id] = asyncio.Event()
            self._progress[recording_id] = Progress(step=WAITING)
            self._waiting.put_nowait(recording_id)

    def want(self, recording_id: str) -> None:
        """Have what is missing made, unless that is under way or has failed."""
        if recording_id not in self._progress:
            self.add(recording_id)

    def progress(self, recording_id: str) -> Progress | None:
        """How far it is; None when nothing is to be done."""
        return self._progress.get(recording_id)

    async def done(self, recording_id: str) -> None:
        """Wait until a recording is finished, or has failed for now."""
        if recording_id in self._ended:
            await self._ended[recording_id].wait()

    async def idle(self) -> None:
        """Wait until nothing is queued."""
        while self._ended:
            await asyncio.gather(*(ended.wait() for ended in list(self._ended.values())))

    async def drop(self, recording_id: str) -> None:
        """Give a recording up, because it is to be deleted."""
        self._progress.pop(recording_id, None)
        if process := self._running.get(recording_id):
            _kill(process)
            await self.done(recording_id)

    async def close(self) -> None:
        """Stop at once; the next start goes on."""
        tasks = [*self._workers, *self._later]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for ended in self._ended.values():
            ended.set()
        self._ended.clear()

    def _left(self) -> list[str]:
        root = self._recorder
        return [name for name in root.left() if is_left(root.folder(name))]

    async def _work(self) -> None:
        while True:
            recording_id = await self._waiting.get()
            self._over(recording_id, await self._run(recording_id))

    def _over(self, recording_id: str, well: bool) -> None:
        self._ended.pop(recording_id).set()
        if well:
            self._progress.pop(recording_id, None)
            self._tries.pop(recording_id, None)
            self.finished(recording_id)
            return
        self._tries[recording_id] = tries = self._tries.get(recording_id, 0) + 1
        if recording_id in self._progress:
            self._progress[recording_id] = Progress(step=FAILED)
        if tries < TRIES:
            task = asyncio.create_task(self._again(recording_id, self._retry_s * tries))
            self._later.add(task)
            task.add_done_callback(self._later.discard)

    async def _again(self, recording_id: str, after_s: float) -> None:
        await asyncio.sleep(after_s)
        self.add(recording_id)

    async def _run(self, recording_id: str) -> bool:
        """Run the job to its end; False when it failed."""
        if not await asyncio.to_thread(self._recorder.folder(recording_id).is_dir):
            return True  # nothing was ever heard, or it has been deleted
        try:
            await asyncio.to_thread(self._recorder.media_path, recording_id)
        except (Conflict, NotFound):
            pass  # it is still to be joined
        except StorageFailed as error:
            log.warning("recording %s is not finished yet: %s", recording_id, error)
            return False
        process = await asyncio.create_subprocess_exec(
            *[sys.executable, "-m", "recorder.job", str(self._recorder.root), recording_id],
            stdin=PIPE,  # its end is how the job learns of ours
            stdout=PIPE,
            start_new_session=True,  # Ctrl-C is ours to handle, and the group is ours to kill
        )
        self._running[recording_id] = process
        try:
            assert process.stdout is not None
            async for line in process.stdout:
                step, _, share = line.decode().partition(" ")
                if recording_id in self._progress:
                    self._progress[recording_id] = Progress(step=step, share=float(share))
            return await process.wait() == 0
        finally:
            del self._running[recording_id]
            if process.returncode is None:
                _kill(process)
            await asyncio.shield(process.communicate())


def _kill(process: Process) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
