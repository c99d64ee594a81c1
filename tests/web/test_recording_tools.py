"""What hosts can do with a recording on its page."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import RECORDING
from tests.web.pages import open_recording

pytestmark = pytest.mark.browser


def open_tools(stage: Any, **fields: Any) -> Page:
    """A recording's page as its host sees it, with the tools open."""
    stage.answers["GET /v1/recordings/rec1"] = RECORDING | {"may_decide": True} | fields
    page = open_recording(stage)
    page.get_by_text("Tools for hosts").click()
    return page


def test_listeners_are_shown_no_tools(stage: Any) -> None:
    page = open_recording(stage)

    expect(page.locator("#tools")).to_be_hidden()


def test_a_host_renames_a_recording_by_keyboard(stage: Any) -> None:
    page = open_tools(stage)
    title = page.get_by_label("Title", exact=True)
    expect(title).to_have_value("Morning talk")
    title.focus()
    title.fill(" ")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Write a title first.")).to_be_visible()
    expect(title).to_be_focused()

    title.fill("Evening talk")
    page.keyboard.press("Enter")
    expect(page.locator("#tool-rename .error")).to_have_text("That did not work.")
    expect(title).to_have_value("Evening talk")  # nothing is lost

    renamed = RECORDING | {"may_decide": True, "title": "Evening talk"}
    stage.answers["PATCH /v1/recordings/rec1"] = renamed
    page.keyboard.press("Enter")
    expect(page.locator("#tool-rename [role=status]")).to_contain_text("The title is saved.")
    expect(page.locator("h1")).to_have_text("Evening talk")
    assert stage.puts[-1]["body"] == {"title": "Evening talk"}
