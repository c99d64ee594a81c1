"""A reader who catches up: one caption after another, in the time that each takes to read."""

from dataclasses import replace

from api.delivery import Delivery, Mode, Pending
from models.transcript import Gap, GapReason
from tests.api.running import final, interim, numbered


def test_pausing_in_a_catch_up_counts_what_is_left_of_it() -> None:
    reader = Delivery(sent=0, latest=0)
    reader.pause()
    reader.live(numbered(1, 3))
    reader.resume("catch-up", wpm=60, now_s=0)
    reader.caught_up(numbered(1, 1), now_s=0)

    reader.pause()
    assert reader.pending() == Pending(count=2, latest_seq=3)


def test_a_catch_up_gives_one_caption_at_a_time_in_the_time_of_its_words() -> None:
    reader = Delivery(sent=0, latest=0)
    reader.pause()
    reader.live(numbered(1, 2))
    reader.resume("catch-up", wpm=60, now_s=100)

    assert reader.wait_s(100) == 0
    assert reader.caught_up(numbered(1, 2), now_s=100) == numbered(1, 1)
    assert reader.wait_s(100) == 2  # two words at a word a second
    assert reader.wait_s(102) == 0
    assert reader.caught_up(numbered(2, 2), now_s=102) == numbered(2, 2)


def test_a_catch_up_with_nothing_is_live() -> None:
    reader = Delivery(sent=0, latest=0)
    reader.resume("catch-up", wpm=60, now_s=0)

    assert reader.mode is Mode.LIVE
    assert reader.wait_s(0) is None


def test_a_catch_up_ends_live_with_the_last_entry() -> None:
    reader = Delivery(sent=0, latest=0)
    reader.pause()
    reader.live(numbered(1, 2))
    reader.resume("catch-up", wpm=60, now_s=0)

    reader.caught_up(numbered(1, 1), now_s=0)
    assert reader.wait_s(2) == 0
    reader.caught_up(numbered(2, 2), now_s=2)

    assert reader.mode is Mode.LIVE
    assert reader.wait_s(2) is None
    assert reader.live([*numbered(3, 3), interim("a", 1, "so")]) == [
        *numbered(3, 3),
        interim("a", 1, "so"),
    ]


def test_a_catch_up_says_what_is_left_and_what_was_said_since() -> None:
    reader = Delivery(sent=0, latest=0)
    reader.pause()
    reader.live(numbered(1, 2))
    reader.resume("catch-up", wpm=60, now_s=0)

    assert reader.pending() == Pending(count=2, latest_seq=2)
    reader.caught_up(numbered(1, 1), now_s=0)
    assert reader.pending() == Pending(count=1, latest_seq=2)
    assert reader.live(numbered(3, 3)) == []
    assert reader.pending() == Pending(count=2, latest_seq=3)
    assert reader.pending() is None


def test_chinese_takes_the_time_of_a_word_for_two_letters_in_a_catch_up() -> None:
    reader = Delivery(sent=0, latest=2)
    reader.resume("catch-up", wpm=60, now_s=0)

    reader.caught_up([replace(final("今天我们来谈谈字幕吧"), seq=1)], now_s=0)

    assert reader.wait_s(0) == 5


def test_a_gap_takes_the_time_of_one_word_in_a_catch_up() -> None:
    reader = Delivery(sent=0, latest=2)
    reader.resume("catch-up", wpm=60, now_s=0)

    reader.caught_up([Gap(start_s=0, end_s=9, reason=GapReason.OVERLOAD, seq=1)], now_s=0)

    assert reader.wait_s(0) == 1
