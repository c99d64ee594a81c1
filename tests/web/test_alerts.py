"""A listener's own words and invitations to speak: alerts that are seen, stay, and move nothing."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.pages import ADA, BEN, captions, filled_room, open_room, scroll_top

pytestmark = pytest.mark.browser

UNCOVERED = """element => {
    const {x, y, width, height} = element.getBoundingClientRect();
    return document.elementFromPoint(x + width / 2, y + height / 2) === element;
}"""
WORDS = '{"words": ["Ben", "new york"], "owner": "", "unsaved": false}'
FLASHES = """element => getComputedStyle(element, '::after').animationName + ' '
    + getComputedStyle(element, '::after').animationDuration"""


def keep_words(stage: Any) -> None:
    stage.page.add_init_script(
        f"localStorage.getItem('roomscribe.alert-words') ?? "
        f"localStorage.setItem('roomscribe.alert-words', '{WORDS}')"
    )


def sign_in(stage: Any, user: Any = BEN) -> None:
    stage.answers["GET /v1/session"] = {"user": user}
    stage.answers["GET /v1/me/alert-words"] = {"words": None}
    stage.page.add_init_script("localStorage.setItem('roomscribe.token', 't')")


def alert(page: Page, text: str) -> Locator:
    """The alert that says something; names in it are isolated from its direction."""
    return page.locator(".alert").filter(has_text=text)


def you(role: str, **values: Any) -> dict[str, Any]:
    return {"type": "you", "role": role, "muted": False, "invited_by": None, "by": ADA} | values


def plain(locator: Locator) -> str:
    return locator.inner_text().replace("\u2068", "").replace("\u2069", "")


def test_a_word_alerts_at_its_first_interim_once_is_marked_for_good_and_moves_nothing(
    stage: Any,
) -> None:
    keep_words(stage)
    page = filled_room(stage, 40)
    region = page.locator("#captions").bounding_box()
    page.locator("#settings").focus()

    stage.interim("well then Bén", id="c41")

    line = alert(page, "was said by")
    expect(line).to_be_visible()
    assert plain(line.locator("p")) == "“Ben” was said by Ada at 2:03."
    assert plain(page.locator("#alert-status")) == "“Ben” was said by Ada at 2:03."
    expect(page.locator("#turns mark.alert-word")).to_have_text("Bén")
    expect(page.locator("#panel")).to_have_class("panel calling")
    assert page.locator("#panel").evaluate(FLASHES) == "call 1s"
    page.emulate_media(reduced_motion="reduce")
    assert page.locator("#panel").evaluate(FLASHES).startswith("none")
    expect(page.locator("#settings")).to_be_focused()
    assert page.locator("#captions").bounding_box() == region

    stage.say("Well then, Ben.", id="c41")
    expect(page.locator("#turns mark.alert-word")).to_have_text("Ben")
    assert "earlier" not in plain(line)
    stage.say("And New-York, too.")
    expect(line).to_contain_text("1 earlier time before that.")
    page.keyboard.press("n")
    expect(line.get_by_role("button", name="Go there")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#settings")).to_be_focused()
    page.keyboard.press("n")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(line).to_have_count(0)
    expect(page.locator("#settings")).to_be_focused()
    expect(page.locator("#turns mark.alert-word")).to_have_count(2)


def test_what_is_said_while_paused_alerts_without_moving_the_view_and_leads_there(
    stage: Any,
) -> None:
    keep_words(stage)
    page = filled_room(stage, 60)
    page.locator("#captions").evaluate("element => { element.scrollTop -= 600 }")
    expect(page.locator("#mode")).to_contain_text("Paused")
    top, shown = scroll_top(page), captions(page).all_inner_texts()

    stage.say("Nothing yet.")
    stage.say("What do you think, Ben?")

    line = alert(page, "was said by")
    assert plain(line.locator("p")) == "“Ben” was said by Ada at 3:06."
    expect(page.locator("#mode")).to_have_text("Paused · 2 new captions")
    assert (scroll_top(page), captions(page).all_inner_texts()) == (top, shown)
    line.get_by_role("button", name="Go there").click()
    expect(page.locator("#turns mark.alert-word")).to_be_in_viewport()
    expect(page.locator("#captions")).to_be_focused()
    expect(page.locator("#alerts")).to_be_hidden()
    expect(captions(page).last).to_have_text("What do you think, Ben?")


def test_words_are_written_tried_out_and_kept_for_who_signed_in(stage: Any) -> None:
    sign_in(stage)
    page = open_room(stage, "Nobody said it.", "Ben did.")
    page.get_by_role("button", name="My name and words").click()
    area = page.get_by_label("My words, one per line")
    expect(area).to_be_focused()
    page.get_by_role("button", name="Add my name").click()
    expect(area).to_have_value("Ben")
    page.keyboard.press("Control+End")
    page.keyboard.type("\nkettle")
    stage.answers["PUT /v1/me/alert-words"] = {"words": ["Ben", "kettle"]}
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved. They follow you")).to_be_visible()
    assert stage.puts[-1] == {"path": "/v1/me/alert-words", "body": {"words": ["Ben", "kettle"]}}
    expect(page.locator("#turns mark.alert-word")).to_have_text("Ben")

    page.get_by_role("button", name="Try it").click()
    expect(alert(page, "This is an alert.")).to_be_visible()
    expect(page.locator("#panel")).to_have_class("panel calling")
    stage.say("Ben, the kettle!", speaker=BEN)
    stage.say("Ben!")
    expect(alert(page, "Your name was said by")).to_be_visible()
    assert "earlier" not in plain(page.locator("#alerts")), "their own words are no news"

    out = page.get_by_role("button", name="Sign out")
    out.focus()
    assert out.evaluate(UNCOVERED), "what is focused is not under the alerts"
    page.keyboard.press("Enter")
    expect(page.locator("#turns mark.alert-word")).to_have_count(0)
    assert "kettle" not in page.evaluate("localStorage.getItem('roomscribe.alert-words')")


def test_a_hidden_page_says_it_in_its_title_until_it_is_looked_at(stage: Any) -> None:
    keep_words(stage)
    page = open_room(stage, "Good morning.")
    look = """hidden => {
        Object.defineProperty(document, 'hidden', {value: hidden, configurable: true});
        document.dispatchEvent(new Event('visibilitychange'));
    }"""
    page.evaluate(look, True)
    stage.say("Good morning, Ben.")
    expect(alert(page, "was said by")).to_be_visible()
    title = page.title().replace("\u2068", "").replace("\u2069", "")
    assert title == "● “Ben” was said by Ada at 0:06. · Morning talk · Roomscribe"

    page.evaluate(look, False)
    expect(page).to_have_title("Morning talk · Roomscribe")


def test_an_invitation_stays_until_it_is_answered_and_takes_no_focus(stage: Any) -> None:
    sign_in(stage)
    stage.answers["GET /v1/rooms/r1"] = {**stage.answers["GET /v1/rooms/r1"], "open_floor": False}
    person = {"user": BEN, "role": "listener", "muted": False, "speaking": False}
    stage.answers["GET /v1/rooms/r1/participants"] = {"items": [person]}
    stage.answers["PATCH /v1/rooms/r1/participants/u2"] = person
    stage.answers["POST /v1/rooms/r1/join"] = {**person, "role": "speaker"}
    page = open_room(stage, "Good morning.")
    stage.send(you("listener", by=BEN))
    page.locator("#captions").focus()

    stage.send(you("speaker", invited_by=ADA))

    asked = alert(page, "invites you to speak.")
    expect(asked).to_be_visible()
    expect(page.locator("#captions")).to_be_focused()
    expect(page.locator("#panel")).to_have_class("panel calling")
    page.keyboard.press("n")
    expect(asked.get_by_role("button", name="Speak")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(asked).to_have_count(0)
    expect(page.locator("#captions")).to_be_focused()
    assert stage.puts[-1]["body"] == {"role": "listener"}

    stage.send(you("listener", by=BEN))
    stage.send(you("speaker", invited_by=ADA))
    asked.get_by_role("button", name="Type").click()
    expect(page.get_by_label("Speak by typing")).to_be_focused()
    stage.send(you("speaker", by=BEN))
    expect(asked).to_have_count(0)

    stage.send(you("speaker", muted=True))
    expect(alert(page, "muted your microphone.")).to_be_visible()
    stage.send(you("listener", muted=True))
    lost = alert(page, "made you a listener: you cannot speak now.")
    lost.get_by_role("button", name="Dismiss").click()
    expect(page.locator("#alerts")).to_be_hidden()


def test_the_second_screen_marks_flashes_and_notes_unless_it_is_on_the_air(stage: Any) -> None:
    keep_words(stage)
    sign_in(stage, ADA)
    stage.say("Good morning.")
    page: Page = stage.open("/rooms/r1/captions")
    expect(captions(page)).to_have_count(1)
    stage.say("Ask Ben.", speaker=BEN)
    stage.send(you("speaker", invited_by=BEN))

    expect(page.locator("#turns mark.alert-word")).to_have_text("Ben")
    expect(page.locator("#panel")).to_have_class("panel calling")
    assert "invites you to speak. Answer on the room's page." in plain(page.locator("#alerts"))

    stage.open("/rooms/r1/captions?page=transparent")
    expect(captions(page)).to_have_count(2)
    stage.say("Ben again.")
    expect(captions(page)).to_have_count(3)
    expect(page.locator("mark.alert-word")).to_have_count(0)
    expect(page.locator("#alerts")).to_be_hidden()
