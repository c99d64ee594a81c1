from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from tests.e2e.running import Server

HERE = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """Let everything here run apart from the rest: real sound cannot wait for a busy machine."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.realtime)


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    running = Server(tmp_path / "data")
    try:
        await running.start()
        yield running
    finally:
        await running.stop()
