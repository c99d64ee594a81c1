"""The search page with answers that a test gives: `Found` is the server's side."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Locator, Page, Route, expect

from tests.web.pages import ADA, BEN

Answer = dict[str, Any]


def hit(text: str, *words: str, at: float = 4.2, **over: Any) -> Answer:
    """A caption that was found, with words marked in it."""
    marks = [[text.index(word), text.index(word) + len(word)] for word in words]
    return {
        "caption": f"c{at}",
        "seq": 2,
        "start": at,
        "end": at + 2,
        "at": at,
        "speaker": BEN,
        "snippet": text,
        "marks": marks,
        "before": {"speaker": "Ada", "text": "Good morning.", "start": at - 3},
        "after": {"speaker": "Ben", "text": "Shall we?", "start": at + 3},
        "language": "en",
        "source": "asr",
        "corrected": False,
        "url": f"/recordings/rec1?t={at}",
        "recording": "rec1",
        **over,
    }


def room(*hits: Answer, id: str = "r1", title: str = "Morning talk", **over: Any) -> Answer:
    """A room in which they were found."""
    about = {
        "id": id,
        "title": title,
        "state": over.pop("state", "ended"),
        "private": over.pop("private", False),
        "host": ADA,
        "started_at": "2025-01-01T09:00:00+00:00",
    }
    ids = {"instance": 1, "recording": hits[0]["recording"] if hits else None, "track": ""}
    return {"room": about, **ids, "title_marks": [], "hits": list(hits), "more": 0, **over}


def answer(*rooms: Answer, **over: Any) -> Answer:
    """What the server says."""
    query = {"text": "", "hints": [], "heard_as": [], "exact": True, **over.pop("query", {})}
    total = sum(len(one["hits"]) + one["more"] for one in rooms)
    base = {"query": query, "rooms": list(rooms), "total": total, "total_is": "exact"}
    return {**base, "cursor": None, "took_ms": 3, **over}


class Found:
    """The server: what it finds for which question, and what it was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer | int] = {}
        self.usual: Answer | int | None = None
        self.asked: list[dict[str, str]] = []
        self.held: list[Callable[[], None]] | None = None
        """While it is a list, answers wait in it."""

    def answer(self, route: Route) -> None:
        query = parse_qs(urlsplit(route.request.url).query)
        asked = {name: values[0] for name, values in query.items()}
        self.asked.append(asked)
        found = self._found(asked)

        def give() -> None:
            if found is None:
                route.abort()
            elif isinstance(found, int):
                problem = {"title": "Not so", "detail": "Something broke.", "status": found}
                route.fulfill(status=found, json=problem)
            else:
                query = found["query"] | {"text": asked.get("q", "")}
                route.fulfill(json=found | {"query": query})

        if self.held is None:
            give()
        else:
            self.held.append(give)

    def _found(self, asked: dict[str, str]) -> Answer | int | None:
        q = asked.get("q", "")
        for key in (f"{q} {asked.get('cursor', '')}".strip(), q):
            if key in self.answers:
                return self.answers[key]
        return self.usual


GREETING = hit("Hello Ada, good morning.", "morning")
TWO_ROOMS = answer(
    room(GREETING, hit("In the morning, then.", "morning", at=9.5, corrected=True), more=3),
    room(
        hit("Every morning.", "morning", recording=None, url="/rooms/r2?t=3", before=None),
        id="r2",
        title="The morning news",
        title_marks=[[4, 11]],
        state="live",
    ),
)


def open_search(stage: Any, path: str = "/search", usual: Answer | int | None = TWO_ROOMS) -> Found:
    """Open the page; gives the server, which answers the same to everything unless told."""
    found = Found()
    found.usual = usual
    stage.page.route("**/v1/search?*", found.answer)
    stage.open(path)
    expect(box(stage.page)).to_be_visible()
    return found


def box(page: Page) -> Locator:
    return page.get_by_role("searchbox", name="Search what was said")


def hits(page: Page) -> Locator:
    return page.locator(".hit")


def summary(page: Page) -> Locator:
    return page.locator("#summary")
