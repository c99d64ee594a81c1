"""A captioner takes over from the recogniser over captions.v1, and hands back."""

import asyncio
from dataclasses import replace

import pytest

from models.room import Role
from models.transcript import Entry
from pipeline.by_hand import ByHandOptions
from tests.api.running import WAIT_S, Person, Running, eventually
from tests.contracts.captions_v1.reader import Message, Reader, reading_along


async def captioner(server: Running, host: Person, room: str) -> Person:
    """Somebody whom the host has made captioner."""
    carl = await server.sign_in("Carl")
    await server.http.post(f"/v1/rooms/{room}/join", headers=carl.headers)
    reply = await server.http.patch(
        f"/v1/rooms/{room}/participants/{carl.id}",
        json={"role": "captioner"},
        headers=host.headers,
    )
    assert reply.raise_for_status().json()["role"] == "captioner"
    return carl


async def take_over(writer: Reader) -> Message:
    await writer.send(type="take-over")
    return await writer.take("captioning")


async def test_what_a_captioner_types_reaches_everybody(server: Running, host: Person) -> None:
    room = await server.live_room(host)
    carl = await captioner(server, host, room)
    me = {"id": carl.id, "name": "Carl"}

    async with (
        reading_along(server, room, f"token={carl.token}") as writer,
        reading_along(server, room) as reader,
    ):
        taken = await take_over(writer)
        status = await reader.take("status")
        while status["captioner"] is None:
            status = await reader.take("status")
        await writer.send(type="line", line="a", text="Good mor")
        interim = await reader.take("interim")
        await writer.send(type="line", line="a", text="Good morning.", done=True)
        final = await reader.take("final")
        await writer.send(type="hand-back")
        handed = await writer.take("captioning")

    assert (taken["captioner"], status["captioner"]) == (me, me)
    assert status["state"] == "ok"
    assert (interim["id"], interim["text"]) == (final["id"], "Good mor")
    assert (final["text"], final["source"], final["seq"]) == ("Good morning.", "captioner", 1)
    assert handed["captioner"] is None


async def test_who_comes_later_is_told_who_captions(server: Running, host: Person) -> None:
    room = await server.live_room(host)
    async with reading_along(server, room, f"token={host.token}") as writer:
        await take_over(writer)
        async with reading_along(server, room) as late:
            welcome = late.all[0]

    assert welcome["engine"]["captioner"] == {"id": host.id, "name": "Hanna"}
    assert welcome["engine"]["name"] == "scripted"


@pytest.mark.parametrize("who", ["guest", "listener", "speaker"])
async def test_only_who_may_correct_takes_over(server: Running, host: Person, who: str) -> None:
    room = await server.live_room(host)
    query = ""
    if who != "guest":
        sam = await server.sign_in("Sam")
        url = f"/v1/rooms/{room}/join"
        await server.http.post(url, json={"as": who}, headers=sam.headers)
        query = f"token={sam.token}"

    async with reading_along(server, room, query) as writer:
        await writer.send(type="take-over")
        refused = await writer.take("error")
        await writer.send(type="line", line="a", text="Nonsense", done=True)
        unwritten = await writer.take("error")
        await writer.answered()

    assert refused["code"] == ("not-signed-in" if who == "guest" else "not-allowed")
    assert unwritten["code"] == refused["code"]
    assert await server.app.journal.latest(room) == 0


async def test_a_room_has_one_captioner_at_a_time(server: Running, host: Person) -> None:
    room = await server.live_room(host)
    carl = await captioner(server, host, room)
    async with (
        reading_along(server, room, f"token={host.token}") as first,
        reading_along(server, room, f"token={carl.token}") as second,
    ):
        await take_over(first)
        await second.send(type="take-over")
        refused = await second.take("error")

    assert refused["code"] == "conflict"
    assert "Hanna" in refused["message"]


async def test_a_captioner_who_is_demoted_writes_no_more(server: Running, host: Person) -> None:
    room = await server.live_room(host)
    carl = await captioner(server, host, room)
    async with reading_along(server, room, f"token={carl.token}") as writer:
        await take_over(writer)
        await server.http.patch(
            f"/v1/rooms/{room}/participants/{carl.id}",
            json={"role": "listener"},
            headers=host.headers,
        )
        await writer.send(type="line", line="a", text="Still here", done=True)
        refused = await writer.take("error")

    assert refused["code"] == "not-allowed"
    assert server.app.lives.captioner(room) is None


async def test_a_captioner_who_comes_as_a_speaker_writes_no_more(
    server: Running, host: Person
) -> None:
    room = await server.live_room(host)
    carl, registry = await server.sign_in("Carl"), server.app.registry
    await registry.invite(await registry.user(host.id), room, carl.id, Role.CAPTIONER)
    async with reading_along(server, room, f"token={carl.token}") as writer:
        await take_over(writer)
        url = f"/v1/rooms/{room}/join"
        joined = await server.http.post(url, json={"as": "speaker"}, headers=carl.headers)
        await writer.send(type="line", line="a", text="Still here", done=True)
        refused = await writer.take("error")

    assert joined.json()["role"] == "speaker"
    assert refused["code"] == "not-allowed"
    assert server.app.lives.captioner(room) is None


async def test_a_captioner_whose_line_waits_for_the_disk_is_seen_to_be_there(
    server: Running, host: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = await server.live_room(host)
    hand, seen = server.app.lives.by_hand(room), asyncio.Semaphore(0)
    append, disk = server.app.journal.append, asyncio.Event()

    async def slow(room_id: str, instance: int, entry: Entry) -> Entry:
        await disk.wait()
        return await append(room_id, instance, entry)

    async with reading_along(server, room, f"token={host.token}") as writer:
        await take_over(writer)
        monkeypatch.setattr(server.app.journal, "append", slow)
        monkeypatch.setattr(hand, "seen", lambda _: seen.release())
        await writer.send(type="line", line="a", text="Is this kept?", done=True)
        await writer.send(type="ping")
        async with asyncio.timeout(WAIT_S):
            await seen.acquire()
            await seen.acquire()
        disk.set()
        final = await writer.take("final")

    assert final["text"] == "Is this kept?"


async def test_a_line_that_is_sent_again_after_an_outage_is_there_once(
    server: Running, host: Person
) -> None:
    room = await server.live_room(host)
    query = f"token={host.token}"
    async with reading_along(server, room, query) as writer:
        await take_over(writer)
        await writer.send(type="line", line="a", text="Only once.", done=True)
        await writer.take("final")
    async with reading_along(server, room, f"{query}&after=0") as writer:
        await take_over(writer)
        await writer.send(type="line", line="a", text="Only once.", done=True)
        await writer.send(type="line", line="b", text="Twice.", done=True)
        await writer.up_to(2)
        texts = writer.texts()

    assert texts == ["Only once.", "Twice."]
    assert await server.app.journal.latest(room) == 2


async def test_the_recogniser_goes_on_when_the_captioners_connection_is_lost(
    server: Running, host: Person
) -> None:
    room = await server.live_room(host)
    hand = server.app.lives.by_hand(room)
    hand.options = replace(ByHandOptions(), lost_after_s=0.5)
    async with reading_along(server, room) as reader:
        async with reading_along(server, room, f"token={host.token}") as writer:
            await take_over(writer)
            await writer.send(type="line", line="a", text="Cut off in the")
            await writer.answered()
        final = await reader.take("final")

        async def is_back() -> bool:
            await asyncio.sleep(0)
            return server.app.lives.captioner(room) is None

        await eventually(is_back)

    assert (final["text"], final["source"]) == ("Cut off in the", "captioner")


@pytest.mark.parametrize(
    ("message", "field"),
    [
        ({"type": "line", "line": "a", "text": "x" * 501}, "text"),
        ({"type": "line", "line": "a", "text": 7}, "text"),
        ({"type": "line", "line": "../x", "text": "x"}, "line"),
        ({"type": "line", "text": "x"}, "line"),
        ({"type": "line", "line": "a", "text": "x", "done": "yes"}, "done"),
        ({"type": "line", "line": "a", "text": "\ud800"}, "text"),
        ({"type": "take-over", "reaction": -1}, "reaction"),
        ({"type": "take-over", "reaction": True}, "reaction"),
    ],
)
async def test_typing_that_cannot_be_is_refused_by_field(
    server: Running, host: Person, message: Message, field: str
) -> None:
    room = await server.live_room(host)
    async with reading_along(server, room, f"token={host.token}") as writer:
        await writer.send(**message)
        error = await writer.take("error")

    assert (error["code"], error["field"]) == ("bad-message", field)


async def test_nobody_captions_a_room_that_is_not_live(
    server: Running, host: Person, room: str
) -> None:
    async with reading_along(server, room, f"token={host.token}") as writer:
        await writer.send(type="take-over")
        error = await writer.take("error")

    assert error["code"] == "room-not-live"
