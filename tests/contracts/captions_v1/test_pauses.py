"""Pausing, and the three ways to go on."""

import asyncio

from models.caption import Health, Status
from models.transcript import Correction, Gap, GapReason
from tests.api.running import ADA, Running
from tests.contracts.captions_v1.reader import Reader, letters, reading_along


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


def correction(id: str, text: str) -> Correction:
    return Correction(id=id, rev=10, text=text, by=ADA, replaces=1)


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


async def test_a_jump_leaves_nothing_on_the_page_uncorrected(server: Running, room: str) -> None:
    async with reading_along(server, room) as reader:
        await server.say(room, "wrogn")
        await reader.up_to(1)
        await paused_over(reader, server, room, "missed", "as well")
        await server.show(room, correction("wrogn", "wrong"))
        await server.say(room, "later")
        while (await reader.take("pending"))["latest_seq"] < 5:
            pass
        await reader.send(type="resume", mode="live")
        await server.say(room, "now")
        corrected = await reader.next()
        now = await reader.next()

    assert (corrected["type"], corrected["seq"], corrected["text"]) == ("correction", 4, "wrong")
    assert (now["seq"], now["text"]) == (6, "now")


async def test_only_captions_are_counted_among_what_waits(server: Running, room: str) -> None:
    async with reading_along(server, room) as reader:
        await server.say(room, "wrogn")
        await reader.up_to(1)
        await reader.send(type="pause")
        await reader.take("pending")
        await server.show(room, correction("wrogn", "wrong"))
        only_corrected = await reader.take("pending")
        await server.show(room, Gap(start_s=1, end_s=2, reason=GapReason.OVERLOAD))
        await reader.take("pending")
        await server.say(room, "and")
        counted = await reader.take("pending")

    assert only_corrected == {"type": "pending", "count": 0, "latest_seq": 2}
    assert counted == {"type": "pending", "count": 1, "latest_seq": 4}


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


async def test_a_catch_up_says_what_is_left_until_the_newest_was_sent(
    server: Running, room: str
) -> None:
    async with reading_along(server, room) as reader:
        await paused_over(reader, server, room, "this takes fifteen seconds " * 3, "b")
        await reader.send(type="resume", mode="catch-up", wpm=40)
        begins, first, then = [await reader.next() for _ in range(3)]
        await server.say(room, "c")
        more = await reader.next()
        await reader.send(type="resume", mode="catch-up", wpm=1200)
        await reader.up_to(3)
        server.murmur(room, "i4", 1, "live")
        shown = await reader.take("interim")

    assert (first["seq"], shown["text"]) == (1, "live")
    counts = ((2, 2), (1, 2), (2, 3))
    left = [{"type": "pending", "count": n, "latest_seq": seq} for n, seq in counts]
    assert [begins, then, more] == left


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
