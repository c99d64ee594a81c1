"""A recording and its captions, read and heard together."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.web.pages import open_recording, open_unfinished_recording, say_how_far

pytestmark = pytest.mark.browser


def test_a_caption_of_a_recording_leads_to_its_sound(stage: Any) -> None:
    page = open_recording(stage)
    expect(page.locator(".cue .caption")).to_have_text(["Good morning.", "Hello Ada.", "Shall we?"])
    expect(page.locator(".cue .caption").first).to_have_attribute("lang", "en")
    gap = page.locator("#turns > li").last
    expect(gap).to_have_text("0:12 Off the record from 0:12 to 0:15")
    lost = page.locator("#turns > .gap").first
    expect(lost).to_have_text("0:03 2.0 seconds without sound: the disk was full")
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


def test_who_waits_for_a_recording_sees_how_far_it_is_and_can_play_it_then(stage: Any) -> None:
    finished = stage.answers["GET /v1/recordings/rec1"]
    page = open_unfinished_recording(stage, "waiting")
    status, progress = page.locator("#player-status"), page.locator("#player-progress")
    expect(progress).to_have_text("Waiting for other recordings to be made ready")
    expect(status).to_contain_text("being made ready. It can be played here in a moment")
    expect(page.locator("#player")).to_be_hidden()
    script = "e => { window.said = []; new MutationObserver(() => said.push(e.textContent))"
    status.evaluate(script + ".observe(e, {childList: true, characterData: true, subtree: true}) }")
    text = page.get_by_role("link", name="Transcript (txt) of Morning talk")
    text.focus()

    for percent in (20, 70):
        say_how_far(stage, "joining", percent / 100)
        expect(progress).to_have_text(f"Joining the recording: {percent} %")
    assert page.get_by_role("progressbar").evaluate("e => e.position") == 0.7
    assert page.evaluate("said") == []
    stage.answers["GET /v1/recordings/rec1"] = finished

    expect(page.locator("#player")).to_be_visible()
    assert page.evaluate("said[0]") == "The recording is ready to play."
    expect(progress).to_be_empty()
    expect(text).to_be_focused()
    expect(page.get_by_role("link", name="Sound (ogg) of Morning talk")).to_be_visible()
