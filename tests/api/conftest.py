from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.api.running import Person, Running, running


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(tmp_path) as started:
        yield started


@pytest.fixture
async def host(server: Running) -> Person:
    return await server.sign_in("Hanna")


@pytest.fixture
async def room(server: Running, host: Person) -> str:
    return await server.room(host, "Tea")
