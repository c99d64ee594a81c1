import asyncio

import pytest

from pipeline.channel import Channel, ChannelClosed, WhenFull


async def _rest(channel: Channel[int]) -> list[int]:
    return [item async for item in channel]


def test_a_channel_without_room_for_anything_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Channel[int](0)


async def test_the_oldest_gives_way_to_the_newest() -> None:
    channel = Channel[int](2, when_full=WhenFull.DROP_OLDEST)

    kept = [channel.put_nowait(n) for n in range(4)]
    channel.close()

    assert kept == [True, True, False, False]
    assert channel.dropped == 2
    assert await _rest(channel) == [2, 3]


async def test_what_is_spared_outlives_what_is_not() -> None:
    channel: Channel[int] = Channel(3, spare=lambda item: item < 0)
    for item in (1, -1, 2, 3, 4):
        channel.put_nowait(item)
    channel.close()

    assert await _rest(channel) == [-1, 3, 4]


async def test_a_channel_is_bounded_though_everything_in_it_is_spared() -> None:
    channel: Channel[int] = Channel(2, spare=lambda _: True)
    for item in (1, 2, 3):
        channel.put_nowait(item)
    channel.close()

    assert await _rest(channel) == [2, 3]


async def test_the_newest_is_refused() -> None:
    channel = Channel[int](2, when_full=WhenFull.DROP_NEWEST)

    kept = [channel.put_nowait(n) for n in range(4)]
    channel.close()

    assert kept == [True, True, False, False]
    assert channel.dropped == 2
    assert await _rest(channel) == [0, 1]


async def test_a_patient_producer_waits_for_room_and_loses_nothing() -> None:
    channel = Channel[int](2)
    longest = 0

    async def produce() -> None:
        for n in range(50):
            await channel.put(n)
        channel.close()

    producing = asyncio.create_task(produce())
    taken = []
    async for item in channel:
        taken.append(item)
        longest = max(longest, len(channel))
        await asyncio.sleep(0.01)
    await producing

    assert taken == list(range(50))
    assert longest <= 2
    assert channel.dropped == 0


async def test_a_closed_channel_is_read_to_its_end_and_takes_nothing_more() -> None:
    channel = Channel[int](5)
    channel.put_nowait(1)
    channel.put_nowait(2)

    channel.close()

    assert channel.closed
    with pytest.raises(ChannelClosed):
        channel.put_nowait(3)
    with pytest.raises(ChannelClosed):
        await channel.put(3)
    assert await _rest(channel) == [1, 2]
    with pytest.raises(ChannelClosed):
        await channel.get()


async def test_closing_wakes_a_reader_that_waits() -> None:
    channel = Channel[int](1)
    reading = asyncio.create_task(_rest(channel))
    await asyncio.sleep(1)

    channel.close()

    assert await reading == []


async def test_closing_wakes_a_producer_that_waits() -> None:
    channel = Channel[int](1)
    channel.put_nowait(1)
    putting = asyncio.create_task(channel.put(2))
    await asyncio.sleep(1)

    channel.close()

    with pytest.raises(ChannelClosed):
        await putting
    assert await _rest(channel) == [1]


async def test_two_producers_that_wait_both_come_through() -> None:
    channel = Channel[int](1)
    channel.put_nowait(0)
    putting = [asyncio.create_task(channel.put(n)) for n in (1, 2)]
    await asyncio.sleep(1)

    taken = [await channel.get() for _ in range(3)]
    await asyncio.gather(*putting)

    assert taken == [0, 1, 2]
    assert len(channel) == 0


async def test_two_readers_that_wait_each_get_an_item() -> None:
    channel = Channel[int](2)
    getting = [asyncio.create_task(channel.get()) for _ in range(2)]
    await asyncio.sleep(1)

    channel.put_nowait(1)
    channel.put_nowait(2)

    assert sorted(await asyncio.gather(*getting)) == [1, 2]


async def test_a_cancelled_reader_takes_no_item_with_it() -> None:
    channel = Channel[int](2)
    getting = asyncio.create_task(channel.get())
    await asyncio.sleep(1)

    getting.cancel()
    channel.put_nowait(1)

    assert await channel.get() == 1
