from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.e2e.running import Server


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    running = Server(tmp_path / "data")
    try:
        await running.start()
        yield running
    finally:
        await running.stop()
