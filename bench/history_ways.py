"""Three ways to keep 20,000 captions on a page: all, ``content-visibility``, or only what is near.

``python -m bench.history_ways`` builds a bare page in each way in Debian's Chromium and reports
what it costs. It is what ADR 0018 rests on; `bench.long_room` measures the page as it is.
"""

import asyncio
import shutil
import sys
import time

from playwright.async_api import Browser, async_playwright

from bench import page as document

_FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking")
_PAGE = """
<style>
  #region { block-size: 600px; inline-size: 800px; overflow: auto; font: 20px sans-serif }
  p { margin: 0 } .turn { margin-block-end: 10px }
  .skipping .chunk { content-visibility: auto; contain-intrinsic-size: auto 4000px }
</style>
<div id="region"><div id="turns"></div></div>
"""
_BUILD = """
([way, count]) => {
  const turns = document.querySelector("#turns");
  turns.className = way;
  const made = (name) => Object.assign(document.createElement("div"), {className: name});
  let chunk, text;
  for (let i = 0; i < count; i++) {
    if (i % 100 === 0) turns.append(chunk = made("chunk"));
    if (i % 5 === 0) {
      const turn = made("turn");
      turn.innerHTML = "<p><bdi>Ada</bdi> <time>1:02</time></p><p dir=auto></p>";
      chunk.append(turn);
      text = turn.lastChild;
    }
    const caption = document.createElement("span");
    caption.textContent = "People talk of many things. ".repeat(2 + i % 3);
    text.append(caption);
  }
  return [document.querySelectorAll("*").length, document.querySelector("#region").scrollHeight];
}
"""
_SCROLL = """
async () => {
  const region = document.querySelector("#region");
  const frame = () => new Promise(requestAnimationFrame);
  region.scrollTop = region.scrollHeight;
  let last = await frame();
  const times = [];
  for (let i = 0; i < 120; i++) {
    region.scrollTop -= 540;
    const now = await frame();
    times.push(now - last);
    last = now;
  }
  const began = performance.now();
  region.style.inlineSize = "600px";
  region.scrollHeight;
  return [times.sort((a, b) => a - b)[60], performance.now() - began];
}
"""


async def measure(browser: Browser, way: str, count: int) -> list[str]:
    """Build and scroll a page; gives its row of the table."""
    page = await browser.new_page(viewport={"width": 1280, "height": 800})
    await page.set_content(_PAGE)
    began = time.monotonic()
    elements, _ = await page.evaluate(_BUILD, [way, count])
    build_s = time.monotonic() - began
    frame_ms, layout_ms = await page.evaluate(_SCROLL)
    tools = await page.context.new_cdp_session(page)
    began = time.monotonic()
    nodes = len((await tools.send("Accessibility.getFullAXTree"))["nodes"])
    nodes_s = time.monotonic() - began
    await page.close()
    figures = [f"{elements:,}", f"{build_s:.1f} s", f"{frame_ms:.1f} ms", f"{layout_ms:.0f} ms"]
    return [way, *figures, f"{nodes:,}, {nodes_s:.1f} s"]


async def run() -> str:
    """Measure the three ways."""
    ways = (("all", 20_000), ("skipping", 20_000), ("near", 300))
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=list(_FLAGS)
        )
        rows = [await measure(browser, way, count) for way, count in ways]
        await browser.close()
    head = ["way", "elements", "build", "frame p50", "layout anew", "accessibility nodes"]
    return document.table(head, rows)


def main() -> int:
    """Print the table."""
    if not shutil.which("chromium"):
        print("Chromium is needed (apt-get install chromium).")
        return 2
    print(asyncio.run(run()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
