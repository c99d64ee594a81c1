"""Going to a time, to the beginning, and back to where the reader was."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web.looks import faults_in_every_look
from tests.web.pages import BEN, at_end, captions, filled_room, scroll_top

pytestmark = pytest.mark.browser


def in_view(page: Page, number: int) -> Any:
    caption = captions(page).filter(has_text=f"This is sentence number {number}.")
    return expect(caption)


def go_to(page: Page, time: str) -> None:
    page.keyboard.press("t")
    expect(page.get_by_label("Time in the room")).to_be_focused()
    page.keyboard.type(time)
    page.keyboard.press("Enter")


@pytest.mark.parametrize(("time", "number"), [("12:30", 250), ("1:02:03", 1240), ("90", 30)])
def test_a_time_leads_to_what_was_said_then_though_it_was_not_loaded(
    stage: Any, time: str, number: int
) -> None:
    page = filled_room(stage, 1500)

    go_to(page, time)

    in_view(page, number).to_be_in_viewport()
    expect(page.locator("#mode")).to_have_text("Paused · 0 new captions")
    expect(page.locator("#status")).to_have_text("You are there. Captions are paused.")
    expect(page.locator("#captions")).to_be_focused()
    top = scroll_top(page)
    stage.say("Said meanwhile.")
    expect(page.locator("#mode")).to_have_text("Paused · 1 new caption")
    assert scroll_top(page) == top
    page.keyboard.press("l")
    expect(captions(page).last).to_have_text("Said meanwhile.")
    assert at_end(page)


def test_a_key_on_arrival_moves_on_and_going_elsewhere_ends_its_movement(stage: Any) -> None:
    page = filled_room(stage, 1500)

    for time, number in (("12:30", 250), ("45:00", 900), ("30:00", 600), ("60:00", 1200)):
        go_to(page, time)
        in_view(page, number).to_be_in_viewport()
        page.keyboard.press("PageUp")

    in_view(page, 1200).not_to_be_in_viewport()


def test_what_is_no_time_is_said_and_nothing_moves(stage: Any) -> None:
    page = filled_room(stage, 60)

    go_to(page, "soon")

    expect(page.locator("#go-error")).to_have_text("Write a time such as 12:30.")
    expect(page.get_by_label("Time in the room")).to_be_focused()
    assert at_end(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Go to…")).to_be_focused()


def test_only_what_is_near_is_drawn_and_a_selection_stays(stage: Any) -> None:
    page = filled_room(stage, 1500)
    go_to(page, "12:30")
    in_view(page, 250).to_be_in_viewport()
    page.locator("#turns [data-key=c250]").evaluate(
        "element => getSelection().selectAllChildren(element)"
    )

    for _ in range(8):
        page.keyboard.press("PageDown")
        page.wait_for_timeout(60)

    expect(page.locator("#turns [data-key=c250]")).not_to_be_in_viewport()
    assert page.evaluate("getSelection().toString()").strip() == "This is sentence number 250."
    assert captions(page).count() < 400


def test_arrow_and_page_keys_move_through_unloaded_captions_without_a_jump(stage: Any) -> None:
    page = filled_room(stage, 900)
    page.locator("#captions").focus()
    for _ in range(3):
        page.keyboard.press("PageUp")
        page.wait_for_timeout(60)
    expect(page.locator("#mode")).to_contain_text("Paused")
    page.evaluate(
        """() => {
          window.jumps = [];
          let seen = null;
          const look = () => {
            const view = document.querySelector("#captions").getBoundingClientRect();
            const now = new Map([...document.querySelectorAll("#turns .caption")].map(
              (one) => [one.dataset.key, one.getBoundingClientRect().top - view.top]));
            const shared = [...now.keys()].filter((key) => seen?.has(key)
              && now.get(key) > -400 && now.get(key) < view.height + 400);
            const moves = shared.map((key) => now.get(key) - seen.get(key));
            if (moves.length) window.jumps.push([Math.min(...moves), Math.max(...moves)]);
            seen = now;
            requestAnimationFrame(look);
          };
          look();
        }"""
    )

    for key in ["ArrowUp"] * 5 + ["PageUp"] * 10:
        page.keyboard.press(key)
        page.wait_for_timeout(60)

    moves = page.evaluate("window.jumps")
    assert len(moves) > 20
    assert min(low for low, _ in moves) >= -2, "going up never moves captions up"
    assert all(high - low <= 2 for low, high in moves), "captions move together"
    seen = page.locator("#turns .turn").first.locator("time").inner_text()
    assert seen


def test_the_place_of_the_reader_is_marked_when_they_go_on(stage: Any) -> None:
    page = filled_room(stage, 30)
    stage.interim("still being said", id="c31")
    page.keyboard.press("p")
    expect(page.locator("#mode")).to_contain_text("Paused")
    expect(page.locator(".place")).to_have_count(0)
    for text in ("One.", "Two."):
        stage.say(text, speaker=BEN)
    expect(page.locator("#mode")).to_have_text("Paused · 2 new captions")

    page.keyboard.press("l")

    expect(captions(page).last).to_have_text("Two.")
    texts = page.locator("#turns > li").all_inner_texts()
    assert texts[-2].strip() == "You were here"
    assert "sentence number 30" in texts[-3]


def test_the_place_outlives_a_reload_and_one_key_leads_back(stage: Any) -> None:
    page = filled_room(stage, 400)
    page.keyboard.press("b")
    expect(page.locator("#status")).to_have_text("Your place is marked.")
    for number in range(401, 801):
        stage.say(f"This is sentence number {number}.", speaker=BEN)
    page.reload()
    expect(captions(page).last).to_have_text("This is sentence number 800.")

    back = page.get_by_role("button", name="Go to where you were")
    expect(back).to_be_visible()
    assert at_end(page)
    expect(page.locator("#status")).to_contain_text("More was said since you were here.")
    page.keyboard.press("g")

    expect(page.locator(".place")).to_be_in_viewport()
    in_view(page, 400).to_be_in_viewport()
    expect(back).to_be_hidden()
    expect(page.locator("#mode")).to_contain_text("Paused")


def test_looking_in_again_does_not_lose_a_place_that_was_not_visited(stage: Any) -> None:
    page = filled_room(stage, 100)
    page.keyboard.press("b")
    for number in range(101, 301):
        stage.say(f"This is sentence number {number}.", speaker=BEN)

    for _ in range(2):
        page.reload()
        expect(captions(page).last).to_have_text("This is sentence number 300.")

    page.get_by_role("button", name="Go to where you were").click()
    in_view(page, 100).to_be_in_viewport()
    expect(page.locator(".place")).to_be_in_viewport()


def test_the_place_of_who_is_signed_in_comes_from_their_other_device(stage: Any) -> None:
    stage.answers["GET /v1/session"] = {"user": {"id": "u7", "name": "Gil"}}
    place = {"place": {"seq": 120, "track": "", "set_at": "2026-01-01T00:00:00+00:00"}}
    stage.answers["GET /v1/rooms/r1/reading-place"] = place
    stage.answers["PUT /v1/rooms/r1/reading-place"] = {}
    stage.page.add_init_script("localStorage.setItem('roomscribe.token', 'secret')")
    page = filled_room(stage, 300)

    page.get_by_role("button", name="Go to where you were").click()

    in_view(page, 120).to_be_in_viewport()
    page.keyboard.press("l")
    expect(page.locator("#mode")).to_have_text("Following live")
    page.keyboard.press("b")
    expect(page.locator("#status")).to_have_text("Your place is marked.")
    puts = [put for put in stage.puts if put["path"].endswith("/reading-place")]
    assert puts[-1]["body"] == {"seq": 300, "track": ""}


def test_the_ways_to_go_and_the_line_have_no_faults(stage: Any) -> None:
    page = filled_room(stage, 80)
    page.keyboard.press("b")
    stage.say("Said afterwards.", speaker=BEN)
    expect(page.locator(".place")).to_be_visible()
    go_to(page, "soon")
    expect(page.locator("#go-error")).to_be_visible()

    assert faults_in_every_look(page) == []


def test_going_to_the_place_does_not_move_it(stage: Any) -> None:
    page = filled_room(stage, 30)
    page.keyboard.press("p")
    expect(page.locator("#mode")).to_contain_text("Paused")
    for number in range(31, 121):
        stage.say(f"This is sentence number {number}.", speaker=BEN)
    page.keyboard.press("l")
    expect(captions(page).last).to_have_text("This is sentence number 120.")

    page.keyboard.press("g")

    in_view(page, 30).to_be_in_viewport()
    expect(page.locator(".place")).to_be_in_viewport()


def test_the_beginning_is_asked_for_again_when_its_answer_was_lost(stage: Any) -> None:
    page = filled_room(stage, 1200)
    page.locator("#captions").focus()
    stage.remembers = False
    page.keyboard.press("Home")
    expect(page.locator("#mode")).to_contain_text("Paused")
    stage.remembers = True

    stage.cut()

    in_view(page, 1).to_be_in_viewport(timeout=20_000)
    assert scroll_top(page) == 0
