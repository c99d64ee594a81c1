"""The lists of rooms and of recordings."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web.pages import ADA, body_of

pytestmark = pytest.mark.browser


def test_the_rooms_are_listed_live_first(stage: Any) -> None:
    ended = {
        **stage.answers["GET /v1/rooms/r1"],
        "id": "r2",
        "title": "Old talk",
        "state": "ended",
        "ended_at": "2025-01-01T10:00:00+00:00",
    }
    stage.answers["GET /v1/rooms?state=ended"] = {"items": [ended]}
    page: Page = stage.open("/")

    expect(page.locator("h2:visible")).to_have_text(["Live now", "Coming up", "Ended"])
    expect(page.locator("#live-list")).to_contain_text("Host: Ada · 2 people here")
    expect(page.get_by_text("Nothing is planned.")).to_be_visible()
    expect(page.get_by_role("link", name="Transcript of Old talk")).to_be_visible()
    expect(page.get_by_role("link", name="Word document of Old talk")).to_be_visible()
    page.get_by_role("link", name="Morning talk").click()
    expect(page.locator("#room-title")).to_have_text("Morning talk")


def test_a_room_is_created_after_signing_in_by_name(stage: Any) -> None:
    stage.answers["POST /v1/session"] = {"token": "fresh", "user": ADA}
    stage.answers["POST /v1/rooms"] = stage.answers["GET /v1/rooms/r1"]
    stage.answers["POST /v1/rooms/r1/start"] = stage.answers["GET /v1/rooms/r1"]
    page: Page = stage.open("/")
    page.get_by_role("button", name="New room").click()
    page.get_by_label("Your name", exact=True).fill("Ada")
    page.keyboard.press("Enter")
    page.get_by_label("Title", exact=True).fill("Morning talk")
    with page.expect_request(lambda request: request.url.endswith("/v1/rooms")) as asked:
        page.get_by_role("button", name="Create the room").click()

    expect(page).to_have_url("http://localhost:8999/rooms/r1")
    assert body_of(asked.value)["title"] == "Morning talk"
    assert asked.value.headers["authorization"] == "Bearer fresh"


def test_a_server_that_cannot_be_reached_is_said_and_can_be_tried_again(stage: Any) -> None:
    rooms = stage.answers.pop("GET /v1/rooms?state=live")
    page: Page = stage.open("/")
    expect(page.get_by_role("alert").filter(has_text="That did not work.")).to_be_visible()
    stage.answers["GET /v1/rooms?state=live"] = rooms
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#live-list")).to_contain_text("Morning talk")


def test_the_recordings_list_offers_sound_and_transcripts(stage: Any) -> None:
    page: Page = stage.open("/recordings")
    expect(page.get_by_role("link", name="Morning talk", exact=True)).to_be_visible()
    expect(page.get_by_text("2.0 seconds of sound could not be recorded.")).to_be_visible()
    kinds = {"Word": "docx"} | {kind: kind for kind in ("txt", "vtt", "srt", "json")}
    for name, kind in kinds.items():
        link = page.get_by_role("link", name=f"Transcript ({name}) of Morning talk")
        href = link.get_attribute("href") or ""
        assert href.endswith(f"transcript?instance=1&format={kind}&download=1")
