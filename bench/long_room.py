"""What a long room costs to read: 20,000 captions of a real server in Debian's Chromium.

``python -m bench.long_room [--write]`` writes a journal with as many finals, opens the room's page,
goes to its first caption, to a time in its middle and a page at a time through it, and reports what
frames cost while the view moves, beside those of the same page at rest. Then it reads the room from
end to end, has a quarter more captions said, and as many again missed and shown at once, and
reports what the page holds after each. ``--captions`` makes it shorter or longer.
"""

import argparse
import asyncio
import json
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import CDPSession, Page, async_playwright

from api.bootstrap import Roomscribe
from api.serving import serving
from api.settings import Settings
from bench import page as document
from models.room import Speaker
from models.transcript import Final, Source, Word

MARK = "bench-long-room"
_FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking")
_TEXT = (
    "well the next thing that we should look at is how people in the back of a large hall follow"
    " what is said in front when they cannot hear it and do not want to ask anybody about it"
)
_WORDS = _TEXT.split()
_SPEAKERS = tuple(Speaker(id=name.lower(), name=name) for name in ("Ada", "Ben", "Chidi", "Dunja"))
_TOGETHER = 1000
_FRAMES = """
(count) => new Promise((done) => {
  const times = [];
  const frame = (now) => {
    times.push(now);
    if (times.length > count) done(times.slice(1).map((time, i) => time - times[i]));
    else requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
})
"""
_SWEEP = """
async ({pxPerFrame, count}) => {
  const region = document.querySelector("#captions");
  const times = [];
  let last = await new Promise(requestAnimationFrame);
  for (let i = 0; i < count; i++) {
    region.scrollTop += pxPerFrame;
    const now = await new Promise(requestAnimationFrame);
    times.push(now - last);
    last = now;
  }
  return times;
}
"""

# From the beginning to the end, a page of captions at a time, waiting until it is loaded.
_READ = """
async (steps) => {
  const region = document.querySelector("#captions");
  for (let i = 0; i <= steps; i++) {
    region.scrollTop = (region.scrollHeight * i) / steps;
    for (let frame = 0; frame < 120; frame++) {
      await new Promise(requestAnimationFrame);
      const view = region.getBoundingClientRect();
      const holes = [...document.querySelectorAll("#turns .hole")];
      const boxes = holes.map((one) => one.getBoundingClientRect());
      if (!boxes.some((box) => box.bottom > view.top && box.top < view.bottom)) break;
    }
  }
}
"""
_FIRST_IN_VIEW = """
() => {
  const top = document.querySelector("#captions").getBoundingClientRect().top;
  const captions = [...document.querySelectorAll("#turns .caption")];
  const first = captions.find((one) => one.getBoundingClientRect().top >= top);
  return first ? parseInt(first.textContent) : Infinity;
}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moving:
    """Frames while the view moved: milliseconds between them, and of the page's own work in each.

    That is scripts, styles and layout. Painting is not counted: without a graphics card it is much.
    """

    what: str
    frames_ms: list[float]
    work_ms: float

    @property
    def p50_ms(self) -> float:
        return statistics.median(self.frames_ms)

    @property
    def p95_ms(self) -> float:
        return statistics.quantiles(self.frames_ms, n=20)[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What the page holds after garbage was collected: script memory, and nodes of its document."""

    when: str
    heap_mb: float
    nodes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LongRoom:
    """What reading came to; ``elements`` is the most that were seen."""

    captions: int
    open_s: float
    first_s: float
    time_s: float
    end_s: float
    moving: list[Moving]
    elements: int
    memory: list[Memory]

    @property
    def rest(self) -> Moving:
        """Frames of the same page while nothing moves."""
        return self.moving[0]


def caption(number: int) -> Final:
    """Make the caption of a number: ten words in three seconds, five in a row from one speaker."""
    start_s = number * 3.0
    texts = [_WORDS[(number * 7 + place * 3) % len(_WORDS)] for place in range(10)]
    words = tuple(
        Word(
            text=text,
            start_s=start_s + place * 0.25,
            end_s=start_s + place * 0.25 + 0.2,
            confidence=0.9,
        )
        for place, text in enumerate(texts)
    )
    return Final(
        id=f"c{number}",
        rev=1,
        start_s=start_s,
        end_s=start_s + 2.5,
        speaker=_SPEAKERS[number // 5 % len(_SPEAKERS)],
        text=f"{number + 1}: {' '.join(texts)}.",
        words=words,
        language="en",
        source=Source.ASR,
    )


async def fill(app: Roomscribe, room_id: str, count: int) -> None:
    """Write ``count`` finals into a room's journal."""
    for first in range(0, count, _TOGETHER):
        numbers = range(first, min(first + _TOGETHER, count))
        await asyncio.gather(*(app.journal.append(room_id, 1, caption(n)) for n in numbers))


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A room of a running server, its page's address, and a browser's empty page."""

    app: Roomscribe
    room_id: str
    address: str
    page: Page


@asynccontextmanager
async def long_room(count: int) -> AsyncIterator[Held]:
    """Hold a room with ``count`` captions."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        script = folder / "script.json"
        script.write_text(json.dumps({"lines": []}), encoding="utf-8")
        settings = Settings(
            data_dir=folder, port=0, engine="scripted", model=str(script), ice_addresses="127.0.0.1"
        )
        url, app = await stack.enter_async_context(serving(settings))
        host = await app.registry.sign_up("Bench")
        room = await app.registry.create(host, "A long day")
        await fill(app, room.id, count)
        playwright = await stack.enter_async_context(async_playwright())
        browser = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=list(_FLAGS)
        )
        stack.push_async_callback(browser.close)
        page = await browser.new_page(viewport={"width": 1280, "height": 800})
        yield Held(app=app, room_id=room.id, address=f"{url}/rooms/{room.id}", page=page)


async def measure(count: int, *, frames: int = 240, pages: int = 40) -> LongRoom:
    """Read a room of ``count`` captions."""
    async with long_room(count) as held:
        page = held.page
        began = time.monotonic()
        await page.goto(held.address)
        await _shown(page, count)
        open_s = time.monotonic() - began
        cost = await page.context.new_cdp_session(page)
        await cost.send("Performance.enable")
        memory = [await _memory(cost, "just opened")]
        moving = [await _rest(page, cost, frames)]
        began = time.monotonic()
        await page.locator("#captions").press("Home")
        await _shown(page, 1)
        first_s = time.monotonic() - began
        moving.append(await _pages(page, cost, pages))
        for what, px in (("as with a wheel, 60 px a frame", 60), ("flung, 1,500 px a frame", 1500)):
            moving.append(await _sweep(page, cost, what, px, frames))
        began = time.monotonic()
        await _go_to_time(page, count // 2 * 3)
        await _shown(page, count // 2 + 1)
        time_s = time.monotonic() - began
        elements = await page.evaluate("document.querySelectorAll('*').length")
        await _page_up(page)
        began = time.monotonic()
        await page.locator("#captions").press("End")
        await _shown(page, count)
        end_s = time.monotonic() - began
        await page.evaluate(_READ, count // 200)
        memory.append(await _memory(cost, "after the whole room was read"))
        await page.locator("#captions").press("End")
        more = count // 4
        await _say(held, count, more)
        await _shown(page, count + more)
        memory.append(await _memory(cost, f"after {more:,} more were said"))
        await page.keyboard.press("p")
        await _say(held, count + more, more)
        await _show_at_once(page, count + more)
        memory.append(await _memory(cost, f"after {more:,} missed ones were shown at once"))
    return LongRoom(
        captions=count,
        open_s=open_s,
        first_s=first_s,
        time_s=time_s,
        end_s=end_s,
        moving=moving,
        elements=elements,
        memory=memory,
    )


async def _say(held: Held, count: int, more: int) -> None:
    """Say ``more`` captions after ``count`` in the running room, as fast as they are kept."""
    bus = held.app.lives.bus(held.room_id)
    for first in range(count, count + more, 100):
        numbers = range(first, min(first + 100, count + more))
        kept = await asyncio.gather(
            *(held.app.journal.append(held.room_id, 1, caption(n)) for n in numbers)
        )
        for entry in sorted(kept, key=lambda one: one.seq):
            bus.publish(entry)
        await asyncio.sleep(0.02)  # the page has a turn


async def _page_up(page: Page) -> None:
    before = await page.evaluate(_FIRST_IN_VIEW)
    await page.keyboard.press("PageUp")
    await page.wait_for_function(f"(before) => ({_FIRST_IN_VIEW})() < before", arg=before)


async def _show_at_once(page: Page, last: int) -> None:
    """Show everything that was missed after ``last``; the reader stays where they are."""
    await page.locator("#more").click()
    await page.locator("#replay").click()
    await page.get_by_text(f"{last + 1}: ").wait_for(state="attached", timeout=30_000)


async def _memory(cost: CDPSession, when: str) -> Memory:
    await cost.send("HeapProfiler.collectGarbage")
    now = await _metrics(cost)
    return Memory(when=when, heap_mb=now["JSHeapUsedSize"] / 1e6, nodes=round(now["Nodes"]))


async def _shown(page: Page, number: int) -> None:
    """Wait until the caption of a number is in view."""
    script = """
    (text) => {
      const view = document.querySelector("#captions").getBoundingClientRect();
      return [...document.querySelectorAll("#turns .caption")].some((one) => {
        const box = one.getBoundingClientRect();
        return one.textContent.startsWith(text) && box.bottom > view.top && box.top < view.bottom;
      });
    }
    """
    await page.wait_for_function(script, arg=f"{number}:", timeout=30_000)


async def _go_to_time(page: Page, seconds: int) -> None:
    await page.keyboard.press("t")
    await page.keyboard.type(str(seconds))
    await page.keyboard.press("Enter")


async def _rest(page: Page, cost: CDPSession, frames: int) -> Moving:
    before = await _metrics(cost)
    times = await page.evaluate(_FRAMES, frames)
    return _moving("at rest", times, before, await _metrics(cost))


async def _sweep(page: Page, cost: CDPSession, what: str, px: int, frames: int) -> Moving:
    before = await _metrics(cost)
    times = await page.evaluate(_SWEEP, {"pxPerFrame": px, "count": frames})
    return _moving(what, times, before, await _metrics(cost))


async def _pages(page: Page, cost: CDPSession, pages: int) -> Moving:
    """Press Page Down again and again, as the browser scrolls for it."""
    before = await _metrics(cost)
    watching = asyncio.create_task(page.evaluate(_FRAMES, pages * 12))
    for _ in range(pages):
        await page.keyboard.press("PageDown")
        await asyncio.sleep(0.2)
    return _moving("Page Down, five a second", await watching, before, await _metrics(cost))


def _moving(
    what: str, times: list[float], before: dict[str, float], after: dict[str, float]
) -> Moving:
    kinds = ("ScriptDuration", "LayoutDuration", "RecalcStyleDuration")
    work_s = sum(after[kind] - before[kind] for kind in kinds)
    return Moving(what=what, frames_ms=times, work_ms=work_s * 1000 / len(times))


async def _metrics(cost: CDPSession) -> dict[str, float]:
    answer = await cost.send("Performance.getMetrics")
    return {one["name"]: one["value"] for one in answer["metrics"]}


def report(room: LongRoom) -> str:
    """Lay the figures out."""
    head = ["", "frames p50", "frames p95", "page's work in a frame"]
    rows = [
        [one.what, f"{one.p50_ms:.1f} ms", f"{one.p95_ms:.1f} ms", f"{one.work_ms:.1f} ms"]
        for one in room.moving
    ]
    facts = (
        f"{room.captions:,} captions: open after {room.open_s:.1f} s, at the first one after"
        f" {room.first_s:.1f} s, at a time in the middle after {room.time_s:.1f} s, at the end"
        f" again after {room.end_s:.1f} s; {room.elements:,} elements on the whole page."
    )
    held = [[one.when, f"{one.heap_mb:.1f} MB", f"{one.nodes:,}"] for one in room.memory]
    memory = document.table(["", "script memory", "nodes"], held)
    return f"{facts}\n\n{document.table(head, rows)}\n\n{memory}"


def main() -> int:
    """Print the figures, or write them into the documentation."""
    parser = argparse.ArgumentParser(description="What a long room costs to read.")
    parser.add_argument("--captions", type=int, default=20_000)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    if not shutil.which("chromium"):
        print("Chromium is needed (apt-get install chromium).")
        return 2
    text = report(asyncio.run(measure(options.captions)))
    print(text)
    if options.write:
        document.write(text, MARK)
    return 0


if __name__ == "__main__":
    sys.exit(main())
