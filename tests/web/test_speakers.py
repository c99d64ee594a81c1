"""Who said it, and who speaks now: names, shapes and colours, the same wherever a name stands."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.pages import ADA, BEN, captions, open_recording, open_room

pytestmark = pytest.mark.browser

CLEO = {"id": "u3", "name": "Cleo"}
STYLED = "/rooms/r1/captions?speakers=shapes-colours"


def _choose(page: Page, speakers: str) -> None:
    page.keyboard.press("s")
    page.get_by_label("Speakers", exact=True).select_option(speakers)
    page.keyboard.press("Escape")


def _mark(place: Locator) -> tuple[str, str]:
    """The outline and the colour beside a name."""
    path = place.locator(".speaker-mark path")
    expect(path).to_have_count(1)
    seen = path.evaluate("path => getComputedStyle(path).fill")
    return path.get_attribute("d") or "", str(seen)


def test_a_speaker_has_one_shape_and_colour_wherever_they_are_named(stage: Any) -> None:
    people = [
        {"user": user, "role": "speaker", "muted": False, "speaking": False}
        for user in (ADA, BEN, CLEO)
    ]
    stage.answers["GET /v1/rooms/r1/participants"] = {"items": people}
    page = open_room(stage, "Good morning.", "Hello.")
    stage.send({"type": "speaking", "speaker": BEN, "on": True, "t": 4.0})
    heads = page.locator("#turns .turn-head")
    expect(page.locator(".speaker-mark").first).to_be_hidden()

    _choose(page, "shapes-colours")
    ada, ben = _mark(heads.nth(0)), _mark(heads.nth(1))
    assert ada[0] != ben[0]
    assert ada[1] != ben[1]
    page.get_by_role("button", name="3 people").click()
    row = page.locator("#people-list li", has_text="Ben")
    expect(row).to_be_visible()
    assert {_mark(row)[0], _mark(page.locator("#speaking"))[0]} == {ben[0]}
    assert _mark(page.locator("#speaking-line")) == ben
    expect(page.locator("#people-list li", has_text="Cleo").locator("path")).to_have_count(0)
    expect(heads.first).to_match_aria_snapshot("- paragraph:\n  - text: Ada\n  - time")

    _choose(page, "shapes")
    assert _mark(heads.nth(0))[0] == ada[0]
    assert _mark(heads.nth(0))[1] == _mark(heads.nth(1))[1]


def test_a_new_speaker_is_marked_after_the_first_caption_and_no_word_moves(stage: Any) -> None:
    page = open_room(stage, "Good morning.", "Hello.")
    _choose(page, "shapes")
    stage.interim("I am", speaker=CLEO, id="c3")
    name = page.locator("#turns .speaker").last
    expect(name).to_have_text("Cleo")
    before = name.bounding_box()
    stage.answers["GET /v1/rooms/r1/speakers"] = {"items": ["u1", "u2", "u3"]}
    stage.say("I am new.", speaker=CLEO, id="c3")
    _mark(page.locator("#turns .turn-head").last)
    assert name.bounding_box() == before


def test_who_speaks_now_is_said_below_the_captions_and_moves_none(stage: Any) -> None:
    page = open_room(stage, "Good morning.")
    line = page.locator("#speaking-line")
    expect(line).to_have_text("Nobody is speaking")
    before = captions(page).first.bounding_box()
    stage.send({"type": "speaking", "speaker": BEN, "on": True, "t": 4.0})
    stage.send({"type": "speaking", "speaker": CLEO, "on": True, "t": 4.5})
    expect(line).to_have_text("Speaking now: Ben, Cleo")
    expect(page.locator("#speaking")).to_have_text("Speaking now: Ben, Cleo")
    assert captions(page).first.bounding_box() == before
    page.set_viewport_size({"width": 320, "height": 640})
    stage.send({"type": "speaking", "speaker": BEN, "on": False, "t": 5.0})
    expect(line).to_have_text("Speaking now: Cleo")
    stage.cut()
    expect(line).to_have_text("Nobody is speaking")


def test_a_second_screen_marks_speakers_and_who_speaks_now(stage: Any) -> None:
    stage.say("Good morning.")
    page: Page = stage.open(STYLED)
    mark = _mark(page.locator(".turn-head"))
    stage.send({"type": "speaking", "speaker": ADA, "on": True, "t": 4.0})
    expect(page.locator("#speaking-line")).to_have_text("Speaking now: Ada")
    assert _mark(page.locator("#speaking-line")) == mark

    page = stage.open(f"{STYLED}&page=transparent")
    shape, colour = _mark(page.locator(".turn-head"))
    assert (shape, colour) == (mark[0], "rgb(255, 255, 255)")
    expect(page.locator("#speaking-line")).to_be_hidden()


def test_a_recording_has_the_marks_of_its_room(stage: Any) -> None:
    stage.answers["GET /v1/rooms/r1/speakers"] = {"items": ["Ben", "Ada"]}
    page = open_recording(stage)
    _choose_on_recording(page)
    ada, ben = (_mark(page.locator("#turns .turn-head").nth(at)) for at in (0, 1))
    assert ada[0] != ben[0]


def _choose_on_recording(page: Page) -> None:
    page.get_by_role("button", name="Caption settings").click()
    page.get_by_label("Speakers", exact=True).select_option("shapes-colours")


def test_who_spoke_at_the_same_time_is_said_on_the_caption(stage: Any) -> None:
    stage.journal.append(
        {
            **{"type": "final", "seq": 1, "id": "c1", "rev": 2, "start": 3.0, "end": 5.0},
            **{"speaker": ADA, "text": "No, wait.", "words": [], "overlap": [BEN]},
        }
    )
    page = open_room(stage)
    expect(captions(page)).to_contain_text("No, wait. (at the same time as \u2068Ben\u2069)")
