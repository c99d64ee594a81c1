"""Where lines of captions end on the page: the listener's own width rules, and words stay whole."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web.pages import captions, open_recording, open_room

pytestmark = pytest.mark.browser

SAID = "When the kettle had boiled, we sat down by the window and she told me about the summer."
# Each word of the captions with the tops of the lines that it stands on, and its width in lines.
WORDS = """list => {
  const found = [];
  const walker = document.createTreeWalker(list, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    if (!walker.currentNode.parentElement.closest(".caption")) continue;
    for (const { 0: text, index } of walker.currentNode.data.matchAll(/\\S+/g)) {
      const range = document.createRange();
      range.setStart(walker.currentNode, index);
      range.setEnd(walker.currentNode, index + text.length);
      const parts = [...range.getClientRects()];
      const width = parts.reduce((sum, part) => sum + part.width, 0);
      const tops = [...new Set(parts.map((part) => Math.round(part.top)))];
      found.push([text, tops, width / list.clientWidth]);
    }
  }
  return found;
}"""


Placed = tuple[str, list[int], float]


def on_lines(page: Page) -> list[Placed]:
    return [tuple(word) for word in page.locator("#turns").evaluate(WORDS)]


def lines_from(words: list[Placed]) -> list[list[str]]:
    tops = sorted({top for _, lines, _ in words for top in lines})
    return [[text for text, lines, _ in words if lines[0] == top] for top in tops]


@pytest.mark.parametrize("size", [100, 200, 400])
def test_no_word_that_fits_a_line_is_broken_on_a_small_screen_and_nothing_scrolls_sideways(
    stage: Any, size: int
) -> None:
    stage.page.set_viewport_size({"width": 320, "height": 640})
    page = open_room(stage, SAID)
    page.get_by_role("button", name="Caption settings").click()
    page.get_by_label("Size", exact=True).fill(str(size))
    page.keyboard.press("Escape")
    expect(page.locator("#turns .turn-text")).to_have_css("font-size", f"{size // 5}px")

    words = on_lines(page)

    assert " ".join(text for text, _, _ in words) == SAID
    assert [text for text, tops, width in words if len(tops) > 1 and width < 0.98] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_word_that_no_line_can_hold_is_broken_rather_than_lost(stage: Any) -> None:
    stage.page.set_viewport_size({"width": 320, "height": 640})
    page = open_room(stage, f"See https://example.org/{'long' * 20} there.")

    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    box = page.locator("#captions").evaluate("e => [e.scrollWidth, e.clientWidth]")
    assert box[0] <= box[1]


def test_words_that_stand_stay_on_their_lines_while_a_caption_grows(stage: Any) -> None:
    stage.page.set_viewport_size({"width": 320, "height": 640})
    page = open_room(stage, "Good morning.")
    tokens, before = SAID.split(), list[list[str]]()
    for count in range(1, len(tokens) + 1):
        stage.interim(" ".join(tokens[:count]), id="i1", rev=count)
        expect(captions(page).last).to_contain_text(" ".join(tokens[:count]))
        now = lines_from(on_lines(page))
        for standing, line in zip(before, now, strict=False):
            assert line[: len(standing)] == standing
        before = now


def test_a_recordings_captions_have_no_lonely_last_word_where_the_browser_can_help(
    stage: Any,
) -> None:
    page = open_recording(stage)

    assert page.locator("#turns .turn-text").first.evaluate(
        "e => !CSS.supports('text-wrap', 'pretty') || "
        "getComputedStyle(e).textWrap.includes('pretty')"
    )
