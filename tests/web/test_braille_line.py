"""Captions line by line, for a braille display: nothing changes but by its reader."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.pages import ADA, BEN, open_room

pytestmark = pytest.mark.browser

# The line that has the caret: what a braille display shows.
CARET_LINE = """field => {
    const from = field.value.lastIndexOf('\\n', field.selectionStart - 1) + 1;
    return field.value.slice(from).split('\\n')[0];
}"""

# Reads on as fast as lines come, up to a last one.
READ_ON = (
    """async (field, last) => {
    const read = [];
    const line = """
    + CARET_LINE
    + """;
    while (read.at(-1) !== last && read.length < 2000) {
        field.dispatchEvent(new KeyboardEvent("keydown", {key: "ArrowDown", cancelable: true}));
        const facts = document.getElementById("braille-facts");
        const moved = () => `${line(field)} ${facts.textContent}`;
        if (moved() === read.moved) await new Promise((done) => setTimeout(done, 20));
        else read.push(line(field));
        read.moved = moved();
    }
    return read;
}"""
)


def line(page: Page) -> str:
    return str(page.locator("#braille-field").evaluate(CARET_LINE))


def lines_onwards(page: Page, key: str, count: int) -> list[str]:
    found = []
    for _ in range(count):
        page.keyboard.press(key)
        found.append(line(page))
    return found


def opened(page: Page) -> Locator:
    page.keyboard.press("r")
    field = page.get_by_role("textbox", name="Captions, line by line")
    expect(field).to_be_focused()
    return field


def test_lines_are_read_one_by_one_and_nothing_changes_under_the_finger(stage: Any) -> None:
    page = open_room(stage, "Good morning.", "Hello Ada.")
    field = opened(page)
    assert line(page) == "Ben: Hello Ada."
    stage.interim("not in here", id="c3")
    stage.say("The first thing that I want to tell you today is a long one.", speaker=ADA)
    stage.correct("c2", "Hello, Ada!")
    stage.gap(12, 24, "overload")
    stage.say("Good.", speaker=BEN)
    expect(page.locator("#braille-facts")).to_have_text("At 0:06. 6 lines wait.")
    assert line(page) == "Ben: Hello Ada."
    expect(page.locator("#status")).to_have_text("This room is being recorded.")

    assert lines_onwards(page, "ArrowDown", 3) == [
        "Ada: The first thing that I want to tell",
        "you today is a long one.",
        "Corrected: Hello, Ada!",
    ]
    assert lines_onwards(page, "Enter", 2) == [
        "12 seconds without captions: the",
        "recogniser could not keep up",
    ]
    assert lines_onwards(page, "Space", 1) == ["Ben: Good."]
    expect(page.locator("#braille-facts")).to_contain_text("No line waits")
    page.keyboard.press("Space")
    expect(page.locator("#status")).to_have_text("No more lines yet.")
    assert lines_onwards(page, "ArrowUp", 2)[-1] == "12 seconds without captions: the"
    assert lines_onwards(page, "Home", 1) == ["Ada: Good morning."]
    assert lines_onwards(page, "ArrowDown", 1) == ["Ben: Hello Ada."], "as it was read before"
    assert lines_onwards(page, "End", 1) == ["Ben: Good."]
    page.keyboard.press("w")
    expect(page.locator("#status")).to_contain_text("No line waits.")

    page.keyboard.press("Escape")
    expect(field).to_be_hidden()
    expect(page.get_by_role("button", name="Braille line", exact=True)).to_be_focused()


def test_the_keys_of_a_display_which_move_the_caret_lead_on_and_back(stage: Any) -> None:
    page = open_room(stage, "One.", "Two.", "Three.")
    field = opened(page)
    for waiting in ("1 line waits", "2 lines wait"):
        field.evaluate("f => f.setSelectionRange(0, 0)")  # as a display's "line up" does
        expect(page.locator("#braille-facts")).to_contain_text(waiting)
    assert line(page) == "Ada: One."
    field.evaluate("f => f.setSelectionRange(f.value.length, f.value.length)")
    expect(page.locator("#braille-facts")).to_contain_text("1 line waits")
    assert line(page) == "Ben: Two."


def test_a_line_keeps_its_place_through_reload_cut_and_another_length(stage: Any) -> None:
    page = open_room(stage, *(f"This is sentence number {n}." for n in range(1, 301)))
    opened(page)
    page.get_by_label("Cells").fill("20")
    page.keyboard.press("Tab")
    page.locator("#braille-field").focus()
    page.keyboard.press("Home")
    expect(page.locator("#braille-facts")).to_contain_text("At 0:03", timeout=10_000)
    assert line(page) == "Ada: This is"
    assert lines_onwards(page, "ArrowDown", 3) == [
        "sentence number 1.",
        "Ben: This is",
        "sentence number 2.",
    ]
    page.reload()
    expect(page.locator("#braille-field")).to_be_focused()
    expect(page.locator("#braille-facts")).to_contain_text("At 0:06", timeout=10_000)
    assert line(page) == "sentence number 2."

    stage.cut()
    stage.say("Said meanwhile.")
    expect(page.locator("#health")).to_contain_text("behind", timeout=20_000)
    assert line(page) == "sentence number 2."
    read = page.locator("#braille-field").evaluate(READ_ON, "Ada: Said meanwhile.")
    numbers = re.findall(r"sentence number (\d+)", " ".join(read))
    assert [int(number) for number in numbers] == list(range(3, 301))
    assert read[-1] == "Ada: Said meanwhile."


def test_who_has_paused_begins_where_they_stopped_and_misses_nothing(stage: Any) -> None:
    page = open_room(stage, "One.", "Two.")
    page.keyboard.press("p")
    expect(page.locator("#mode")).to_contain_text("Paused")
    stage.say("Three.")
    stage.say("Four.")
    expect(page.locator("#mode")).to_have_text("Paused · 2 new captions")
    opened(page)
    assert line(page) == "Ben: Two."
    expect(page.locator("#braille-facts")).to_contain_text("2 lines wait")
    assert lines_onwards(page, "ArrowDown", 2) == ["Ada: Three.", "Four."]
