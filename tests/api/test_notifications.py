"""What people are told reaches their open pages, and waits for those that are not open."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from models.notification import Kind, Notice
from tests.api.problems import NO_ONE, assert_problem
from tests.api.running import Person, Running

URL = "/v1/me/notifications"


@pytest.fixture
async def gil(server: Running) -> Person:
    return await server.sign_in("Gil")


@dataclass(frozen=True, slots=True)
class OpenedPage:
    socket: ClientConnection

    async def next(self) -> dict[str, Any]:
        async with asyncio.timeout(5):
            return dict(json.loads(await self.socket.recv()))

    async def send(self, message: object) -> None:
        await self.socket.send(message if isinstance(message, str) else json.dumps(message))


@asynccontextmanager
async def page(server: Running, token: str, query: str = "") -> AsyncIterator[OpenedPage]:
    address = server.url.replace("http", "ws") + f"/v1/notifications?token={token}{query}"
    async with connect(address, subprotocols=["notifications.v1"]) as socket:  # type: ignore[list-item]
        yield OpenedPage(socket)


async def tell(server: Running, person: Person, why: str = "it answers 500") -> None:
    about = {"way": "webhook", "target": "https://example.org/", "why": why}
    notice = Notice(user_id=person.id, kind=Kind.WAY_STOPPED, about=about)
    await server.app.notifying.tell([notice])


async def test_every_open_page_is_told_at_once(server: Running, gil: Person) -> None:
    async with page(server, gil.token) as one, page(server, gil.token) as other:
        assert await one.next() == {"type": "welcome", "seq": 0, "unread": 0}
        await other.next()
        await tell(server, gil)
        news = [await one.next(), await other.next()]

    assert one.socket.subprotocol == "notifications.v1"
    assert news[0] == news[1]
    assert (news[0]["type"], news[0]["seq"], news[0]["unread"]) == ("notification", 1, 1)
    assert news[0]["title"] == "The webhook https://example.org/ was stopped: it answers 500"


async def test_unread_ones_wait_for_a_page_and_a_page_that_comes_back_goes_on(
    server: Running, gil: Person
) -> None:
    for number in range(3):
        await tell(server, gil, str(number))
    async with page(server, gil.token) as one:
        assert (await one.next()) == {"type": "welcome", "seq": 3, "unread": 3}
        assert [(await one.next())["seq"] for _ in range(3)] == [1, 2, 3]
        await one.send({"type": "ack", "seq": 2})
        news = await one.next()
        assert (news["seq"], news["read"], news["unread"]) == (2, True, 2)

    async with page(server, gil.token) as again:
        assert (await again.next())["unread"] == 2
        assert [(await again.next())["seq"] for _ in range(2)] == [1, 3]
    async with page(server, gil.token, "&after=1") as back:
        await back.next()
        assert [(await back.next())["seq"] for _ in range(2)] == [2, 3]


async def test_what_is_read_or_deleted_on_one_page_is_news_to_the_others(
    server: Running, gil: Person
) -> None:
    await tell(server, gil)
    await tell(server, gil)
    async with page(server, gil.token) as other:
        for _ in range(3):
            await other.next()
        body = {"read": True}
        marked = await server.http.patch(f"{URL}/1", json=body, headers=gil.headers)
        news = [await other.next()]
        await server.http.delete(f"{URL}/1", headers=gil.headers)
        news.append(await other.next())
        await server.http.post(f"{URL}/read", json={"upto": 2}, headers=gil.headers)
        news.append(await other.next())

    assert marked.json()["read"] is True
    assert (news[0]["seq"], news[0]["read"], news[0]["unread"]) == (1, True, 1)
    assert news[1] == {"type": "gone", "seq": 1, "unread": 1}
    assert (news[2]["seq"], news[2]["read"], news[2]["unread"]) == (2, True, 0)


async def test_bad_messages_close_nothing(server: Running, gil: Person) -> None:
    async with page(server, gil.token) as one:
        await one.next()
        for bad in ("{", "[]", '"x"', {"type": "x"}, {"type": "ack"}, {"type": "ack", "seq": "1"}):
            await one.send(bad)
            assert (await one.next())["code"] == "bad-message"
        await one.send({"type": "ack", "seq": 9})
        assert (await one.next())["code"] == "not-found"
        await one.send("x" * 20_000)
        assert (await one.next())["code"] == "bad-message"
        await one.socket.send(b"\x00")
        assert (await one.next())["code"] == "bad-message"
        await one.send({"type": "ping"})
        assert await one.next() == {"type": "pong"}


@pytest.mark.parametrize("token", ["", "wrong"])
async def test_who_is_not_signed_in_is_turned_away(server: Running, token: str) -> None:
    async with page(server, token) as one:
        with pytest.raises(ConnectionClosed):
            await one.next()
    assert one.socket.close_code == 4401
    assert_problem(await server.http.get(URL, headers=NO_ONE), 401, "not-signed-in")


async def test_the_list_is_in_pages_and_its_owners_alone(
    server: Running, host: Person, gil: Person
) -> None:
    for number in range(3):
        await tell(server, gil, str(number))

    first = (await server.http.get(f"{URL}?limit=2", headers=gil.headers)).json()
    rest = (await server.http.get(f"{URL}?limit=2&before=2", headers=gil.headers)).json()
    others = (await server.http.get(URL, headers=host.headers)).json()

    assert [one["seq"] for one in first["items"]] == [3, 2]
    assert [one["seq"] for one in rest["items"]] == [1]
    assert (first["more"], rest["more"], first["unread"]) == (True, False, 3)
    assert others == {"items": [], "more": False, "unread": 0}
    body = {"read": True}
    reply = await server.http.patch(f"{URL}/1", json=body, headers=host.headers)
    assert_problem(reply, 404, "not-found")
    reply = await server.http.delete(f"{URL}/1", headers=host.headers)
    assert_problem(reply, 404, "not-found")
