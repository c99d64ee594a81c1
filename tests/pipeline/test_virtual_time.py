import asyncio
import time

import pytest


async def test_an_hour_passes_at_once_and_in_order() -> None:
    loop, began = asyncio.get_running_loop(), time.monotonic()
    order: list[str] = []
    loop.call_later(3600, order.append, "late")
    loop.call_later(60, order.append, "early")

    await asyncio.sleep(3601)

    assert order == ["early", "late"]
    assert loop.time() == pytest.approx(3601)
    assert time.monotonic() - began < 2
