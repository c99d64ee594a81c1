"""Reading a room's captions in another language than is spoken there."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.web.looks import check_accessibility
from tests.web.pages import at_end, captions, open_room

pytestmark = pytest.mark.browser

CHOICE = "Language of captions"


def german_room(stage: Any, count: int = 2) -> Page:
    """A room in which German is spoken and translated."""
    stage.offer("en")
    for number in range(1, count + 1):
        stage.say(f"Satz {number}.", language="de")
        stage.say(f"Sentence {number}.", track="en")
    page = open_room(stage)
    expect(captions(page).last).to_have_text(f"Satz {count}.")
    return page


def test_a_room_without_translations_offers_no_choice(stage: Any) -> None:
    page = open_room(stage, "Good morning.")

    expect(page.get_by_label(CHOICE)).to_be_hidden()
    expect(captions(page).first).to_have_attribute("lang", "en")


def test_a_listener_chooses_english_by_keyboard_and_is_told(stage: Any) -> None:
    page = german_room(stage)
    choice = page.get_by_label(CHOICE)
    expect(choice).to_have_value("")
    expect(choice.locator("option")).to_have_text(["As spoken (German)", "English, translated"])
    expect(captions(page).first).to_have_attribute("lang", "de")

    choice.focus()
    page.keyboard.press("ArrowDown")

    expect(captions(page)).to_have_text(["Sentence 1.", "Sentence 2."])
    expect(captions(page).first).to_have_attribute("lang", "en")
    expect(page.locator("#status")).to_contain_text("Captions are in English now.")
    expect(choice).to_be_focused()
    stage.say("Satz 3.", language="de")
    stage.say("Sentence 3.", track="en")
    expect(captions(page)).to_have_text(["Sentence 1.", "Sentence 2.", "Sentence 3."])
    expect(page.locator("#mode")).to_have_text("Following live")


def test_going_back_to_what_is_spoken_shows_all_of_it(stage: Any) -> None:
    page = german_room(stage)
    page.get_by_label(CHOICE).select_option("en")
    expect(captions(page).first).to_have_text("Sentence 1.")
    stage.say("Satz 3.", language="de")

    page.get_by_label(CHOICE).select_option("")

    expect(captions(page)).to_have_text(["Satz 1.", "Satz 2.", "Satz 3."])
    expect(page.locator("#status")).to_contain_text("spoken language")


def test_a_connection_that_comes_back_goes_on_in_the_same_track(stage: Any) -> None:
    page = german_room(stage)
    page.get_by_label(CHOICE).select_option("en")
    expect(captions(page).last).to_have_text("Sentence 2.")

    stage.cut()
    stage.say("Sentence 3.", track="en")

    expect(captions(page)).to_have_text(["Sentence 1.", "Sentence 2.", "Sentence 3."])
    query = parse_qs(urlsplit(stage.addresses[-1]).query)
    assert (query["after"], query["track"]) == (["2"], ["en"])


def test_the_choice_is_kept_for_the_next_visit_and_survives_a_reset_of_looks(stage: Any) -> None:
    page = german_room(stage)
    page.get_by_label(CHOICE).select_option("en")
    page.keyboard.press("s")
    page.get_by_role("button", name="Reset to defaults").click()

    page.reload()

    expect(captions(page)).to_have_text(["Sentence 1.", "Sentence 2."])
    expect(page.get_by_label(CHOICE)).to_have_value("en")
    assert parse_qs(urlsplit(stage.addresses[-1]).query)["track"] == ["en"]


def test_a_track_that_is_gone_gives_way_to_what_is_spoken(stage: Any) -> None:
    page = german_room(stage)
    page.get_by_label(CHOICE).select_option("en")
    expect(captions(page).last).to_have_text("Sentence 2.")

    del stage.journals["en"]
    stage.cut()

    expect(captions(page)).to_have_text(["Satz 1.", "Satz 2."])
    expect(page.get_by_label(CHOICE)).to_be_hidden()


def test_a_translation_that_is_offered_while_people_talk_appears(stage: Any) -> None:
    page = open_room(stage, "Guten Morgen.")
    expect(page.get_by_label(CHOICE)).to_be_hidden()
    stage.offer("en")

    news = {"type": "room", "state": "live", "participants": 2, "recording": "on", "note": ""}
    stage.send({**news, "language": "de", "tracks": ["en"]})

    expect(page.get_by_label(CHOICE)).to_be_visible()


def test_a_translation_that_the_host_ends_gives_way_to_what_is_spoken(stage: Any) -> None:
    page = german_room(stage)
    page.get_by_label(CHOICE).select_option("en")
    expect(captions(page).last).to_have_text("Sentence 2.")
    del stage.journals["en"]

    news = {"type": "room", "state": "live", "participants": 2, "recording": "on", "note": ""}
    stage.send({**news, "language": "de", "tracks": []})

    expect(captions(page)).to_have_text(["Satz 1.", "Satz 2."])
    expect(page.locator("#status")).to_contain_text("spoken language")


def test_who_has_paused_stays_paused_at_the_end_of_the_new_track(stage: Any) -> None:
    page = german_room(stage, 40)
    page.get_by_role("button", name="Pause", exact=True).click()

    page.get_by_label(CHOICE).select_option("en")

    expect(captions(page).last).to_have_text("Sentence 40.")
    expect(page.locator("#mode")).to_contain_text("Paused")
    assert at_end(page)
    stage.say("Sentence 41.", track="en")
    expect(page.locator("#pause-count")).to_have_text("1")
    page.get_by_role("button", name="Jump to live").click()
    expect(captions(page).last).to_have_text("Sentence 41.")


def test_older_captions_of_a_long_translation_are_fetched(stage: Any) -> None:
    page = german_room(stage, 120)
    page.get_by_label(CHOICE).select_option("en")
    expect(captions(page).last).to_have_text("Sentence 120.")
    expect(page.locator("#mode")).to_have_text("Following live")

    page.locator("#captions").focus()
    page.keyboard.press("Home")

    expect(captions(page).first).to_have_text("Sentence 1.")
    expect(captions(page)).to_have_count(120)


def test_what_was_not_translated_is_shown_as_a_gap(stage: Any) -> None:
    page = german_room(stage)
    page.get_by_label(CHOICE).select_option("en")
    expect(captions(page).last).to_have_text("Sentence 2.")

    gap = {"type": "gap", "start": 9.0, "end": 14.0, "reason": "not-translated", "track": "en"}
    stage.journals["en"].append({**gap, "seq": 3})
    stage.send({**gap, "seq": 3})

    expect(page.locator("#turns .gap")).to_contain_text("it could not be translated")


def test_the_transcript_of_an_ended_room_is_in_the_language_that_is_read(stage: Any) -> None:
    stage.room_state = "ended"
    stage.offer("en")
    stage.say("Satz 1.", language="de")
    stage.say("Sentence 1.", track="en")
    page = stage.open("/rooms/r1")
    link = page.locator("[data-transcript=txt]")
    expect(link).to_have_text("Transcript (txt)")

    page.get_by_label(CHOICE).select_option("en")

    expect(link).to_have_text("Transcript (txt, English)")
    assert "track=en" in (link.get_attribute("href") or "")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_where_there_is_a_choice(stage: Any, scheme: Any) -> None:
    stage.page.emulate_media(color_scheme=scheme)
    page = german_room(stage)
    page.get_by_label(CHOICE).select_option("en")
    expect(captions(page).last).to_have_text("Sentence 2.")

    check_accessibility(page)


def test_the_choice_fits_into_320_pixels(stage: Any) -> None:
    stage.page.set_viewport_size({"width": 320, "height": 640})
    page = german_room(stage)

    box = page.get_by_label(CHOICE).bounding_box()

    assert box
    assert box["x"] + box["width"] <= 320
    assert box["height"] >= 24
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_host_asks_for_a_translation_unless_english_is_spoken(stage: Any) -> None:
    stage.answers["GET /v1/session"] = {"user": {"id": "u1", "name": "Ada"}}
    stage.page.add_init_script("localStorage.setItem('roomscribe.token', 'kept')")
    page = stage.open("/")
    page.get_by_role("button", name="New room").click()
    page.get_by_label("Title").fill("Tee")
    offer = page.get_by_label("Offer English captions too")
    expect(offer).to_be_hidden()
    page.get_by_label("Language spoken").select_option("de")
    offer.check()
    check_accessibility(page)

    with page.expect_request(lambda asked: asked.method == "POST") as asked:
        page.get_by_role("button", name="Create the room").click()

    body = asked.value.post_data_json
    assert (body["language"], body["translate"]) == ("de", True)
    page.get_by_label("Language spoken").select_option("en")
    with page.expect_request(lambda asked: asked.method == "POST") as asked:
        page.get_by_role("button", name="Create the room").click()
    assert asked.value.post_data_json["translate"] is False
