"""The captions alone: on a second screen, and over a video."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web.pages import ADA, BEN, at_end, captions

pytestmark = pytest.mark.browser


def open_screen(stage: Any, query: str = "", *, said: int = 1) -> Page:
    for number in range(1, said + 1):
        stage.say(f"This is sentence number {number}.")
    page: Page = stage.open(f"/rooms/r1/captions{query}")
    if said:
        expect(captions(page).last).to_have_text(f"This is sentence number {said}.")
    return page


def test_the_newest_caption_is_always_in_view_and_nothing_can_be_scrolled_away(stage: Any) -> None:
    page = open_screen(stage, said=40)
    page.locator("#captions").hover()
    page.mouse.wheel(0, -2000)
    stage.interim("and the next one", id="c41")

    expect(page.locator("#turns .interim")).to_contain_text("and the next one")
    assert at_end(page)
    assert [message["type"] for message in stage.asked if message["type"] == "pause"] == []
    expect(page.locator("time").first).to_be_hidden()


def test_the_address_says_how_captions_look_whatever_this_browser_keeps(stage: Any) -> None:
    stage.page.add_init_script(
        """localStorage.setItem('roomscribe.caption-style', '{"size_percent": 400}')"""
    )
    page = open_screen(stage, "?preset=yellow-on-black&size_percent=200&lines=2&pace=steady")

    text = page.locator("#turns .turn-text")
    expect(text).to_have_css("color", "rgb(255, 255, 0)")
    expect(text).to_have_css("font-size", "40px")
    box = page.locator("#captions").bounding_box()
    speaking = page.locator("#speaking-line").bounding_box()
    assert box
    assert speaking
    assert abs(speaking["y"] - box["y"] - box["height"]) < 2
    assert 800 - speaking["y"] - speaking["height"] < 2
    assert box["height"] < 200
    assert "style=own" in stage.addresses[0]
    assert [message["pace"] for message in stage.asked if message["type"] == "style"] == ["steady"]


@pytest.mark.parametrize("lines", [1, 2, 3])
def test_a_number_of_lines_shows_whole_lines_and_no_more(stage: Any, lines: int) -> None:
    for number in range(6):
        stage.say(f"Said by {number % 2}.", speaker=(ADA, BEN)[number % 2])
    page: Page = stage.open(f"/rooms/r1/captions?lines={lines}&size_percent=200&names=off")
    expect(captions(page)).to_have_count(6)
    box = page.locator("#captions").bounding_box()
    assert box
    seen = [caption.bounding_box() for caption in captions(page).all()]
    within = [b for b in seen if b and b["y"] >= box["y"] - 1]
    cut = [b for b in seen if b and b["y"] < box["y"] - 1 and b["y"] + b["height"] > box["y"] + 1]

    assert len(within) == lines
    assert cut == []
    assert within[-1]["y"] + within[-1]["height"] <= box["y"] + box["height"]


def test_without_a_style_in_the_address_it_is_the_listeners_own(stage: Any) -> None:
    stage.page.add_init_script(
        """localStorage.setItem('roomscribe.caption-style', '{"size_percent": 300}')"""
    )
    page = open_screen(stage)

    expect(page.locator("#turns .turn-text")).to_have_css("font-size", "60px")
    assert "style=own" not in stage.addresses[0]


def test_over_a_video_only_the_captions_are_painted(stage: Any) -> None:
    query = "?page=transparent&window_opacity=0&background_opacity=0.75&names=off"
    page = open_screen(stage, query)

    for place in ("html", "body", "#panel", "#captions"):
        expect(page.locator(place)).to_have_css("background-color", re.compile(r"rgba\(.*, 0\)"))
    expect(captions(page)).to_have_css("background-color", "rgba(0, 0, 0, 0.75)")
    expect(page.locator(".turn-head")).to_be_hidden()
    expect(page.locator("#controls")).to_have_css("opacity", "0")
    page.keyboard.press("Tab")
    expect(page.locator("#controls")).to_have_css("opacity", "1")


def test_what_the_address_cannot_say_is_told_and_the_rest_is_used(stage: Any) -> None:
    page = open_screen(stage, "?size_percent=9000&colour=red&text_colour=FFFF00")

    told = page.get_by_role("alert")
    expect(told).to_contain_text("size_percent: it may be a number from 50 to 400")
    expect(told).to_contain_text("colour: there is no such setting")
    expect(page.locator("#turns .turn-text")).to_have_css("color", "rgb(255, 255, 0)")


def test_full_screen_is_one_button_and_one_key_away(stage: Any) -> None:
    page = open_screen(stage)
    page.get_by_role("button", name="Full screen").click()
    expect(page.get_by_role("button", name="Leave full screen")).to_be_visible()
    page.keyboard.press("f")
    expect(page.get_by_role("button", name="Full screen", exact=True)).to_be_visible()


def test_an_outage_is_said_and_captions_go_on_without_loss(stage: Any) -> None:
    page = open_screen(stage)
    stage.send({"type": "status", "delay": 0, "state": "down", "note": ""})
    expect(page.locator("#health")).to_have_text("Captions have stopped")
    stage.send({"type": "status", "delay": 1, "state": "ok", "note": ""})
    expect(page.locator("#health")).to_have_text("Captions are working again.")
    facts = "1.0 s behind · Basic quality: pocketsphinx. Expect many wrong words."
    expect(page.locator("#facts")).to_have_text(facts)
    stage.cut()
    expect(page.locator("#health")).to_have_text("Connection lost. Reconnecting…")
    stage.say("Said meanwhile.")

    expect(captions(page)).to_have_text(["This is sentence number 1.", "Said meanwhile."])
    expect(page.locator("#health")).to_have_text("Connected again. No caption was lost.")


def test_the_settings_lead_to_the_screen_in_the_chosen_style(stage: Any) -> None:
    stage.say("Good morning.", speaker=ADA)
    page: Page = stage.open("/rooms/r1")
    page.get_by_role("button", name="Caption settings").click()
    page.get_by_role("button", name="Yellow on black").click()
    address = page.get_by_role("link", name="Open the captions alone").get_attribute("href")

    assert address
    screen: Page = stage.open(address.replace("http://localhost:8999", ""))
    expect(screen.locator("#turns .turn-text")).to_have_css("color", "rgb(255, 255, 0)")
