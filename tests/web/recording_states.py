"""The states of a recording's page, and of the list, for `tests.web.test_every_state`."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.web.conftest import RECORDING
from tests.web.pages import ADA, TRANSCRIPT, open_recording, open_tools, open_unfinished_recording
from tests.web.test_cut_tool import open_whole

SOON = "2025-02-01T09:00:00+00:00"


def listed(path: str) -> Callable[[Any], Page]:
    def bring(stage: Any) -> Page:
        page: Page = stage.open(path)
        expect(page.get_by_text("Morning talk").first).to_be_visible()
        return page

    return bring


def _recording_settings(stage: Any) -> Page:
    page = open_recording(stage)
    page.get_by_role("button", name="Caption settings").click()
    return page


def _unpublished(stage: Any) -> Page:
    stage.answers["GET /v1/recordings/rec1"] = (403, "not-published")
    page: Page = stage.open("/recordings/rec1")
    expect(page.get_by_text("This recording is not published.")).to_be_visible()
    return page


def _being_cut(stage: Any) -> Page:
    page, _, tool = open_whole(stage, {"start_s": 4.2, "end_s": 5.2})
    page.keyboard.press("c")
    page.keyboard.press("End")
    page.keyboard.press("[")
    expect(page.locator("mark.to-cut")).to_have_count(1)
    tool.get_by_role("button", name="Cut all before it").click()
    expect(tool.get_by_role("alert")).to_contain_text("There is nothing before")
    return page


def _recording_tools(stage: Any) -> Page:
    alone = {"id": "1", "speaker": ADA, "url": "/v1/recordings/rec1/tracks/1/media", "losses": []}
    soon = {"delete_soon": True, "delete_at": SOON}
    page = open_tools(stage, speaker_tracks=[alone], published=False, **soon)
    page.get_by_label("Title", exact=True).fill(" ")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Write a title first.")).to_be_visible()
    tool = page.get_by_role("region", name="Chapters")
    tool.get_by_label("Chapter 2 begins at").fill("later")
    page.keyboard.press("Enter")
    expect(tool.get_by_role("alert")).to_contain_text("Write a time")
    return page


def _deleting(stage: Any) -> Page:
    page = _recording_tools(stage)
    page.get_by_role("button", name="Delete…").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    return page


def _importing(stage: Any) -> Page:
    """Files on their way, and one that is asked about."""
    stage.page.add_init_script("localStorage.setItem('roomscribe.token', 'kept')")
    stage.answers["GET /v1/session"] = {"user": ADA}
    stage.answers["GET /v1/import"] = {"max_bytes": 2_000_000_000, "free_bytes": 9_000_000_000}
    captioning = {"step": "captioning", "purpose": "captions", "share": 0.25, "note": ""}
    mine = stage.answers["GET /v1/recordings/rec1"] | {"may_decide": True}
    stage.answers["GET /v1/recordings"] = {"items": [mine | {"captioning": captioning}]}
    page: Page = stage.open("/recordings")
    expect(page.get_by_text("Captions are being made: 25 %")).to_be_visible()
    page.get_by_role("button", name="Import a file").click()
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("Choose a file first.")).to_be_visible()
    return page


def _improved(stage: Any) -> Page:
    counts = {"at": "", "engine": "", "model": "", "changed": 2, "added": 1}
    path = "GET /v1/recordings/rec1"
    stage.answers[path] = stage.answers[path] | {"improved": counts}
    open_recording(stage)
    for caption in stage.answers[TRANSCRIPT]["captions"]:
        caption["source"] = "second-pass"
    page: Page = stage.page
    page.reload()
    page.get_by_label("Mark them").check()
    expect(page.get_by_role("button", name="(improved)")).to_have_count(3)
    return page


def _recordings(stage: Any) -> Page:
    going = {"may_decide": True, "published": False, "delete_soon": True, "delete_at": SOON}
    stage.answers["GET /v1/recordings"] = {"items": [RECORDING | going]}
    return listed("/recordings")(stage)


RECORDING_STATES: dict[str, Callable[[Any], Page]] = {
    "recordings": _recordings,
    "importing": _importing,
    "recording improved": _improved,
    "recording": lambda stage: open_recording(stage, "?t=4.2&to=6.2"),
    "recording's settings": _recording_settings,
    "recording's tools": _recording_tools,
    "recording to be deleted": _deleting,
    "recording being cut": _being_cut,
    "recording that is not published": _unpublished,
    "recording being finished": lambda stage: open_unfinished_recording(stage, "joining", 0.4),
}
