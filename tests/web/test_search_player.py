"""Hearing a caption that was found where it stands."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.conftest import RECORDING
from tests.web.pages import TRANSCRIPT, kept, playable
from tests.web.searching import hits, open_search

pytestmark = pytest.mark.browser


def open_playable(stage: Any) -> Page:
    playable(stage)
    said = [kept(0.5, "Ada", "Good morning."), kept(4.2, "Ben", "Hello Ada, good morning.")]
    stage.answers[TRANSCRIPT] = {"title": "Morning talk", "captions": said, "gaps": []}
    open_search(stage, "/search?q=morning")
    expect(hits(stage.page)).to_have_count(3)
    page: Page = stage.page
    return page


def player(page: Page) -> Locator:
    return page.get_by_role("group", name=re.compile("Playing from"))


def test_a_hit_is_heard_in_place_from_a_moment_before_with_its_caption_word_by_word(
    stage: Any,
) -> None:
    page = open_playable(stage)
    page.keyboard.press("/")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    place = page.locator(".hit").first.get_by_role("group", name="Playing from 0:04")
    expect(place.locator(".caption")).to_contain_text("Good morning.")
    expect(place.locator(".caption")).to_contain_text("Hello Ada")
    expect(place.locator(".word[aria-current]")).to_have_count(1)
    assert page.locator("audio").evaluate("a => !a.paused && a.currentTime >= 2.7")
    expect(page.get_by_role("button", name="Stop playing")).to_be_focused()


def test_only_one_hit_plays_and_stopping_leads_back_to_it(stage: Any) -> None:
    page = open_playable(stage)
    page.get_by_role("button", name="Play from 0:04").click()
    expect(player(page)).to_have_count(1)
    page.get_by_role("button", name="Play from 0:09").click()
    expect(player(page)).to_have_count(1)
    expect(page.locator(".hit").nth(1).locator("audio")).to_have_count(1)
    expect(page.get_by_role("button", name="Play from 0:04")).to_be_visible()
    page.locator(".hit-player .captions").focus()

    page.keyboard.press("Escape")

    expect(player(page)).to_have_count(0)
    expect(page.get_by_role("button", name="Play from 0:09")).to_be_focused()


def test_what_is_heard_goes_on_while_other_results_come_and_ends_with_its_own(stage: Any) -> None:
    page = open_playable(stage)
    page.get_by_role("button", name="Play from 0:04").click()
    page.wait_for_function("() => document.querySelector('audio')?.currentTime > 2.7")
    with page.expect_response("**/v1/search?q=mornings"):
        page.get_by_role("searchbox").fill("mornings")
    assert page.locator("audio").evaluate("a => !a.paused")

    page.get_by_role("searchbox").fill("")

    expect(player(page)).to_have_count(0)


def test_sound_that_cannot_be_had_is_said_in_the_hit_with_a_way_on(stage: Any) -> None:
    page = open_playable(stage)
    media = [{"format": "ogg", "url": "/v1/gone"}]
    stage.answers["GET /v1/recordings/rec1"] = RECORDING | {"media": media}
    page.get_by_role("button", name="Play from 0:04").click()
    expect(player(page)).to_contain_text("The sound could not be played.")
    stage.answers["GET /v1/recordings/rec1"] = 404
    page.get_by_role("button", name="Play from 0:09").click()
    expect(player(page)).to_contain_text("There is no recording any more.")
    stage.answers["GET /v1/recordings/rec1"] = RECORDING | {"phase": "finishing"}
    page.get_by_role("button", name="Play from 0:04").click()
    expect(player(page)).to_contain_text("is not finished yet")
    link = page.locator(".hit").first.get_by_role("link", name="Open in the player at 0:04")
    expect(link).to_have_attribute("href", "/recordings/rec1?t=4.2")
