"""What a screen reader is told by itself, and what it finds when its user walks the page."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.web.pages import ADA, BEN, captions, open_room
from tests.web.test_every_state import STATES

pytestmark = pytest.mark.browser

# Counts every change in or of any live region of the page, by the region's id.
WATCH = """() => {
    const live = ['[aria-live]:not([aria-live=off])', '[role=status]', '[role=alert]',
        '[role=log]', 'output'].join();
    window.told = {};
    new MutationObserver((records) => {
        for (const {target} of records) {
            const element = target instanceof Element ? target : target.parentElement;
            const region = element?.closest(live);
            if (!region || region.ariaLive === 'off') continue;
            window.told[region.id] = (window.told[region.id] ?? 0) + 1;
        }
    }).observe(document, {subtree: true, childList: true, characterData: true, attributes: true});
}"""
VIRTUAL = (
    Path(__file__)
    .resolve()
    .parents[2]
    .joinpath("node_modules/@guidepup/virtual-screen-reader/lib/esm/index.browser.js")
)
# Starts Guidepup's virtual screen reader in the page; `reader.heard()` is all that it has said.
START = """async (selector) => {
    const { virtual } = await import('/virtual-screen-reader.js');
    await virtual.start({container: document.querySelector(selector)});
    window.reader = virtual;
}"""
WALK = """async (last) => {
    for (let n = 0; n < 200 && await reader.lastSpokenPhrase() !== last; n++) await reader.next();
    return reader.spokenPhraseLog();
}"""
CAPTIONS = 20
INTERIMS = 10


def watch(page: Page) -> None:
    page.evaluate(WATCH)


def told(page: Page) -> dict[str, int]:
    """The changes since the last look."""
    changes: dict[str, int] = page.evaluate("() => { const t = told; told = {}; return t; }")
    return changes


def say_slowly(stage: Any, text: str, speaker: Any) -> dict[str, int]:
    """Say a caption word by word; gives what a screen reader was told at its end."""
    page: Page = stage.page
    id = f"c{len(stage.journal) + 1}"
    for rev in range(1, INTERIMS + 1):
        stage.interim(f"{text} {rev}", id=id, rev=rev, speaker=speaker)
    expect(page.locator("#turns .interim, #now").last).to_have_text(f"{text} {INTERIMS} ")
    assert told(page) == {}, "interims were told"
    stage.say(text, speaker=speaker)
    expect(page.get_by_text(text, exact=True).last).to_be_attached()
    page.clock.run_for(3000)
    return told(page)


@pytest.mark.parametrize(
    ("choice", "announced"), [("off", 0), ("sentences", CAPTIONS), ("speakers", 4)]
)
def test_interims_change_no_live_region_and_a_final_one_at_most(
    stage: Any, choice: str, announced: int
) -> None:
    stage.page.clock.install()
    page = open_room(stage, "Before.")
    page.get_by_label("Screen reader announcements").select_option(choice)
    watch(page)

    said = [say_slowly(stage, f"Sentence {n}.", (ADA, BEN)[n // 5 % 2]) for n in range(CAPTIONS)]

    assert all(changes in ({}, {"announcements": 1}) for changes in said), said
    assert len([changes for changes in said if changes]) == announced


def test_announcements_say_names_at_turns_and_the_key_goes_through_the_choices(stage: Any) -> None:
    page = open_room(stage, "Before.")
    announced = page.locator("#announcements p")
    page.keyboard.press("a")
    expect(page.locator("#status")).to_have_text("Whole captions are announced.")
    stage.say("First.")
    expect(announced).to_have_text(["Ada: First."])
    stage.correct("c2", "Corrected.")
    expect(captions(page).last).to_contain_text("Corrected.")
    expect(announced).to_have_text(["Ada: First."])
    page.keyboard.press("a")
    stage.say("Second.", speaker=BEN)
    expect(announced).to_have_text(["Ben speaks."])
    page.reload()
    expect(page.get_by_label("Screen reader announcements")).to_have_value("speakers")
    page.evaluate("localStorage.setItem('roomscribe.announce', 'on')")
    page.reload()
    expect(page.get_by_label("Screen reader announcements")).to_have_value("sentences")


def test_nothing_is_announced_while_paused_and_catching_up_tells_one_change_a_caption(
    stage: Any,
) -> None:
    stage.page.clock.install()
    page = open_room(stage, "Before.")
    page.get_by_label("Screen reader announcements").select_option("sentences")
    page.keyboard.press("p")
    watch(page)
    for n in range(5):
        stage.interim("not seen", id=f"x{n}")
        stage.say(f"Missed {n}.")
    expect(page.locator("#mode")).to_have_text("Paused · 5 new captions")
    page.clock.run_for(3000)
    assert told(page) == {}

    stage.hold_back()
    page.get_by_role("button", name="Other ways to go on").click()
    page.get_by_role("button", name="Catch up at reading speed").click()
    told(page)
    for entry in stage.journal[1:]:
        stage.send(entry)
        expect(captions(page).last).to_have_text(entry["text"])
        page.clock.run_for(3000)
        changes = told(page)
        assert changes.pop("announcements") == 1
        assert changes in ({}, {"status": 1})  # back at live


def test_a_gap_is_said_in_the_status_and_a_swarm_of_them_once(stage: Any) -> None:
    page = open_room(stage, "Before.")
    page.get_by_label("Screen reader announcements").select_option("sentences")
    watch(page)
    for start in (10, 20, 30):
        stage.gap(start, start + 2, "overload")
    expect(page.locator("#turns .gap")).to_have_count(3)
    expect(page.locator("#status")).to_contain_text("2.0 seconds without captions")
    assert told(page) == {"status": 1}


@pytest.mark.parametrize("path", ["/rooms/r1/captions", "/rooms/r1/captioner"])
def test_the_other_pages_of_captions_tell_nothing_by_themselves(stage: Any, path: str) -> None:
    stage.answers["GET /v1/session"] = {"user": ADA}
    stage.page.add_init_script("localStorage.setItem('roomscribe.token', 'kept')")
    stage.page.clock.install()
    stage.say("Before.")
    page = stage.open(path)
    expect(page.get_by_text("Before.")).to_be_visible()
    page.clock.run_for(1000)
    watch(page)

    said = [say_slowly(stage, f"Sentence {n}.", ADA) for n in range(CAPTIONS)]

    assert said == [{}] * CAPTIONS


def test_choosing_a_look_tells_its_contrast_and_nothing_else(stage: Any) -> None:
    page = open_room(stage, "Before.")
    page.keyboard.press("s")
    watch(page)
    page.get_by_role("button", name="Yellow on black").click()
    expect(page.locator(".verdict")).to_contain_text("19.6 to 1")
    assert sum(told(page).values()) == 1


def virtual_reader(page: Page, selector: str) -> None:
    if not VIRTUAL.is_file():
        pytest.skip("Guidepup's virtual screen reader is not installed: npm install")

    def serve(route: Route) -> None:
        route.fulfill(body=VIRTUAL.read_bytes(), content_type="text/javascript")

    page.route("**/virtual-screen-reader.js", serve)
    page.evaluate(START, selector)


def test_a_screen_reader_walks_the_history_by_turns(stage: Any) -> None:
    page = open_room(stage, "Good morning.", "Hello Ada.")
    stage.gap(9, 21, "overload")
    stage.interim("still being said", id="c4", speaker=ADA)
    expect(page.locator("#turns .interim")).to_have_count(1)
    virtual_reader(page, "#captions")

    heard = page.evaluate(WALK, "end of region, Caption history")

    kinds = ("paragraph", "time", "end of")
    walked = [phrase for phrase in heard if not phrase.startswith(kinds)]
    assert walked == [
        "region, Caption history",
        "This is the beginning.",
        "list",
        "listitem, level 1, position 1, set size 3",
        "Ada",
        "0:03",
        "Good morning.",
        "listitem, level 1, position 2, set size 3",
        "Ben",
        "0:06",
        "Hello Ada.",
        "listitem, level 1, position 3, set size 3",
        "0:09",
        "12 seconds without captions: the recogniser could not keep up",
    ]


def test_a_screen_reader_says_whole_captions_once_and_no_interim(stage: Any) -> None:
    page = open_room(stage, "Before.")
    page.get_by_label("Screen reader announcements").select_option("sentences")
    virtual_reader(page, "body")
    for rev in range(1, INTERIMS + 1):
        stage.interim(f"An interim {rev}", id="c2", rev=rev)
    expect(page.locator("#turns .interim")).to_have_text(f"An interim {INTERIMS} ")
    stage.say("A whole caption.", id="c2")
    expect(page.locator("#announcements")).to_have_text("Ada: A whole caption.")
    stage.gap(9, 21, "overload")
    expect(page.locator("#status")).to_contain_text("12 seconds")

    heard = page.evaluate("() => reader.spokenPhraseLog()")

    assert heard[1:] == [
        "polite: Ada: A whole caption.",
        "polite: 12 seconds without captions: the recogniser could not keep up",
    ]


def test_the_page_has_the_structure_that_screen_readers_are_promised(stage: Any) -> None:
    page = open_room(stage, "Good morning.", "Hello Ada.")
    history = """
      - region "Caption history":
        - paragraph: This is the beginning.
        - list:
          - listitem:
            - paragraph:
              - text: Ada
              - time: 0:03
            - paragraph: Good morning.
          - listitem:
            - paragraph:
              - text: Ben
              - time: 0:06
            - paragraph: Hello Ada.
    """
    panel = page.get_by_role("region", name="Captions", exact=True)
    stage.interim("still being said", id="c3", speaker=ADA)
    expect(page.locator("#turns .interim")).to_have_count(1)
    expect(page.locator("#captions")).to_match_aria_snapshot(history)
    page.keyboard.press("p")
    stage.say("Missed.", id="c3")
    expect(panel).to_match_aria_snapshot("""
      - region "Captions":
        - heading "Captions" [level=2]
        - region "Caption history"
        - button "Jump to live 1"
        - button "Other ways to go on"
        - paragraph: Paused · 1 new caption
        - status: /Paused/
    """)
    page.keyboard.press("l")
    page.keyboard.press("r")
    expect(page.get_by_role("region", name="Braille line")).to_match_aria_snapshot("""
      - region "Braille line":
        - heading "Braille line" [level=2]
        - application "Braille line":
          - textbox "Captions, line by line"
        - paragraph: /At 0:0\\d. .+ waits?/
        - button "Line before"
        - button "Next line"
        - button "Newest"
        - text: Cells
        - spinbutton "Cells": "40"
        - button "Close the braille line"
        - paragraph
    """)
    page.keyboard.press("Escape")
    page.keyboard.press("s")
    expect(page.get_by_role("dialog")).to_match_aria_snapshot("""
      - dialog "Caption settings":
        - heading "Caption settings" [level=2]
        - button "Undo" [disabled]
        - button "Close"
        - group "Preview"
        - status: /Contrast/
        - group "Ready-made":
          - button "Usual" [pressed]
        - group "Text":
          - slider "Size": "100"
          - combobox "Typeface"
        - group "Colours"
        - group "Spacing"
        - group "All settings":
          - button "Reset to defaults"
    """)


def test_the_captioners_console_has_its_structure(stage: Any) -> None:
    page = STATES["captioner at work"](stage)
    expect(page.get_by_role("main")).to_match_aria_snapshot("""
      - main:
        - region "What was said":
          - list:
            - listitem:
              - time: 0:03
              - text: Ada
              - button "Good morning."
        - region "Your caption":
          - heading "Your caption" [level=2]
          - status: You caption this room. The recogniser waits.
          - textbox "Type what is said"
          - button "Hand back"
          - list "Names of who is here"
    """)
