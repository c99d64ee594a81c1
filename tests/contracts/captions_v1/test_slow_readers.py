"""Readers that stop reading: nothing is lost, and nobody else waits."""

import asyncio
import socket
from typing import Any
from urllib.parse import urlsplit

from tests.api.running import Running, long_final
from tests.contracts.captions_v1.reader import reading_along


def _narrow(server: Running) -> dict[str, Any]:
    """Make a connection that takes very little unread; gives options of the client."""
    narrow = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    where = urlsplit(server.url)
    narrow.connect((where.hostname, where.port))
    narrow.setblocking(False)
    return {"sock": narrow, "max_queue": 1, "close_timeout": 0.2}


def _waiting(server: Running, room: str) -> int:
    """How many items wait for the slowest reader of a room, in the server's memory."""
    readers = server.app.lives.bus(room)._readers
    return max(len(reader._mailbox) for reader in readers)


async def test_a_reader_that_stops_reading_loses_nothing_and_costs_little(
    server: Running, room: str
) -> None:
    count, most = 2000, 0
    bus = server.app.lives.bus(room)
    async with reading_along(server, room, "after=0", **_narrow(server)) as reader:
        await reader.send(type="style", pace="fast")  # it is to be shown each interim that it can
        await reader.take("style")
        for first in range(0, count, 100):
            finals = [long_final(number) for number in range(first, first + 100)]
            journal = server.app.journal
            kept = await asyncio.gather(*(journal.append(room, 1, said) for said in finals))
            for entry in sorted(kept, key=lambda entry: entry.seq):
                bus.publish(entry)
                server.murmur(room, "open", entry.seq, f"after {entry.seq}")
                await asyncio.sleep(0)
                most = max(most, _waiting(server, room))
        numbers = await reader.up_to(count)
        while reader.all[-1].get("text") != f"after {count}":
            await reader.next()

    shown = [message for message in reader.all if message["type"] == "interim"]
    assert numbers == list(range(1, count + 1))
    assert 100 < most <= 256 + 4
    assert len(shown) < 500
    assert any(message["type"] == "history" for message in reader.all)


async def test_a_slow_reader_does_not_slow_the_others(server: Running, room: str) -> None:
    async with (
        reading_along(server, room, **_narrow(server)),
        reading_along(server, room) as quick,
    ):
        for number in range(300):
            await server.show(room, long_final(number))
        numbers = await quick.up_to(300)

    assert numbers == list(range(1, 301))
