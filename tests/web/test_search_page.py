"""Searching all that was said: typing, filters, addresses, and what is said of it."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web.pages import ADA
from tests.web.searching import (
    TWO_ROOMS,
    answer,
    box,
    hit,
    hits,
    open_search,
    room,
    summary,
)

pytestmark = pytest.mark.browser

ONE = answer(room(hit("Tea for two.", "Tea", at=1)))


def test_results_come_while_typing_and_are_grouped_by_room_with_what_stands_around(
    stage: Any,
) -> None:
    found = open_search(stage)
    page: Page = stage.page
    expect(page.get_by_role("heading", name="Find the moment")).to_be_visible()
    expect(box(page)).to_be_focused()

    page.keyboard.type("morning")

    expect(summary(page)).to_have_text("6 captions in 2 rooms")
    rooms = page.locator(".found-room")
    expect(rooms.nth(0)).to_contain_text("Host: Ada · 1 Jan 2025")
    expect(rooms.nth(0).locator(".hit").first).to_contain_text("Ada: Good morning.")
    expect(rooms.nth(0).locator("mark")).to_have_text(["morning", "morning"])
    expect(rooms.nth(0).get_by_text("Corrected")).to_be_visible()
    expect(rooms.nth(1).get_by_role("heading").locator("mark")).to_have_text("morning")
    expect(rooms.nth(1).get_by_text("▶ Live")).to_be_visible()
    expect(box(page)).to_be_focused()
    assert found.asked[-1] == {"q": "morning"}
    assert len(found.asked) < len("morning")


def test_an_answer_that_comes_late_does_not_take_the_place_of_a_newer_one(stage: Any) -> None:
    found = open_search(stage, usual=ONE)
    page: Page = stage.page
    found.answers["morning"] = TWO_ROOMS
    found.held = []
    box(page).fill("tea")
    page.wait_for_function("() => document.title.startsWith('tea')")
    with page.expect_request("**/v1/search?q=tea"):
        pass
    with page.expect_request("**/v1/search?q=morning"):
        box(page).fill("morning")
    while len(found.held) < 2:
        page.wait_for_timeout(10)

    found.held[1]()
    expect(hits(page)).to_have_count(3)
    with page.expect_response("**/v1/search?q=tea"):
        found.held[0]()

    expect(hits(page)).to_have_count(3)


def test_the_same_caption_is_played_from_the_word_that_matches_by_now(stage: Any) -> None:
    found = open_search(stage, "/search?q=tea", ONE)
    page: Page = stage.page
    later = hit("Tea for two.", "two", at=3, caption="c1", after=None, url="/recordings/rec1?t=3")
    found.answers["two"] = answer(room(later))
    expect(page.get_by_role("button", name="Play from 0:01")).to_be_visible()

    box(page).fill("two")

    expect(page.get_by_role("button", name="Play from 0:03")).to_be_visible()
    link = page.get_by_role("link", name="Open in the player at 0:03")
    expect(link).to_have_attribute("href", "/recordings/rec1?t=3")
    expect(page.get_by_text("Shall we?")).to_have_count(0)


def test_every_state_is_in_the_address_and_typing_is_one_step_back(stage: Any) -> None:
    found = open_search(stage, usual=ONE)
    page: Page = stage.page
    page.keyboard.type("tea")
    expect(page).to_have_url(re.compile(r"/search\?q=tea$"))
    expect(page).to_have_title("tea · Search · Roomscribe")
    page.keyboard.press("Enter")
    page.get_by_text("Filters", exact=True).click()
    page.get_by_label("Speaker", exact=True).fill("Ada")
    page.get_by_label("From", exact=True).fill("2026-11-01")
    page.get_by_label("Language", exact=True).select_option("en")
    expect(page).to_have_url(re.compile(r"\?q=tea&speaker=Ada&from=2026-11-01&lang=en$"))
    asked = {"q": "tea", "speaker": "Ada", "from": "2026-11-01", "lang": "en"}
    expect(page.get_by_role("group", name="Filters in use").get_by_role("button")).to_have_count(4)
    assert found.asked[-1] == asked

    page.reload()
    expect(page.get_by_label("Speaker", exact=True)).to_have_value("Ada")
    expect(hits(page)).to_have_count(1)
    assert found.asked[-1] == asked
    for address in ("from=2026-11-01", "speaker=Ada", "q=tea"):
        page.go_back()
        expect(page).to_have_url(re.compile(f"{address}$"))
    expect(page.get_by_role("group", name="Filters in use")).to_be_hidden()
    page.go_back()
    expect(box(page)).to_have_value("")
    expect(page.get_by_role("heading", name="Find the moment")).to_be_visible()
    page.go_forward()
    expect(box(page)).to_have_value("tea")
    expect(hits(page)).to_have_count(1)


def test_a_filter_is_taken_away_by_its_chip_and_the_focus_is_not_lost(stage: Any) -> None:
    found = open_search(stage, "/search?q=tea&speaker=Ada&lang=en", ONE)
    page: Page = stage.page
    page.get_by_role("button", name="Remove the filter Speaker").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("button", name="Remove the filter Language")).to_be_focused()
    page.keyboard.press("Enter")
    expect(box(page)).to_be_focused()
    expect(page).to_have_url(re.compile(r"\?q=tea$"))
    assert found.asked[-1] == {"q": "tea"}


def test_a_room_that_is_asked_for_by_its_id_is_named_when_it_is_found(stage: Any) -> None:
    open_search(stage, "/search?q=tea&room=r1", ONE)

    chip = stage.page.get_by_role("button", name="Remove the filter Room")
    expect(chip).to_contain_text("Room: Morning talk")
    expect(chip).to_have_accessible_name(re.compile("Morning talk"))


def test_what_was_found_is_said_once_when_typing_has_ceased(stage: Any) -> None:
    stage.page.clock.install()
    open_search(stage)
    page: Page = stage.page
    status = page.locator("#status")
    for typed in ("mor", "morn", "morning"):
        with page.expect_response(f"**/v1/search?q={typed}"):
            box(page).fill(typed)
            page.clock.run_for(200)
        expect(hits(page)).to_have_count(3)
        expect(status).to_have_text("")

    page.clock.run_for(1000)

    expect(status).to_have_text("6 captions in 2 rooms")


def test_hints_name_the_part_they_mean_and_their_suggestion_can_be_taken(stage: Any) -> None:
    found = open_search(stage, usual=ONE)
    page: Page = stage.page
    hint = {"text": "There is no such filter.", "start": 4, "end": 15, "instead": "speaker:ada"}
    found.answers["tea spaeker:ada"] = ONE | {"query": {**ONE["query"], "hints": [hint]}}
    box(page).fill("tea spaeker:ada")
    expect(page.get_by_role("list", name="Hints")).to_contain_text("There is no such filter.")
    expect(page.get_by_role("list", name="Hints").locator("strong")).to_contain_text("spaeker:ada")

    page.get_by_role("button", name="Search for").click()

    expect(box(page)).to_have_value("tea speaker:ada")
    expect(page.get_by_role("list", name="Hints")).to_have_count(0)
    expect(box(page)).to_be_focused()


def test_what_was_heard_otherwise_is_said_with_a_way_back_to_the_words_themselves(
    stage: Any,
) -> None:
    heard = {"heard_as": [{"word": "kettle", "as": ["cattle", "kittle"]}], "exact": False}
    exact = {"exact_url": "/v1/search?q=kettle&exact=1"}
    usual = ONE | {"query": {**ONE["query"], **heard, **exact}}
    found = open_search(stage, "/search?q=kettle", usual)
    page: Page = stage.page
    expect(page.locator("#notes")).to_contain_text("was also heard as")

    page.get_by_role("button", name="Only the exact words").click()

    expect(page).to_have_url(re.compile(r"\?q=kettle&exact=1$"))
    assert found.asked[-1] == {"q": "kettle", "exact": "1"}
    page.get_by_role("button", name="Also search for words that were misheard").click()
    expect(page).to_have_url(re.compile(r"\?q=kettle$"))


def test_where_nothing_is_found_there_are_ways_on(stage: Any) -> None:
    found = open_search(stage, '/search?q="kettle boiled"&speaker=Ada', answer())
    page: Page = stage.page
    found.answers["kettle OR boiled"] = ONE
    expect(page.get_by_role("heading", name="Nothing was found for")).to_be_visible()

    page.get_by_role("button", name="Any of the words").click()

    expect(hits(page)).to_have_count(1)
    expect(box(page)).to_have_value("kettle OR boiled")
    assert found.asked[-1]["speaker"] == "Ada"


def test_a_search_that_was_given_up_says_so_and_not_that_nothing_was_found(stage: Any) -> None:
    hint = {"text": "This search is too broad. Add a word.", "start": 0, "end": 0}
    open_search(stage, "/search?q=a*", answer(total_is="at-least", query={"hints": [hint]}))
    page: Page = stage.page
    expect(page.get_by_role("list", name="Hints")).to_contain_text("too broad")
    expect(page.locator("#status")).to_contain_text("too broad")
    expect(page.get_by_text("Nothing was found")).to_be_hidden()


def test_one_letter_is_not_searched_for_until_somebody_wants_it(stage: Any) -> None:
    found = open_search(stage, usual=ONE)
    page: Page = stage.page
    page.keyboard.type("t")
    expect(page.locator("#too-short")).to_contain_text("Write one more")
    page.keyboard.press("Enter")
    expect(hits(page)).to_have_count(1)
    assert found.asked == [{"q": "t"}]


def test_an_example_is_searched_for_when_it_is_pressed(stage: Any) -> None:
    found = open_search(stage, usual=ONE)
    page: Page = stage.page
    page.get_by_text("How to search").click()
    page.get_by_role("link", name="meet*").click()

    expect(box(page)).to_have_value("meet*")
    expect(hits(page)).to_have_count(1)
    assert found.asked[-1] == {"q": "meet*"}


@pytest.mark.parametrize("trouble", [None, 500])
def test_what_does_not_work_is_said_and_tried_again_with_the_same_query(
    stage: Any, trouble: int | None
) -> None:
    found = open_search(stage, "/search?q=tea&lang=en", trouble)
    page: Page = stage.page
    said = "cannot be reached" if trouble is None else "Something broke."
    expect(page.get_by_role("alert").filter(has_text=said)).to_be_visible()
    found.usual = ONE

    page.get_by_role("button", name="Try again").click()

    expect(hits(page)).to_have_count(1)
    expect(page.get_by_text(said)).to_be_hidden()
    expect(box(page)).to_have_value("tea")
    assert found.asked[-1] == {"q": "tea", "lang": "en"}


def test_more_of_a_room_and_more_rooms_come_where_they_are_asked_for(stage: Any) -> None:
    found = open_search(stage)
    page: Page = stage.page
    found.answers["tea"] = TWO_ROOMS | {"cursor": "next", "total": 40, "total_is": "at-least"}
    other = room(hit("Tea again.", "Tea", at=7), id="r3", title="Evening talk")
    found.answers["tea next"] = answer(other, total=40, total_is="at-least")
    box(page).fill("tea")
    expect(summary(page)).to_have_text("At least 40 captions, the first 2 rooms shown")
    page.get_by_role("button", name="More results").click()

    expect(page.get_by_role("button", name="Play from 0:07")).to_be_focused()
    expect(page.get_by_role("button", name="More results")).to_be_hidden()
    expect(page.locator("#status")).to_have_text("1 caption more. These are all results.")

    again = [hit(f"Tea number {n}.", "Tea", at=20.0 + n) for n in range(3)]
    first = TWO_ROOMS["rooms"][0]["hits"]
    found.answers["tea"] = answer(room(*first, *again[:1]), room(*again[1:], instance=2))
    page.get_by_role("button", name="3 more in").click()
    expect(page.get_by_role("button", name="Play from 0:20, ")).to_be_focused()
    expect(hits(page)).to_have_count(7)
    assert found.asked[-1] == {"q": "tea", "room": "r1", "limit": "100"}


def test_results_are_walked_by_keyboard_and_escape_leads_back_to_the_box(stage: Any) -> None:
    open_search(stage, "/search?q=morning")
    page: Page = stage.page
    expect(hits(page)).to_have_count(3)
    page.keyboard.press("/")
    expect(box(page)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("button", name="Play from 0:04")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="Go to the room")).to_be_focused()
    page.keyboard.press("u")
    expect(page.get_by_role("button", name="Play from 0:09")).to_be_focused()
    page.keyboard.press("Escape")
    expect(box(page)).to_be_focused()
    expect(box(page)).to_have_value("morning")


def test_who_goes_back_from_a_hit_stands_at_it_again_or_at_the_box(stage: Any) -> None:
    found = open_search(stage, usual=ONE)
    page: Page = stage.page
    found.answers["morning"] = TWO_ROOMS
    for query in ("tea", "teas", "morning"):
        box(page).fill(query)
        box(page).press("Enter")
        expect(page).to_have_url(re.compile(f"={query}$"))
    page.get_by_role("button", name="Play from 0:09").focus()

    page.go_back()

    expect(hits(page)).to_have_count(1)
    expect(box(page)).to_be_focused()
    page.get_by_role("button", name="Play from 0:01").focus()
    with page.expect_response("**/v1/search?q=tea"):
        page.go_back()
    expect(box(page)).to_have_value("tea")
    expect(page.get_by_role("button", name="Play from 0:01")).to_be_focused()


def test_who_signs_out_sees_no_more_what_was_found_for_them(stage: Any) -> None:
    stage.page.add_init_script("localStorage.setItem('roomscribe.token', 'kept')")
    stage.answers["GET /v1/session"] = {"user": ADA}
    secret = answer(room(hit("Between us.", "us"), private=True))
    found = open_search(stage, "/search?q=us", secret)
    page: Page = stage.page
    expect(page.get_by_text("Private", exact=False).first).to_be_visible()
    found.usual, found.held = answer(), []

    page.get_by_role("button", name="Sign out").click()

    expect(hits(page)).to_have_count(0)


def test_the_rooms_page_has_a_search_box_and_every_page_leads_to_the_search(stage: Any) -> None:
    stage.page.route("**/v1/search?*", lambda route: route.fulfill(json=ONE))
    page: Page = stage.open("/")
    page.get_by_role("searchbox").fill("tea")
    page.keyboard.press("Enter")
    expect(hits(page)).to_have_count(1)
    expect(page).to_have_url(re.compile(r"/search\?q=tea$"))
    for path in ("/", "/rooms/r1", "/recordings", "/recordings/rec1"):
        stage.open(path)
        link = page.get_by_role("navigation").get_by_role("link", name="Search", exact=True)
        expect(link).to_have_attribute("href", "/search")
