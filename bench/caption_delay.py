"""How long after a word ends its final caption stands on the page, with the embedded engine.

``python -m bench.caption_delay`` holds the demonstration conversation in a real room over WebRTC,
reads it in Debian's Chromium, and notes when the browser painted each final. Server, speakers and
browser share this machine and its clock. Interims are much earlier; they are reported apart, as
the time from a word's end to the first caption in which as many words stand.
"""

import argparse
import asyncio
import json
import shutil
import statistics
import sys
import tempfile
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Page, async_playwright

from api.demo.conversation import load
from api.demo.voices import connect
from api.serving import serving
from api.settings import Settings
from models.transcript import Final

_WATCH = """
() => {
  window.painted = [];
  const note = () => {
    const finals = document.querySelectorAll("#turns .caption:not(.interim)").length;
    const words = document.querySelector("#turns").innerText.split(/\\s+/).length;
    requestAnimationFrame(() => window.painted.push([Date.now() / 1000, finals, words]));
  };
  new MutationObserver(note).observe(document.querySelector("#turns"),
    {subtree: true, childList: true, characterData: true, attributes: true});
}
"""
_FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking")


@dataclass(frozen=True, slots=True, kw_only=True)
class Delays:
    """Seconds from each word's end until it stood on the page as final."""

    seconds: list[float]

    def line(self) -> str:
        """Give median and 95th percentile."""
        cuts = statistics.quantiles(self.seconds, n=20)
        middle = statistics.median(self.seconds)
        return f"{len(self.seconds)} words: p50 {middle:.2f} s, p95 {cuts[-1]:.2f} s"


async def measure(engine: str) -> tuple[str, Delays, Delays]:
    """Hold one conversation; gives the engine's name, the words' delays and the captions' delays.

    The second is taken from each caption's last word: what the recogniser itself costs.
    """
    conversation = load()
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        settings = Settings(data_dir=Path(folder), port=0, engine=engine, ice_addresses="127.0.0.1")  # type: ignore[arg-type]
        url, app = await stack.enter_async_context(serving(settings))
        host = await app.registry.sign_up("Bench")
        created = await app.registry.create(host, conversation.title)
        room = await app.lives.start(host, created.id)
        page = await _page(stack, f"{url}/rooms/{room.id}")
        voices = await connect(stack, app, url, room.id, conversation)
        await voices.talk()
        await asyncio.sleep(4)  # the last final has this long to come
        painted = json.loads(await page.evaluate("() => JSON.stringify(window.painted)"))
        entries = await app.journal.transcript(room.id)
        assert room.started_at is not None
        began = room.started_at.timestamp()
        name = f"{app.recogniser.info.name} {app.recogniser.info.model}"
        await app.lives.end(host, room.id)
    finals = [entry for entry in entries if isinstance(entry, Final)]
    return (name, *_delays(finals, painted, began))


async def _page(stack: AsyncExitStack, url: str) -> Page:
    playwright = await stack.enter_async_context(async_playwright())
    browser = await playwright.chromium.launch(
        executable_path=shutil.which("chromium"), args=list(_FLAGS)
    )
    stack.push_async_callback(browser.close)
    page = await browser.new_page()
    await page.goto(url)
    await page.get_by_text("Captions appear here").wait_for()
    await page.evaluate(_WATCH)
    return page


def _delays(
    finals: list[Final], painted: list[tuple[float, int, int]], began: float
) -> tuple[Delays, Delays]:
    words, captions = [], []
    for number, final in enumerate(finals, start=1):
        seen = next((at for at, count, _ in painted if count >= number), None)
        if seen is None:
            continue
        words += [seen - began - word.end_s for word in final.words]
        captions.append(seen - began - final.end_s)
    return Delays(seconds=words), Delays(seconds=captions)


def main() -> int:
    """Print one table."""
    parser = argparse.ArgumentParser(description="Delay from a word's end to its final.")
    parser.add_argument("--engine", default="pocketsphinx")
    options = parser.parse_args()
    if not shutil.which("chromium"):
        print("Chromium is needed (apt-get install chromium).")
        return 2
    name, words, captions = asyncio.run(measure(options.engine))
    print(f"delay to the final caption on the page, {name}")
    print(f"  from each word's end      {words.line()}")
    print(f"  from each caption's end   {captions.line()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
