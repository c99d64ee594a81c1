"""captions.v1 as its readers know it: a real server, read by an independent websocket client."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import websockets
from websockets.asyncio.client import ClientConnection

from models.caption import Health, RecordingState, RoomNews, Status
from models.room import Activity, RoomState
from models.style import CaptionStyle
from models.transcript import Correction, Gap, GapReason
from tests.api.running import (
    ADA,
    WAIT_S,
    Person,
    Running,
    eventually,
    final,
    interim,
    long_final,
    running,
)

Message = dict[str, Any]
SPOKEN = ("final", "correction", "gap")


class Reader:
    """A client of captions.v1 that keeps everything it was sent."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.all: list[Message] = []

    async def next(self) -> Message:
        """The next message, whatever it is."""
        async with asyncio.timeout(WAIT_S):
            self.all.append(json.loads(await self.connection.recv()))
        return self.all[-1]

    async def take(self, type: str) -> Message:
        """The next message of a type; what comes before it is skipped."""
        while (await self.next())["type"] != type:
            pass
        return self.all[-1]

    async def up_to(self, seq: int) -> list[int]:
        """Read until the entry ``seq`` has come; gives the numbers of all entries so far."""
        while seq not in self.entries():
            await self.next()
        return self.entries()

    async def answered(self) -> None:
        """Make sure that the server has read everything that was sent to it."""
        await self.send(type="ping")
        await self.take("pong")

    async def send(self, **message: object) -> None:
        await self.connection.send(json.dumps(message))

    def entries(self) -> list[int]:
        """The numbers of all entries so far, except those of the first page."""
        numbers: list[int] = []
        for message in self.all:
            if message["type"] == "history":
                numbers += [item["seq"] for item in message["items"]]
            elif message["type"] in SPOKEN:
                numbers.append(message["seq"])
        return numbers

    def texts(self) -> list[str]:
        return [message["text"] for message in self.all if message["type"] == "final"]

    async def closed(self) -> int | None:
        """Wait until the server hangs up; gives its code."""
        async with asyncio.timeout(WAIT_S):
            await self.connection.wait_closed()
        return self.connection.close_code


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(tmp_path) as started:
        yield started


@pytest.fixture
async def host(server: Running) -> Person:
    return await server.sign_in("Hanna")


@pytest.fixture
async def room(server: Running, host: Person) -> str:
    return await server.room(host)


@asynccontextmanager
async def reading(
    server: Running, room_id: str, query: str = "", **options: Any
) -> AsyncIterator[Reader]:
    address = f"{server.url.replace('http', 'ws', 1)}/v1/rooms/{room_id}/captions?{query}"
    options = {"subprotocols": ["captions.v1"], "compression": None} | options
    async with websockets.connect(address, proxy=None, **options) as connection:
        yield Reader(connection)


@asynccontextmanager
async def reading_along(
    server: Running, room_id: str, query: str = "", **options: Any
) -> AsyncIterator[Reader]:
    """Connect and read past the welcome and the first page."""
    async with reading(server, room_id, query, **options) as reader:
        await reader.take("welcome" if "after=" in query else "history")
        yield reader


def letters(count: int, prefix: str = "c") -> list[str]:
    return [f"{prefix}{number}" for number in range(1, count + 1)]


async def test_the_subprotocol_is_agreed_on(server: Running, room: str) -> None:
    async with reading(server, room) as reader:
        assert reader.connection.subprotocol == "captions.v1"


async def test_a_client_without_subprotocols_is_served_too(server: Running, room: str) -> None:
    async with reading(server, room, subprotocols=None) as reader:
        assert reader.connection.subprotocol is None
        assert (await reader.next())["type"] == "welcome"


async def test_the_welcome_says_what_a_listener_has_to_know(server: Running, room: str) -> None:
    await server.say(room, "hello")

    async with reading(server, room) as reader:
        welcome = await reader.next()

    assert next(iter(welcome)) == "type"
    assert welcome == {
        "type": "welcome",
        "room": room,
        "title": "Tea",
        "instance": 0,
        "seq": 1,
        "first_seq": 1,
        "live": False,
        "language": "en",
        "engine": {"name": "scripted", "model": "", "quality": "good"},
        "style": CaptionStyle().as_json(),
        "tracks": [],
        "state": "scheduled",
        "participants": 0,
        "recording": "off",
    }


async def test_the_welcome_of_a_live_room_says_so(server: Running, host: Person) -> None:
    room = await server.live_room(host)

    async with reading(server, room) as reader:
        welcome = await reader.next()

    shown = {name: welcome[name] for name in ("live", "state", "instance", "recording", "seq")}
    assert shown == {"live": True, "state": "live", "instance": 1, "recording": "on", "seq": 0}
    assert welcome["participants"] == 1


async def test_the_newest_fifty_entries_come_first_in_one_page(server: Running, room: str) -> None:
    await server.say(room, *letters(60))

    async with reading(server, room) as reader:
        await reader.next()
        page = await reader.next()

    assert list(page) == ["type", "items", "before", "more"]
    assert [item["seq"] for item in page["items"]] == list(range(11, 61))
    assert (page["before"], page["more"]) == (11, True)
    assert all(next(iter(item)) == "type" for item in page["items"])


async def test_the_first_page_of_a_silent_room_is_empty(server: Running, room: str) -> None:
    async with reading(server, room) as reader:
        await reader.next()

        assert await reader.next() == {"type": "history", "items": [], "before": 1, "more": False}


async def test_every_kind_of_message_has_its_fields_in_order(server: Running, room: str) -> None:
    bus = server.app.lives.bus(room)
    said = replace(final("well then", start_s=1.23456), end_s=2.00049)
    speaker = {"id": "ada", "name": "Ada"}
    async with reading_along(server, room) as reader:
        bus.publish(replace(interim("i1", 3, "well"), end_s=0.12345, stable=2))
        first = await reader.next()
        await server.show(room, said)
        second = await reader.next()
        await server.show(room, Correction(id="well then", rev=10, text="Oh", by=ADA, replaces=1))
        third = await reader.next()
        await server.show(room, Gap(start_s=3, end_s=4.5, reason=GapReason.OVERLOAD))
        fourth = await reader.next()
        bus.publish(Activity(speaker=ADA, on=True, t_s=1.0004))
        fifth = await reader.next()
        bus.publish(Status(delay_s=1.5, state=Health.BEHIND, note="busy"))
        sixth = await reader.next()
        news = RoomNews(
            state=RoomState.LIVE, participants=3, recording=RecordingState.OFF_RECORD, note="hush"
        )
        bus.publish(news)
        seventh = await reader.next()

    assert json.dumps(first) == json.dumps(
        {
            "type": "interim",
            "id": "i1",
            "rev": 3,
            "start": 0.0,
            "end": 0.123,
            "speaker": speaker,
            "text": "well",
            "stable": 2,
        }
    )
    assert json.dumps(second) == json.dumps(
        {
            "type": "final",
            "seq": 1,
            "id": "well then",
            "rev": 9,
            "start": 1.235,
            "end": 2.0,
            "speaker": speaker,
            "text": "well then",
            "words": [["well", 1.235, 1.735, 0.9], ["then", 1.235, 1.735, 0.9]],
            "language": "en",
            "source": "asr",
        }
    )
    assert json.dumps(third) == json.dumps(
        {
            "type": "correction",
            "seq": 2,
            "id": "well then",
            "rev": 10,
            "text": "Oh",
            "by": speaker,
            "replaces": 1,
        }
    )
    assert json.dumps(fourth) == json.dumps(
        {"type": "gap", "seq": 3, "start": 3.0, "end": 4.5, "reason": "overload"}
    )
    assert json.dumps(fifth) == json.dumps(
        {"type": "speaking", "speaker": speaker, "on": True, "t": 1.0}
    )
    assert json.dumps(sixth) == json.dumps(
        {"type": "status", "delay": 1.5, "state": "behind", "note": "busy"}
    )
    assert json.dumps(seventh) == json.dumps(
        {
            "type": "room",
            "state": "live",
            "participants": 3,
            "recording": "off-record",
            "note": "hush",
        }
    )


async def test_a_caption_without_a_known_speaker_says_null(server: Running, room: str) -> None:
    async with reading_along(server, room) as reader:
        await server.show(room, replace(final("who"), speaker=None))

        assert (await reader.take("final"))["speaker"] is None


async def test_all_scripts_of_the_world_come_through(server: Running, room: str) -> None:
    async with reading_along(server, room) as reader:
        await server.say(room, "Grüße 你好 שלום 👩🏽‍🚀")

        assert (await reader.take("final"))["text"] == "Grüße 你好 שלום 👩🏽‍🚀"


async def test_an_interim_without_text_takes_its_caption_back(server: Running, room: str) -> None:
    async with reading_along(server, room) as reader:
        server.murmur(room, "i1", 1, "never mind")
        await reader.take("interim")
        server.murmur(room, "i1", 2, "")

        taken_back = await reader.take("interim")

    assert (taken_back["id"], taken_back["text"]) == ("i1", "")


async def test_two_readers_get_the_same_words(server: Running, room: str) -> None:
    async with reading_along(server, room) as one, reading_along(server, room) as other:
        await server.say(room, *letters(20))
        await one.up_to(20)
        await other.up_to(20)

    assert one.texts() == other.texts() == letters(20)


async def test_who_comes_in_the_middle_of_a_sentence_sees_it(server: Running, room: str) -> None:
    server.murmur(room, "i1", 4, "in the middle of")

    async with reading_along(server, room) as reader:
        assert (await reader.take("interim"))["text"] == "in the middle of"


async def test_after_gives_everything_since_and_then_what_is_live(
    server: Running, room: str
) -> None:
    await server.say(room, *letters(250))

    async with reading_along(server, room, "after=30") as reader:
        await reader.up_to(250)
        await server.say(room, "now")
        numbers = await reader.up_to(251)

    assert numbers == list(range(31, 252))
    assert [message for message in reader.all if message["type"] == "history"] == []


async def test_nothing_is_lost_or_doubled_when_people_speak_during_the_handshake(
    server: Running, room: str
) -> None:
    await server.say(room, *letters(30))
    speaking = asyncio.create_task(server.say(room, *letters(300, "d")))

    readers = []
    for after in (0, 10, 30):
        async with reading_along(server, room, f"after={after}") as reader:
            await server.say(room, f"x{after}")
            readers.append((after, await reader.up_to(after + 60)))
    await speaking

    for after, numbers in readers:
        assert numbers == list(range(after + 1, after + 1 + len(numbers)))


async def test_a_first_page_and_what_follows_it_have_no_seam(server: Running, room: str) -> None:
    speaking = asyncio.create_task(server.say(room, *letters(200)))

    async with reading(server, room) as reader:
        numbers = await reader.up_to(200)
    await speaking

    assert numbers == list(range(numbers[0], 201))


@pytest.mark.parametrize("after", ["99", "-1", "--1", "soon", "", "1e3", "9" * 5000, "٣"])
async def test_an_after_that_is_no_place_in_the_journal_does_no_harm(
    server: Running, room: str, after: str
) -> None:
    await server.say(room, *letters(2))

    async with reading(server, room, f"after={after}") as reader:
        await reader.take("welcome")
        await server.say(room, "now")
        numbers = await reader.up_to(3)

    assert numbers in ([3], [1, 2, 3])


async def test_captions_go_on_counting_after_the_server_was_restarted(tmp_path: Path) -> None:
    async with running(tmp_path) as server:
        host = await server.sign_in()
        room = await server.live_room(host)
        await server.say(room, "before", "the end")

    async with running(tmp_path) as server:
        reply = await server.http.post(f"/v1/rooms/{room}/start", headers=host.headers)
        assert reply.json()["instance"] == 2
        async with reading(server, room, "after=1") as reader:
            welcome = await reader.next()
            await server.say(room, "again", instance=2)
            numbers = await reader.up_to(3)

    assert (welcome["instance"], welcome["seq"]) == (2, 2)
    assert numbers == [2, 3]
    assert reader.texts() == ["the end", "again"]


async def test_readers_are_told_that_the_room_ends_and_that_the_server_does(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as server:
        room = await server.live_room(await server.sign_in())
        async with reading_along(server, room) as reader:
            closing = asyncio.create_task(server.app.lives.close())
            while (await reader.take("room"))["state"] != "ended":
                pass
            code = await reader.closed()
        await closing

    assert code == 1012


async def test_a_pause_holds_captions_back_and_counts_them(server: Running, room: str) -> None:
    async with reading_along(server, room) as reader:
        await server.say(room, "one")
        await reader.up_to(1)
        await reader.send(type="pause")
        assert await reader.next() == {"type": "pending", "count": 0, "latest_seq": 1}

        await server.say(room, "two")
        server.murmur(room, "i3", 1, "thr")
        first = await reader.next()
        await server.say(room, "three")
        second = await reader.next()
        await reader.answered()

    assert first == {"type": "pending", "count": 1, "latest_seq": 2}
    assert second == {"type": "pending", "count": 2, "latest_seq": 3}
    assert reader.texts() == ["one"]


async def test_news_of_the_room_comes_through_a_pause(server: Running, room: str) -> None:
    async with reading_along(server, room) as reader:
        await reader.send(type="pause")
        await reader.take("pending")
        server.app.lives.bus(room).publish(Status(delay_s=0, state=Health.DOWN, note="oh"))

        assert (await reader.next())["note"] == "oh"


async def paused_over(reader: Reader, server: Running, room: str, *texts: str) -> None:
    await reader.send(type="pause")
    await reader.take("pending")
    await server.say(room, *texts)
    while (await reader.take("pending"))["count"] < len(texts):
        pass


async def test_resuming_live_jumps_over_what_was_missed(server: Running, room: str) -> None:
    async with reading_along(server, room) as reader:
        await paused_over(reader, server, room, *letters(5))
        await reader.send(type="resume", mode="live")
        await reader.answered()
        await server.say(room, "now")
        numbers = await reader.up_to(6)

    assert numbers == [6]


async def test_resuming_with_replay_sends_everything_missed_at_once(
    server: Running, room: str
) -> None:
    async with reading_along(server, room) as reader:
        await paused_over(reader, server, room, *letters(150))
        await reader.send(type="resume", mode="replay")
        await server.say(room, "now")
        numbers = await reader.up_to(151)

    assert numbers == list(range(1, 152))


async def test_catching_up_takes_the_time_that_reading_takes(server: Running, room: str) -> None:
    loop = asyncio.get_running_loop()
    arrived: list[float] = []
    async with reading_along(server, room) as reader:
        await paused_over(reader, server, room, "a b", "c d e f", "g")
        began = loop.time()
        await reader.send(type="resume", mode="catch-up", wpm=1200)
        for _ in range(3):
            await reader.take("final")
            arrived.append(loop.time() - began)
        await server.say(room, "h")
        await reader.up_to(4)

    assert reader.texts() == ["a b", "c d e f", "g", "h"]
    # 50 ms a word at 1,200 words a minute; a busy machine may take longer, never shorter
    assert arrived[1] >= 0.1 - 0.01
    assert arrived[2] >= 0.3 - 0.01


async def test_what_is_said_during_a_catch_up_comes_after_it_in_order(
    server: Running, room: str
) -> None:
    async with reading_along(server, room) as reader:
        await paused_over(reader, server, room, *letters(4))
        await reader.send(type="resume", mode="catch-up", wpm=1200)
        await reader.take("final")
        await server.say(room, *letters(3, "d"))
        numbers = await reader.up_to(7)

    assert numbers == list(range(1, 8))


async def test_an_interim_that_changed_during_a_pause_is_shown_after_it(
    server: Running, room: str
) -> None:
    async with reading_along(server, room) as reader:
        server.murmur(room, "i1", 1, "so")
        await reader.take("interim")
        await reader.send(type="pause")
        await reader.take("pending")
        server.murmur(room, "i1", 2, "so be it")
        await reader.answered()
        await reader.send(type="resume", mode="live")

        assert (await reader.take("interim"))["text"] == "so be it"


async def test_a_jump_leaves_no_half_sentence_behind(server: Running, room: str) -> None:
    async with reading_along(server, room) as reader:
        server.murmur(room, "so be it", 1, "so")
        await reader.take("interim")
        await paused_over(reader, server, room, "so be it")
        await reader.send(type="resume", mode="live")

        taken_back = await reader.take("interim")

    assert (taken_back["id"], taken_back["rev"], taken_back["text"]) == ("so be it", 2, "")


async def test_scrolling_back_walks_to_the_first_caption(server: Running, room: str) -> None:
    await server.say(room, *letters(120))
    seen: list[int] = []
    async with reading(server, room) as reader:
        page = await reader.take("history")
        while page["more"]:
            seen = [item["seq"] for item in page["items"]] + seen
            await reader.send(type="scrollback", before=page["before"], limit=30)
            page = await reader.take("history")
        seen = [item["seq"] for item in page["items"]] + seen

    assert seen == list(range(1, 121))


async def test_scrolling_back_from_nothing_gives_the_newest(server: Running, room: str) -> None:
    await server.say(room, *letters(60))
    async with reading_along(server, room) as reader:
        await reader.send(type="scrollback")
        page = await reader.take("history")

    assert [item["seq"] for item in page["items"]] == list(range(11, 61))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("limit", 0),
        ("limit", 501),
        ("limit", "all"),
        ("limit", True),
        ("limit", 1.5),
        ("before", -1),
        ("before", None),
        ("before", 2**60),
    ],
)
async def test_a_page_that_cannot_be_is_an_error(
    server: Running, room: str, field: str, value: object
) -> None:
    async with reading_along(server, room) as reader:
        await reader.send(type="scrollback", **{field: value})
        error = await reader.take("error")
        await reader.answered()

    assert (error["code"], error["field"]) == ("bad-message", field)
    assert "fatal" not in error


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


async def test_a_style_is_kept_for_who_signed_in(server: Running, room: str) -> None:
    person = await server.sign_in("Sam")
    elsewhere = await server.room(person, "Elsewhere")
    async with reading_along(server, room, f"token={person.token}") as reader:
        await reader.send(type="style", size_percent=200, font="serif")
        answer = await reader.take("style")

    async with reading(server, elsewhere, f"token={person.token}") as reader:
        welcome = await reader.next()
    reply = await server.http.get("/v1/me/caption-style", headers=person.headers)

    assert list(answer) == ["type", "style"]
    assert answer["style"] == CaptionStyle(size_percent=200, font="serif").as_json()
    assert welcome["style"] == reply.json() == answer["style"]


async def test_a_guests_style_is_echoed_and_not_kept(server: Running, room: str) -> None:
    async with reading_along(server, room) as reader:
        await reader.send(type="style", edge="uniform")
        answer = await reader.take("style")
    async with reading(server, room) as reader:
        welcome = await reader.next()

    assert answer["style"]["edge"] == "uniform"
    assert welcome["style"] == CaptionStyle().as_json()


@pytest.mark.parametrize(
    ("style", "field"),
    [
        ({"size_percent": 5000}, "size_percent"),
        ({"size_percent": float("nan")}, "size_percent"),
        ({"font": "comic"}, "font"),
        ({"font": ["sans"]}, "font"),
        ({"text_colour": "red"}, "text_colour"),
        ({"colour": "#ffffff"}, "colour"),
        ({"\ud800": 1}, "\\ud800"),
    ],
)
async def test_a_style_that_cannot_be_is_an_error_and_changes_nothing(
    server: Running, room: str, style: dict[str, object], field: str
) -> None:
    person = await server.sign_in("Sam")
    async with reading_along(server, room, f"token={person.token}") as reader:
        await reader.send(type="style", **style)
        error = await reader.take("error")
        await reader.answered()

    kept = await server.http.get("/v1/me/caption-style", headers=person.headers)
    assert (error["code"], error["field"]) == ("bad-style", field)
    assert kept.json() == CaptionStyle().as_json()


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


async def test_a_room_that_does_not_exist_closes_4404(server: Running) -> None:
    async with reading(server, "nowhere") as reader:
        assert await reader.closed() == 4404


@pytest.mark.parametrize("token", ["nonsense", "a.b.c", "é", "e30.e30."])
async def test_a_bad_token_closes_4401(server: Running, room: str, token: str) -> None:
    async with reading(server, room, f"token={token}") as reader:
        assert await reader.closed() == 4401


async def test_a_private_room_is_closed_to_guests_and_strangers(
    server: Running, host: Person
) -> None:
    room = await server.room(host, private=True)
    stranger = await server.sign_in("Sam")

    for query in ("", f"token={stranger.token}"):
        async with reading(server, room, query) as reader:
            assert await reader.closed() == 4403
    async with reading(server, room, f"token={host.token}") as reader:
        assert (await reader.next())["type"] == "welcome"


async def test_a_token_may_come_in_the_authorization_header(server: Running, host: Person) -> None:
    room = await server.room(host, private=True)

    async with reading(server, room, additional_headers=host.headers) as reader:
        assert (await reader.next())["type"] == "welcome"
    for header in ("Basic aGk6aGk=", "Bearer", "Bearer nonsense"):
        headers = {"Authorization": header}
        async with reading(server, room, additional_headers=headers) as reader:
            assert await reader.closed() == 4401


async def test_who_is_removed_from_a_private_room_reads_no_further(
    server: Running, host: Person
) -> None:
    room = await server.live_room(host, private=True)
    guest = await server.sign_in("Sam")
    owner = await server.app.registry.user(host.id)
    await server.app.registry.invite(owner, room, guest.id)
    await server.http.post(f"/v1/rooms/{room}/join", headers=guest.headers)
    async with (
        reading_along(server, room, f"token={guest.token}") as reader,
        reading_along(server, room, f"token={host.token}") as keeper,
    ):
        await server.http.delete(f"/v1/rooms/{room}/participants/{guest.id}", headers=host.headers)
        code = await reader.closed()
        await server.say(room, "between us")
        await keeper.up_to(1)

    assert code == 4403
    assert reader.texts() == []


async def test_a_reader_that_left_is_forgotten(server: Running, room: str) -> None:
    bus = server.app.lives.bus(room)
    async with reading_along(server, room):
        assert len(bus) == 1

    async def forgotten() -> bool:
        return len(bus) == 0

    await eventually(forgotten)
