"""Captions in a terminal."""

import io
from dataclasses import replace

from rich.console import Console

from api import protocol
from api.demo.screen import Screen
from models.transcript import Entry, Gap, GapReason
from tests.api.running import final


def printed(*entries: Entry, width: int = 80) -> list[str]:
    out = io.StringIO()
    screen = Screen(Console(file=out, width=width, highlight=False))
    for entry in entries:
        screen.take(protocol.message(entry))
    return [line.rstrip() for line in out.getvalue().splitlines()]


def test_a_finals_lines_stand_under_each_other_behind_the_name() -> None:
    said = final("When the kettle had boiled, we sat down by the window.", 62.0)

    assert printed(replace(said, seq=1)) == [
        " 1:02  Ada: When the kettle had boiled,",
        "            we sat down by the window.",
    ]


def test_a_final_without_words_is_a_name_alone() -> None:
    assert printed(replace(final(""), seq=1)) == [" 0:00  Ada:"]


def test_a_gap_is_said_in_the_terminal() -> None:
    gap = Gap(start_s=1, end_s=3.5, reason=GapReason.OVERLOAD, seq=1)

    assert printed(gap) == ["[captions missing: 2.5 s, overload]"]
