"""How long after the server sends an interim it is painted: 10 a second, in Debian's Chromium.

``python -m bench.paint [--write]`` publishes interims to a real room's captions, each with the time
in its text, and notes for each when the frame that shows it begins to be painted. Server and
browser share this machine and its clock. The room has ``--captions`` finals already.
"""

import argparse
import asyncio
import shutil
import statistics
import sys
import time
from dataclasses import dataclass

from bench import page as document
from bench.long_room import long_room
from models.caption import Interim

MARK = "bench-paint"
_EVERY_S = 0.1
_SENTENCE = 20
_WATCH = """
() => {
  const turns = document.querySelector("#turns");
  window.delays = [];
  const seen = new Set();
  new MutationObserver(() => {
    const stamps = turns.lastElementChild?.textContent.match(/\\d{13}/g) ?? [];
    const fresh = stamps.filter((stamp) => !seen.has(stamp));
    for (const stamp of fresh) seen.add(stamp);
    if (fresh.length) requestAnimationFrame(() => {
      for (const stamp of fresh) window.delays.push(Date.now() - Number(stamp));
    });
  }).observe(turns, {subtree: true, childList: true, characterData: true});
}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Painted:
    """Milliseconds from each interim's publication to its painting."""

    sent: int
    delays_ms: list[float]

    @property
    def p50_ms(self) -> float:
        return statistics.median(self.delays_ms)

    @property
    def p95_ms(self) -> float:
        return statistics.quantiles(self.delays_ms, n=20)[-1]

    def line(self) -> str:
        """Give the figures."""
        seen = len(self.delays_ms)
        return f"{seen} of {self.sent} interims: p50 {self.p50_ms:.0f} ms, p95 {self.p95_ms:.0f} ms"


async def measure(seconds: float, *, captions: int = 200) -> Painted:
    """Speak for some time into a room with ``captions`` finals."""
    async with long_room(captions) as room:
        await room.page.goto(room.address)
        await room.page.locator("#turns .caption").first.wait_for()
        await room.page.evaluate(_WATCH)
        count = round(seconds / _EVERY_S)
        began = time.monotonic()
        for number in range(count):
            room.app.lives.bus(room.room_id).publish(_interim(number, captions * 3.0))
            await asyncio.sleep(max(0.0, began + (number + 1) * _EVERY_S - time.monotonic()))
        await asyncio.sleep(0.5)  # the last one is on its way
        delays = await room.page.evaluate("window.delays")
    return Painted(sent=count, delays_ms=delays)


def _interim(number: int, start_s: float) -> Interim:
    """Make an interim of a sentence that grows by a word with each, and carries the time."""
    sentence, words = divmod(number, _SENTENCE)
    begun_s = start_s + sentence * _SENTENCE * _EVERY_S
    text = f"{'more words ' * words}{time.time() * 1000:.0f}"
    return Interim(
        id=f"i{sentence}",
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
    painted = asyncio.run(measure(options.seconds, captions=options.captions))
    print(painted.line())
    if options.write:
        document.write(f"{painted.line()}.", MARK)
    return 0


if __name__ == "__main__":
    sys.exit(main())
