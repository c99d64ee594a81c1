"""Writing captions and speaking by typing, in a real browser against a scripted server."""

from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.web.pages import ADA, BEN, open_room

pytestmark = pytest.mark.browser


def here(person: dict[str, str], role: str) -> dict[str, Any]:
    return {"user": person, "role": role, "muted": False, "speaking": False}


def signed_in(stage: Any, *people: dict[str, Any]) -> None:
    """Be Ada, in a room with these people."""
    stage.answers["GET /v1/session"] = {"user": ADA}
    stage.answers["GET /v1/me/caption-style"] = {}
    stage.answers["GET /v1/rooms/r1/participants"] = {"items": list(people)}
    stage.page.add_init_script("localStorage.setItem('roomscribe.token', 'kept')")


def console(stage: Any, *texts: str) -> Page:
    signed_in(stage, here(ADA, "host"), here(BEN, "speaker"))
    for text in texts:
        stage.say(text)
    page: Page = stage.open("/rooms/r1/captioner")
    expect(page.locator("#state")).to_have_text("The recogniser captions this room.")
    expect(page.locator("#names button")).to_have_count(2)
    return page


def take_over(stage: Any, page: Page) -> None:
    page.locator("#line").press("Control+Enter")
    expect(page.locator("#state")).to_have_text("Taking over…")
    stage.send({"type": "captioning", "captioner": ADA})
    expect(page.locator("#state")).to_contain_text("You caption this room.")


def test_the_caption_that_is_corrected_stays_however_much_is_said_meanwhile(stage: Any) -> None:
    page = console(stage, *(f"Sentence {number}." for number in range(1, 51)))
    first = page.locator("#said [data-key=c1]")
    first.locator(".words").click()
    field = page.get_by_label("Correct the caption")
    field.fill("The first one.")

    for number in range(51, 121):
        stage.say(f"Sentence {number}.")

    expect(page.locator("#said .words").last).to_have_text("Sentence 120.")
    expect(field).to_have_value("The first one.")
    stage.answers["PATCH /v1/rooms/r1/captions/c1"] = {}
    field.press("Enter")
    expect(first.locator(".words")).to_be_focused()
    assert stage.puts[-1]["body"] == {"text": "The first one.", "rev": 9}
    page.locator("#line").focus()
    stage.say("Sentence 121.")
    expect(page.locator("#said .words")).to_have_count(100)
    page.locator("#said .words").last.click()
    expect(field).to_have_value("Sentence 121.")


def test_a_correction_that_was_saved_late_closes_no_other_one(stage: Any) -> None:
    page = console(stage, "One.", "Two.")
    late: list[Route] = []
    page.route("**/captions/c1", lambda route: late.append(route))
    field = page.get_by_label("Correct the caption")
    page.locator("#said [data-key=c1] .words").click()
    field.fill("First.")
    with page.expect_request("**/captions/c1"):
        field.press("Enter")
    field.press("Escape")
    page.locator("#said [data-key=c2] .words").click()
    field.fill("Second.")

    with page.expect_response("**/captions/c1"):
        late[0].fulfill(json={})
    stage.correct("c1", "First.")

    expect(page.locator("#said [data-key=c1] .words")).to_have_text("First.")
    expect(field).to_have_value("Second.")
    expect(field).to_be_focused()


def test_who_hands_back_without_a_connection_keeps_what_was_not_sent(stage: Any) -> None:
    page = console(stage)
    take_over(stage, page)
    stage.reachable = False
    page.evaluate("dispatchEvent(new Event('offline'))")
    expect(page.locator("#state")).to_contain_text("Connection lost. Type on")
    page.keyboard.type("Said without a network.")
    page.keyboard.press("Enter")
    expect(page.locator("#line")).to_have_value("")

    page.keyboard.press("Control+Enter")

    expect(page.locator("#line")).to_have_value("Said without a network.")
    expect(page.locator("#take")).to_have_text("Take over")


def test_a_text_that_became_too_long_is_sent_in_pieces(stage: Any) -> None:
    page = console(stage)
    page.locator("#options summary").press("Enter")
    page.get_by_label("Abbreviations, one on each line").fill("ha = " + "hahaha " * 28)
    take_over(stage, page)

    page.keyboard.type("ha ha ha ")
    page.keyboard.press("Enter")

    expect(page.locator("#line")).to_have_value("")
    sent = [one for one in stage.asked if one["type"] == "line"]
    done = [one["text"] for one in sent if one["done"]]
    assert " ".join(done).split() == ["hahaha"] * 84
    assert len(done) == 2
    assert all(len(one["text"]) <= 500 for one in sent)


def test_alt_and_a_digit_write_a_name_whatever_sign_the_keyboard_has_there(stage: Any) -> None:
    page = console(stage)
    key = {"key": "™", "code": "Digit2", "altKey": True, "bubbles": True, "cancelable": True}

    page.locator("#line").dispatch_event("keydown", key)

    expect(page.locator("#line")).to_have_value("Ben ")


def test_a_focused_name_stays_focused_when_somebody_comes(stage: Any) -> None:
    page = console(stage)
    page.locator("#names button").first.focus()
    cleo = here({"id": "u3", "name": "Cleo"}, "listener")
    stage.answers["GET /v1/rooms/r1/participants"]["items"].append(cleo)

    stage.send({"type": "room", "state": "live", "participants": 3, "recording": "on", "note": ""})

    names = page.locator("#names button")
    expect(names).to_have_text(["Ada Alt+1", "Ben Alt+2", "Cleo Alt+3"])
    expect(names.first).to_be_focused()


def test_making_somebody_captioner_keeps_the_button_focused(stage: Any) -> None:
    signed_in(stage, here(ADA, "host"), here(BEN, "speaker"))
    page = open_room(stage)
    page.locator("#people-button").press("Enter")
    stage.answers["PATCH /v1/rooms/r1/participants/u2"] = {}
    button = page.locator("#people-list li").nth(1).get_by_role("button", name="captioner")
    expect(button).to_have_attribute("aria-label", "Make captioner: Ben")

    for role, name in (
        ("captioner", "No longer captioner: Ben"),
        ("listener", "Make captioner: Ben"),
    ):
        with page.expect_response("**/participants/u2"):
            button.press("Enter")
        assert stage.puts[-1]["body"] == {"role": role}
        people = {"items": [here(ADA, "host"), here(BEN, role)]}
        stage.answers["GET /v1/rooms/r1/participants"] = people
        news = {"type": "room", "state": "live", "participants": 2, "recording": "on", "note": ""}
        stage.send(news)
        expect(button).to_have_attribute("aria-label", name)
        expect(button).to_be_focused()


def test_an_answer_that_comes_late_takes_no_focus_away(stage: Any) -> None:
    signed_in(stage, here(ADA, "host"))
    stage.answers["POST /v1/rooms/r1/join"] = {}
    page = open_room(stage)
    late: list[Route] = []
    page.route("**/v1/rooms/r1/say", lambda route: late.append(route))
    page.get_by_label("Speak by typing").fill("I agree.")
    with page.expect_request("**/say"):
        page.keyboard.press("Enter")
    page.locator("#pause").focus()

    late[0].fulfill(json={"heard": True, "note": ""})

    expect(page.locator("#say-status")).to_have_text("Said.")
    expect(page.locator("#pause")).to_be_focused()


def test_the_mark_of_a_correction_is_a_large_target_and_pushes_no_lines_apart(stage: Any) -> None:
    for number in range(1, 9):
        stage.say(f"Sentence {number}, which goes on for quite some time before it ends.")
    page: Page = stage.open("/rooms/r1")
    turns = page.locator("#turns")
    expect(turns.locator(".caption")).to_have_count(8)
    line = "e => parseFloat(getComputedStyle(e).lineHeight)"

    for number in range(1, 9):
        stage.correct(f"c{number}", f"Sentence {number}, which goes on until it ends.")
    marks = page.get_by_role("button", name="(corrected)")
    expect(marks).to_have_count(8)

    text = page.locator(".turn-text").first
    height = text.evaluate("e => e.getBoundingClientRect().height")
    lines = height / text.evaluate(line)
    assert abs(lines - round(lines)) < 0.05, "every line is as high as any other"
    box = marks.nth(3).bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2 - 21)
    expect(page.get_by_role("dialog")).to_be_visible()
