"""What a screen reader is told by itself, and what it finds when its user walks the page."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web.pages import ADA, BEN, captions, open_room

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
            if (region) window.told[region.id] = (window.told[region.id] ?? 0) + 1;
        }
    }).observe(document, {subtree: true, childList: true, characterData: true, attributes: true});
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
