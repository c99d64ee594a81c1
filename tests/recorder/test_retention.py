"""For how long recordings are kept, and what a clock that is set has to do with it."""

from datetime import UTC, datetime, timedelta

import pytest

from recorder.retention import NOTICE, Notices, Policy

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("default", "most", "wanted", "days"),
    [
        (0, 0, None, None),
        (30, 0, None, 30),
        (30, 0, 0, None),  # this room keeps its recordings for ever
        (30, 0, 365, 365),
        (0, 90, None, 90),
        (30, 90, 365, 90),
        (30, 90, 0, 90),
        (30, 90, 7, 7),
    ],
)
def test_a_room_decides_within_what_the_site_grants(
    default: int, most: int, wanted: int | None, days: int | None
) -> None:
    assert Policy(default_days=default, most_days=most).days(wanted) == days


def announced(*steps: tuple[timedelta, timedelta | None]) -> timedelta:
    """Look once, and again after each step on both clocks; gives what is left of the notice."""
    now, notices = NOON, Notices().after(NOON, None, ["rec"])
    for gone, passed in steps:
        now += gone
        notices = notices.after(now, passed, ["rec"])
    return notices.left("rec")


def test_a_notice_is_over_after_a_week_of_looks() -> None:
    assert announced(*[(HOUR, HOUR)] * (7 * 24 - 1)) == HOUR
    assert announced(*[(HOUR, HOUR)] * (7 * 24)) == timedelta()


def test_a_restart_goes_on_with_the_notice() -> None:
    assert announced((HOUR, HOUR), (2 * HOUR, None)) == NOTICE - 3 * HOUR


def test_a_server_that_was_off_for_a_month_has_announced_nothing_meanwhile() -> None:
    assert announced((30 * DAY, None)) == NOTICE - DAY


@pytest.mark.parametrize("jump", [365 * DAY, -365 * DAY, 2 * HOUR])
def test_a_clock_that_is_set_lets_the_notice_begin_anew(jump: timedelta) -> None:
    assert announced(*[(HOUR, HOUR)] * 160, (HOUR + jump, HOUR)) == NOTICE


def test_a_clock_that_is_set_while_the_server_is_off_counts_for_a_day_at_most() -> None:
    assert announced((3650 * DAY, None)) == NOTICE - DAY
    assert announced((-3650 * DAY, None), (HOUR, HOUR)) == NOTICE - HOUR


def test_what_is_announced_no_longer_is_forgotten() -> None:
    notices = Notices().after(NOON, None, ["rec"]).after(NOON + HOUR, HOUR, ["rec"])
    later = notices.after(NOON + 2 * HOUR, HOUR, []).after(NOON + 3 * HOUR, HOUR, ["rec"])

    assert notices.left("rec") == NOTICE - HOUR
    assert later.left("rec") == NOTICE
