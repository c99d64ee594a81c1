"""Reading at one's own pace: following, pausing, going back, going on."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.web.pages import BEN, at_end, captions, filled_room, open_room, scroll_top

pytestmark = pytest.mark.browser


def test_live_captions_are_followed(stage: Any) -> None:
    page = filled_room(stage, 60)
    assert at_end(page)
    stage.say("And one more at the end of it.")
    expect(captions(page).last).to_have_text("And one more at the end of it.")
    assert at_end(page)


def test_pausing_freezes_the_view_and_counts_what_waits(stage: Any) -> None:
    page = filled_room(stage, 40)
    stage.interim("still being said", id="c41")
    expect(page.locator("#turns .interim")).to_have_count(1)
    page.keyboard.press("p")
    expect(page.locator("#mode")).to_have_text("Paused · 0 new captions")
    frozen, top = page.locator("#turns").inner_html(), scroll_top(page)

    for text in ("One.", "Two.", "Three."):
        stage.say(text)

    expect(page.locator("#mode")).to_have_text("Paused · 3 new captions")
    expect(page.locator("#pause")).to_have_text("Jump to live 3")
    assert page.locator("#turns").inner_html() == frozen
    assert scroll_top(page) == top


def test_jumping_to_live_brings_what_was_missed_and_the_end_into_view(stage: Any) -> None:
    page = filled_room(stage, 40)
    page.locator("#captions").focus()
    page.keyboard.press("Space")
    expect(page.locator("#mode")).to_contain_text("Paused")
    stage.say("Missed.")
    expect(page.locator("#mode")).to_have_text("Paused · 1 new caption")

    page.keyboard.press("l")

    expect(captions(page).last).to_have_text("Missed.")
    expect(page.locator("#mode")).to_have_text("Following live")
    expect(page.locator("#status")).to_have_text("Back at live captions.")
    assert at_end(page)
    stage.say("Live again.")
    expect(captions(page)).to_have_count(42)


def test_what_is_corrected_in_a_pause_is_right_after_a_jump_and_counts_as_no_caption(
    stage: Any,
) -> None:
    page = filled_room(stage, 8)
    page.keyboard.press("p")
    stage.say("Missed.")
    stage.correct("c8", "Put right.")
    expect(page.locator("#mode")).to_have_text("Paused · 1 new caption")
    stage.remembers = False  # what was jumped over does not come

    page.keyboard.press("l")

    expect(captions(page).filter(has_text="Put right.")).to_have_count(1)
    stage.say("Live again.")
    expect(captions(page).last).to_have_text("Live again.")


def test_scrolling_up_pauses_and_never_yanks(stage: Any) -> None:
    page = filled_room(stage, 60)
    page.locator("#captions").hover()
    page.mouse.wheel(0, -200)
    expect(page.locator("#mode")).to_contain_text("Paused")
    top = scroll_top(page)

    stage.say("Nobody is moved by this.")

    expect(page.locator("#mode")).to_have_text("Paused · 1 new caption")
    assert scroll_top(page) == top


def test_showing_everything_at_once_keeps_the_reading_place(stage: Any) -> None:
    page = filled_room(stage, 40)
    page.keyboard.press("p")
    top = scroll_top(page)
    for number in range(30):
        stage.say(f"Missed sentence {number}.", speaker=BEN)
    expect(page.locator("#mode")).to_have_text("Paused · 30 new captions")

    page.get_by_role("button", name="Other ways to go on").click()
    page.get_by_role("button", name="Show 30 missed captions at once").click()

    expect(captions(page)).to_have_count(70)
    assert scroll_top(page) == top
    expect(page.locator("#captions")).to_be_focused()


def test_catching_up_asks_for_the_chosen_reading_speed(stage: Any) -> None:
    page = filled_room(stage, 10)
    page.keyboard.press("p")
    stage.say("Missed.")
    expect(page.locator("#mode")).to_have_text("Paused · 1 new caption")

    page.get_by_role("button", name="Other ways to go on").click()
    page.get_by_label("Words per minute").select_option("160")
    page.get_by_role("button", name="Catch up at reading speed").click()

    expect(captions(page).last).to_have_text("Missed.")
    assert {"type": "resume", "mode": "catch-up", "wpm": 160} in stage.asked


def test_who_catches_up_can_change_the_speed_stop_and_jump(stage: Any) -> None:
    page = filled_room(stage, 10)
    page.keyboard.press("p")
    for number in range(3):
        stage.say(f"Missed {number}.")
    expect(page.locator("#mode")).to_have_text("Paused · 3 new captions")
    stage.hold_back()
    ways = page.get_by_role("button", name="Other ways to go on")
    ways.click()
    page.get_by_role("button", name="Catch up at reading speed").click()
    expect(page.locator("#mode")).to_have_text("Catching up: 3 captions to go")
    expect(page.locator("#status")).to_have_text("Catching up at 200 words per minute.")

    ways.click()
    expect(page.get_by_role("button", name="Jump to live")).to_be_focused()
    page.get_by_label("Words per minute").select_option("300")
    expect(page.locator("#status")).to_have_text("Catching up at 300 words per minute.")
    assert stage.asked[-1] == {"type": "resume", "mode": "catch-up", "wpm": 300}
    stage.send(stage.journal[10])
    stage.send({"type": "pending", "count": 2, "latest_seq": 13})
    expect(page.locator("#mode")).to_have_text("Catching up: 2 captions to go")
    page.keyboard.press("Escape")
    expect(ways).to_be_focused()

    page.get_by_role("button", name="Pause", exact=True).click()
    expect(page.locator("#mode")).to_contain_text("Paused")
    stage.send({"type": "pending", "count": 2, "latest_seq": 13})
    stage.hold_back()
    ways.click()
    page.get_by_role("button", name="Catch up at reading speed").click()
    expect(page.locator("#mode")).to_have_text("Catching up: 2 captions to go")
    ways.click()
    page.get_by_role("button", name="Jump to live").click()
    expect(page.locator("#status")).to_have_text("Back at live captions.")
    expect(page.locator("#captions")).to_be_focused()
    expect(ways).to_be_hidden()


def test_who_reads_on_to_the_end_is_live_again(stage: Any) -> None:
    page = filled_room(stage, 3)
    page.keyboard.press("p")
    stage.say("Missed.")
    expect(page.locator("#mode")).to_have_text("Paused · 1 new caption")

    page.get_by_role("button", name="Other ways to go on").click()
    page.get_by_role("button", name="Show 1 missed caption at once").click()

    expect(captions(page).last).to_have_text("Missed.")
    expect(page.locator("#mode")).to_have_text("Following live")


def test_home_leads_to_the_first_caption_of_a_long_room(stage: Any) -> None:
    page = filled_room(stage, 1200)
    page.locator("#captions").focus()
    page.keyboard.press("Home")

    expect(page.locator("#older")).to_have_text("This is the beginning.", timeout=20_000)
    expect(captions(page).first).to_have_text("This is sentence number 1.")
    expect(captions(page).first).to_be_in_viewport()
    assert scroll_top(page) == 0
    page.keyboard.press("End")
    expect(captions(page).last).to_be_in_viewport()


def test_older_captions_come_while_scrolling_and_the_place_is_kept(stage: Any) -> None:
    page = filled_room(stage, 200)
    page.locator("#captions").hover()
    watched = captions(page).filter(has_text="This is sentence number 155.")
    script = "e => e.querySelector('[data-key=c155]').scrollIntoView({block: 'start'})"
    page.locator("#captions").evaluate(script)
    before = watched.bounding_box()

    expect(captions(page).filter(has_text="This is sentence number 120.")).to_have_count(1)

    after = watched.bounding_box()
    assert before
    assert after
    assert abs(before["y"] - after["y"]) <= 1


def test_after_a_lost_connection_nothing_is_missing_or_twice(stage: Any) -> None:
    page = open_room(stage, "Before the cut.")
    stage.reachable = False
    stage.cut()
    expect(page.locator("#health")).to_have_text("Connection lost. Reconnecting…")
    expect(page.locator("#status")).to_contain_text("The connection was lost")
    stage.say("Said meanwhile.")
    stage.reachable = True

    expect(captions(page)).to_have_text(["Before the cut.", "Said meanwhile."], timeout=20_000)
    expect(page.locator("#status")).to_have_text("Connected again. No caption was lost.")
    assert "after=1" in stage.addresses[-1]


def test_a_pause_outlives_a_lost_connection(stage: Any) -> None:
    page = open_room(stage, "Before.")
    page.keyboard.press("p")
    expect(page.locator("#mode")).to_contain_text("Paused")
    frozen = page.locator("#turns").inner_html()
    stage.cut()
    stage.say("Said meanwhile.")
    expect(page.locator("#mode")).to_have_text("Paused · 1 new caption", timeout=20_000)
    stage.say("And this.")

    expect(page.locator("#mode")).to_have_text("Paused · 2 new captions")
    assert page.locator("#turns").inner_html() == frozen
    page.keyboard.press("l")
    expect(captions(page)).to_have_text(["Before.", "Said meanwhile.", "And this."])


def test_nothing_that_comes_while_paused_changes_the_view(stage: Any) -> None:
    page = filled_room(stage, 60)
    page.locator("#captions").hover()
    page.mouse.wheel(0, -300)
    expect(page.locator("#mode")).to_have_text("Paused · 0 new captions")
    page.wait_for_timeout(400)  # the wheel's own movement has ended
    frozen, top = page.locator("#turns").inner_html(), scroll_top(page)
    stage.cut()
    stage.correct("c55", "Another text.")
    stage.gap(200, 210, "overload")
    stage.say("Said while the connection was lost.")
    expect(page.locator("#mode")).to_have_text("Paused · 1 new caption", timeout=20_000)
    stage.say("And this one, which the server counts.")

    expect(page.locator("#mode")).to_have_text("Paused · 2 new captions")
    assert page.locator("#turns").inner_html() == frozen
    assert scroll_top(page) == top
    page.keyboard.press("l")
    expect(captions(page).filter(has_text="Another text.")).to_have_count(1)
    expect(captions(page).last).to_have_text("And this one, which the server counts.")
    expect(page.locator("#turns .gap")).to_have_count(1)


def test_a_network_that_is_gone_is_said_at_once(stage: Any) -> None:
    page = open_room(stage, "Before the cut.")
    stage.reachable = False
    page.evaluate("dispatchEvent(new Event('offline'))")
    expect(page.locator("#health")).to_have_text("Connection lost. Reconnecting…", timeout=2000)


def test_larger_text_moves_nobody_who_paused_at_the_live_end(stage: Any) -> None:
    page = filled_room(stage, 60)
    page.keyboard.press("p")
    expect(page.locator("#mode")).to_contain_text("Paused")
    first_in_view = """region => {
        const top = region.getBoundingClientRect().top;
        return [...region.querySelectorAll(".caption")].find(
            (caption) => caption.getBoundingClientRect().top >= top).dataset.key;
    }"""
    region = page.locator("#captions")
    before = region.evaluate(first_in_view)

    page.locator("#turns").evaluate("list => { list.style.fontSize = '250%'; }")

    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert region.evaluate(first_in_view) == before
