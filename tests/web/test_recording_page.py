"""A recording and its captions, read and heard together."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.conftest import RECORDING
from tests.web.pages import (
    ADA,
    TRANSCRIPT,
    captions,
    kept,
    open_recording,
    open_unfinished_recording,
    playable,
    say_how_far,
    scroll_top,
)

pytestmark = pytest.mark.browser


def eight_hours(stage: Any) -> Page:
    stage.answers["GET /v1/recordings/rec1"] = {**RECORDING, "duration_s": 28_800, "losses": []}
    said = [
        kept(n * 2.4, "Ada" if n // 8 % 2 else "Ben", f"This is sentence number {n}.")
        for n in range(12_000)
    ]
    stage.answers[TRANSCRIPT] = {"captions": said, "gaps": []}
    page: Page = stage.open("/recordings/rec1")
    expect(captions(page).first).to_have_text("This is sentence number 0.", timeout=20_000)
    return page


def word(page: Page, text: str) -> Locator:
    return page.locator("#turns .word", has_text=text)


def time_of(page: Page) -> float:
    return float(page.locator("#player").evaluate("e => e.currentTime"))


def seek(page: Page, time: float) -> None:
    page.locator("#player").evaluate("(e, time) => { e.currentTime = time }", time)


def heard(page: Page) -> Locator:
    return page.locator(".word[aria-current]")


def test_a_second_part_begins_where_its_sound_does(stage: Any) -> None:
    late = {"start_s": 0, "duration_s": 60, "reason": "not recorded yet"}
    stage.answers["GET /v1/recordings/rec1"] = stage.answers["GET /v1/recordings/rec1"] | {
        "losses": [late]
    }
    playable(stage)
    page = open_recording(stage)
    expect(page.locator("#losses")).to_have_text("Recorded from 1:00 on.")
    page.wait_for_function("document.querySelector('#player').currentTime === 60")


def test_every_word_of_a_recording_leads_to_its_sound(stage: Any) -> None:
    playable(stage)
    page = open_recording(stage)
    expect(captions(page)).to_have_text(["Good morning.", "Hello Ada.", "Shall we?"])
    expect(captions(page).first).to_have_attribute("lang", "en")
    expect(page.locator("#turns .gap")).to_have_text(
        [
            "0:03 2.0 seconds without sound: the disk was full",
            "0:12 Off the record from 0:12 to 0:15",
        ]
    )
    word(page, "Ada.").click()
    expect(page.locator("#player")).to_have_js_property("paused", False)
    expect(heard(page)).to_have_text("Ada.")
    assert 5.2 <= time_of(page) < 7
    page.keyboard.press("k")

    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="Shall")).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Home")
    expect(page.get_by_role("button", name="Good")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(heard(page)).to_have_text("we?")
    page.keyboard.press("Tab")
    expect(page.locator("#quote")).to_be_focused()  # words are one tab stop


def test_selecting_words_plays_nothing(stage: Any) -> None:
    page = open_recording(stage)
    first, last = word(page, "Good").bounding_box(), word(page, "morning").bounding_box()
    assert first
    assert last
    page.mouse.move(first["x"] + 2, first["y"] + 5)
    page.mouse.down()
    page.mouse.move(last["x"] + last["width"] - 1, last["y"] + 5)
    page.mouse.up()

    assert page.evaluate("String(getSelection())").startswith("Good morning")
    assert time_of(page) == 0
    expect(heard(page)).to_have_count(0)


def test_an_address_with_a_time_opens_the_recording_there(stage: Any) -> None:
    page = open_recording(stage, "?t=4.5")
    expect(heard(page)).to_have_text("Hello")


def test_eight_hours_are_followed_until_their_reader_scrolls_and_a_button_leads_back(
    stage: Any,
) -> None:
    playable(stage)
    page = eight_hours(stage)
    assert captions(page).count() < 1000
    seek(page, 70)
    expect(heard(page)).to_be_in_viewport()
    expect(page.locator(".caption[aria-current]")).to_have_text("This is sentence number 29.")

    page.locator("#captions").hover()
    page.mouse.wheel(0, 100_000)
    expect(page.get_by_role("button", name="Go to what is heard")).to_be_visible()
    stands = scroll_top(page)
    seek(page, 10)
    expect(page.locator(".caption[aria-current]")).to_have_count(0)  # far from what is drawn
    assert scroll_top(page) == stands

    page.keyboard.press("h")
    expect(page.locator(".word:focus")).to_be_in_viewport()
    expect(page.locator(".caption[aria-current]")).to_have_text("This is sentence number 4.")
    expect(page.get_by_role("button", name="Go to what is heard")).to_be_hidden()

    page.get_by_label("Follow along").uncheck()
    expect(page.locator("[aria-current=true]")).to_have_count(0)
    page.reload()
    expect(page.get_by_label("Follow along")).not_to_be_checked()


def test_a_search_goes_through_all_that_was_said_and_leads_back(stage: Any) -> None:
    page = eight_hours(stage)
    page.keyboard.press("Tab")
    page.keyboard.press("c")
    page.keyboard.press("/")
    page.keyboard.type("number 1199")
    count = page.locator("#search-count")
    expect(count).to_have_text("1 of 11")
    expect(page.locator("mark.found-here").first).to_be_in_viewport()
    page.keyboard.press("Shift+Enter")
    expect(count).to_have_text("11 of 11")
    expect(captions(page).last).to_contain_text("11999")
    page.keyboard.press("Enter")
    expect(count).to_have_text("1 of 11")
    expect(page.locator("mark.found-here").first).to_be_in_viewport()

    page.keyboard.press("Escape")
    expect(page.locator("mark")).to_have_count(0)
    expect(page.get_by_role("button", name="This")).to_be_focused()
    assert scroll_top(page) == 0


def test_a_listener_sets_the_speed_skips_silence_and_finds_the_keys(stage: Any) -> None:
    playable(stage)
    page = open_recording(stage)
    player = page.locator("#player")
    page.get_by_label("Speed").select_option("1.5")
    page.keyboard.press(">")
    expect(page.locator("#status")).to_have_text("Speed: 1.75 times")
    expect(player).to_have_js_property("playbackRate", 1.75)
    page.get_by_role("button", name="15 s forward").click()
    page.keyboard.press("4")
    assert time_of(page) == pytest.approx(10, abs=0.1)

    page.get_by_label("Skip silence").check()
    page.keyboard.press("6")
    page.keyboard.press("k")
    expect(page.locator("#status")).to_contain_text("seconds of silence skipped")
    assert time_of(page) > 70
    page.keyboard.press("?")
    help_ = page.get_by_role("dialog", name="Keyboard help")
    expect(help_.get_by_role("row", name="Skip silence, on or off")).to_be_visible()
    expect(help_.get_by_role("row", name="To the word before or after")).to_be_visible()

    page.reload()
    expect(player).to_have_js_property("playbackRate", 1.75)
    expect(page.get_by_label("Skip silence")).to_be_checked()


def test_who_waits_for_a_recording_sees_how_far_it_is_and_can_play_it_then(stage: Any) -> None:
    finished = stage.answers["GET /v1/recordings/rec1"]
    page = open_unfinished_recording(stage, "waiting")
    status, progress = page.locator("#player-status"), page.locator("#player-progress")
    expect(progress).to_have_text("Waiting for other recordings to be made ready")
    expect(status).to_contain_text("being made ready. It can be played here in a moment")
    expect(page.locator("#player")).to_be_hidden()
    script = "e => { window.said = []; new MutationObserver(() => said.push(e.textContent))"
    status.evaluate(script + ".observe(e, {childList: true, characterData: true, subtree: true}) }")
    page.get_by_text("Downloads").click()
    text = page.get_by_role("link", name="Transcript (txt) of Morning talk")
    text.focus()

    for percent in (20, 70):
        say_how_far(stage, "joining", percent / 100)
        expect(progress).to_have_text(f"Joining the recording: {percent} %")
    assert page.get_by_role("progressbar").evaluate("e => e.position") == 0.7
    assert page.evaluate("said") == []
    words, stage.answers[TRANSCRIPT] = stage.answers[TRANSCRIPT], 503
    with page.expect_response("**/transcript?*"):
        stage.answers["GET /v1/recordings/rec1"] = finished
    expect(page.locator("#player")).to_be_hidden()  # it is not shown without what was said
    stage.answers[TRANSCRIPT] = words

    expect(page.locator("#player")).to_be_visible()
    assert page.evaluate("said[0]") == "The recording is ready to play."
    expect(progress).to_be_empty()
    expect(text).to_be_focused()
    expect(page.get_by_role("link", name="Sound (ogg) of Morning talk")).to_be_visible()


def test_the_outline_the_chapters_and_the_track_lead_through_a_recording(stage: Any) -> None:
    playable(stage)
    for query in ("vtt", "vtt&track=fr"):
        stage.answers[TRANSCRIPT.replace("json", query)] = "WEBVTT"
    stage.answers["GET /v1/recordings/rec1"] = RECORDING | {"tracks": ["fr"]}
    page = open_recording(stage)
    place = page.get_by_role("slider", name="Place in the recording")
    place.focus()
    page.keyboard.press("ArrowRight")
    expect(place).to_have_attribute("aria-valuetext", "0:05 of 1:15, Ben")
    expect(heard(page)).to_have_text("Hello")
    box = place.bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 5)
    assert time_of(page) == pytest.approx(37.75, abs=1)

    page.locator("#chapters > summary").click()
    page.get_by_role("button", name="What is to be done").click()
    expect(page.locator(".chapter[aria-current]")).to_have_text("0:09 What is to be done")
    expect(heard(page)).to_have_text("Shall")
    track = page.locator("track[kind=captions]")
    expect(track).to_have_attribute("srclang", "en")
    expect(track).to_have_attribute("src", re.compile("^blob:"))
    translated = page.locator("track[kind=subtitles]")
    expect(translated).to_have_attribute("label", "French, translated")
    page.get_by_text("Downloads").click()
    link = page.get_by_role("link", name="Transcript (ttml, French) of Morning talk")
    expect(link).to_have_attribute("href", re.compile("format=ttml&track=fr&download=1$"))


def test_a_recording_without_outline_and_chapters_shows_neither(stage: Any) -> None:
    page = eight_hours(stage)
    expect(page.locator("#outline")).to_be_hidden()
    expect(page.locator("#chapters")).to_be_hidden()


def test_who_is_signed_in_hears_and_downloads_what_is_private(stage: Any) -> None:
    stage.page.add_init_script("localStorage.setItem('roomscribe.token', 'kept')")
    stage.answers["GET /v1/session"] = {"user": ADA}
    page = open_recording(stage)
    expect(page.locator("source")).to_have_attribute("src", re.compile("&token=kept$"))
    page.get_by_text("Downloads").click()
    link = page.get_by_role("link", name="Transcript (txt)")
    followed = "addEventListener('click', e => { e.preventDefault(); window.to = e.target.href })"
    page.evaluate(followed)
    link.click()
    assert page.evaluate("to").endswith("&token=kept")
    expect(link).to_have_attribute("href", re.compile("download=1$"))  # what is copied
