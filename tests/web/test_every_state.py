"""Every state of every page, in every way of looking at it (`tests.web.looks`), without a fault."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import ROOM
from tests.web.looks import faults, faults_in_every_look
from tests.web.pages import (
    ADA,
    BEN,
    captions,
    filled_room,
    open_room,
)
from tests.web.recording_states import RECORDING_STATES, listed
from tests.web.search_states import SEARCH_STATES
from tests.web.told import TOLD_STATES

pytestmark = pytest.mark.browser

CARL = {"id": "u3", "name": "Carl"}


def _live(stage: Any) -> Page:
    page = filled_room(stage, 30)
    stage.interim("still being said", id="c31")
    expect(page.locator("#turns .interim")).to_have_count(1)
    return page


def _paused(stage: Any) -> Page:
    page = _live(stage)
    page.keyboard.press("p")
    stage.say("Missed.")
    expect(page.locator("#mode")).to_have_text("Paused · 1 new caption")
    return page


def _off_record(stage: Any) -> Page:
    stage.answers["GET /v1/rooms/r1"] = ROOM | {"terms": []}
    page = _live(stage)
    stage.send({"type": "you", "role": "host", "muted": False, "invited_by": None, "by": None})
    news = {"type": "room", "state": "live", "participants": 2, "recording": "off-record"}
    stage.send(news | {"note": "", "language": "en", "tracks": []})
    stage.gap(100, 100, "off-record")
    said = {
        "id": "p1",
        "rev": 1,
        "start": 101.0,
        "end": 103.0,
        "speaker": ADA,
        "text": "Between us.",
    }
    stage.send({"type": "interim", **said, "kept": False, "done": True})
    expect(page.locator(".caption.passing")).to_have_count(1)
    expect(page.get_by_role("button", name="Back on the record")).to_be_visible()
    return page


def _resume_menu(stage: Any) -> Page:
    page = _paused(stage)
    page.get_by_role("button", name="Other ways to go on").click()
    return page


def _catching_up(stage: Any) -> Page:
    page = _resume_menu(stage)
    stage.hold_back()
    page.get_by_role("button", name="Catch up at reading speed").click()
    expect(page.locator("#mode")).to_have_text("Catching up: 1 caption to go")
    return page


def _settings(stage: Any) -> Page:
    page = _live(stage)
    page.keyboard.press("s")
    page.get_by_label("Size", exact=True).fill("110")
    return page


def _hard_to_read(stage: Any) -> Page:
    page = open_room(stage)
    page.keyboard.press("s")
    page.get_by_label("Text opacity", exact=True).fill("0.3")
    expect(page.get_by_role("button", name="Make the text readable")).to_be_visible()
    page.get_by_role("button", name="Make the text readable").click()
    return page


def _keys(stage: Any) -> Page:
    page = _live(stage)
    page.keyboard.press("?")
    page.get_by_role("button", name="Change the key for: This help").click()
    return page


def _braille(stage: Any) -> Page:
    page = _live(stage)
    page.keyboard.press("r")
    stage.say("And one that waits.", id="c31")
    expect(page.locator("#braille-facts")).to_contain_text("1 line waits")
    return page


def _outage(stage: Any) -> Page:
    page = _live(stage)
    stage.send({"type": "status", "delay": 0, "state": "down", "note": ""})
    expect(page.locator("#health")).to_have_text("Captions have stopped")
    return page


def _gap(stage: Any) -> Page:
    page = _live(stage)
    stage.gap(93, 101, "overload")
    expect(page.locator(".gap")).to_be_visible()
    stage.correct("c30", "This is the sentence of number thirty.")
    expect(page.get_by_role("button", name="(corrected)")).to_be_visible()
    return page


def _marked(stage: Any) -> Page:
    style = json.dumps({"speakers": "shapes-colours", "doubts": "marked"})
    stage.page.add_init_script(f"localStorage.setItem('roomscribe.caption-style', '{style}')")
    said = stage.say("Good evening, everybody.", speaker=BEN)
    said["words"] = [["Good", 3, 4, 0.2], ["evening,", 4, 5, 0.9], ["everybody.", 5, 6, 0.2]]
    said["overlap"] = [ADA]
    page = open_room(stage, "Good morning.")
    stage.interim("And this is still being said")
    stage.send({"type": "speaking", "speaker": BEN, "on": True, "t": 99})
    page.get_by_role("button", name=re.compile("people")).click()
    expect(page.locator("#speaking-line path")).to_have_count(1)
    return page


def _alerts(stage: Any) -> Page:
    """All that calls for a host's attention, beside what a host may do with people."""
    kept = '{"words": ["sentence number 30", "good"], "owner": "u1"}'
    stage.page.add_init_script(f"localStorage.setItem('roomscribe.alert-words', '{kept}')")
    stage.page.add_init_script("localStorage.setItem('roomscribe.token', 'kept')")
    stage.answers["GET /v1/session"] = {"user": ADA}
    present = [(ADA, "host", False), (BEN, "listener", False), (CARL, "speaker", True)]
    stage.answers["GET /v1/rooms/r1/participants"] = {
        "items": [
            {"user": user, "role": role, "muted": muted, "speaking": False, "invited": muted}
            for user, role, muted in present
        ]
    }
    page = filled_room(stage, 30)
    page.locator("#people-button").click()
    expect(page.get_by_role("button", name="Invite to speak")).to_be_visible()
    stage.send({"type": "you", "role": "cohost", "muted": False, "invited_by": BEN, "by": BEN})
    stage.say("Good morning.", speaker=BEN)
    expect(page.locator(".alert")).to_have_count(2)
    return page


def _my_words(stage: Any) -> Page:
    page = _live(stage)
    page.get_by_role("button", name="My name and words").click()
    page.get_by_label("My words, one per line").fill("x" * 81)
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("has more than 80 characters.")).to_be_visible()
    return page


def _arabic(stage: Any) -> Page:
    stage.say("صباح الخير جميعا", language="ar")
    stage.say("Good morning, everybody.")
    return open_room(stage)


def _not_live(state: str) -> Callable[[Any], Page]:
    def bring(stage: Any) -> Page:
        stage.room_state = state
        page: Page = stage.open("/rooms/r1")
        expect(page.locator("#empty")).to_be_visible()
        return page

    return bring


def _quoting_at_a_moment(stage: Any) -> Page:
    for number in range(1, 31):
        stage.say(f"This is sentence number {number}.")
    page: Page = stage.open("/rooms/r1?instance=1&from=60&to=62.5")
    expect(page.locator("#moment")).to_contain_text("this moment: Ada, 1:00")
    page.keyboard.press("q")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Shift+ArrowUp")
    expect(page.locator(".chosen")).to_have_count(2)
    return page


def _signing_in(stage: Any) -> Page:
    page: Page = stage.open("/")
    page.get_by_role("button", name="New room").click()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Write a name first.")).to_be_visible()
    return page


def _new_room(stage: Any) -> Page:
    stage.answers["POST /v1/session"] = {"token": "fresh", "user": ADA}
    page = _signing_in(stage)
    page.get_by_label("Your name", exact=True).fill("Ada")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Title", exact=True)).to_be_focused()
    return page


def _screen(query: str, recording: str = "on") -> Callable[[Any], Page]:
    def bring(stage: Any) -> Page:
        stage.recording = recording
        for number in range(1, 4):
            stage.say(f"This is sentence number {number}.")
        page: Page = stage.open(f"/rooms/r1/captions{query}")
        expect(captions(page)).to_have_count(3)
        return page

    return bring


def _captioner(stage: Any) -> Page:
    stage.answers["GET /v1/session"] = {"user": ADA}
    stage.answers["GET /v1/rooms/r1/participants"] = {
        "items": [{"user": ADA, "role": "captioner", "muted": False, "speaking": False}]
    }
    stage.page.add_init_script("localStorage.setItem('roomscribe.token', 'kept')")
    stage.say("Good morning.")
    page: Page = stage.open("/rooms/r1/captioner")
    expect(page.get_by_text("Good morning.")).to_be_visible()
    return page


def _captioning(stage: Any) -> Page:
    page = _captioner(stage)
    page.locator("#take").click()
    stage.send({"type": "captioning", "captioner": ADA})
    page.locator("#options summary").click()
    expect(page.locator("#abbreviations")).to_be_visible()
    return page


# A new state is an entry here, in RECORDING_STATES, SEARCH_STATES or TOLD_STATES: how a test's
# stage is brought to it.
STATES: dict[str, Callable[[Any], Page]] = {
    "live": _live,
    "empty": lambda stage: open_room(stage),
    "paused": _paused,
    "off-record": _off_record,
    "ways to go on": _resume_menu,
    "catching up": _catching_up,
    "braille line": _braille,
    "outage": _outage,
    "gap": _gap,
    "marked": _marked,
    "alerts": _alerts,
    "my words": _my_words,
    "Arabic": _arabic,
    "settings": _settings,
    "settings repaired": _hard_to_read,
    "keyboard help": _keys,
    "scheduled": _not_live("scheduled"),
    "ended": _not_live("ended"),
    "screen": _screen(""),
    "screen over a video": _screen("?page=transparent&preset=high-contrast&lines=2"),
    "screen off the record": _screen("?page=transparent", recording="off-record"),
    "screen with a wrong address": _screen("?size=2&page=glass"),
    "captioner's console": _captioner,
    "captioner at work": _captioning,
    "rooms": listed("/"),
    "signing in": _signing_in,
    "new room": _new_room,
    "quoting at a moment": _quoting_at_a_moment,
    **RECORDING_STATES,
    **SEARCH_STATES,
    **TOLD_STATES,
}


@pytest.mark.parametrize("state", STATES)
def test_a_state_has_no_fault_in_any_look(stage: Any, state: str) -> None:
    page = STATES[state](stage)

    found = faults_in_every_look(page)

    assert found == [], "\n".join(map(str, found))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_ready_made_look_has_no_fault(stage: Any, scheme: Any) -> None:
    stage.page.emulate_media(color_scheme=scheme)
    page = _live(stage)
    page.keyboard.press("s")
    presets = page.locator(".preset")
    found = []
    for preset in presets.all():
        preset.click()
        expect(preset).to_have_attribute("aria-pressed", "true")
        found += [(preset.inner_text(), *fault) for fault in faults(page)]

    assert presets.count() == 6
    assert found == []
