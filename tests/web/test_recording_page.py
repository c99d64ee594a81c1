"""A recording and its captions, read and heard together."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.web.pages import open_recording

pytestmark = pytest.mark.browser


def test_a_caption_of_a_recording_leads_to_its_sound(stage: Any) -> None:
    page = open_recording(stage)
    expect(page.locator(".cue .caption")).to_have_text(["Good morning.", "Hello Ada.", "Shall we?"])
    expect(page.locator(".cue .caption").first).to_have_attribute("lang", "en")
    gap = page.locator("#turns > li").last
    expect(gap).to_have_text("0:12 Off the record from 0:12 to 0:15")
    page.get_by_role("button", name="Hello Ada.").click()
    expect(page.locator(".cue[aria-current]")).to_contain_text("Hello Ada.")
    assert page.locator("#player").evaluate("e => e.currentTime") == pytest.approx(4.2, abs=0.05)

    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("button", name="Shall we?")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.locator("#player").evaluate("e => e.currentTime") == pytest.approx(9, abs=0.05)


def test_an_address_with_a_time_opens_the_recording_there(stage: Any) -> None:
    page = open_recording(stage, "?t=5")
    expect(page.locator(".cue[aria-current]")).to_contain_text("Hello Ada.")
