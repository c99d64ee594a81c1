"""Networks that are cut and servers that are killed under a reader: nothing lost, nothing twice."""

import asyncio
import json
import re
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import websockets
from playwright.async_api import Page, expect

from api.protocol import SUBPROTOCOL
from tests.e2e.running import Server, chromium
from tests.e2e.wire import Wire, wire

pytestmark = pytest.mark.browser

_SHOWN = """() => [...document.querySelectorAll("#turns .caption:not(.interim)")].map(
  (one) => [Number(one.dataset.seq), one.firstChild.textContent.trim()])"""
_PLACE = """() => [document.querySelector("#captions").scrollTop,
  document.querySelector("#turns").outerHTML]"""


@dataclass
class Writer:
    """A host who writes captions by hand, straight to the server."""

    server: Server
    token: str
    room: str
    socket: Any = None
    said: dict[str, str] = field(default_factory=dict)
    finals: list[dict[str, Any]] = field(default_factory=list)

    async def write(self, count: int) -> None:
        """Say ``count`` captions more, and wait until each is durable."""
        for _ in range(count):
            number = len(self.finals) + 1
            text = f"Caption number {number}, as it was written."
            line = {"type": "line", "line": f"l{number}", "text": text, "done": True}
            await self.socket.send(json.dumps(line))
            self.finals.append(await self.until("final"))

    async def until(self, kind: str) -> dict[str, Any]:
        async with asyncio.timeout(20):
            while True:
                message: dict[str, Any] = json.loads(await self.socket.recv())
                assert message["type"] != "error", message
                if message["type"] == kind:
                    return message

    async def correct(self, number: int, text: str) -> None:
        final = self.finals[number - 1]
        path = f"/v1/rooms/{self.room}/captions/{final['id']}"
        body = {"text": text, "rev": final["rev"]}
        await self.server.ask("PATCH", path, body, token=self.token)

    async def journal(self) -> list[str]:
        """Give what was said each time that the room was live, as it is kept."""
        room = await self.server.ask("GET", f"/v1/rooms/{self.room}")
        path = f"/v1/rooms/{self.room}/transcript?format=json&instance="
        kept = [
            await self.server.ask("GET", f"{path}{number}")
            for number in range(1, room["instance"] + 1)
        ]
        return [one["text"] for transcript in kept for one in transcript["captions"]]


@asynccontextmanager
async def writing(writer: Writer) -> AsyncIterator[None]:
    """Put the room on the air, and write its captions meanwhile."""
    await writer.server.ask("POST", f"/v1/rooms/{writer.room}/start", token=writer.token)
    at = writer.server.url.replace("http", "ws", 1)
    url = f"{at}/v1/rooms/{writer.room}/captions?token={writer.token}"
    subprotocols = [websockets.Subprotocol(SUBPROTOCOL)]
    async with websockets.connect(url, subprotocols=subprotocols) as writer.socket:
        await writer.socket.send(json.dumps({"type": "take-over"}))
        await writer.until("captioning")
        yield


async def _server(folder: Path) -> Server:
    """Start a server that hears nothing, whose port stays the same when it is started again."""
    script = folder / "script.json"
    script.write_text(json.dumps({"lines": []}), encoding="utf-8")
    engine = {"ROOMSCRIBE_ENGINE": "scripted", "ROOMSCRIBE_MODEL": str(script)}
    server = Server(folder / "data", environment=engine)
    await server.start()
    server.environment["ROOMSCRIBE_PORT"] = str(urlsplit(server.url).port)
    return server


async def _everything(page: Page) -> list[str]:
    """Read the whole room from its beginning to its end; nothing may be out of order."""
    await page.locator("#captions").press("Home")
    await expect(page.locator("#older")).to_have_text("This is the beginning.")
    seen: dict[int, str] = {}
    at_end = "e => e.scrollHeight - e.clientHeight - e.scrollTop <= 4"
    while True:
        shown = await page.evaluate(_SHOWN)
        numbers = [number for number, _ in shown]
        assert numbers == sorted(set(numbers)), "in order, and none twice"
        seen.update(dict(shown))
        is_loading = await page.locator("#turns .hole").count()
        if not is_loading and await page.locator("#captions").evaluate(at_end):
            break
        await page.keyboard.press("PageDown")
        await page.wait_for_timeout(50)
    await page.keyboard.press("l")
    await expect(page.locator("#mode")).to_have_text(re.compile("Following live|has ended"))
    return [seen[number] for number in sorted(seen)]


async def _sees(page: Page, number: int) -> None:
    last = page.locator("#turns .caption").last
    await expect(last).to_contain_text(f"Caption number {number},", timeout=20_000)


async def _mode(page: Page, said: str) -> None:
    await expect(page.locator("#mode")).to_have_text(said, timeout=20_000)


async def _lost(page: Page) -> None:
    health = page.locator("#health")
    await expect(health).to_have_text("Connection lost. Reconnecting…", timeout=15_000)


async def _wait(page: Page, how: str) -> None:
    await page.get_by_role("button", name="Other ways to go on").click()
    await page.get_by_role("button", name=re.compile(how)).click()


async def _network(page: Page, laid: Wire, writer: Writer) -> None:
    """Cuts while live, while paused, while a caption is corrected, and while catching up."""
    await writer.write(6)
    await _sees(page, 6)
    laid.cut()
    await _lost(page)
    await writer.write(3)
    await writer.correct(2, "The second one, corrected while the reader was away.")
    laid.mend()
    await _sees(page, 9)
    await expect(page.get_by_text("The second one, corrected")).to_be_visible()

    await writer.write(40)
    await _sees(page, 49)
    await page.keyboard.press("p")
    await writer.write(2)
    await _mode(page, "Paused · 2 new captions")
    place = await page.evaluate(_PLACE)
    laid.go_silent()
    await writer.write(3)
    await writer.correct(48, "Corrected behind a wire that was silent.")
    await _lost(page)
    laid.mend()
    await _mode(page, "Paused · 5 new captions")
    await writer.write(1)
    await _mode(page, "Paused · 6 new captions")
    assert await page.evaluate(_PLACE) == place, "a paused reader's view does not change"
    await page.keyboard.press("l")
    await _sees(page, 55)
    await expect(page.get_by_text("Corrected behind a wire")).to_have_count(1)

    await page.keyboard.press("p")
    await writer.write(30)
    await _mode(page, "Paused · 30 new captions")
    await _wait(page, "Catch up")
    await _sees(page, 57)
    laid.cut()
    await _lost(page)
    await writer.write(2)
    laid.mend()
    await _mode(page, "Reading on. Live captions are added below.")
    await page.keyboard.press("l")
    await _sees(page, 87)


async def _killed_while_live(page: Page, writer: Writer) -> None:
    await writer.server.stop(signal.SIGKILL)
    await _lost(page)
    await writer.server.start()
    async with writing(writer):
        await writer.write(3)
        await _sees(page, 90)
        await page.keyboard.press("p")
        await writer.write(2)
        await _mode(page, "Paused · 2 new captions")


async def _killed_while_paused(page: Page, writer: Writer) -> None:
    place = await page.evaluate(_PLACE)
    await writer.server.stop(signal.SIGKILL)
    await _lost(page)
    await writer.server.start()
    async with writing(writer):
        await writer.write(2)
        await writer.correct(90, "Corrected after the server was killed.")
        await _mode(page, "Paused · 4 new captions")
        assert await page.evaluate(_PLACE) == place, "a paused reader's view does not change"
        await _wait(page, "Show 4 missed captions at once")
        await expect(page.get_by_text("Caption number 94,")).to_have_count(1)
        await expect(page.get_by_text("Corrected after the server")).to_have_count(1)
        await page.keyboard.press("l")
        await _mode(page, "Following live")
        await page.keyboard.press("p")
        await writer.write(20)
        await _mode(page, "Paused · 20 new captions")
        await _wait(page, "Catch up")
        await _sees(page, 96)


async def _killed_while_catching_up(page: Page, writer: Writer) -> None:
    await writer.server.stop(signal.SIGKILL)
    await _lost(page)
    await writer.server.start()
    async with writing(writer):
        await writer.write(2)
        await _mode(page, "Reading on. Live captions are added below.")
        await page.keyboard.press("l")
        await _sees(page, 116)


async def test_nothing_is_lost_or_twice_through_cut_networks_and_killed_servers(
    tmp_path: Path,
) -> None:
    server = await _server(tmp_path)
    try:
        token = await server.sign_in("Ada")
        room = (await server.ask("POST", "/v1/rooms", {"title": "Garden"}, token=token))["id"]
        writer = Writer(server, token, room)
        async with wire(server.url) as laid, chromium() as browser:
            page = await browser.new_page(viewport={"width": 900, "height": 500})
            async with writing(writer):
                await page.goto(f"{laid.url}/rooms/{room}")
                await _network(page, laid, writer)
                assert await _everything(page) == await writer.journal()
            await _killed_while_live(page, writer)
            await _killed_while_paused(page, writer)
            await _killed_while_catching_up(page, writer)
            assert await _everything(page) == await writer.journal()
            assert len(await writer.journal()) == 116
    finally:
        await server.stop()
