"""A real server in a process of its own, and Debian's Chromium."""

import asyncio
import json
import os
import signal
import sys
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from playwright.async_api import Browser, Page, async_playwright

from tests.chromium import FLAGS, executable

T = TypeVar("T")
_FLAGS = (
    *FLAGS,
    "--allow-loopback-in-peer-connection",
    "--disable-features=WebRtcHideLocalIpsWithMdns",
    "--autoplay-policy=no-user-gesture-required",
)


@dataclass(slots=True)
class Server:
    """A ``roomscribe serve`` in a process of its own; ``prefix`` is a command that starts it."""

    data_dir: Path
    url: str = ""
    process: asyncio.subprocess.Process | None = None
    environment: dict[str, str] = field(default_factory=dict)
    prefix: tuple[str, ...] = ()

    async def start(self) -> None:
        environment = {
            **os.environ,
            "HF_HUB_OFFLINE": "1",
            "PYTHONUNBUFFERED": "1",
            "ROOMSCRIBE_ENGINE": "pocketsphinx",
            "ROOMSCRIBE_ICE_ADDRESSES": "127.0.0.1",
            "ROOMSCRIBE_DATA_DIR": str(self.data_dir),
            "ROOMSCRIBE_PORT": "0",
            **self.environment,
        }
        self.process = await asyncio.create_subprocess_exec(
            *self.prefix,
            sys.executable,
            "-m",
            "api.cli",
            "serve",
            stdout=asyncio.subprocess.PIPE,
            env=environment,
        )
        assert self.process.stdout is not None
        async with asyncio.timeout(30):
            while not self.url:
                line = (await self.process.stdout.readline()).decode()
                assert line, "the server ended while it was starting"
                if " on http" in line:
                    self.url = line.split(" on ")[1].split()[0]

    async def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        process, self.process, self.url = self.process, None, ""
        if process is None:
            return 0
        if process.returncode is None:
            process.send_signal(number)
        async with asyncio.timeout(60):
            await process.communicate()
        return process.returncode or 0

    async def ask(
        self, method: str, path: str, body: object = None, *, token: str = ""
    ) -> dict[str, Any]:
        """Call the API and give its JSON."""
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=data, headers=headers, method=method)

        def read() -> dict[str, Any]:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return dict(json.load(answer))

        return await asyncio.to_thread(read)

    async def download(self, path: str) -> bytes:
        """Fetch a file."""

        def read() -> bytes:
            with urllib.request.urlopen(self.url + path, timeout=60) as answer:
                return bytes(answer.read())

        return await asyncio.to_thread(read)

    async def sign_in(self, name: str) -> str:
        return str((await self.ask("POST", "/v1/session", {"name": name}))["token"])


@asynccontextmanager
async def chromium(*flags: str) -> AsyncIterator[Browser]:
    """Start Debian's Chromium; ``flags`` are added to the usual ones."""
    path = executable()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=path, args=[*_FLAGS, *flags], headless=True
        )
        try:
            yield browser
        finally:
            await browser.close()


async def eventually(
    ask: Callable[[], Awaitable[T]], *, within_s: float, what: str, every_s: float = 0.1
) -> T:
    """Ask until the answer is true. Raises `AssertionError` naming ``what`` after a while."""
    answer = None
    try:
        async with asyncio.timeout(within_s):
            while not (answer := await ask()):
                await asyncio.sleep(every_s)
    except TimeoutError:
        raise AssertionError(f"not within {within_s} s: {what}; the last was {answer!r}") from None
    return answer


def complain(page: Page, faults: list[str]) -> None:
    """Collect what goes wrong on a page."""
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "console",
        lambda message: faults.append(message.text) if message.type == "error" else None,
    )
