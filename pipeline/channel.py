"""A bounded queue between two tasks, with what happens when it is full said where it is made."""

import asyncio
from collections import deque
from collections.abc import Callable
from enum import Enum
from typing import Generic, TypeVar

T = TypeVar("T")


class WhenFull(Enum):
    """What `Channel.put_nowait` does without room; `Channel.put` always waits."""

    DROP_OLDEST = "drop-oldest"
    DROP_NEWEST = "drop-newest"


class ChannelClosed(Exception):
    """Nothing can be put into a closed channel."""


class Channel(Generic[T]):
    """At most ``limit`` items on their way from producers to one consumer, in order.

    Iterating yields items until the channel is closed and empty. ``dropped`` counts what the
    policy discarded. The oldest that is dropped is not one to ``spare``, as long as there are
    others.
    """

    def __init__(
        self,
        limit: int,
        *,
        when_full: WhenFull = WhenFull.DROP_OLDEST,
        spare: Callable[[T], bool] | None = None,
    ) -> None:
        if limit < 1:
            raise ValueError("a channel holds at least one item")
        self._limit = limit
        self._when_full = when_full
        self._spare = spare
        self._items: deque[T] = deque()
        self._changed = asyncio.Event()
        self._closed = False
        self.dropped = 0

    def __len__(self) -> int:
        return len(self._items)

    @property
    def closed(self) -> bool:
        """Whether `close` was called; items may still wait to be read."""
        return self._closed

    def put_nowait(self, item: T) -> bool:
        """Add ``item`` by the channel's policy; False when something was dropped for it."""
        if self._closed:
            raise ChannelClosed
        full = len(self._items) >= self._limit
        if full:
            self.dropped += 1
            if self._when_full is WhenFull.DROP_NEWEST:
                return False
            self._drop_oldest()
        self._items.append(item)
        self._changed.set()
        return not full

    async def put(self, item: T) -> None:
        """Add ``item``, waiting for room."""
        while len(self._items) >= self._limit and not self._closed:
            self._changed.clear()
            await self._changed.wait()
        if self._closed:
            raise ChannelClosed
        self._items.append(item)
        self._changed.set()

    async def get(self) -> T:
        """Take the oldest item, waiting for one; raises `ChannelClosed` after the last."""
        while not self._items:
            if self._closed:
                raise ChannelClosed
            self._changed.clear()
            await self._changed.wait()
        item = self._items.popleft()
        self._changed.set()
        return item

    def close(self) -> None:
        """Let the consumer finish what is there and then stop."""
        self._closed = True
        self._changed.set()

    def _drop_oldest(self) -> None:
        spare = self._spare or (lambda _: False)
        oldest = next((at for at, item in enumerate(self._items) if not spare(item)), 0)
        del self._items[oldest]

    def __aiter__(self) -> "Channel[T]":
        return self

    async def __anext__(self) -> T:
        try:
            return await self.get()
        except ChannelClosed:
            raise StopAsyncIteration from None
