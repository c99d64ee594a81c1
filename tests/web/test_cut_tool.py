"""A host takes passages out of a recording on its page, and brings them back."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.web.conftest import RECORDING
from tests.web.pages import ADA, TRANSCRIPT, open_recording, open_tools, playable

pytestmark = pytest.mark.browser

Cut = dict[str, float]


class Cuts:
    """The server's side: states of the cuts, with a revision."""

    def __init__(self, stage: Any) -> None:
        self.stage = stage
        self.rev = 0
        self.at = 0
        self.states: list[list[Cut]] = [[]]
        self.tell()

    @property
    def now(self) -> list[Cut]:
        return self.states[self.at]

    def answer(self, route: Route) -> None:
        request = route.request
        body: Any = request.post_data_json if request.method != "GET" else {}
        if request.method != "GET" and body["rev"] != self.rev:
            problem = {"type": "urn:roomscribe:stale-revision", "title": "Stale", "status": 409}
            return route.fulfill(status=409, json=problem)
        if request.method == "PUT":
            if sum(one["end_s"] - one["start_s"] for one in body["cuts"]) > 74.5:
                problem = {"detail": "Nothing would be left of the recording.", "status": 422}
                return route.fulfill(status=422, json=problem)
            self.change(sorted(body["cuts"], key=lambda one: float(one["start_s"])))
        elif request.method == "POST":
            self.at += -1 if request.url.endswith("undo") else 1
            self.rev += 1
        self.tell()
        return route.fulfill(json=self.shown())

    def change(self, cuts: list[Cut]) -> None:
        """Let somebody change them."""
        self.states = [*self.states[: self.at + 1], cuts]
        self.at += 1
        self.rev += 1

    def shown(self) -> dict[str, Any]:
        gone = sum(one["end_s"] - one["start_s"] for one in self.now)
        return {
            "rev": self.rev,
            "cuts": self.now,
            "duration_s": 75.5,
            "left_s": 75.5 - gone,
            "can_undo": self.at > 0,
            "can_redo": self.at + 1 < len(self.states),
        }

    def tell(self) -> None:
        """Have the recording be what is left."""
        left = {"duration_s": self.shown()["left_s"], "cuts": self.now, "may_decide": True}
        self.stage.answers["GET /v1/recordings/rec1"] = RECORDING | left


def serve_whole(stage: Any) -> None:
    """Answer for the whole recording."""
    whole = RECORDING | {
        "may_decide": True,
        "media": [{"format": "ogg", "url": "/v1/recordings/rec1/media?whole=true&format=ogg"}],
        "transcript_url": "/v1/recordings/rec1/transcript?whole=true&format=",
    }
    answers = stage.answers
    answers["GET /v1/recordings/rec1?whole=true"] = whole
    texts = answers[TRANSCRIPT]
    answers["GET /v1/recordings/rec1/transcript?whole=true&format=json"] = texts
    peaks = answers["GET /v1/recordings/rec1/peaks?points=1000"]
    answers["GET /v1/recordings/rec1/peaks?points=1000&whole=true"] = peaks
    chapters = answers["GET /v1/recordings/rec1/chapters"]
    answers["GET /v1/recordings/rec1/chapters?whole=true"] = chapters


def open_tool(stage: Any, *cut: Cut) -> tuple[Page, Cuts, Locator]:
    """A recording's page as its host sees it, with the tools open."""
    cuts = Cuts(stage)
    if cut:
        cuts.change([*cut])
        cuts.tell()
    stage.page.route("**/v1/recordings/rec1/edits*", cuts.answer)
    stage.page.route("**/v1/recordings/rec1/edits/*", cuts.answer)
    playable(stage)
    page = open_tools(stage)
    serve_whole(stage)
    return page, cuts, page.get_by_role("region", name="Trim and cut")


def open_whole(stage: Any, *cut: Cut) -> tuple[Page, Cuts, Locator]:
    """The whole recording, ready to be cut."""
    page, cuts, tool = open_tool(stage, *cut)
    tool.get_by_role("button", name="Show all, to trim and cut").press("Enter")
    expect(tool.get_by_role("status")).to_have_text("The whole recording is shown.")
    return page, cuts, tool


def cut_of(start_s: float, end_s: float) -> Cut:
    return {"start_s": start_s, "end_s": end_s}


def test_a_host_cuts_from_word_to_word_by_keyboard_and_takes_it_back(stage: Any) -> None:
    page, cuts, tool = open_whole(stage)
    expect(page.locator("source")).to_have_attribute("src", re.compile("whole=true"))
    expect(page.get_by_text("You see and hear the whole recording.")).to_be_visible()
    status = tool.get_by_role("status")
    page.keyboard.press("c")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("[")
    page.keyboard.press("ArrowRight")
    expect(status).to_contain_text("The passage begins at 0:04.20. Chosen: 1.0 seconds")
    page.keyboard.press("Alt+]")  # as it is typed on many keyboards
    expect(status).to_have_text(
        "The passage ends at 0:06.20. Chosen: 2.0 seconds, “\u2068Hello Ada.\u2069”"
    )
    expect(tool.get_by_label("From", exact=True)).to_have_value("0:04.20")
    expect(tool.get_by_label("To", exact=True)).to_have_value("0:06.20")
    expect(tool).to_contain_text("Chosen: 2.0 seconds, “\u2068Hello Ada.\u2069”")
    expect(page.locator(".word mark.to-cut")).to_have_text(["Hello", "Ada."])
    expect(page.get_by_role("button", name="Ada.")).to_be_focused()

    tool.get_by_role("button", name="Cut this passage").press("Enter")
    expect(status).to_have_text("Cut: 0:04.20 to 0:06.20. 1:13 is left for listeners.")
    assert cuts.now == [cut_of(4.2, 6.2)]
    expect(page.locator(".word del")).to_have_text(["Hello", "Ada."])
    expect(page.locator(".cut-label")).to_have_text("cut:")
    expect(tool.get_by_label("From", exact=True)).to_have_value("")
    expect(page.locator("#losses")).to_contain_text("A host has cut a passage of 2.0 seconds.")
    expect(page.locator("#facts")).to_contain_text("Length 1:13")
    row = tool.get_by_role("list", name="Cut passages").get_by_role("listitem")
    expect(row).to_contain_text("0:04.20 to 0:06.20 Hello Ada.")

    tool.get_by_role("button", name="Undo").press("Enter")
    expect(status).to_have_text("Nothing is cut any more.")
    expect(page.locator(".transcript del")).to_have_count(0)
    tool.get_by_role("button", name="Redo").press("Enter")
    expect(row).to_have_count(1)
    tool.get_by_role("button", name="Bring back 0:04.20 to 0:06.20").press("Enter")
    expect(status).to_have_text("Nothing is cut any more.")
    expect(tool.get_by_role("button", name="Undo")).to_be_focused()
    assert cuts.now == []


def test_a_host_trims_at_what_is_heard_selects_words_and_hears_the_seam(stage: Any) -> None:
    page, cuts, tool = open_whole(stage)
    player = page.locator("#player")
    player.evaluate("e => { e.currentTime = 0.5; }")
    expect(tool).to_contain_text("at 0:00.50")
    tool.get_by_role("button", name="Cut all before it").click()
    expect(tool.get_by_role("status")).to_contain_text("Cut: 0:00.00 to 0:00.50.")
    player.evaluate("e => { e.currentTime = 70; }")
    expect(tool).to_contain_text("at 1:10.00")
    tool.get_by_role("button", name="Cut all behind it").click()
    expect(tool.get_by_role("status")).to_contain_text("Cut: 1:10.00 to 1:15.50.")
    assert cuts.now == [cut_of(0, 0.5), cut_of(70, 75.5)]
    expect(tool).to_contain_text("2 passages are cut, 6.0 seconds in all. 1:09 is left")

    words = page.locator("#turns .word")
    first, last = (words.filter(has_text=text).bounding_box() for text in ("Shall", "we?"))
    assert first
    assert last
    page.mouse.move(first["x"] + 2, first["y"] + 5)
    page.mouse.down()
    page.mouse.move(last["x"] + last["width"] - 1, last["y"] + 5)
    page.mouse.up()
    expect(tool.get_by_label("From", exact=True)).to_have_value("0:09.00")
    expect(tool.get_by_label("To", exact=True)).to_have_value("0:11.00")
    assert page.evaluate("String(getSelection())").startswith("Shall we?")

    tool.get_by_role("button", name="Play across the seam", exact=True).click()
    expect(player).to_have_js_property("paused", False)
    assert 6 <= player.evaluate("e => e.currentTime") < 9
    tool.get_by_role("button", name="Play what is cut from 0:00.00 to 0:00.50").click()
    expect(player).to_have_js_property("paused", True)
    assert 0.5 <= player.evaluate("e => e.currentTime") < 6


def test_a_passage_that_cannot_be_cut_says_why_and_loses_nothing(stage: Any) -> None:
    page, cuts, tool = open_whole(stage)
    error = tool.get_by_role("alert")
    begin, end = tool.get_by_label("From", exact=True), tool.get_by_label("To", exact=True)
    for values, told, at in (
        (("soon", "0:05"), "Write a time like 2:05.50.", begin),
        (("0:05", "0:04"), "The passage ends before it begins.", end),
        (("0:05", "2:00"), "The recording ends at 1:15.50.", end),
        (("80", "90"), "The recording ends at 1:15.50.", begin),
    ):
        begin.fill(values[0])
        end.fill(values[1])
        tool.get_by_role("button", name="Cut this passage").click()
        expect(error).to_have_text(told)
        expect(at).to_be_focused()
        expect(at).to_have_attribute("aria-invalid", "true")
    begin.fill("0")
    expect(error).to_be_hidden()
    end.fill("75")
    expect(page.locator("#turns .word mark.to-cut").first).to_be_visible()
    expect(page.locator("#turns [tabindex='0']")).to_have_count(1)
    tool.get_by_role("button", name="Cut this passage").click()
    expect(error).to_have_text("Nothing would be left of the recording.")
    expect(end).to_have_value("75")

    cuts.change([cut_of(1, 2)])  # by another host
    end.fill("4")
    tool.get_by_role("button", name="Cut this passage").click()
    expect(error).to_contain_text("Somebody else has cut meanwhile.")
    expect(tool.get_by_role("list", name="Cut passages").get_by_role("listitem")).to_have_count(1)
    expect(end).to_have_value("4")
    assert cuts.now == [cut_of(1, 2)]


def test_who_has_cut_goes_back_to_what_listeners_have_at_the_same_moment(stage: Any) -> None:
    page, _, tool = open_tool(stage, cut_of(1.5, 3))
    page.locator("#player").evaluate("e => { e.currentTime = 5; }")
    tool.get_by_role("button", name="Show all, to trim and cut").press("Enter")
    expect(page.locator(".transcript del")).to_have_text(["morning."])
    expect(page.get_by_role("region", name="Chapters")).to_be_hidden()

    tool.get_by_role("button", name="Show what listeners have").press("Enter")
    expect(tool.get_by_role("status")).to_have_text("What listeners have is shown.")
    expect(page.locator("source")).to_have_attribute("src", re.compile(r"media\?format"))
    expect(page.locator(".transcript del")).to_have_count(0)
    expect(page.get_by_role("region", name="Chapters")).to_be_visible()
    assert page.locator("#player").evaluate("e => e.currentTime") == pytest.approx(5, abs=0.05)


def test_who_listens_while_a_host_cuts_goes_on_with_what_is_left(stage: Any) -> None:
    playable(stage)
    stage.page.route("**/media?format=ogg", lambda route: route.fulfill(status=416))
    page = open_recording(stage)
    status = page.locator("#player-status")
    expect(status).to_have_text("The sound could not be played.")
    media = [{"format": "ogg", "url": "/v1/recordings/rec1/media?format=ogg&v=2"}]
    left = {"media": media, "cuts": [cut_of(1.5, 3.5)], "duration_s": 73.5}
    stage.answers["GET /v1/recordings/rec1"] = RECORDING | left
    first, *more = stage.answers[TRANSCRIPT]["captions"]
    begin = {"text": "Good", "words": first["words"][:1]}  # it has no other revision
    stage.answers[TRANSCRIPT]["captions"] = [first | begin, *more]

    page.locator("#player").evaluate("e => e.load()")

    expect(status).to_contain_text("A host has changed this recording meanwhile.")
    expect(page.locator("#facts")).to_contain_text("Length 1:13")
    expect(page.locator("#turns .caption")).to_have_text(["Good", "Hello Ada.", "Shall we?"])


def test_who_signs_out_no_longer_sees_what_was_cut(stage: Any) -> None:
    stage.page.add_init_script("localStorage.setItem('roomscribe.token', 'kept')")
    stage.answers["GET /v1/session"] = {"user": ADA}
    page, _, _ = open_whole(stage, cut_of(1.5, 3))
    expect(page.locator(".transcript del")).to_have_text(["morning."])
    left = RECORDING | {"cuts": [cut_of(1.5, 3)], "may_decide": False}
    stage.answers["GET /v1/recordings/rec1"] = left
    stage.answers["GET /v1/session"] = 401

    page.get_by_role("button", name="Sign out").click()

    expect(page.locator("#whole")).to_be_hidden()
    expect(page.locator(".transcript del")).to_have_count(0)
    expect(page.get_by_text("Tools for hosts")).to_be_hidden()
