"""Takes what is due from the outbox and sends it, as many ways at a time as there is room for."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

from models.errors import StorageFailed
from models.notification import Message, Notification
from notifications.inbox import Inbox
from notifications.outbox import NotSent, Outbox, Parcel

log = logging.getLogger(__name__)

_AT_ONCE = 16
_LOOK_AGAIN_S = 30.0

Wording = Callable[[Notification, bool], Awaitable[Message]]
"""Puts a notification into words, or where it is true what was counted since."""
Carrier = Callable[[Parcel, Notification, Message], Awaitable[None]]
"""Brings a message to a parcel's target, once. Raises `NotSent`."""
GivingUp = Callable[[Parcel, NotSent], Awaitable[None]]
"""Is told of a parcel that cannot be sent."""


class Sending:
    """Sends until it is closed. One target is sent one parcel at a time, in the order of time."""

    def __init__(
        self,
        *,
        inbox: Inbox,
        outbox: Outbox,
        wording: Wording,
        carry: Carrier,
        gave_up: GivingUp,
        now: Callable[[], datetime],
    ) -> None:
        self._inbox = inbox
        self._outbox = outbox
        self._wording = wording
        self._carry = carry
        self._gave_up = gave_up
        self._now = now
        self._news = asyncio.Event()
        self._going: dict[asyncio.Task[None], Parcel] = {}
        self._loop: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin with what is left from before."""
        self._loop = asyncio.create_task(self._run(), name="notifications")

    def look(self) -> None:
        """Look into the outbox now."""
        self._news.set()

    async def close(self) -> None:
        """Stop; what is on its way is sent again after the next start."""
        tasks = [task for task in (self._loop, *self._going) if task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            self._news.clear()
            try:
                wait_s = await self._send_due()
            except StorageFailed as error:
                log.warning("%s", error)
                wait_s = _LOOK_AGAIN_S
            try:
                async with asyncio.timeout(wait_s):
                    await self._news.wait()
            except TimeoutError:
                pass

    async def _send_due(self) -> float:
        """Begin to send what is due; gives for how long to wait."""
        now_s = self._now().timestamp()
        busy = [(parcel.way, parcel.target) for parcel in self._going.values()]
        room = _AT_ONCE - len(busy)
        for parcel in await asyncio.to_thread(self._outbox.due, now_s, room, besides=busy):
            task = asyncio.create_task(self._send(parcel))
            self._going[task] = parcel
            task.add_done_callback(self._ended)
        next_s = await asyncio.to_thread(self._outbox.next_due_s, now_s)
        return _LOOK_AGAIN_S if next_s is None else min(_LOOK_AGAIN_S, max(0.0, next_s - now_s))

    def _ended(self, task: "asyncio.Task[None]") -> None:
        del self._going[task]
        self._news.set()

    async def _send(self, parcel: Parcel) -> None:
        try:
            notification = await asyncio.to_thread(self._inbox.one, parcel.user_id, parcel.seq)
            message = notification and await self._wording(notification, parcel.sums_up)
            if notification and message and not message.gone:
                await self._carry(parcel, notification, message)
            await asyncio.to_thread(self._outbox.done, parcel)
        except NotSent as failure:
            await self._failed(parcel, failure)
        except StorageFailed as error:
            log.warning("%s", error)
            await asyncio.sleep(1)
        except Exception as error:  # one message that cannot be sent keeps no other back
            log.warning("a notification could not be sent: %s", type(error).__name__)
            await self._failed(parcel, NotSent("the server made a mistake"))

    async def _failed(self, parcel: Parcel, failure: NotSent) -> None:
        now_s = self._now().timestamp()
        try:
            if failure.for_good or not await asyncio.to_thread(self._outbox.again, parcel, now_s):
                await asyncio.to_thread(self._outbox.done, parcel)
                await self._gave_up(parcel, failure)
        except StorageFailed as error:
            log.warning("%s", error)
