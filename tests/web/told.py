"""What a person was told and looks for, on the stage, and the states of the pages that show it."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.web.pages import ADA, BEN
from tests.web.searching import open_search

SIGNED_IN = "localStorage.setItem('roomscribe.token', 'kept')"
LIST = "GET /v1/me/notifications?limit=50"
SEARCHES = "GET /v1/me/searches"


def mention(seq: int, text: str = "The kettle is on.", **fields: Any) -> dict[str, Any]:
    return {
        "seq": seq,
        "kind": "mention",
        "at": "2026-11-28T09:00:00+00:00",
        "read": False,
        "more": 0,
        "search": "s1",
        "title": "“kettle” was mentioned in Morning talk",
        "text": text,
        "url": "/rooms/r1?instance=1&from=62.5",
        "gone": False,
        "name": "kettle",
        "query": "kettle",
        "room": {"id": "r1", "title": "Morning talk"},
        "speaker": BEN,
        "marks": [[4, 10]] if text else [],
    } | fields


STOPPED = {
    **mention(2),
    "kind": "way-stopped",
    "search": None,
    "title": "The webhook was stopped",
    "text": "",
    "speaker": None,
    "way": "webhook",
    "target": "https://example.org/a/long/address/for/hooks",
    "why": "it answers 500",
}


def saved(id: str = "s1", query: str = "kettle", **fields: Any) -> dict[str, Any]:
    return {
        "id": id,
        "name": query,
        "query": query,
        "hints": [],
        "on": True,
        "page": True,
        "email": None,
        "webhook": None,
        "created_at": "2026-11-28T09:00:00+00:00",
    } | fields


TROUBLED = saved(
    "s2",
    '"milk and tea" speaker:ada',
    name="Tea time",
    hints=[{"text": "No such filter.", "start": 0, "end": 3, "instead": None}],
    email={"address": "gil@example.com", "confirmed": False},
    webhook={
        "url": "https://example.org/a/long/address/for/hooks",
        "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "stopped": "it answers 500",
    },
)


def signed_in(stage: Any, *searches: dict[str, Any]) -> None:
    stage.page.add_init_script(SIGNED_IN)
    stage.answers["GET /v1/session"] = {"user": ADA}
    stage.answers[SEARCHES] = {"items": list(searches), "most": 50, "email": True}


def open_notifications(stage: Any, *items: dict[str, Any], more: bool = False) -> Page:
    unread = sum(not item["read"] for item in items)
    stage.answers[LIST] = {"items": list(items), "more": more, "unread": unread}
    page: Page = stage.open("/notifications")
    expect(page.locator("#lists")).to_be_visible()
    expect(page.locator("#told > li")).to_have_count(len(items))
    return page


def _full(stage: Any) -> Page:
    signed_in(stage, saved(), TROUBLED)
    gone = mention(1, "", gone=True, read=True, speaker=None, name=None)
    page = open_notifications(stage, mention(3, more=4), STOPPED, gone, more=True)
    page.get_by_text("The webhook's secret").click()
    return page


def _empty(stage: Any) -> Page:
    signed_in(stage)
    return open_notifications(stage)


def _asked(stage: Any) -> Page:
    """The dialog of a search, with something wrong in it."""
    signed_in(stage)
    open_search(stage, "/search?q=kettle")
    page: Page = stage.page
    page.get_by_role("button", name="Tell me about new ones").click()
    page.get_by_label("What to look for").fill(" ")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Write what to look for first.")).to_be_visible()
    return page


def _noticed(stage: Any) -> Page:
    """A card with the newest of two, on a page of lists."""
    signed_in(stage)
    stage.notify(mention(1))
    stage.notify(mention(2, more=3))
    page: Page = stage.open("/")
    expect(page.locator("#alerts")).to_contain_text("was mentioned in")
    return page


def _email(stage: Any) -> Page:
    page: Page = stage.open("/email?confirm=key")
    expect(page.get_by_role("button", name="Confirm this address")).to_be_visible()
    return page


TOLD_STATES: dict[str, Callable[[Any], Page]] = {
    "notifications": _full,
    "no notifications": _empty,
    "saving a search": _asked,
    "told on another page": _noticed,
    "an e-mail's link": _email,
}
