"""What one room's stream has to say, on its way to the one task that reads it."""

import asyncio
from collections import deque

from models.transcript import Hypothesis
from pipeline.recognition import Progress, RecognitionEvent


class Results:
    """Events in order; iterating ends when the box is closed and empty.

    Bounded by policy: a newer interim takes the place of an unread one of the same segment, and
    progress takes the place of unread progress. Finals, settled progress and losses are never
    dropped; they come at the pace of speech, a few in ten seconds.
    """

    def __init__(self) -> None:
        self._events: deque[RecognitionEvent] = deque()
        self._changed = asyncio.Event()
        self._closed = False

    def __len__(self) -> int:
        return len(self._events)

    def put(self, event: RecognitionEvent) -> None:
        """Add an event; ignored once closed."""
        if self._closed:
            return
        place = self._superseded(event)
        if place is None:
            self._events.append(event)
        else:
            self._events[place] = event
        self._changed.set()

    def close(self) -> None:
        """Let the reader finish what is there and then stop."""
        self._closed = True
        self._changed.set()

    def _superseded(self, event: RecognitionEvent) -> int | None:
        last = self._events[-1] if self._events else None
        if isinstance(event, Progress) and isinstance(last, Progress) and not last.settled:
            return len(self._events) - 1
        if isinstance(event, Hypothesis) and not event.final:
            for place, waiting in enumerate(self._events):
                if isinstance(waiting, Hypothesis) and waiting.segment == event.segment:
                    return place
        return None

    def __aiter__(self) -> "Results":
        return self

    async def __anext__(self) -> RecognitionEvent:
        while not self._events:
            if self._closed:
                raise StopAsyncIteration
            self._changed.clear()
            await self._changed.wait()
        return self._events.popleft()
