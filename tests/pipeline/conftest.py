from asyncio import AbstractEventLoop
from collections.abc import Callable, Mapping

import pytest

from tests.pipeline.virtual_time import VirtualLoop


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> Mapping[str, Callable[[], AbstractEventLoop]]:
    return {"virtual": VirtualLoop}
