"""A host edits the chapters of a recording, alone and beside another host."""

import re
from collections.abc import Sequence
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.web.pages import open_tools, playable

pytestmark = pytest.mark.browser

Chapter = dict[str, Any]


class Chapters:
    """The server's side: chapters with a revision."""

    def __init__(self) -> None:
        self.rev = 1
        self.edited = False
        self.items: Sequence[Chapter] = FOUND
        self.reachable = True

    def answer(self, route: Route) -> None:
        request = route.request
        if not self.reachable:
            return route.abort()
        if request.method == "PUT":
            body = request.post_data_json
            assert isinstance(body, dict)
            if body["rev"] != self.rev:
                return route.fulfill(status=409, json={"title": "Stale", "status": 409})
            self.change(body["items"])
        elif request.method == "DELETE":
            self.change(FOUND, edited=False)
        items = {"rev": self.rev, "edited": self.edited, "items": self.items}
        return route.fulfill(json=items)

    def change(self, items: Sequence[Chapter], *, edited: bool = True) -> None:
        """Let somebody change them."""
        self.rev += 1
        self.items, self.edited = items, edited

    @property
    def titles(self) -> list[tuple[float, str]]:
        return [(one["start_s"], one["title"]) for one in self.items]


FOUND = [{"start_s": 0, "title": "Greetings"}, {"start_s": 9, "title": "What is to be done"}]


def open_tool(stage: Any) -> tuple[Page, Chapters, Locator]:
    kept = Chapters()
    stage.page.route("**/v1/recordings/rec1/chapters*", kept.answer)
    playable(stage)
    page = open_tools(stage)
    tool = page.get_by_role("region", name="Chapters")
    expect(tool.get_by_role("listitem")).to_have_count(2)
    return page, kept, tool


def test_a_host_adds_renames_moves_and_removes_chapters_by_keyboard(stage: Any) -> None:
    page, kept, tool = open_tool(stage)
    expect(tool).to_contain_text("found in the transcript")
    status = tool.get_by_role("status")
    page.locator("#player").evaluate("e => { e.currentTime = 4.3; }")
    expect(tool).to_contain_text("at 0:04")
    tool.get_by_role("button", name="Add a chapter here").press("Enter")
    title = tool.get_by_label("Title of chapter 2")
    expect(title).to_be_focused()
    expect(title).to_have_value("Ben: Hello Ada.")
    page.keyboard.type("Hellos")
    page.keyboard.press("Enter")
    expect(status).to_have_text("The chapter is called \u2068Hellos\u2069 now.")
    assert kept.titles == [(0, "Greetings"), (4.3, "Hellos"), (9, "What is to be done")]
    page.locator("#chapters > summary").click()
    expect(page.locator(".chapter")).to_have_text(
        ["0:00 Greetings", "0:04 Hellos", "0:09 What is to be done"]
    )

    time = tool.get_by_label("Chapter 2 begins at")
    for wrong, told in (
        ("later", "Write a time"),
        ("1:20", "ends at 1:15"),
        ("0:00", "begins there: \u2068Greetings\u2069"),
    ):
        time.fill(wrong)
        page.keyboard.press("Enter")
        expect(tool.get_by_role("alert")).to_contain_text(told)
        expect(time).to_have_attribute("aria-invalid", "true")
    page.keyboard.press("Escape")
    expect(time).to_have_value("0:04")
    expect(tool.get_by_role("alert")).to_be_hidden()
    time.fill("0:12")
    page.keyboard.press("Enter")
    expect(status).to_have_text("The chapter begins at 0:12 now.")
    expect(tool.get_by_label("Chapter 3 begins at")).to_be_focused()
    page.keyboard.press("Tab")
    expect(tool.get_by_label("Title of chapter 3")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # to what is heard
    expect(tool.get_by_label("Title of chapter 2")).to_have_value("Hellos")
    expect(tool.get_by_role("button", name="To here: begin chapter 2")).to_be_focused()
    tool.get_by_role("button", name="Remove chapter 1").press("Enter")
    expect(status).to_have_text("\u2068Greetings\u2069 was removed. Undo brings it back.")
    assert kept.titles == [(0, "Hellos"), (9, "What is to be done")]
    expect(tool.get_by_role("button", name="Remove chapter 1")).to_be_focused()

    tool.get_by_role("button", name="Undo").click()
    expect(tool.get_by_role("listitem")).to_have_count(3)
    tool.get_by_role("button", name="Back to the automatic chapters").press("Enter")
    expect(page.locator(".chapter")).to_have_text(["0:00 Greetings", "0:09 What is to be done"])
    expect(tool.get_by_role("button", name="Add a chapter here")).to_be_focused()
    tool.get_by_role("button", name="Undo").click()
    expect(page.locator(".chapter")).to_have_count(3)


def test_what_two_hosts_change_at_once_is_put_together_or_asked_about(stage: Any) -> None:
    page, kept, tool = open_tool(stage)
    first, second = tool.get_by_label("Title of chapter 1"), tool.get_by_label("Title of chapter 2")
    kept.change([{"start_s": 0, "title": "Good morning"}, FOUND[1]])
    second.fill("Plans")
    second.press("Enter")
    expect(tool.get_by_role("status")).to_contain_text("both changes are in")
    expect(first).to_have_value("Good morning")
    assert kept.titles == [(0, "Good morning"), (9, "Plans")]

    kept.change([kept.items[0], {"start_s": 9, "title": "Our plans"}])
    second.fill("The plan")
    second.press("Enter")
    question = page.get_by_role("dialog", name="Which chapters stay?")
    expect(question).to_contain_text(re.compile("Theirs.*Our plans.*Yours.*The plan"))
    page.keyboard.press("Escape")
    expect(second).to_have_value("Our plans")
    assert kept.titles == [(0, "Good morning"), (9, "Our plans")]
    tool.get_by_role("button", name="Undo").click()
    expect(second).to_have_value("The plan")

    kept.reachable = False
    second.fill("Next steps")
    second.press("Enter")
    expect(tool.get_by_role("alert")).to_contain_text("not kept yet. The server cannot be reached")
    kept.reachable = True
    tool.get_by_role("button", name="Try again").press("Enter")
    expect(tool.get_by_role("status")).to_have_text("The changes are kept.")
    assert kept.titles == [(0, "Good morning"), (9, "Next steps")]
    expect(tool.get_by_role("button", name="Add a chapter here")).to_be_focused()
