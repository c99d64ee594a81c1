"""What hosts can do with a recording on its page."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.web.conftest import ORIGIN, RECORDING, ROOM
from tests.web.pages import open_recording, open_room, open_tools

pytestmark = pytest.mark.browser


def test_a_host_keeps_a_recording_to_hosts_and_publishes_it_again(stage: Any) -> None:
    page = open_tools(stage)
    expect(page.locator("#unpublished")).to_be_hidden()
    expect(page.get_by_text("Published: everybody")).to_be_visible()
    hidden = RECORDING | {"may_decide": True, "published": False}
    stage.answers["PATCH /v1/recordings/rec1"] = hidden

    page.get_by_role("button", name="Keep to hosts").press("Enter")
    expect(page.locator("#unpublished")).to_have_text("Not published: only hosts have it")
    expect(page.locator("#tool-publish [role=status]")).to_contain_text("It is kept to hosts.")
    expect(page.get_by_role("button", name="Publish", exact=True)).to_be_focused()

    stage.answers["PATCH /v1/recordings/rec1"] = hidden | {"published": True}
    page.keyboard.press("Enter")
    expect(page.locator("#unpublished")).to_be_hidden()
    assert [put["body"] for put in stage.puts] == [{"published": False}, {"published": True}]


def test_a_host_deletes_a_recording_after_a_question_that_says_what_goes(stage: Any) -> None:
    page = open_tools(stage)
    button = page.get_by_role("button", name="Delete…")
    button.press("Enter")
    question = page.get_by_role("dialog")
    expect(question.get_by_role("heading")).to_have_text("Delete “\u2068Morning talk\u2069”?")
    expect(question.get_by_label("Sound and words")).to_be_checked()
    page.keyboard.press("Escape")
    expect(button).to_be_focused()

    button.press("Enter")
    question.get_by_label("Sound only").check()
    question.get_by_role("button", name="Delete for good").click()
    expect(page.locator("#tool-delete .error")).to_have_text("That did not work.")
    expect(button).to_be_focused()

    stage.answers["DELETE /v1/recordings/rec1"] = {}
    button.press("Enter")
    question.get_by_role("button", name="Delete for good").click()
    expect(page.locator("#said")).to_have_text("The recording was deleted.")
    assert page.url.endswith("/recordings")


def test_the_words_of_what_is_not_published_cannot_be_left_without_it(stage: Any) -> None:
    page = open_tools(stage, published=False)
    page.get_by_role("button", name="Delete…").click()

    expect(page.get_by_label("Sound only")).to_be_disabled()
    expect(page.get_by_text("the captions would be public")).to_be_visible()


def test_all_of_a_recording_is_one_file_with_the_chosen_sound(stage: Any) -> None:
    media = [{"format": name, "url": f"/v1/x?format={name}"} for name in ("ogg", "mp3")]
    stage.answers["GET /v1/recordings/rec1"] = RECORDING | {"media": media}
    page = open_recording(stage)
    page.get_by_text("Downloads", exact=True).click()
    link = page.get_by_role("link", name="Download all (zip)")
    expect(link).to_have_attribute("href", "/v1/recordings/rec1/archive?formats=ogg")

    page.get_by_role("checkbox", name="mp3").check()
    expect(link).to_have_attribute("href", "/v1/recordings/rec1/archive?formats=ogg,mp3")
    page.get_by_role("checkbox", name="mp3").uncheck()
    page.get_by_role("checkbox", name="ogg").uncheck()
    expect(link).to_have_attribute("href", "/v1/recordings/rec1/archive")


GOING = {"delete_soon": True, "delete_at": "2025-02-01T09:00:00+00:00"}


def test_a_host_keeps_a_recording_that_would_be_deleted_soon(stage: Any) -> None:
    page = open_tools(stage, **GOING)
    notice = page.locator("#delete-notice")
    expect(notice).to_contain_text("will be deleted with its words on 1 Feb 2025")
    notice.get_by_role("button", name="Keep it").press("Enter")
    expect(notice.locator(".error")).to_have_text("That did not work.")

    kept = RECORDING | {"may_decide": True, "kept": True}
    stage.answers["PATCH /v1/recordings/rec1"] = kept
    notice.get_by_role("button", name="Keep it").press("Enter")
    expect(notice).to_be_hidden()
    expect(page.locator("#delete-done")).to_be_focused()
    expect(page.locator("#tool-keep p").first).to_have_text("It is kept for ever.")
    assert stage.puts[-1]["body"] == {"kept": True}

    stage.answers["PATCH /v1/recordings/rec1"] = kept | {"kept": False} | GOING
    page.get_by_role("button", name="Let the room decide").click()
    expect(notice).to_be_visible()
    expect(page.locator("#delete-done")).to_be_empty()


def test_listeners_are_told_too_that_a_recording_goes(stage: Any) -> None:
    stage.answers["GET /v1/recordings/rec1"] = RECORDING | GOING
    page = open_recording(stage)

    expect(page.locator("#delete-notice")).to_contain_text("will be deleted")
    expect(page.locator("#delete-keep")).to_be_hidden()


def test_the_list_says_what_goes_soon_and_hosts_keep_it_there(stage: Any) -> None:
    stage.answers["GET /v1/recordings"] = {"items": [RECORDING | GOING | {"may_decide": True}]}
    page = stage.open("/recordings")
    expect(page.locator(".card .notice")).to_contain_text("will be deleted with its words on")
    keep = page.get_by_role("button", name="Keep it: Morning talk")
    keep.press("Enter")
    expect(page.locator(".card").get_by_role("alert")).to_have_text("That did not work.")
    stage.answers["PATCH /v1/recordings/rec1"] = RECORDING
    stage.answers["GET /v1/recordings"] = {"items": [RECORDING]}

    keep.press("Enter")
    expect(page.locator("#said")).to_be_focused()
    expect(page.locator(".card .notice")).to_have_count(0)


def test_a_room_says_how_long_it_keeps_its_recordings(stage: Any) -> None:
    room = ROOM | {"terms": [], "keep_days": 30}
    stage.answers["GET /v1/site"] = {"keep_days": 0, "keep_days_max": 90}
    stage.answers["GET /v1/rooms/r1"] = room
    page = open_room(stage)
    choice = page.get_by_label("Recordings are kept")
    expect(choice).to_have_value("30")
    expect(choice.locator("option")).to_have_text(
        ["as on this site: for 90 days", "for 7 days", "for 30 days", "for 90 days"]
    )

    stage.answers["PATCH /v1/rooms/r1"] = room | {"keep_days": None}
    choice.select_option("")
    expect(page.locator("#keep-status")).to_contain_text("Saved.")
    assert stage.puts[-1]["body"] == {"keep_days": None}
    stage.answers["PATCH /v1/rooms/r1"] = 507
    choice.select_option("7")
    expect(page.locator("#keep-error")).to_have_text("That did not work.")
    expect(choice).to_have_value("")


def test_a_listener_is_told_that_a_recording_is_not_published(stage: Any) -> None:
    stage.answers["GET /v1/recordings/rec1"] = (403, "not-published")
    page = stage.open("/recordings/rec1")

    expect(page.locator("#page-error")).to_contain_text("This recording is not published.")
    expect(page.get_by_role("link", name="See all recordings")).to_be_visible()
    for part in ("#player", "#controls", "#panel", "#tools"):
        expect(page.locator(part)).to_be_hidden()


def test_listeners_are_shown_no_tools(stage: Any) -> None:
    page = open_recording(stage)

    expect(page.locator("#tools")).to_be_hidden()


def test_a_host_renames_a_recording_by_keyboard(stage: Any) -> None:
    page = open_tools(stage)
    title = page.get_by_label("Title", exact=True)
    expect(title).to_have_value("Morning talk")
    title.focus()
    title.fill(" ")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Write a title first.")).to_be_visible()
    expect(title).to_be_focused()

    title.fill("Evening talk")
    page.keyboard.press("Enter")
    expect(page.locator("#tool-rename .error")).to_have_text("That did not work.")
    expect(title).to_have_value("Evening talk")  # nothing is lost

    renamed = RECORDING | {"may_decide": True, "title": "Evening talk"}
    stage.answers["PATCH /v1/recordings/rec1"] = renamed
    page.keyboard.press("Enter")
    expect(page.locator("#tool-rename [role=status]")).to_contain_text("The title is saved.")
    expect(page.locator("h1")).to_have_text("Evening talk")
    assert stage.puts[-1]["body"] == {"title": "Evening talk"}
    page.get_by_text("Downloads").click()
    expect(page.locator("#archive").get_by_role("link", name="Evening talk")).to_be_visible()


def test_a_host_reads_where_a_recording_is_and_makes_a_link_for_an_hour(stage: Any) -> None:
    note = "kept on this server, waiting for the store: s3://talks: it cannot be reached"
    formats = ("ogg", "m4a", "mp3")
    page = open_tools(
        stage,
        storage={"state": "waiting", "share": 0.0, "note": note},
        media=[
            {"format": name, "url": f"/v1/recordings/rec1/media?format={name}"} for name in formats
        ],
    )
    tool = page.get_by_role("region", name="Where it is kept, and links to it")
    expect(tool).to_contain_text("The sound is kept on this server, waiting for the store")
    expect(tool.get_by_label("Format")).to_have_value("mp3")

    tool.get_by_role("button", name="Make a link").press("Enter")
    expect(tool.get_by_role("alert")).to_have_text("That did not work.")

    made = {
        "url": "/v1/recordings/rec1/media?format=mp3&key=k",
        "expires_at": "2026-05-04T19:30:00+00:00",
    }
    stage.answers["POST /v1/recordings/rec1/link?format=mp3&minutes=60"] = made
    page.keyboard.press("Enter")
    expect(tool.get_by_role("status")).to_contain_text("The link is ready. It works until")
    field = tool.get_by_label("Link", exact=True)
    expect(field).to_have_value(ORIGIN + made["url"])

    page.keyboard.press("Tab")
    expect(field).to_be_focused()
    assert field.evaluate("one => one.selectionEnd") == len(field.input_value())  # ready to copy
    tool.get_by_role("button", name="Copy the link").click()
    expect(tool.get_by_role("status")).to_contain_text("The link is")
