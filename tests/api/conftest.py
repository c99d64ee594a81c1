from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.api.running import Running, running


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(tmp_path) as started:
        yield started
