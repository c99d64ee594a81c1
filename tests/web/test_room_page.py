"""What a listener sees in a room, in a real browser against a scripted server."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web.pages import ADA, BEN, captions, open_room

pytestmark = pytest.mark.browser


def test_captions_are_on_without_signing_in_or_joining(stage: Any) -> None:
    page = open_room(stage, "Good morning.", "Hello everyone.")

    expect(captions(page)).to_have_text(["Good morning.", "Hello everyone."])
    expect(page.locator(".speaker")).to_have_text(["Ada", "Ben", "Ada"])  # the third is a preview
    expect(page.locator("#engine")).to_contain_text("Basic quality: pocketsphinx")
    expect(page.locator("#health")).to_have_text("1.4 s behind")
    expect(page.locator("#recording-state")).to_contain_text("Recording")


def test_an_interim_is_lighter_and_turns_into_its_final_in_place(stage: Any) -> None:
    page = open_room(stage, "Good morning.")

    stage.interim("this is be", id="c2", speaker=ADA)
    interim = page.locator(".caption.interim").first
    expect(interim).to_have_text("this is be")
    faint = interim.evaluate("e => getComputedStyle(e).color")
    stage.say("This is better.", id="c2", speaker=ADA)

    expect(captions(page)).to_have_text(["Good morning.", "This is better."])
    expect(page.locator("#turns .interim")).to_have_count(0)
    assert captions(page).last.evaluate("e => getComputedStyle(e).color") != faint


def test_a_gap_is_shown_in_its_place_with_length_and_reason(stage: Any) -> None:
    page = open_room(stage, "Before.")
    stage.gap(6.0, 18.0, "overload")
    stage.say("After.")

    expect(page.locator("#turns > li")).to_have_count(3)
    gap = page.locator("#turns > li").nth(1)
    expect(gap).to_contain_text("12 seconds without captions: the recogniser could not keep up")


def test_a_correction_changes_the_caption_and_says_so(stage: Any) -> None:
    page = open_room(stage, "The whether is fine.")
    stage.correct("c1", "The weather is fine.")
    expect(captions(page).first).to_have_text("The weather is fine. (corrected)")


def test_what_is_given_up_under_load_is_said_beside_the_delay(stage: Any) -> None:
    page = open_room(stage, "Before.")
    note = "Only finished captions are shown, because the recogniser is slow."
    stage.send({"type": "status", "delay": 6.2, "state": "behind", "note": note})
    expect(page.locator("#health")).to_have_text(f"6.2 s behind · {note}")
    stage.send({"type": "status", "delay": 0.4, "state": "ok", "note": ""})
    expect(page.locator("#health")).to_have_text("0.4 s behind")


def test_an_outage_is_said_at_once_and_again_when_repaired(stage: Any) -> None:
    page = open_room(stage, "Before.")
    stage.send({"type": "status", "delay": 0, "state": "down", "note": ""})
    expect(page.locator("#health")).to_have_text("Captions have stopped")
    expect(page.locator("#status")).to_have_text("Captions have stopped. They are being restarted.")
    stage.send({"type": "status", "delay": 0, "state": "off", "note": "There is no engine."})
    expect(page.locator("#status")).to_have_text("There is no engine.")
    stage.send({"type": "status", "delay": 2.0, "state": "ok", "note": ""})
    expect(page.locator("#status")).to_have_text("Captions are working again.")
    expect(page.locator("#health")).to_have_text("2.0 s behind")


def test_words_that_may_be_wrong_are_marked_for_who_wants_it(stage: Any) -> None:
    said = stage.say("Good evening all.")
    said["words"] = [["Good", 3, 4, 0.9], ["evening", 4, 5, 0.2], ["all.", 5, 6, 0.8]]
    page = open_room(stage)
    doubt = page.locator("#turns .doubt")
    expect(doubt).to_have_css("text-decoration-line", "none")

    page.keyboard.press("s")
    page.get_by_label("Words that may be wrong", exact=True).select_option("marked")
    page.keyboard.press("Escape")
    expect(doubt).to_have_text("evening")
    expect(doubt).to_have_css("text-decoration-line", "underline")
    expect(doubt).to_have_css("text-decoration-style", "dotted")
    expect(page.locator("#turns .turn-text")).to_match_aria_snapshot(
        "- paragraph: Good evening all."
    )
    stage.correct("c1", "Good morning all.")
    expect(captions(page)).to_contain_text("Good morning all.")
    expect(doubt).to_have_count(0)


def test_who_speaks_is_shown(stage: Any) -> None:
    page = open_room(stage, "Good morning.")
    stage.send({"type": "speaking", "speaker": BEN, "on": True, "t": 4.0})
    expect(page.locator("#speaking")).to_have_text("Speaking now: Ben")
    stage.send({"type": "speaking", "speaker": BEN, "on": False, "t": 5.0})
    expect(page.locator("#speaking")).to_have_text("Nobody is speaking")


def test_a_refused_microphone_is_explained(stage: Any) -> None:
    stage.answers["GET /v1/session"] = {"user": ADA}
    stage.answers["POST /v1/rooms/r1/join"] = {"user": ADA, "role": "speaker"}
    refuse = (
        "() => { navigator.mediaDevices.getUserMedia = "
        "async () => { throw new DOMException('', '%s'); }; }"
    )
    stage.page.add_init_script("localStorage.setItem('roomscribe.token', 'kept')")
    page = open_room(stage, "Good morning.")
    expect(page.locator("#session")).to_contain_text("Ada")
    page.evaluate(refuse % "NotAllowedError")
    page.get_by_role("button", name="Speak").click()
    expect(page.locator("#audio-status")).to_contain_text("The microphone was refused.")
    page.evaluate(refuse % "NotFoundError")
    page.get_by_role("button", name="Speak").click()
    expect(page.locator("#audio-status")).to_contain_text("No microphone was found.")


def test_a_room_that_wants_names_asks_a_guest_who_wants_to_listen(stage: Any) -> None:
    stage.answers["POST /v1/rooms/r1/whep"] = 403
    stage.answers["POST /v1/session"] = {"token": "fresh", "user": ADA}
    stage.answers["GET /v1/me/caption-style"] = {}
    stage.answers["POST /v1/rooms/r1/join"] = {"user": ADA, "role": "listener"}
    page = open_room(stage, "Good morning.")
    page.get_by_role("button", name="Listen").click()
    page.get_by_label("Your name", exact=True).fill("Ada")
    with page.expect_request("**/whep") as asked:
        page.keyboard.press("Enter")
    assert asked.value.headers["authorization"] == "Bearer fresh"
    assert asked.value.headers["content-type"] == "application/sdp"
    expect(captions(page)).to_have_text("Good morning.")


def test_an_unknown_room_is_said_to_be_unknown(stage: Any) -> None:
    stage.answers["GET /v1/rooms/r1"] = 404
    page: Page = stage.open("/rooms/r1")
    expect(page.locator("#health")).to_be_visible()
    stage.cut(4404)
    expect(page.locator("#page-error")).to_have_text("This room does not exist.")
    expect(page.locator("#health")).to_have_text("Not connected")


def test_spoken_text_is_never_markup(stage: Any) -> None:
    page = open_room(stage, "<img src=x onerror=alert(1)> & <b>bold</b>")
    expect(captions(page)).to_have_text("<img src=x onerror=alert(1)> & <b>bold</b>")
    assert page.locator("#turns img, #turns b").count() == 0
