"""Messages that are not understood, and many at once."""

import json

import pytest

from tests.api.running import Running
from tests.contracts.captions_v1.reader import reading_along


@pytest.mark.parametrize(
    "message",
    [
        "{",
        "",
        "null",
        "[]",
        '"pause"',
        "{}",
        '{"type": 1}',
        '{"type": ["pause"]}',
        '{"type": "shout"}',
        '{"type": "\\ud800"}',
        '{"type": "resume", "mode": "backwards"}',
        '{"type": "resume", "mode": ["live"]}',
        '{"type": "resume", "mode": "catch-up", "wpm": 1e999}',
        '{"type": "resume", "mode": "catch-up", "wpm": -3}',
        '{"type": "scrollback", "before": ' + "9" * 5000 + "}",
        "[" * 10_000,
        json.dumps({"type": "ping", "padding": "x" * 20 * 1024}),
        json.dumps({"type": "ping", "padding": "é" * 9 * 1024}, ensure_ascii=False),
        b"\x00\x01",
        b'{"type": "ping"}',
    ],
)
async def test_a_message_that_is_not_understood_harms_nobody(
    server: Running, room: str, message: str | bytes
) -> None:
    async with reading_along(server, room) as reader, reading_along(server, room) as other:
        await reader.connection.send(message)
        error = await reader.next()
        await reader.answered()
        await server.say(room, "on we go")
        await reader.up_to(1)
        await other.up_to(1)

    assert (error["type"], error["code"]) == ("error", "bad-message")
    assert error["message"]
    assert "fatal" not in error
    assert [message["type"] for message in other.all[2:]] == ["final"]


async def test_a_flood_of_messages_is_answered_in_order(server: Running, room: str) -> None:
    async with reading_along(server, room) as reader:
        for _ in range(300):
            await reader.send(type="ping")
        await reader.send(type="scrollback", limit=1)
        await reader.take("history")

    assert len([message for message in reader.all if message["type"] == "pong"]) == 300


async def test_a_ping_is_answered(server: Running, room: str) -> None:
    async with reading_along(server, room) as reader:
        await reader.send(type="ping", at=5)

        assert await reader.next() == {"type": "pong"}
