"""Off the record, on the page: everybody is told, captions go on, and hosts decide."""

from typing import Any

from playwright.sync_api import expect

from tests.web.conftest import Stage
from tests.web.pages import ADA, open_room

MARK = "Off the record: what is said now is not kept"


def room_is(stage: Stage, recording: str) -> None:
    news = {"type": "room", "state": "live", "participants": 2, "recording": recording, "note": ""}
    stage.send(news | {"language": "en", "tracks": []})


def pass_by(stage: Stage, text: str, id: str, **over: Any) -> None:
    said = {"id": id, "rev": 1, "start": 70.0, "end": 72.0, "speaker": ADA, "text": text}
    stage.send({"type": "interim", **said, "kept": False, "done": True} | over)


def test_everybody_is_told_and_reads_on_what_is_not_kept(stage: Stage) -> None:
    page = open_room(stage, "For the record.")
    mark = page.locator("#off-record-mark")
    expect(mark).to_be_hidden()

    room_is(stage, "off-record")
    stage.gap(65, 65, "off-record")
    expect(mark).to_contain_text(MARK)
    expect(page.locator("#notice")).to_contain_text("Off the record: what is said now is not kept.")
    expect(page.locator("#recording-state")).to_contain_text("Off the record")
    expect(page.locator("#turns")).to_contain_text("Off the record from 1:05")
    pass_by(stage, "Between us alone.", "p1")
    pass_by(stage, "Still between us.", "p2")
    expect(page.locator(".caption.passing")).to_have_count(2)
    expect(page.locator(".caption.passing").first).to_contain_text("Between us alone. (not kept)")
    expect(page.locator(".caption.passing").first).not_to_have_attribute("aria-hidden", "true")

    room_is(stage, "on")
    stage.gap(65, 90, "off-record")
    stage.say("For the record again.")
    expect(mark).to_be_hidden()
    expect(page.locator("#status")).to_contain_text("This room is being recorded from now on.")
    expect(page.locator("#turns")).to_contain_text("from 1:05 to 1:30")
    told = page.locator("#turns").inner_text()
    order = ["For the record.", "from 1:05:", "Between us", "Still", "from 1:05 to 1:30"]
    places = [told.index(words) for words in order]
    assert places == sorted(places)
    assert page.locator("#record, #off-record").first.is_hidden()

    stage.page.reload()
    expect(page.locator("#turns")).to_contain_text("For the record again.")
    expect(page.locator(".passing")).to_have_count(0)


def test_who_comes_later_is_told_once_that_the_room_is_recorded(stage: Stage) -> None:
    page = open_room(stage, "Good morning.")
    notice, status = page.locator("#notice"), page.locator("#status")
    expect(notice).to_have_text("This room is being recorded.")
    expect(status).to_have_text("This room is being recorded.")
    expect(page.locator("body")).to_be_focused()
    page.get_by_role("button", name="Dismiss this message").click()
    script = "e => { window.said = []; new MutationObserver(() => said.push(e.textContent))"
    status.evaluate(script + ".observe(e, {childList: true, characterData: true, subtree: true}) }")

    stage.cut()
    stage.say("While nobody was connected.")
    expect(page.locator("#turns")).to_contain_text("While nobody was connected.")
    expect(page.locator("#health")).to_contain_text("behind")
    assert not [text for text in page.evaluate("said") if "record" in text]
    expect(notice).not_to_contain_text("record")

    stage.recording = "off-record"
    page.reload()
    expect(notice).to_have_text("Off the record: what is said now is not kept.")
    room_is(stage, "on")
    expect(notice).to_have_text("This room is being recorded from now on.")


def test_what_is_wrong_with_the_recording_stays_until_it_is_dismissed_and_is_told_once(
    stage: Stage,
) -> None:
    page = open_room(stage, "Good morning.")
    notice, full = page.locator("#notice"), "The disk is nearly full."
    page.get_by_role("button", name="Dismiss this message").click()
    news = {"type": "room", "state": "live", "recording": "on", "language": "en", "tracks": []}
    stage.send(news | {"participants": 2, "note": full})
    expect(notice).to_have_text(full)
    page.get_by_role("button", name="Dismiss this message").click()
    expect(notice).to_be_empty()

    stage.send(news | {"participants": 3, "note": full})
    expect(page.locator("#people-button")).to_contain_text("3")
    expect(notice).to_be_empty()


def test_a_second_screen_has_a_mark_while_the_room_is_off_the_record(stage: Stage) -> None:
    page = stage.open("/rooms/r1/captions?preset=yellow-on-black&lines=2")
    mark = page.locator("#off-record-mark")
    expect(mark).to_be_hidden()
    room_is(stage, "off-record")
    expect(mark).to_have_text("Off the record")
    expect(mark).to_have_css("color", "rgb(255, 255, 0)")
    captions, above = page.locator("#captions").bounding_box(), mark.bounding_box()
    assert captions
    assert above
    assert above["y"] + above["height"] <= captions["y"]
    assert above["y"] >= 0
    room_is(stage, "on")
    expect(mark).to_be_hidden()

    stage.recording = "off-record"
    page = stage.open("/rooms/r1/captions?off_record=off")
    expect(page.locator("#empty")).to_be_visible()
    expect(mark).to_be_hidden()


def test_a_host_goes_off_the_record_and_stops_the_recording_after_a_question(stage: Stage) -> None:
    stage.answers["GET /v1/session"] = {"user": ADA}
    stage.page.add_init_script("localStorage.setItem('roomscribe.token', 't')")
    stage.answers["POST /v1/rooms/r1/recording"] = {"state": "on", "from_s": 1.0}
    stage.answers["GET /v1/rooms/r1/recordings"] = {"items": [{"phase": "recording"}]}
    page = open_room(stage, "Good morning.")
    room_is(stage, "on")
    off_record, record = page.locator("#off-record"), page.locator("#record")

    with page.expect_request("**/recording") as asked:
        off_record.click()
    assert asked.value.post_data_json == {"state": "off-record"}
    room_is(stage, "off-record")
    expect(record).to_be_hidden()
    expect(off_record).to_have_text("Back on the record")
    expect(off_record).to_be_focused()
    with page.expect_request("**/recording") as asked:
        page.keyboard.press("Enter")
    assert asked.value.post_data_json == {"state": "on"}
    room_is(stage, "on")

    record.click()
    dialog = page.get_by_role("dialog", name="Stop recording this room?")
    expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    page.keyboard.press("Escape")
    expect(record).to_be_focused()
    record.click()
    with page.expect_request("**/recording") as asked:
        dialog.get_by_role("button", name="Stop recording").click()
    assert asked.value.post_data_json == {"state": "off"}
    room_is(stage, "off")
    expect(record).to_have_text("Start recording")
    for button in (off_record, record):
        box = button.bounding_box()
        assert box
        assert box["height"] >= 44
