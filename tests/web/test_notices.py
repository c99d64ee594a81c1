"""What the page says in passing is seen as well as heard, and never at the captions' cost."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.web.conftest import ROOM
from tests.web.looks import faults
from tests.web.pages import captions, filled_room
from tests.web.test_screen_reader import told, watch

pytestmark = pytest.mark.browser

LONG = "Words " * 30
# Where the captions' panel and its last caption are on the page, and the panel's end.
PLACES = """() => {
    const at = (element) => element.getBoundingClientRect().top + scrollY;
    const panel = document.getElementById('captions');
    const last = [...panel.querySelectorAll('.caption')].at(-1);
    return [at(panel), panel.clientHeight, at(last)];
}"""


@pytest.mark.parametrize("size", [(1280, 800), (320, 640)])
def test_a_notice_is_seen_and_heard_once_and_captions_stay_where_they_are(
    stage: Any, size: tuple[int, int]
) -> None:
    stage.recording = "off"
    stage.answers["GET /v1/rooms/r1"] = ROOM | {"recording": "off"}
    page = filled_room(stage, 30)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.locator("#captions").focus()
    expect(captions(page).last).to_be_in_viewport()
    before = page.evaluate(PLACES)
    watch(page)
    for text in ("A short one.", LONG):
        stage.send({"type": "error", "code": "unusual", "message": text})
        expect(page.locator("#status")).to_have_text(text)
    assert told(page) == {"status": 2}
    notice = page.locator("#notice")
    expect(notice).to_have_text("A short one.")
    page.get_by_role("button", name="Dismiss this message").click()
    expect(notice).to_have_text(LONG.strip())
    assert page.evaluate(PLACES) == before
    below = page.locator("#notice-place").evaluate("e => e.getBoundingClientRect().top + scrollY")
    assert below >= before[0] + before[1]
    assert faults(page) == []

    page.keyboard.press("Enter")
    expect(page.locator("#notice-place")).to_be_hidden()
    expect(page.locator("#captions")).to_be_focused()
