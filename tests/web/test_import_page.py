"""Importing a file on the page of recordings, and captions that come after the room."""

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.web.conftest import RECORDING
from tests.web.looks import check_accessibility
from tests.web.pages import ADA, TRANSCRIPT, captions, kept, open_recording, playable, scroll_top

pytestmark = pytest.mark.browser

LIMITS = {"max_bytes": 2_000_000, "free_bytes": 1_500_000}
QUERY = "name=Evening+talk.mp3&title=Evening+talk&language=en&private=false"
CONVERTING = RECORDING | {
    "id": "rec2",
    "title": "Evening talk",
    "phase": "finishing",
    "may_decide": True,
    "progress": {"step": "converting", "share": 0.4},
    "media": [],
    "losses": [],
}


def open_list(stage: Any) -> Page:
    stage.answers["GET /v1/import"] = LIMITS
    stage.answers["POST /v1/session"] = {"token": "fresh", "user": ADA}
    page: Page = stage.open("/recordings")
    page.get_by_role("button", name="Import a file").press("Enter")
    page.get_by_label("Your name", exact=True).fill("Ada")
    page.keyboard.press("Enter")
    return page


def choose(page: Page, folder: Path, size: int = 1000, name: str = "Evening talk.mp3") -> None:
    file = folder / name
    file.write_bytes(bytes(size))
    expect(page.locator("#import-dialog")).to_be_visible()
    page.get_by_label("File", exact=True).set_input_files(file)


def test_a_file_is_imported_and_the_list_says_how_far_it_is(stage: Any, tmp_path: Path) -> None:
    page = open_list(stage)
    expect(page.get_by_label("File", exact=True)).to_be_focused()
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.locator("#import-error")).to_have_text("Choose a file first.")
    choose(page, tmp_path, 2_100_000, "large.mp3")
    expect(page.locator("#import-error")).to_contain_text("At most 2 MB can be imported")
    choose(page, tmp_path, 1_600_000, "less.mp3")
    expect(page.locator("#import-error")).to_contain_text("The server's disk is too full")
    choose(page, tmp_path)
    expect(page.locator("#import-error")).to_be_empty()
    expect(page.get_by_label("Title")).to_have_value("Evening talk")

    stage.answers[f"POST /v1/recordings?{QUERY}"] = CONVERTING
    stage.answers["GET /v1/recordings"] = {"items": [CONVERTING, RECORDING]}
    with page.expect_request("**/v1/recordings?*") as asked:
        page.get_by_role("button", name="Import", exact=True).click()

    assert asked.value.headers["authorization"] == "Bearer fresh"
    expect(page.locator("#import-status")).to_have_text(
        "\u2068Evening talk\u2069 is here. It is being made ready; you may close this page."
    )
    expect(page.get_by_role("button", name="Import a file")).to_be_focused()
    card = page.locator(".card", has_text="Evening talk")
    expect(card).to_contain_text("Converting the file: 40 %")
    captioned = {"step": "captioning", "purpose": "captions", "share": 0.25, "note": ""}
    now = CONVERTING | {"phase": "finished", "progress": None, "captioning": captioned}
    stage.answers["GET /v1/recordings"] = {"items": [now, RECORDING]}
    expect(card).to_contain_text("Captions are being made: 25 %")
    end = page.get_by_role("button", name="End the import of Evening talk")
    failed = now | {"captioning": captioned | {"step": "failed"}}
    stage.answers["GET /v1/recordings"] = {"items": [failed, RECORDING]}
    expect(end).to_have_count(0)  # it is a recording that can be played
    stage.answers["GET /v1/recordings"] = {"items": [now, RECORDING]}
    page.reload()
    end.click()
    page.get_by_role("dialog").get_by_role("button", name="End this import").click()
    expect(card.get_by_role("alert")).to_have_text("That did not work.")
    stage.answers["GET /v1/recordings"] = {"items": [RECORDING]}
    stage.answers["DELETE /v1/recordings/rec2"] = {}
    end.click()
    page.get_by_role("dialog").get_by_role("button", name="End this import").click()
    expect(card).to_have_count(0)
    expect(page.locator("#import-status")).to_have_text(
        "The import of \u2068Evening talk\u2069 was ended."
    )


def test_what_is_wrong_with_a_file_is_said_and_sending_can_be_cancelled(
    stage: Any, tmp_path: Path
) -> None:
    page = open_list(stage)
    choose(page, tmp_path)
    stage.answers[f"POST /v1/recordings?{QUERY}"] = 422
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.locator("#import-status")).to_have_text(
        "\u2068Evening talk.mp3\u2069 was not imported: That did not work."
    )

    def hold(_: Route) -> None:
        """Take the file without an end."""

    page.route("**/v1/recordings?*", hold)
    page.get_by_role("button", name="Import a file").click()
    choose(page, tmp_path)
    page.get_by_role("button", name="Import", exact=True).click()
    cancel = page.locator("#importing").get_by_role("button", name="Cancel")
    expect(cancel).to_be_focused()
    expect(page.locator("#importing")).to_contain_text("Evening talk.mp3")
    page.keyboard.press("Enter")
    expect(page.locator("#import-status")).to_have_text("Cancelled. Nothing of the file was kept.")
    expect(page.get_by_role("button", name="Import a file")).to_be_focused()


def test_nothing_is_offered_where_nothing_can_be_imported(stage: Any) -> None:
    stage.answers["GET /v1/import"] = {"max_bytes": 0, "free_bytes": 0}
    page: Page = stage.open("/recordings")
    expect(page.get_by_role("link", name="Morning talk", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Import a file")).to_be_hidden()


def test_captions_that_somebody_has_are_read_at_once_and_go_with_the_file(
    stage: Any, tmp_path: Path
) -> None:
    page = open_list(stage)
    choose(page, tmp_path)
    file = tmp_path / "talk.vtt"
    file.write_text("WEBVTT", encoding="utf-8")
    field = page.get_by_label("Captions (optional)")
    wrong = {"status": 422, "detail": "line 6: the cue ends before it begins", "field": "captions"}
    page.route(
        "**/v1/import/captions",
        lambda route: route.fulfill(status=422, body=json.dumps(wrong)),
        times=1,
    )
    field.set_input_files(file)
    error = page.locator("#import-captions-error")
    expect(error).to_have_text(
        "\u2068talk.vtt\u2069 cannot be used: line 6: the cue ends before it begins"
    )
    page.get_by_role("button", name="Import", exact=True).click()
    expect(field).to_be_focused()
    check_accessibility(page)

    found = {"id": "abc", "captions": 312, "speakers": ["Ada", "Ben"], "until_s": 900}
    stage.answers["POST /v1/import/captions"] = found
    field.set_input_files([])
    field.set_input_files(file)
    expect(error).to_be_empty()
    expect(page.locator("#import-captions-found")).to_have_text(
        "312 captions. Speakers: \u2068Ada\u2069 and \u2068Ben\u2069."
    )
    check_accessibility(page)
    stage.answers[f"POST /v1/recordings?{QUERY}&captions=abc"] = CONVERTING
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.locator("#import-status")).to_contain_text("is here.")


def test_captions_that_are_made_meanwhile_appear_on_the_recording_s_page(stage: Any) -> None:
    making = RECORDING | {
        "captioning": {"step": "captioning", "purpose": "captions", "share": 0.5, "note": ""}
    }
    stage.answers["GET /v1/recordings/rec1"] = making
    stage.page.clock.install()
    page = open_recording(stage)
    expect(page.locator("#captioning")).to_have_text("Captions are being made: 50 %")

    more = stage.answers[TRANSCRIPT]
    late = more["captions"][-1] | {"id": "late", "start": 20, "end": 22, "text": "Goodbye."}
    stage.answers[TRANSCRIPT] = 503
    stage.answers["GET /v1/recordings/rec1"] = RECORDING | {"captioning": None}
    with page.expect_response("**/transcript?*"):
        page.clock.fast_forward(2000)
    expect(page.locator("#captioning-status")).to_be_empty()
    stage.answers[TRANSCRIPT] = more | {"captions": [*more["captions"], late]}
    page.clock.fast_forward(2000)
    expect(captions(page)).to_have_count(4)
    expect(page.locator("#captioning")).to_be_hidden()
    expect(page.locator("#captioning-status")).to_have_text("The captions are complete.")


def test_captions_that_come_meanwhile_leave_their_reader_where_they_are(stage: Any) -> None:
    share = 0.0

    def more(texts: list[str]) -> None:
        nonlocal share
        share += 0.1
        captioning = {"step": "captioning", "purpose": "captions", "share": share, "note": ""}
        stage.answers["GET /v1/recordings/rec1"] = RECORDING | {"captioning": captioning}
        said = [kept(2 * at, "Ada", text) for at, text in enumerate(texts)]
        stage.answers[TRANSCRIPT] = {"captions": said, "gaps": []}
        stage.answers[TRANSCRIPT.replace("json", "vtt")] = "WEBVTT"

    playable(stage)
    stage.page.clock.install()
    more([])
    page = open_recording(stage)
    region, track = page.locator("#captions"), page.locator("track")
    texts = [f"This is sentence number {at}." for at in range(30)]
    more(texts)
    page.clock.fast_forward(2000)
    expect(page.locator("#captioning")).to_contain_text("20 %")
    word = page.locator(".word", has_text="number").first
    word.click()  # it plays from there
    expect(track).to_have_count(1)
    before = track.evaluate("e => { e.track.mode = 'showing'; return e.src; }")
    region.hover()
    page.mouse.wheel(0, 200)
    expect(region).to_have_js_property("scrollTop", 200)

    more(["This is it.", *texts[1:], "The end."])
    page.clock.fast_forward(2000)
    expect(captions(page).last).to_have_text("The end.")
    expect(page.locator(".word", has_text="it.").first).to_be_focused()
    assert scroll_top(page) == 200
    expect(track).not_to_have_attribute("src", before)
    assert track.evaluate("e => e.track.mode") == "showing"

    page.locator("#chapters > summary").click()
    chapter = page.get_by_role("button", name="What is to be done")
    chapter.click()
    page.keyboard.press("/")
    page.keyboard.type("number 7")
    expect(page.locator("mark")).to_have_text(["number", "", "7"])
    chapter.focus()
    more(["Welcome.", "Welcome.", *texts[1:]])
    page.clock.fast_forward(2000)
    expect(page.locator("#captioning")).to_contain_text("40 %")
    expect(page.locator("mark")).to_have_text(["number", "", "7"])
    expect(chapter).to_be_focused()
    expect(chapter).to_have_attribute("aria-current", "true")


def test_what_was_improved_after_the_room_is_said_and_marked_when_asked_for(stage: Any) -> None:
    improved = {"at": "2025-01-01T10:00:00+00:00", "engine": "e", "model": "m"}
    stage.answers["GET /v1/recordings/rec1"] = RECORDING | {
        "improved": improved | {"changed": 1, "added": 1}
    }
    by = {"id": "second-pass", "name": "Second pass"}
    texts = [{"text": "Hallo Ada.", "by": None}, {"text": "Hello Ada.", "by": by}]
    page = open_recording(stage)
    words = stage.answers[TRANSCRIPT]
    words["captions"][1]["revisions"] = texts
    words["captions"][2]["source"] = "second-pass"
    page.reload()

    expect(page.locator("#captioning")).to_contain_text(
        "Improved after the room: 1 caption, 1 gap filled."
    )
    marks = page.get_by_role("button", name="(improved)")
    expect(marks).to_have_count(0)
    page.get_by_label("Mark them").press("Space")
    expect(marks).to_have_count(2)
    stage.answers["GET /v1/rooms/r1/captions/c4.2/revisions"] = {
        "items": [
            {"type": "final", "text": "Hallo Ada."},
            {"type": "correction", "text": "Hello Ada.", "by": by, "at": improved["at"]},
        ]
    }
    marks.first.click()
    expect(page.get_by_role("dialog")).to_contain_text("Second pass")
    expect(page.get_by_role("dialog")).to_contain_text("Hallo Ada.")
