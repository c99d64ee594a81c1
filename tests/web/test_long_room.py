"""A room of 20,000 captions, from a real server."""

import asyncio
import statistics

import pytest

from bench import paint
from bench.long_room import measure
from tests.chromium import executable

pytestmark = [pytest.mark.browser, pytest.mark.timed]


def test_a_room_of_20_000_captions_is_read_like_a_short_one() -> None:
    executable()

    room = asyncio.run(measure(20_000, frames=60, pages=6))

    assert room.elements < 4000
    opened = room.memory[0]
    for later in room.memory[1:]:
        assert later.heap_mb < opened.heap_mb + 8, later
        assert later.nodes < opened.nodes + 4000, later
    for moving in room.moving:
        assert moving.work_ms < 16, f"{moving.what}: the page itself takes {moving.work_ms:.1f} ms"


def test_interims_are_painted_soon_after_the_server_sends_them() -> None:
    executable()

    runs = asyncio.run(paint.measure(3, captions=300, runs=3))

    assert all(len(run.delays_ms) >= 0.8 * run.sent for run in runs)
    # 100 ms at most. What a page that does nothing else takes in the same seconds is the machine's.
    over = [run.p95_ms - max(100.0, run.bare_p95_ms + 50) for run in runs]
    assert statistics.median(over) <= 0, [run.line() for run in runs]
