import asyncio
import contextlib

from asr.choose import sphinx_spec
from asr.process import WorkerProcess


async def test_a_process_is_collected_even_when_its_closing_is_cancelled() -> None:
    process = await WorkerProcess.start(sphinx_spec())
    closing = asyncio.create_task(process.close())
    await asyncio.sleep(0)

    closing.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await closing

    assert process._process.returncode is not None
