"""The pages without eyes, without a mouse, and on a very small screen."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.web.pages import open_recording

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("path", ["/", "/rooms/r1", "/recordings", "/recordings/rec1"])
def test_nothing_is_cut_off_at_320_pixels(stage: Any, path: str) -> None:
    stage.page.set_viewport_size({"width": 320, "height": 640})
    stage.say("Good morning, and a veryveryveryveryveryveryveryveryverylongword in it.")
    page = open_recording(stage) if path.endswith("rec1") else stage.open(path)
    expect(page.get_by_text("Morning talk").first).to_be_visible()
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 320
