"""Each speaker as a file of their own: chosen with the room, told to everybody, had by hosts."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.web.pages import ADA, BEN, open_room, open_tools

pytestmark = pytest.mark.browser

NOTE = "Each speaker's voice is also kept as a file of its own, for the room's hosts."


def test_a_host_asks_for_it_with_the_room_and_only_of_one_that_is_recorded(stage: Any) -> None:
    stage.answers["POST /v1/session"] = {"token": "fresh", "user": ADA}
    stage.answers["POST /v1/rooms"] = (422, "invalid")
    page = stage.open("/")
    page.get_by_role("button", name="New room").click()
    page.get_by_label("Your name", exact=True).fill("Ada")
    page.keyboard.press("Enter")
    page.get_by_label("Title", exact=True).fill("Tea")
    apart = page.get_by_label("Also keep each speaker's voice as a file of its own")
    expect(apart).not_to_be_checked()
    expect(apart).to_have_accessible_description(
        "For editing. Speakers are told, and only you and your co-hosts can download the files."
    )

    apart.check()
    page.get_by_label("Record the room").uncheck()
    expect(apart).to_be_hidden()
    page.get_by_label("Record the room").check()
    expect(apart).to_be_checked()
    with page.expect_request("**/v1/rooms") as asked:
        page.keyboard.press("Enter")

    assert asked.value.post_data_json["speaker_tracks"] is True


def test_who_is_about_to_speak_is_told(stage: Any) -> None:
    page = open_room(stage, "Welcome.")
    news = {"type": "room", "state": "live", "participants": 2, "note": "", "tracks": []}
    mark = page.locator("#apart-mark")
    expect(mark).to_be_hidden()
    stage.send(news | {"recording": "off", "language": "en"})
    stage.send(news | {"recording": "on", "language": "en", "speaker_tracks": True})

    expect(mark).to_contain_text(NOTE)
    expect(page.locator("#status")).to_contain_text(f"being recorded from now on. {NOTE}")
    expect(page.locator("#speak")).to_have_attribute("aria-describedby", "apart-mark")

    with page.expect_response("**/v1/rooms/r1"):  # as it was set, not as it is
        stage.send(
            {"type": "you", "role": "cohost", "muted": False, "invited_by": None, "by": None}
        )
    expect(page.get_by_role("button", name="Stop recording")).to_be_visible()
    expect(mark).to_be_visible()

    stage.send(news | {"recording": "off-record", "language": "en", "speaker_tracks": True})
    expect(mark).to_be_hidden()
    expect(page.locator("#speak")).not_to_have_attribute("aria-describedby", "apart-mark")


def test_a_host_downloads_each_speaker_on_the_recordings_page(stage: Any) -> None:
    lost = [{"start_s": 1.0, "duration_s": 65.0, "reason": "disk full"}]
    base = "/v1/recordings/rec1/tracks"
    tracks = [
        {"id": "1", "speaker": ADA, "url": f"{base}/1/media", "losses": []},
        {"id": "2", "speaker": BEN, "url": f"{base}/2/media?whole=true", "losses": lost},
    ]
    cuts = [{"start_s": 1.0, "end_s": 2.0}]
    page = open_tools(stage, speaker_tracks=tracks, cuts=cuts)
    tool = page.get_by_role("region", name="Each speaker alone")

    expect(tool).to_contain_text("What was cut is still in them.")
    expect(tool.get_by_role("listitem").nth(1)).to_contain_text("1:05 could not be recorded")
    link = tool.get_by_role("link", name="Ben, Ogg: this speaker alone")
    assert str(link.get_attribute("href")).endswith(f"{base}/2/media?whole=true&download=1")
    box = link.bounding_box()
    assert box is not None
    assert box["height"] >= 44


def test_a_recording_without_such_files_says_nothing_of_them(stage: Any) -> None:
    page = open_tools(stage)

    expect(page.locator("#tool-rename")).to_be_visible()
    expect(page.locator("#tool-speakers")).to_be_hidden()
