"""How long after the server sends an interim it is painted: 10 a second, in Debian's Chromium.

``python -m bench.paint [--write]`` publishes interims to a real room's captions, each with the time
in its text, and notes for each when the frame that shows it begins to be painted. Server and
browser share this machine and its clock. The room has ``--captions`` finals already. A bare page
beside it, which does no more than put each interim's text into a paragraph, tells what server,
browser and machine take by themselves at the same time.
"""

import argparse
import asyncio
import shutil
import statistics
import sys
import time
from dataclasses import dataclass

from playwright.async_api import Page

from bench import page as document
from bench.long_room import Held, long_room
from models.caption import Interim

MARK = "bench-paint"
_EVERY_S = 0.1
_SENTENCE = 20
# Notes when the frame begins to be painted that shows a stamp in the last child of what a selector
# names. What changes in a frame's own callbacks is painted with that frame, else with the next one.
_WATCH = """
(selector) => {
  const place = document.querySelector(selector);
  window.delays = [];
  const seen = new Set();
  let inFrame = false;
  const over = new MessageChannel();
  over.port1.onmessage = () => { inFrame = false; };
  const frame = () => {
    inFrame = true;
    over.port2.postMessage(0);
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  new MutationObserver(() => {
    const stamps = place.lastElementChild?.textContent.match(/\\d{13}/g) ?? [];
    const fresh = stamps.filter((stamp) => !seen.has(stamp));
    for (const stamp of fresh) seen.add(stamp);
    const note = () => fresh.forEach((stamp) => window.delays.push(Date.now() - Number(stamp)));
    if (inFrame) note();
    else if (fresh.length) requestAnimationFrame(note);
  }).observe(place, {subtree: true, childList: true, characterData: true});
}
"""
_BARE = """
(address) => {
  document.body.replaceChildren(document.createElement("p"));
  const socket = new WebSocket(address, "captions.v1");
  socket.onmessage = (event) => {
    const message = JSON.parse(event.data);
    if (message.type === "interim") document.body.firstElementChild.textContent = message.text;
  };
  return new Promise((done) => { socket.onopen = done; });
}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Painted:
    """Milliseconds from each interim's publication to its painting; also by a bare page."""

    sent: int
    delays_ms: list[float]
    bare_ms: list[float]

    @property
    def p50_ms(self) -> float:
        return statistics.median(self.delays_ms)

    @property
    def p95_ms(self) -> float:
        return _p95(self.delays_ms)

    @property
    def bare_p95_ms(self) -> float:
        return _p95(self.bare_ms)

    def line(self) -> str:
        """Give the figures."""
        return (
            f"{len(self.delays_ms)} of {self.sent} interims: p50 {self.p50_ms:.0f} ms,"
            f" p95 {self.p95_ms:.0f} ms; on a bare page p50"
            f" {statistics.median(self.bare_ms):.0f} ms, p95 {self.bare_p95_ms:.0f} ms"
        )


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


async def measure(seconds: float, *, captions: int = 200, runs: int = 1) -> list[Painted]:
    """Speak several times for some seconds into a room with ``captions`` finals."""
    async with long_room(captions) as room:
        await room.page.goto(room.address)
        await room.page.locator("#turns .caption").first.wait_for()
        browser = room.page.context.browser
        assert browser, "the page's browser was started here"
        bare = await browser.new_page()
        await bare.goto(room.address.partition("/rooms/")[0] + "/healthz")
        address = room.address.replace("http", "ws", 1).replace("/rooms/", "/v1/rooms/")
        await bare.evaluate(_BARE, f"{address}/captions")
        await room.page.evaluate(_WATCH, "#turns")
        await bare.evaluate(_WATCH, "body")
        return [await _run(room, bare, seconds, captions * 3.0 + run * 100) for run in range(runs)]


async def _run(room: Held, bare: Page, seconds: float, start_s: float) -> Painted:
    count = round(seconds / _EVERY_S)
    began = time.monotonic()
    for number in range(count):
        room.app.lives.bus(room.room_id).publish(_interim(number, start_s))
        await asyncio.sleep(max(0.0, began + (number + 1) * _EVERY_S - time.monotonic()))
    await asyncio.sleep(0.5)  # the last one is on its way
    delays, others = [await page.evaluate("window.delays.splice(0)") for page in (room.page, bare)]
    return Painted(sent=count, delays_ms=delays, bare_ms=others)


def _interim(number: int, start_s: float) -> Interim:
    """Make an interim of a sentence that grows by a word with each, and carries the time."""
    sentence, words = divmod(number, _SENTENCE)
    begun_s = start_s + sentence * _SENTENCE * _EVERY_S
    text = f"{'more words ' * words}{time.time() * 1000:.0f}"
    return Interim(
        id=f"i{start_s:.0f}-{sentence}",
        rev=words + 1,
        start_s=begun_s,
        end_s=begun_s + (words + 1) * _EVERY_S,
        speaker=None,
        text=text,
        stable=len(text),
    )


def main() -> int:
    """Print the figures, or write them into the documentation."""
    parser = argparse.ArgumentParser(description="Time from publishing an interim to its painting.")
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--captions", type=int, default=2000)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    if not shutil.which("chromium"):
        print("Chromium is needed (apt-get install chromium).")
        return 2
    (painted,) = asyncio.run(measure(options.seconds, captions=options.captions))
    print(painted.line())
    if options.write:
        document.write(f"{painted.line()}.", MARK)
    return 0


if __name__ == "__main__":
    sys.exit(main())
