"""The states of the search page, for `tests.web.test_every_state`."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.web.pages import TRANSCRIPT, kept, playable
from tests.web.searching import TWO_ROOMS, answer, hits, open_search

QUERY = "/search?q=morning+spaeker:ada&speaker=Ben&from=2026-11-01&lang=en"
NOTES = {
    "hints": [{"text": "No such filter.", "start": 8, "end": 19, "instead": "speaker:ada"}],
    "heard_as": [{"word": "morning", "as": ["mourning", "moaning"]}],
    "exact": False,
    "exact_url": "/v1/search?q=morning&exact=true",
}
LOOKS = '{"speakers": "shapes-colours"}'


def _start(stage: Any) -> Page:
    open_search(stage)
    page: Page = stage.page
    page.get_by_text("How to search").click()
    expect(page.get_by_role("link", name="meet*")).to_be_visible()
    return page


def _found(stage: Any) -> Page:
    """Results with all that there may be around them, one of which is heard."""
    playable(stage)
    said = [kept(0.5, "Ada", "Good morning."), kept(4.2, "u2", "Hello Ada, good morning.")]
    stage.answers[TRANSCRIPT] = {"title": "Morning talk", "captions": said, "gaps": []}
    stage.page.add_init_script(f"localStorage.setItem('roomscribe.caption-style', '{LOOKS}')")
    notes = {"query": {**TWO_ROOMS["query"], **NOTES}, "total": 5021, "total_is": "at-least"}
    open_search(stage, QUERY, TWO_ROOMS | notes | {"cursor": "next"})
    page: Page = stage.page
    expect(hits(page)).to_have_count(3)
    page.get_by_role("button", name="Play from 0:04").click()
    expect(page.locator(".word[aria-current]")).to_have_count(1)
    return page


def _nothing(stage: Any) -> Page:
    open_search(stage, '/search?q="kettle boiled"&host=Ada', answer())
    page: Page = stage.page
    expect(page.get_by_role("heading", name="Nothing was found")).to_be_visible()
    return page


def _failed(stage: Any) -> Page:
    open_search(stage, "/search?q=tea", None)
    page: Page = stage.page
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    return page


SEARCH_STATES: dict[str, Callable[[Any], Page]] = {
    "search": _start,
    "search with results": _found,
    "search without results": _nothing,
    "search that failed": _failed,
}
