"""Quoting a moment, and following a quote's link."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import ORIGIN, RECORDING
from tests.web.pages import (
    BEN,
    at_end,
    captions,
    filled_room,
    open_recording,
    open_room,
    scroll_top,
)

pytestmark = pytest.mark.browser


def clipboard(page: Page) -> str:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=ORIGIN)
    return str(page.evaluate("navigator.clipboard.readText()"))


def chosen(page: Page) -> Any:
    return expect(page.locator("#turns .chosen"))


def test_a_moment_is_quoted_by_keyboard_alone_and_the_view_comes_back(stage: Any) -> None:
    stage.page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=ORIGIN)
    page = filled_room(stage, 60)
    stage.correct("c59", "This was put right.")
    page.locator("#captions").focus()

    page.keyboard.press("q")
    chosen(page).to_have_text("This is sentence number 60.")
    expect(page.get_by_role("application", name="Chosen captions")).to_be_focused()
    expect(page.locator("#status")).to_have_text(
        "Quote a moment. Ben, 3:00: This is sentence number 60."
    )
    top = scroll_top(page)
    stage.say("Said meanwhile.", speaker=BEN)
    page.wait_for_function("document.querySelector('#pause-count').textContent === '1'")
    assert scroll_top(page) == top
    page.keyboard.press("ArrowUp")
    expect(page.locator("#status")).to_have_text("Ada, 2:57: This was put right.")
    page.keyboard.press("Shift+ArrowUp")
    expect(page.locator("#status")).to_have_text(
        "2 captions chosen. Ben, 2:54: This is sentence number 58."
    )
    expect(page.locator(".quote-heading")).to_have_text("Ben, Ada · 2:54–2:59")
    page.keyboard.press("Enter")

    expect(page.locator("#status")).to_contain_text("The quote is copied, with its link")
    expect(page.get_by_role("button", name="Quote copied")).to_be_visible()
    expect(page.locator("#captions")).to_be_focused()
    expect(page.locator("#mode")).to_have_text("Following live")
    expect(captions(page).last).to_have_text("Said meanwhile.")
    chosen(page).to_have_count(0)
    link = f"{ORIGIN}/rooms/r1?instance=1&from=174&to=179.5"
    assert clipboard(page) == (
        "Ben: This is sentence number 58.\nAda: This was put right.\n"
        f"— Morning talk, 2:54–2:59\n{link}"
    )
    html = page.evaluate(
        "navigator.clipboard.read().then(([item]) => item.getType('text/html'))"
        ".then((blob) => blob.text())"
    )
    assert "<blockquote" in html
    assert link.replace("&", "&amp;") in html


def test_escape_leaves_a_paused_view_and_the_focus_as_they_were(stage: Any) -> None:
    page = filled_room(stage, 900)
    page.keyboard.press("t")
    page.keyboard.type("12:30")
    page.keyboard.press("Enter")
    expect(captions(page).filter(has_text="number 250.")).to_be_in_viewport()
    page.locator("#pause").focus()
    top = scroll_top(page)

    page.keyboard.press("q")
    for _ in range(40):
        page.keyboard.press("Shift+ArrowUp")
    chosen(page).to_have_count(41)
    page.keyboard.press("Escape")

    expect(page.locator("#pause")).to_be_focused()
    expect(page.locator("#mode")).to_have_text("Paused · 0 new captions")
    assert scroll_top(page) == pytest.approx(top, abs=1)
    chosen(page).to_have_count(0)


def test_captions_are_chosen_by_pointer_and_by_selecting_their_text(stage: Any) -> None:
    page = open_room(stage, "One.", "Two.", "Three.", "Four.")
    page.get_by_role("button", name="Quote", exact=True).click()
    captions(page).nth(0).click()
    chosen(page).to_have_text(["One."])
    page.get_by_role("button", name="Add the one after").click()
    chosen(page).to_have_text(["One.", "Two."])
    captions(page).nth(3).click(modifiers=["Shift"])
    chosen(page).to_have_count(4)
    page.get_by_role("button", name="Cancel").click()

    page.evaluate(
        """() => getSelection().setBaseAndExtent(
          document.querySelector("[data-key=c2]").firstChild, 1,
          document.querySelector("[data-key=c3]").firstChild, 2)"""
    )
    page.keyboard.press("q")
    chosen(page).to_have_text(["Two.", "Three."])


def test_a_quote_can_be_taken_by_hand_where_the_clipboard_is_refused(stage: Any) -> None:
    stage.page.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page = open_room(stage, "One.")
    page.keyboard.press("q")
    page.keyboard.press("Enter")

    field = page.get_by_role("dialog").get_by_role("textbox")
    expect(field).to_be_focused()
    assert "“One.”" in str(page.evaluate("getSelection().toString()"))
    page.keyboard.press("Escape")
    expect(page.locator("#mode")).to_have_text("Following live")


def test_a_link_leads_to_its_moment_in_a_live_room_and_one_key_to_live(stage: Any) -> None:
    for number in range(1, 901):
        stage.say(f"This is sentence number {number}.", speaker=BEN)
    page = stage.open("/rooms/r1?instance=1&from=750&to=755.5")

    quoted = page.locator("#turns .quoted")
    expect(quoted).to_have_text(["This is sentence number 250.", "This is sentence number 251."])
    expect(quoted.first).to_be_in_viewport()
    expect(page.locator("#moment")).to_contain_text("this moment: Ben, 12:30–12:35.")
    expect(page.locator("#captions")).to_be_focused()
    expect(page.locator("#mode")).to_contain_text("Paused")
    expect(page.get_by_role("button", name="Go to where you were")).to_be_hidden()
    assert [m["instance"] for m in stage.asked if "at" in m] == [1]
    page.keyboard.press("l")
    expect(page.locator("#mode")).to_have_text("Following live")
    expect(page.locator("#moment")).to_be_hidden()
    assert at_end(page)
    assert page.url == f"{ORIGIN}/rooms/r1"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("instance=1&from=9999", "Nothing was said at 2:46:39"),
        ("instance=4&from=3", "a moment that does not exist"),
        ("from=soon", "The moment in this link cannot be read."),
        ("instance=1&from=7&to=8.5", "0:07–0:08, where there are no captions."),
    ],
)
def test_a_link_to_nothing_says_so_beside_the_captions(stage: Any, query: str, said: str) -> None:
    stage.say("One.")
    stage.gap(6.5, 9, "off-record")
    page = stage.open(f"/rooms/r1?{query}")

    expect(page.locator("#moment")).to_contain_text(said)
    expect(captions(page)).to_have_text(["One."])


def test_the_link_of_a_room_that_has_ended_leads_to_the_recording(stage: Any) -> None:
    stage.room_state = "ended"
    stage.say("One.")
    stage.answers["GET /v1/rooms/r1/recordings"] = {"items": [{**RECORDING, "phase": "recording"}]}
    page = stage.open("/rooms/r1?instance=1&from=3&to=5.5")
    expect(page.locator("#moment")).to_contain_text("The recording is still being finished.")
    expect(page.locator("#turns .quoted")).to_have_text("One.")

    stage.answers["GET /v1/rooms/r1/recordings"] = {"items": [RECORDING]}
    open_recording(stage)
    stage.page.goto(f"{ORIGIN}/rooms/r1?instance=1&from=4.2&to=6.2")

    page.wait_for_url("**/recordings/rec1?t=4.2&to=6.2")
    expect(page.locator("#turns .quoted")).to_have_text("Hello Ada.")
    expect(page.get_by_role("button", name="Hello")).to_be_focused()
    assert page.locator("#player").evaluate("e => e.currentTime") == pytest.approx(4.2, abs=0.05)
    expect(page.locator("#moment")).to_contain_text("this moment: Ben, 0:04–0:06.")

    page.keyboard.press("q")
    page.keyboard.press("Shift+ArrowUp")
    chosen(page).to_have_text(["Good morning.", "Hello Ada."])
    expect(page.locator(".quote-heading")).to_have_text("Ada, Ben · 0:00–0:06")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Hello")).to_be_focused()


def test_who_was_refused_and_signs_in_is_led_on_to_the_moment(stage: Any) -> None:
    stage.answers["POST /v1/session"] = {"token": "fresh", "user": BEN}
    stage.say("One.")
    stage.refuses = 4403
    page = stage.open("/rooms/r1?instance=1&from=3&to=5.5")
    expect(page.locator("#page-error")).to_be_visible()
    stage.refuses = 0

    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Your name", exact=True).fill("Ben")
    page.keyboard.press("Enter")

    expect(page.locator("#turns .quoted")).to_have_text("One.")
    expect(page.locator("#page-error")).to_be_hidden()
