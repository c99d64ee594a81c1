"""``roomscribe serve``."""

import asyncio
import os
import signal
from contextlib import AsyncExitStack

from rich.console import Console

from api.cli import download
from api.serving import serving
from api.settings import Settings


async def serve(settings: Settings) -> int:
    """Run the server until it is told to stop; rooms are finished first."""
    console = Console(highlight=False)
    stop = stop_event()
    async with AsyncExitStack() as stack:
        with download.shown(console) as advance:
            url, running = await stack.enter_async_context(serving(settings, advance))
        console.print(f"[bold]Roomscribe[/] on {url}  (Ctrl-C ends it)")
        if running.notice:
            console.print(running.notice, soft_wrap=True)
        await stop.wait()
        console.print("Finishing captions and recordings …")
    return 0


def stop_event() -> asyncio.Event:
    """Make an event that Ctrl-C and a polite kill set; a second one ends the process at once.

    Ending at once loses nothing that the next start cannot mend: it is what recovery is for.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def stopped() -> None:
        if stop.is_set():
            os.write(2, b"Ended at once. The next start finishes the recording.\n")
            os._exit(130)
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped)
    return stop
