"""A host's switch for English captions, used while the room is live."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.looks import check_accessibility
from tests.web.pages import ADA, BEN, open_room

pytestmark = pytest.mark.browser

ROOM, CHANGE = "GET /v1/rooms/r1", "PATCH /v1/rooms/r1"
ON = "English captions follow what is said, some seconds later."


def manages(stage: Any, user: Any = ADA, **values: Any) -> None:
    """Sign somebody in who manages a room, in which German is spoken unless told."""
    stage.answers["GET /v1/session"] = {"user": user}
    stage.page.add_init_script("localStorage.setItem('roomscribe.token', 't')")
    stage.answers[ROOM] = {**stage.answers[ROOM], "language": "de", "terms": [], **values}


def answers(stage: Any, **values: Any) -> None:
    """Let the server accept a change, and know of it from then on."""
    changed = {**stage.answers[ROOM], **values}
    stage.answers[ROOM] = stage.answers[CHANGE] = changed


def switch(page: Page) -> Locator:
    return page.get_by_role("checkbox", name="Offer English captions too")


def status(page: Page) -> Locator:
    return page.locator("#translate-status")


def test_a_host_turns_it_on_and_off_with_the_keyboard_alone(stage: Any) -> None:
    manages(stage)
    page = open_room(stage, "Guten Morgen.")
    expect(switch(page)).not_to_be_checked()
    expect(status(page)).to_have_text("")
    page.locator("#terms").focus()
    page.keyboard.press("Tab")
    while not switch(page).evaluate("e => e === document.activeElement"):
        page.keyboard.press("Tab")

    answers(stage, translate=True, tracks=["en"])
    page.keyboard.press("Space")

    expect(status(page)).to_have_text(ON)
    expect(switch(page)).to_be_checked()
    expect(switch(page)).to_be_focused()
    assert stage.puts[-1]["body"] == {"translate": True}
    answers(stage, translate=False, tracks=[])
    page.keyboard.press("Space")
    expect(status(page)).to_have_text("")
    expect(switch(page)).not_to_be_checked()
    assert stage.puts[-1]["body"] == {"translate": False}


def test_a_change_that_fails_is_said_and_the_switch_tells_the_truth(stage: Any) -> None:
    manages(stage)
    page = open_room(stage, "Guten Morgen.")
    expect(switch(page)).to_be_visible()

    switch(page).click()

    expect(page.get_by_role("alert").filter(has_text="That did not work.")).to_be_visible()
    expect(switch(page)).not_to_be_checked()
    expect(status(page)).to_have_text("")
    answers(stage, translate=True, tracks=["en"])
    switch(page).click()
    expect(status(page)).to_have_text(ON)
    expect(page.locator("#translate-error")).to_have_text("")


def test_a_recogniser_that_cannot_translate_is_said(stage: Any) -> None:
    manages(stage, translate=True)
    page = open_room(stage, "Guten Morgen.")

    expect(switch(page)).to_be_checked()
    expect(status(page)).to_contain_text("this recogniser cannot translate")


def test_before_the_room_starts_it_says_when_they_begin(stage: Any) -> None:
    stage.room_state = "scheduled"
    manages(stage, translate=True, state="scheduled", started_at=None)
    page: Page = stage.open("/rooms/r1")

    expect(status(page)).to_have_text("English captions begin when the room starts.")


def test_what_another_host_did_is_shown(stage: Any) -> None:
    manages(stage)
    page = open_room(stage, "Guten Morgen.")
    expect(switch(page)).not_to_be_checked()

    answers(stage, translate=True, tracks=["en"])
    news = {"type": "room", "state": "live", "participants": 1, "recording": "on"}
    stage.send(news | {"language": "de", "tracks": ["en"]})

    expect(switch(page)).to_be_checked()
    expect(status(page)).to_have_text(ON)


def test_listeners_and_english_rooms_have_no_switch(stage: Any) -> None:
    stage.answers["GET /v1/session"] = {"user": BEN}
    stage.page.add_init_script("localStorage.setItem('roomscribe.token', 't')")
    stage.answers[ROOM] = {**stage.answers[ROOM], "language": "de"}
    page = open_room(stage, "Guten Morgen.")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    expect(switch(page)).to_be_hidden()

    manages(stage, language="en-GB")
    page.reload()

    expect(page.locator("#terms")).to_be_visible()
    expect(switch(page)).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_is_cut_off_at_320_pixels(stage: Any, scheme: Any) -> None:
    stage.page.emulate_media(color_scheme=scheme)
    stage.page.set_viewport_size({"width": 320, "height": 640})
    manages(stage, translate=True, tracks=["en"])
    page = open_room(stage, "Guten Morgen.")
    switch(page).click()
    expect(page.get_by_role("alert").filter(has_text="That did not work.")).to_be_visible()
    expect(status(page)).to_have_text(ON)
    check_accessibility(page)

    assert page.evaluate("document.documentElement.scrollWidth") <= 320
