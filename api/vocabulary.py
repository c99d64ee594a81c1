"""A live room's own words, told to its recogniser whenever they change."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

from models.errors import RoomscribeError

log = logging.getLogger(__name__)


class LiveVocabulary:
    """Follows one room: ``words`` gives what they are now, ``learn`` tells them.

    Changes within ``pause_s`` are one: a crowd that joins at once is told once, because a
    recogniser may need half a second of the processor to learn. While changes go on, the pause
    doubles up to ``longest_s``. Nothing waits but a mark that something changed, so no crowd can
    flood it. The words are never logged.
    """

    def __init__(
        self,
        words: Callable[[], Awaitable[Sequence[str]]],
        learn: Callable[[Sequence[str]], None],
        *,
        told: Sequence[str] = (),
        pause_s: float = 1.0,
        longest_s: float = 8.0,
    ) -> None:
        self._words = words
        self._learn = learn
        self._told = told
        self._pause_s = pause_s
        self._longest_s = longest_s
        self._news = asyncio.Event()

    def changed(self) -> None:
        """Say that the words may be others now."""
        self._news.set()

    async def follow(self) -> None:
        """Tell changes until cancelled."""
        while True:
            await self._news.wait()
            pause_s = self._pause_s
            await asyncio.sleep(pause_s)
            while self._news.is_set():
                self._news.clear()
                await self._tell()
                await asyncio.sleep(pause_s)
                pause_s = min(2 * pause_s, self._longest_s)

    async def _tell(self) -> None:
        try:
            words = await self._words()
        except RoomscribeError as error:
            log.warning("a room's own words cannot be read: %s", type(error).__name__)
            return
        if words != self._told:
            self._told = words
            self._learn(words)
