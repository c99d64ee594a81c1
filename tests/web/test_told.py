"""Saved searches are offered, listed and stopped, and what they tell is seen on every page."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web.pages import body_of, open_room
from tests.web.searching import open_search
from tests.web.told import (
    LIST,
    SEARCHES,
    STOPPED,
    TROUBLED,
    mention,
    open_notifications,
    saved,
    signed_in,
)

pytestmark = pytest.mark.browser


def test_a_search_is_saved_from_the_search_page_by_keyboard(stage: Any) -> None:
    signed_in(stage)
    open_search(stage, "/search?q=kettle&speaker=Ben")
    page: Page = stage.page
    kept = saved(query="kettle", email={"address": "gil@example.com", "confirmed": False})
    stage.answers["POST /v1/me/searches"] = kept

    page.get_by_role("button", name="Tell me about new ones").press("Enter")
    expect(page.get_by_label("What to look for")).to_be_focused()
    expect(page.get_by_label("What to look for")).to_have_value('kettle speaker:"Ben"')
    page.get_by_label("By e-mail, to this address").fill("gil@example.com")
    with page.expect_request(lambda request: request.method == "POST") as sent:
        page.keyboard.press("Enter")

    assert body_of(sent.value) == {
        "query": 'kettle speaker:"Ben"',
        "name": "",
        "page": True,
        "email": "gil@example.com",
    }
    said = page.locator("#saved-searches [role=status]")
    expect(said).to_contain_text("Saved: you are told when a public room mentions")
    expect(said).to_contain_text("Open the link in the e-mail to")
    expect(page.get_by_role("button", name="Tell me about new ones")).to_be_focused()
    page.locator("#q").fill("milk")
    expect(said).to_be_empty()


def test_nothing_is_offered_where_nothing_is_searched_for(stage: Any) -> None:
    open_search(stage)
    page: Page = stage.page

    expect(page.get_by_role("button", name="Tell me about new ones")).to_be_hidden()
    page.locator("#q").fill("kettle")
    expect(page.get_by_role("button", name="Tell me about new ones")).to_be_visible()


def test_what_the_server_refuses_is_said_at_its_field_and_nothing_is_lost(stage: Any) -> None:
    signed_in(stage)
    page = open_notifications(stage)
    page.get_by_role("button", name="New saved search").click()
    page.get_by_label("What to look for").fill("kettle")
    page.get_by_label("By webhook, to this URL").fill("https://127.0.0.1/")
    problem = {"detail": "Nothing can be sent there.", "field": "webhook"}
    page.route(
        "**/v1/me/searches",
        lambda route: (
            route.fulfill(status=422, json=problem)
            if route.request.method == "POST"
            else route.fallback()
        ),
    )

    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.get_by_role("alert")).to_have_text("Nothing can be sent there.")
    expect(page.get_by_label("By webhook, to this URL")).to_be_focused()
    expect(page.get_by_label("By webhook, to this URL")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("What to look for")).to_have_value("kettle")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="New saved search")).to_be_focused()


def test_a_mention_is_shown_on_an_open_page_and_stays_until_it_is_dismissed(stage: Any) -> None:
    signed_in(stage)
    page: Page = stage.open("/")
    link = page.get_by_role("link", name="Notifications")
    expect(link).to_have_text("Notifications")
    stage.answers["PATCH /v1/me/notifications/1"] = mention(1, read=True)
    start = page.get_by_role("button", name="New room")
    start.focus()

    stage.notify(mention(1))

    card = page.get_by_role("region", name="Alerts")
    expect(card).to_contain_text("was mentioned in")
    expect(card).to_contain_text("The kettle is on.")
    expect(page.locator("#alert-status")).to_contain_text("The kettle is on.")
    expect(link).to_have_text("Notifications (1 new)")
    expect(start).to_be_focused()
    go = card.get_by_role("link", name="Go there")
    expect(go).to_have_attribute("href", "/rooms/r1?instance=1&from=62.5")
    with page.expect_request("**/v1/me/notifications/1") as sent:
        card.get_by_role("button", name="Dismiss").press("Enter")
    assert body_of(sent.value) == {"read": True}
    expect(card).to_be_hidden()


def test_what_is_read_on_another_page_goes_here_too(stage: Any) -> None:
    signed_in(stage)
    stage.notify(mention(1))
    stage.notify(mention(2, "Kettles."))
    page: Page = stage.open("/recordings")
    card = page.get_by_role("region", name="Alerts")
    expect(card).to_contain_text("Kettles.")
    expect(card.get_by_role("link", name="All 2 new ones")).to_be_visible()

    stage.notify(mention(2, "Kettles.", read=True))
    expect(card).to_contain_text("The kettle is on.")
    stage.notify(mention(1, read=True))
    expect(card).to_be_hidden()


def test_who_dismisses_one_is_told_what_comes_in_its_place(stage: Any) -> None:
    signed_in(stage)
    stage.notify(mention(1))
    stage.notify(mention(2, "Kettles."))
    page: Page = stage.open("/recordings")
    card = page.get_by_role("region", name="Alerts")
    expect(card).to_contain_text("Kettles.")

    card.get_by_role("button", name="Dismiss").press("Enter")

    expect(card).to_contain_text("The kettle is on.")
    expect(card.get_by_role("button", name="Dismiss")).to_be_focused()
    expect(page.locator("#alert-status")).to_contain_text("The kettle is on.")


def test_in_a_room_it_is_an_alert_among_others_and_moves_no_caption(stage: Any) -> None:
    signed_in(stage)
    page = open_room(stage, *(f"Sentence {number}." for number in range(40)))
    last = page.locator("#turns .caption").last
    before = last.bounding_box()

    stage.notify(mention(1))

    card = page.get_by_role("region", name="Alerts")
    expect(card).to_contain_text("The kettle is on.")
    assert last.bounding_box() == before
    page.keyboard.press("n")
    expect(card.get_by_role("link", name="Go there")).to_be_focused()
    page.keyboard.press("Escape")
    expect(card.get_by_role("link", name="Go there")).not_to_be_focused()


def test_a_guest_is_told_nothing(stage: Any) -> None:
    stage.notify(mention(1))
    page: Page = stage.open("/")

    expect(page.get_by_role("link", name="Notifications")).to_be_hidden()
    expect(page.get_by_role("region", name="Alerts")).to_have_count(0)
    page.goto(page.url + "notifications")
    expect(page.get_by_text("Sign in to see what you were told")).to_be_visible()


def test_the_list_keeps_the_focus_when_something_is_read_or_deleted(stage: Any) -> None:
    signed_in(stage, saved())
    page = open_notifications(stage, mention(3, "Kettle three."), mention(2), mention(1))
    told = page.locator("#told > li")
    stage.answers["PATCH /v1/me/notifications/3"] = mention(3, read=True)
    stage.answers["DELETE /v1/me/notifications/3"] = {}
    expect(told.nth(1).locator("mark")).to_have_text("kettle")

    told.first.get_by_role("button", name="Mark as read").press("Enter")
    expect(told.first.get_by_text("New", exact=True)).to_have_count(0)
    expect(told.first.get_by_role("button", name="Delete")).to_be_focused()
    page.keyboard.press("Enter")

    expect(told).to_have_count(2)
    expect(told.first.get_by_role("button", name="Delete")).to_be_focused()
    expect(page.locator("#said")).to_have_text("The notification is deleted.")


def test_news_come_into_the_list_while_it_is_open(stage: Any) -> None:
    signed_in(stage, saved())
    page = open_notifications(stage, STOPPED)
    page.get_by_role("button", name="Delete: The webhook").focus()
    both = [mention(3), STOPPED]
    stage.answers[LIST] = {"items": both, "more": False, "unread": 2}

    stage.notify(mention(3))

    expect(page.locator("#told > li")).to_have_count(2)
    expect(page.get_by_role("button", name="Delete: The webhook")).to_be_focused()
    expect(page.get_by_role("region", name="Alerts")).to_be_hidden()


def test_a_search_is_stopped_from_what_it_told_and_turned_on_again(stage: Any) -> None:
    signed_in(stage, saved())
    page = open_notifications(stage, mention(1))
    off = saved(on=False)
    stage.answers["PATCH /v1/me/searches/s1"] = off
    stage.answers[SEARCHES] = {"items": [off], "most": 50, "email": True}

    page.get_by_role("button", name="Stop this search").click()

    box = page.get_by_role("checkbox", name="Tell me: kettle")
    expect(box).not_to_be_checked()
    expect(page.locator("#said")).to_contain_text("is off: nothing more is told of it.")
    expect(page.get_by_role("button", name="Stop this search")).to_be_focused()
    stage.answers[SEARCHES] = {"items": [saved()], "most": 50, "email": True}
    box.press("Space")
    expect(page.locator("#said")).to_contain_text("is on")
    expect(box).to_be_focused()
    assert [put["body"] for put in stage.puts] == [{"on": False}, {"on": True}]


def test_a_stopped_webhook_is_started_again_and_an_address_asked_again(stage: Any) -> None:
    signed_in(stage, TROUBLED)
    page = open_notifications(stage)
    stage.answers["PATCH /v1/me/searches/s2"] = TROUBLED

    page.get_by_role("button", name="Send that e-mail again").click()
    expect(page.locator("#said")).to_contain_text("An e-mail was sent")
    page.get_by_role("button", name="Start it again").click()
    expect(page.locator("#said")).to_have_text("The webhook is on again.")

    url = "https://example.org/a/long/address/for/hooks"
    assert [put["body"] for put in stage.puts] == [{"email": "gil@example.com"}, {"webhook": url}]


def test_a_box_that_could_not_be_changed_says_how_it_is(stage: Any) -> None:
    signed_in(stage, saved())
    page = open_notifications(stage)
    stage.answers["PATCH /v1/me/searches/s1"] = 503

    page.get_by_role("checkbox", name="Tell me: kettle").press("Space")

    expect(page.locator("#said")).to_have_text("That did not work.")
    expect(page.get_by_role("checkbox", name="Tell me: kettle")).to_be_checked()


def test_a_button_that_goes_with_what_it_mended_leaves_the_focus_in_its_card(stage: Any) -> None:
    signed_in(stage, TROUBLED)
    page = open_notifications(stage)
    mended = TROUBLED | {"webhook": TROUBLED["webhook"] | {"stopped": None}}
    stage.answers["PATCH /v1/me/searches/s2"] = mended
    stage.answers[SEARCHES] = {"items": [mended], "most": 50, "email": True}

    page.get_by_role("button", name="Start it again").press("Enter")

    expect(page.get_by_role("button", name="Start it again")).to_have_count(0)
    expect(page.locator("#searches :focus")).to_have_count(1)


def test_a_saved_search_is_deleted_after_a_question(stage: Any) -> None:
    signed_in(stage, saved())
    page = open_notifications(stage)
    stage.answers["DELETE /v1/me/searches/s1"] = {}
    page.get_by_role("button", name="Delete the saved search kettle").click()
    stage.answers[SEARCHES] = {"items": [], "most": 50, "email": True}

    page.get_by_role("dialog").get_by_role("button", name="Delete").click()

    expect(page.get_by_text("You have no saved searches.")).to_be_visible()
    expect(page.get_by_role("heading", name="Saved searches")).to_be_focused()
    expect(page.locator("#said")).to_contain_text("is deleted.")


def test_a_link_in_an_e_mail_asks_before_anything_is_done(stage: Any) -> None:
    asked: list[str] = []
    stage.page.on("request", lambda request: asked.append(request.url))
    stage.answers["POST /v1/email/stop?key=k%2F1"] = {"address": "gil@example.com"}
    page: Page = stage.open("/email?stop=k%2F1")
    button = page.get_by_role("button", name="Stop these e-mails")
    expect(button).to_be_visible()
    assert not any("/v1/email" in address for address in asked)

    button.click()

    expect(page.get_by_role("status")).to_have_text(re.compile("Nothing more is sent to"))
    expect(button).to_be_hidden()
    page.goto(page.url.partition("?")[0] + "?confirm=old")
    page.get_by_role("button", name="Confirm this address").click()
    expect(page.get_by_role("alert")).to_have_text("That did not work.")
