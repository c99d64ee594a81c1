"""Which pages are open of whom, and what is news to each of them."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

MOST_NEWS = 500
"""So many notifications may be news to a page that does not read; of more, the oldest are left out.

As many are kept of a person, and a page that comes back is told what it does not have.
"""


class OpenPage:
    """One connection of a person: the numbers of notifications that are news to it."""

    def __init__(self) -> None:
        self._news: dict[int, None] = {}
        self._came = asyncio.Event()

    def put(self, seq: int) -> None:
        """Note that a notification is new, or another than it was."""
        self._news.setdefault(seq)
        if len(self._news) > MOST_NEWS:
            del self._news[next(iter(self._news))]
        self._came.set()

    async def take(self) -> list[int]:
        """Wait for news, and take all of it."""
        await self._came.wait()
        self._came.clear()
        news = list(self._news)
        self._news.clear()
        return news


class OpenPages:
    """The pages of everybody."""

    def __init__(self) -> None:
        self._pages: dict[str, set[OpenPage]] = {}

    @contextmanager
    def opened(self, user_id: str) -> Iterator[OpenPage]:
        """Have a page told of what is news to a person, until the context ends."""
        page = OpenPage()
        self._pages.setdefault(user_id, set()).add(page)
        try:
            yield page
        finally:
            self._pages[user_id].discard(page)
            if not self._pages[user_id]:
                del self._pages[user_id]

    def tell(self, user_id: str, seq: int) -> None:
        """Tell a person's pages of a notification."""
        for page in self._pages.get(user_id, ()):
            page.put(seq)
