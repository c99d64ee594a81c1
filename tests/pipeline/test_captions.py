import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st

from models.caption import Health, Interim, LiveItem, RecordingState, RoomNews, Status
from models.room import Activity, RoomState
from models.transcript import Correction, Final, Gap, GapReason
from pipeline.captions import CaptionBus, Mailbox
from tests.pipeline.fakes import ADA, BEN


def _interim(caption_id: str, rev: int = 1, text: str = "hello") -> Interim:
    return Interim(id=caption_id, rev=rev, start_s=0, end_s=1, speaker=ADA, text=text)


def _final(caption_id: str, seq: int) -> Final:
    return Final(id=caption_id, rev=9, start_s=0, end_s=1, speaker=ADA, text="hello", seq=seq)


def _gap(seq: int) -> Gap:
    return Gap(start_s=0, end_s=1, reason=GapReason.OVERLOAD, seq=seq)


def _correction(caption_id: str, seq: int) -> Correction:
    return Correction(id=caption_id, rev=10, text="Hello", by=BEN, replaces=1, seq=seq)


def _status(delay_s: float) -> Status:
    return Status(delay_s=delay_s, state=Health.OK)


def _speaks(*, on: bool, t_s: float = 0.0) -> Activity:
    return Activity(speaker=ADA, on=on, t_s=t_s)


_NEWS = RoomNews(state=RoomState.LIVE, participants=2, recording=RecordingState.ON)


def _filled(*items: LiveItem, limit: int = 256) -> Mailbox:
    mailbox = Mailbox(limit)
    for item in items:
        mailbox.put(item)
    return mailbox


def test_only_the_newest_interim_of_a_caption_waits() -> None:
    mailbox = _filled(_interim("a", 1), _interim("b", 1), _interim("a", 2))

    assert mailbox.take() == ([_interim("b", 1), _interim("a", 2)], False)


def test_statuses_news_and_activities_wait_once_each() -> None:
    mailbox = _filled(
        _status(1), _speaks(on=True), _NEWS, _status(2), _speaks(on=False, t_s=3), _NEWS
    )

    assert mailbox.take() == ([_status(2), _speaks(on=False, t_s=3), _NEWS], False)


def test_everything_else_comes_in_its_order() -> None:
    items: list[LiveItem] = [
        _final("a", 1),
        _gap(2),
        _interim("b"),
        _correction("a", 3),
        _final("c", 4),
    ]

    assert _filled(*items).take() == (items, False)


def test_a_final_takes_the_place_of_its_interim() -> None:
    assert _filled(_interim("a"), _interim("b"), _final("a", 1)).take() == (
        [_interim("b"), _final("a", 1)],
        False,
    )


def test_a_gap_touches_no_interim() -> None:
    assert len(_filled(_interim("a"), _gap(1))) == 2


def test_a_mailbox_is_empty_once_it_was_taken() -> None:
    mailbox = _filled(_final("a", 1), _status(1))
    mailbox.take()

    assert mailbox.take() == ([], False)


def test_a_reader_who_saw_a_caption_learns_that_it_was_taken_back() -> None:
    mailbox = _filled(_interim("a", 1))
    mailbox.take()

    mailbox.put(_interim("a", 2, ""))

    assert mailbox.take() == ([_interim("a", 2, "")], False)


def test_a_reader_who_was_away_does_not_collect_captions_that_were_taken_back() -> None:
    mailbox = Mailbox()
    for n in range(1000):
        mailbox.put(_interim(str(n), 1))
        mailbox.put(_interim(str(n), 2, ""))

    assert len(mailbox) == 0


def test_too_many_entries_are_forgotten_and_that_is_said() -> None:
    mailbox = _filled(*(_final(str(n), n) for n in range(1, 4)), _interim("x"), limit=3)

    mailbox.put(_final("4", 4))

    assert mailbox.overflowed
    assert mailbox.take() == ([_interim("x"), _final("4", 4)], True)
    assert mailbox.take() == ([], False)


def test_entries_are_counted_anew_after_an_overflow() -> None:
    mailbox = _filled(*(_final(str(n), n) for n in range(1, 5)), limit=3)
    mailbox.take()

    for n in (5, 6, 7):
        mailbox.put(_gap(n))

    assert mailbox.take() == ([_gap(5), _gap(6), _gap(7)], False)


_items = st.one_of(
    st.builds(_interim, st.sampled_from("abc"), st.integers(1, 5), st.sampled_from(["", "hi"])),
    st.builds(_final, st.sampled_from("abc"), st.integers(1, 30)),
    st.builds(_gap, st.integers(1, 30)),
    st.builds(_correction, st.sampled_from("abc"), st.integers(1, 30)),
    st.builds(_status, st.floats(0, 9)),
)


@settings(deadline=None)
@given(st.lists(st.one_of(_items, st.none()), max_size=80))
def test_a_mailbox_never_holds_more_entries_than_its_limit(items: list[LiveItem | None]) -> None:
    mailbox = Mailbox(limit=4)
    for item in items:
        if item is None:
            mailbox.take()
        else:
            mailbox.put(item)
        entries = [i for i in mailbox.peek() if isinstance(i, Final | Correction | Gap)]
        assert len(entries) == mailbox._entries <= 4


async def test_every_reader_gets_everything() -> None:
    bus = CaptionBus()
    readers = [bus.subscribe(), bus.subscribe()]

    bus.publish(_final("a", 1))
    bus.publish(_gap(2))

    for reader in readers:
        assert await reader.take() == ([_final("a", 1), _gap(2)], False)


async def test_a_reader_who_waits_is_woken() -> None:
    bus = CaptionBus()
    reading = asyncio.create_task(bus.subscribe().take())
    await asyncio.sleep(1)

    bus.publish(_final("a", 1))

    assert await reading == ([_final("a", 1)], False)


async def test_a_newcomer_gets_the_present_state_and_nothing_old() -> None:
    bus = CaptionBus()
    for item in (
        _interim("done"),
        _final("done", 1),
        _interim("back"),
        _interim("back", 2, ""),
        _interim("open", 1),
        _interim("open", 2),
        _status(1),
        _status(2),
        _NEWS,
        Activity(speaker=BEN, on=True, t_s=1),
        _speaks(on=True),
        _speaks(on=False, t_s=1),
        _gap(2),
    ):
        bus.publish(item)

    items, overflowed = await bus.subscribe().take()

    assert not overflowed
    assert items == [
        _interim("open", 2),
        _status(2),
        _NEWS,
        Activity(speaker=BEN, on=True, t_s=1),
    ]


async def test_a_newcomer_learns_that_the_caption_they_were_shown_was_taken_back() -> None:
    bus = CaptionBus()
    bus.publish(_interim("a", 1))
    reader = bus.subscribe()
    await reader.take()

    bus.publish(_interim("a", 2, ""))

    assert await reader.take() == ([_interim("a", 2, "")], False)


async def test_a_slow_reader_is_told_to_look_in_the_journal_and_others_are_not() -> None:
    bus = CaptionBus()
    slow, quick = bus.subscribe(limit=3), bus.subscribe(limit=3)
    seen = []

    for n in range(1, 11):
        bus.publish(_final(str(n), n))
        items, overflowed = await quick.take()
        seen += items
        assert not overflowed
    kept, overflowed = await slow.take()

    assert overflowed
    assert len(kept) <= 3
    assert kept[-1] == _final("10", 10)
    assert seen == [_final(str(n), n) for n in range(1, 11)]


async def test_a_closed_bus_lets_its_readers_finish_and_ends_them() -> None:
    bus = CaptionBus()
    behind, waiting = bus.subscribe(), bus.subscribe()
    ending = asyncio.create_task(waiting.take())
    await asyncio.sleep(1)
    bus.publish(_final("a", 1))
    await ending

    ending = asyncio.create_task(waiting.take())
    await asyncio.sleep(1)
    bus.close()

    assert await ending == ([], False)
    assert await behind.take() == ([_final("a", 1)], False)
    assert await behind.take() == ([], False)


async def test_somebody_who_comes_after_the_end_is_not_kept_waiting() -> None:
    bus = CaptionBus()
    bus.publish(_NEWS)
    bus.close()
    late = bus.subscribe()

    assert await late.take() == ([_NEWS], False)
    assert await late.take() == ([], False)


async def test_a_reader_who_leaves_is_forgotten() -> None:
    bus = CaptionBus()
    reader = bus.subscribe()
    assert len(bus) == 1

    reader.close()
    reader.close()
    bus.publish(_final("a", 1))

    assert len(bus) == 0
    assert await reader.take() == ([], False)


async def test_leaving_ends_a_wait() -> None:
    reader = CaptionBus().subscribe()
    reading = asyncio.create_task(reader.take())
    await asyncio.sleep(1)

    reader.close()

    assert await reading == ([], False)
