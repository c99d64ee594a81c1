"""The host's own words: typed with a new room, and changed while it is live."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web.looks import check_accessibility
from tests.web.pages import ADA, BEN, body_of, open_room

pytestmark = pytest.mark.browser

ROOM = "GET /v1/rooms/r1"


def manages(stage: Any, *terms: str, user: Any = ADA) -> None:
    """Sign somebody in who is shown the room's terms."""
    stage.answers["GET /v1/session"] = {"user": user}
    stage.page.add_init_script("localStorage.setItem('roomscribe.token', 't')")
    stage.answers[ROOM] = {**stage.answers[ROOM], "terms": list(terms)}


def keeps(stage: Any, *terms: str) -> None:
    """Let the server accept what it is sent next."""
    kept = {**stage.answers[ROOM], "terms": list(terms)}
    stage.answers[ROOM] = stage.answers["PATCH /v1/rooms/r1"] = kept


def open_terms(stage: Any) -> Page:
    page = open_room(stage, "Good morning.")
    page.get_by_role("button", name="Names and words").click()
    expect(page.get_by_label("One name or word per line")).to_be_focused()
    return page


def test_listeners_have_no_button_for_it(stage: Any) -> None:
    stage.answers["GET /v1/session"] = {"user": BEN}
    stage.page.add_init_script("localStorage.setItem('roomscribe.token', 't')")
    page = open_room(stage, "Good morning.")

    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    expect(page.get_by_role("button", name="Names and words")).to_be_hidden()


def test_a_host_changes_them_while_the_room_is_live_with_the_keyboard_alone(stage: Any) -> None:
    manages(stage, "Kestrel")
    page = open_room(stage, "Good morning.")
    page.locator("#terms").focus()
    page.keyboard.press("Enter")
    area = page.get_by_label("One name or word per line")
    expect(area).to_have_value("Kestrel")

    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.keyboard.type("Tollund")
    expect(page.locator("#terms-status")).to_have_text("Not saved yet.")
    keeps(stage, "Kestrel", "Tollund")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    saved = "Saved. Captions use these words from now on."
    expect(page.locator("#terms-status")).to_have_text(saved)
    assert stage.puts[-1]["body"] == {"terms": ["Kestrel", "Tollund"]}
    page.keyboard.press("Escape")
    expect(page.locator("#terms-dialog")).to_be_hidden()
    expect(page.locator("#terms")).to_be_focused()


def test_what_is_wrong_is_said_and_what_was_typed_is_kept(stage: Any) -> None:
    manages(stage)
    page = open_terms(stage)
    area = page.get_by_label("One name or word per line")
    area.fill("Kestrel\n\nx")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("alert").filter(has_text="That did not work.")).to_be_visible()
    expect(page.locator("#terms-status")).to_have_text("Not saved yet.")
    expect(area).to_be_focused()
    expect(area).to_have_attribute("aria-invalid", "true")
    assert stage.puts[-1]["body"] == {"terms": ["Kestrel", "", "x"]}
    page.get_by_role("button", name="Close").click()
    page.locator("#terms").click()
    expect(area).to_have_value("Kestrel\n\nx")
    expect(page.locator("#terms-status")).to_have_text("Not saved yet.")


def test_what_another_host_changed_is_shown(stage: Any) -> None:
    manages(stage, "Kestrel")
    page = open_room(stage, "Good morning.")
    expect(page.locator("#terms")).to_be_visible()
    keeps(stage, "Kestrel", "Tollund")
    page.locator("#terms").click()

    expect(page.get_by_label("One name or word per line")).to_have_value("Kestrel\nTollund")


def test_who_becomes_a_co_host_is_shown_them(stage: Any) -> None:
    stage.answers["GET /v1/session"] = {"user": BEN}
    stage.page.add_init_script("localStorage.setItem('roomscribe.token', 't')")
    page = open_room(stage, "Good morning.")
    expect(page.locator("#terms")).to_be_hidden()

    manages(stage, "Kestrel", user=BEN)
    ben = {"user": BEN, "role": "cohost", "muted": False, "speaking": False}
    stage.answers["GET /v1/rooms/r1/participants"] = {"items": [ben]}
    stage.send({"type": "room", "state": "live", "participants": 1, "recording": "on"})

    expect(page.locator("#terms")).to_be_visible()
    stage.answers[ROOM] = {n: v for n, v in stage.answers[ROOM].items() if n != "terms"}
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("#terms")).to_be_hidden()


def test_they_are_given_with_a_new_room(stage: Any) -> None:
    manages(stage)
    stage.answers["POST /v1/rooms"] = stage.answers[ROOM]
    stage.answers["POST /v1/rooms/r1/start"] = stage.answers[ROOM]
    page: Page = stage.open("/")
    page.get_by_role("button", name="New room").click()
    page.get_by_label("Title", exact=True).fill("Morning talk")
    page.get_by_label("Names and words that captions should get right").fill("Kestrel\nTollund")
    with page.expect_request(lambda request: request.url.endswith("/v1/rooms")) as asked:
        page.get_by_role("button", name="Create the room").click()

    expect(page).to_have_url("http://localhost:8999/rooms/r1")
    assert body_of(asked.value)["terms"] == ["Kestrel", "Tollund"]


def test_the_form_for_a_new_room_fits_320_pixels(stage: Any) -> None:
    stage.page.set_viewport_size({"width": 320, "height": 640})
    manages(stage)
    page: Page = stage.open("/")
    page.get_by_role("button", name="New room").click()

    expect(page.locator("#create-terms")).to_be_visible()
    assert page.locator("#create-dialog").evaluate("e => e.scrollWidth <= e.clientWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_is_cut_off_at_320_pixels(stage: Any, scheme: Any) -> None:
    stage.page.emulate_media(color_scheme=scheme)
    stage.page.set_viewport_size({"width": 320, "height": 640})
    manages(stage, "Kestrel", "Wolfeschlegelsteinhausenbergerdorff" * 2)
    page = open_terms(stage)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert").filter(has_text="That did not work.")).to_be_visible()
    check_accessibility(page)

    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.locator("#terms-dialog").evaluate("e => e.scrollWidth <= e.clientWidth")
    page.get_by_role("button", name="Save").scroll_into_view_if_needed()
    expect(page.get_by_role("button", name="Save")).to_be_in_viewport()
