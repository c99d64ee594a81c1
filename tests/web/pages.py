"""Pages as a listener opens them, and what is read off them."""

import io
import wave
from typing import Any

from playwright.sync_api import Locator, Page, Request, Route, expect

ADA = {"id": "u1", "name": "Ada"}
BEN = {"id": "u2", "name": "Ben"}


def captions(page: Page) -> Locator:
    return page.locator("#turns .caption")


def scroll_top(page: Page) -> float:
    return float(page.locator("#captions").evaluate("element => element.scrollTop"))


def at_end(page: Page) -> bool:
    script = "e => e.scrollHeight - e.clientHeight - e.scrollTop <= 4"
    return bool(page.locator("#captions").evaluate(script))


def open_room(stage: Any, *texts: str) -> Page:
    for number, text in enumerate(texts):
        stage.say(text, speaker=(ADA, BEN)[number % 2])
    page: Page = stage.open("/rooms/r1")
    expect(page.locator("#room-title")).to_have_text("Morning talk")
    expect(page.locator("#mode")).to_have_text("Following live")
    return page


def filled_room(stage: Any, count: int) -> Page:
    page = open_room(stage, *(f"This is sentence number {n}." for n in range(1, count + 1)))
    expect(captions(page).last).to_have_text(f"This is sentence number {count}.")
    return page


def body_of(request: Request) -> dict[str, Any]:
    body = request.post_data_json
    assert isinstance(body, dict)
    return body


def kept(start: float, name: str, text: str) -> dict[str, Any]:
    """A caption of a kept transcript, two seconds long; its words are as long as each other."""
    words = text.split()
    each = 2 / len(words)
    return {
        "id": f"c{start}",
        "start": start,
        "end": start + 2,
        "speaker": {"id": name, "name": name},
        "text": text,
        "words": [
            [word, start + at * each, start + (at + 1) * each, 0.9] for at, word in enumerate(words)
        ],
        "language": "en",
    }


TRANSCRIPT = "GET /v1/rooms/r1/transcript?instance=1&format=json"


def open_recording(stage: Any, query: str = "") -> Page:
    texts = [(0.5, "Ada", "Good morning."), (4.2, "Ben", "Hello Ada."), (9, "Ben", "Shall we?")]
    items = [kept(start, name, text) for start, name, text in texts]
    gaps = [{"start": 12, "end": 15, "reason": "off-record"}]
    stage.answers[TRANSCRIPT] = {"title": "Morning talk", "captions": items, "gaps": gaps}
    outline = {"bits": 8, "length": 150, "duration_s": 75.5, "data": [-60, 90, -5, 5] * 75}
    stage.answers["GET /v1/recordings/rec1/peaks?points=1000"] = outline
    chapters = [{"start_s": 0, "title": "Greetings"}, {"start_s": 9, "title": "What is to be done"}]
    stage.answers["GET /v1/recordings/rec1/chapters"] = {"rev": 1, "items": chapters}
    page: Page = stage.open(f"/recordings/rec1{query}")
    expect(captions(page)).to_have_count(3)
    return page


def open_tools(stage: Any, **fields: Any) -> Page:
    """A recording's page as its host sees it, with the tools open."""
    path = "GET /v1/recordings/rec1"
    stage.answers[path] = stage.answers[path] | {"may_decide": True} | fields
    page = open_recording(stage)
    expect(page.locator(".chapter")).not_to_have_count(0)  # before they are asked for anew
    with page.expect_response("**/v1/recordings/rec1/chapters*"):
        page.get_by_text("Tools for hosts").click()
    return page


def open_unfinished_recording(stage: Any, step: str, share: float = 0.0) -> Page:
    """A recording that is on its way to being finished."""
    say_how_far(stage, step, share)
    return open_recording(stage)


def say_how_far(stage: Any, step: str, share: float = 0.0) -> None:
    """Have the server say how far the recording is."""
    progress = {"step": step, "share": share}
    changed = {"phase": "finishing", "progress": progress, "media": []}
    path = "GET /v1/recordings/rec1"
    stage.answers[path] = stage.answers[path] | changed


def playable(stage: Any) -> None:
    """Serve 75 seconds of silence, by Range as the server does."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setparams((1, 1, 8000, 0, "NONE", ""))
        sound.writeframes(bytes([128]) * 8000 * 75)
    content = file.getvalue()

    def serve(route: Route) -> None:
        wanted = route.request.headers.get("range", "bytes=0-").removeprefix("bytes=").split("-")
        start, end = int(wanted[0]), int(wanted[1] or len(content) - 1)
        headers = {
            "Content-Type": "audio/wav",
            "Accept-Ranges": "bytes",
            "Content-Range": f"bytes {start}-{end}/{len(content)}",
        }
        route.fulfill(status=206, headers=headers, body=content[start : end + 1])

    stage.page.route("**/media?*", serve)
