"""How a listener makes captions look, and where that is kept."""

import time
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.web.pages import ADA, body_of, open_room

pytestmark = pytest.mark.browser


def test_settings_change_the_captions_and_are_found_again_after_a_reload(stage: Any) -> None:
    page = open_room(stage, "Good morning.")
    page.get_by_role("button", name="Caption settings").click()
    page.get_by_label("Typeface").select_option("serif")
    page.get_by_label("Size", exact=True).fill("200")
    expect(page.locator("#turns .turn-text")).to_have_css("font-size", "40px")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Caption settings")).to_be_focused()

    page.reload()

    expect(page.locator("#turns .turn-text")).to_have_css("font-size", "40px")
    family = page.locator("#captions").evaluate("e => getComputedStyle(e).fontFamily")
    assert family.startswith("Georgia")
    page.keyboard.press("s")
    page.get_by_role("button", name="Reset to defaults").click()
    expect(page.locator("#turns .turn-text")).to_have_css("font-size", "20px")


def test_settings_warn_when_captions_become_hard_to_read(stage: Any) -> None:
    page = open_room(stage, "Good morning.")
    page.keyboard.press("s")
    page.get_by_label("Text colour").fill("#202020")
    expect(page.locator(".verdict")).to_contain_text("hard to read")
    page.get_by_label("Text colour").fill("#ffffff")
    expect(page.locator(".verdict")).to_contain_text("Easy to read")


def test_settings_of_who_is_signed_in_are_kept_on_the_server(stage: Any) -> None:
    stage.answers["GET /v1/session"] = {"user": ADA}
    stage.answers["PUT /v1/me/caption-style"] = {}
    stage.page.add_init_script("localStorage.setItem('roomscribe.token', 'kept')")
    page = open_room(stage, "Good morning.")
    expect(page.locator("#session")).to_contain_text("Signed in as Ada")
    page.keyboard.press("s")
    with page.expect_request("**/me/caption-style") as asked:
        page.get_by_label("Letters", exact=True).select_option("upper")
    assert asked.value.headers["authorization"] == "Bearer kept"
    style = body_of(asked.value)
    assert style["case"] == "upper"
    assert len(style) == 19


def test_a_listener_chooses_how_steady_words_are_by_keyboard_and_the_server_is_told(
    stage: Any,
) -> None:
    page = open_room(stage, "Good morning.")
    assert [message for message in stage.asked if message["type"] == "style"] == []
    page.keyboard.press("s")
    page.get_by_role("radio", name="Balanced").focus()

    page.keyboard.press("ArrowDown")

    expect(page.get_by_role("radio", name="Steady")).to_be_checked()
    expect(page.get_by_role("radio", name="Steady")).to_be_focused()
    asked_for_pace(stage, "steady")

    page.reload()

    expect(page.locator("#mode")).to_have_text("Following live")
    asked_for_pace(stage, "steady", times=2)
    page.keyboard.press("s")
    expect(page.get_by_role("radio", name="Steady")).to_be_checked()
    page.get_by_role("button", name="Reset to defaults").click()
    expect(page.get_by_role("radio", name="Balanced")).to_be_checked()
    asked_for_pace(stage, "balanced")


def test_a_style_that_only_looks_different_is_not_sent_to_the_room(stage: Any) -> None:
    page = open_room(stage, "Good morning.")
    page.keyboard.press("s")
    page.get_by_label("Typeface").select_option("serif")
    page.get_by_role("radio", name="Fast").check()

    asked_for_pace(stage, "fast")
    assert len([message for message in stage.asked if message["type"] == "style"]) == 1


def asked_for_pace(stage: Any, pace: str, *, times: int = 1) -> None:
    def count() -> int:
        return [message.get("pace") for message in stage.asked].count(pace)

    deadline = time.monotonic() + 5
    while count() < times and time.monotonic() < deadline:
        stage.page.wait_for_timeout(20)
    assert count() == times
