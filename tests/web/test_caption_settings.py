"""How a listener makes captions look, and where that is kept."""

import time
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.web.pages import ADA, at_end, body_of, open_room

pytestmark = pytest.mark.browser


def test_settings_change_the_captions_and_are_found_again_after_a_reload(stage: Any) -> None:
    page = open_room(stage, "Good morning.")
    page.get_by_role("button", name="Caption settings").click()
    page.get_by_label("Typeface", exact=True).select_option("serif")
    page.get_by_label("Size", exact=True).fill("200")
    expect(page.locator("#turns .turn-text")).to_have_css("font-size", "40px")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Caption settings")).to_be_focused()

    page.reload()

    expect(page.locator("#turns .turn-text")).to_have_css("font-size", "40px")
    family = page.locator("#captions").evaluate("e => getComputedStyle(e).fontFamily")
    assert family.startswith("Georgia")
    page.keyboard.press("s")
    page.get_by_role("button", name="Reset to defaults").click()
    expect(page.locator("#turns .turn-text")).to_have_css("font-size", "20px")


def test_settings_warn_when_captions_become_hard_to_read(stage: Any) -> None:
    page = open_room(stage, "Good morning.")
    page.keyboard.press("s")
    page.get_by_label("Text colour", exact=True).fill("#202020")
    expect(page.locator(".verdict")).to_contain_text("hard to read")
    page.get_by_label("Text colour", exact=True).fill("#ffffff")
    expect(page.locator(".verdict")).to_contain_text("Easy to read")


@pytest.mark.parametrize("said", [5, 40])
def test_changing_how_captions_look_never_stops_following_them(stage: Any, said: int) -> None:
    page = open_room(stage, *(f"This is sentence number {n}." for n in range(said)))
    page.keyboard.press("s")
    for label, value in (("Lines shown", "3"), ("Size", "400"), ("Width", "50"), ("Size", "100")):
        page.get_by_label(label, exact=True).fill(value)
        page.wait_for_timeout(150)
        expect(page.locator("#mode")).to_have_text("Following live")
        assert at_end(page), label
    page.get_by_role("button", name="Reset to defaults").click()
    expect(page.locator("#mode")).to_have_text("Following live")


def test_a_typeface_that_is_not_installed_is_said_to_be_replaced(stage: Any) -> None:
    stage.page.route("**/vendor/opendyslexic*", lambda route: route.abort())
    page = open_room(stage, "Good morning.")
    page.keyboard.press("s")
    page.get_by_label("Typeface", exact=True).select_option("opendyslexic")
    expect(page.get_by_text("This typeface is not on this server.")).to_be_visible()
    page.get_by_label("Typeface", exact=True).select_option("serif")
    expect(page.get_by_text("This typeface is not on this server.")).to_be_hidden()


def test_settings_of_who_is_signed_in_are_kept_on_the_server(stage: Any) -> None:
    stage.answers["GET /v1/session"] = {"user": ADA}
    stage.answers["PUT /v1/me/caption-style"] = {}
    stage.page.add_init_script("localStorage.setItem('roomscribe.token', 'kept')")
    page = open_room(stage, "Good morning.")
    expect(page.locator("#session")).to_contain_text("Signed in as Ada")
    page.keyboard.press("s")
    with page.expect_request("**/me/caption-style") as asked:
        page.get_by_label("Letters", exact=True).select_option("upper")
    assert asked.value.headers["authorization"] == "Bearer kept"
    style = body_of(asked.value)
    assert style["case"] == "upper"
    assert len(style) == 24


def test_a_listener_chooses_how_steady_words_are_by_keyboard_and_the_server_is_told(
    stage: Any,
) -> None:
    page = open_room(stage, "Good morning.")
    assert [message for message in stage.asked if message["type"] == "style"] == []
    page.keyboard.press("s")
    page.get_by_role("radio", name="Balanced").focus()

    page.keyboard.press("ArrowDown")

    expect(page.get_by_role("radio", name="Steady")).to_be_checked()
    expect(page.get_by_role("radio", name="Steady")).to_be_focused()
    asked_for_pace(stage, "steady")

    page.reload()

    expect(page.locator("#mode")).to_have_text("Following live")
    asked_for_pace(stage, "steady", times=2)
    page.keyboard.press("s")
    expect(page.get_by_role("radio", name="Steady")).to_be_checked()
    page.get_by_role("button", name="Reset to defaults").click()
    expect(page.get_by_role("radio", name="Balanced")).to_be_checked()
    asked_for_pace(stage, "balanced")


def test_a_style_that_only_looks_different_is_not_sent_to_the_room(stage: Any) -> None:
    page = open_room(stage, "Good morning.")
    page.keyboard.press("s")
    page.get_by_label("Typeface", exact=True).select_option("serif")
    page.get_by_role("radio", name="Fast").check()

    asked_for_pace(stage, "fast")
    assert len([message for message in stage.asked if message["type"] == "style"]) == 1


def test_the_sheet_leaves_the_captions_in_view_and_the_page_usable(stage: Any) -> None:
    page = open_room(stage, "Good morning.")
    page.keyboard.press("s")
    sheet = page.get_by_role("dialog", name="Caption settings")
    expect(sheet).to_be_visible()
    region, box = page.locator("#captions").bounding_box(), sheet.bounding_box()
    assert region
    assert box
    assert region["x"] + region["width"] <= box["x"]
    page.keyboard.press("p")
    expect(page.locator("#mode")).to_contain_text("Paused")
    page.keyboard.press("s")
    expect(sheet).to_be_hidden()


@pytest.mark.parametrize("height", [640, 256])
def test_on_a_small_screen_some_captions_stay_above_the_sheet(stage: Any, height: int) -> None:
    stage.page.set_viewport_size({"width": 320, "height": height})
    page = open_room(stage, *(f"This is sentence number {n}." for n in range(20)))
    page.get_by_role("button", name="Caption settings").click()
    sheet = page.get_by_role("dialog", name="Caption settings").bounding_box()
    last = page.locator("#turns .caption").last.bounding_box()
    assert sheet
    assert last
    assert last["y"] >= 0
    assert last["y"] + last["height"] <= sheet["y"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("size", [(1280, 800), (320, 640), (320, 256)])
def test_every_setting_is_reached_by_keyboard_and_seen_when_it_is(
    stage: Any, size: tuple[int, int]
) -> None:
    stage.page.set_viewport_size({"width": size[0], "height": size[1]})
    page = open_room(stage, "Good morning.")
    page.keyboard.press("s")
    expect(page.get_by_role("heading", name="Caption settings")).to_be_focused()
    reached: list[str] = []
    while "Load from a file" not in reached and len(reached) < 60:
        page.keyboard.press("Tab")
        name, seen, free = page.evaluate(FOCUS)
        assert seen, f"the focus on {name} cannot be seen"
        assert free, f"{name} is covered while it has the focus"
        reached.append(name)

    fields = page.locator(".sheet select, .sheet input:not([type=radio], [type=file])")
    assert set(fields.evaluate_all("all => all.map(e => e.id)")) <= set(reached)
    assert {"Undo", "Redo", "Close", "Usual", "Save as a file"} <= set(reached)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("button", name="Caption settings")).to_be_focused()


FOCUS = """() => {
  const e = document.activeElement, style = getComputedStyle(e);
  const box = e.getBoundingClientRect();
  const at = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height, 40) / 2);
  const name = e.id || e.getAttribute('aria-label') || e.innerText.replace(/^Aa\\s*/, '');
  return [name, style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    e === at || e.contains(at)];
}"""


def test_a_mistake_is_undone_by_button_and_by_key_and_one_setting_is_reset(stage: Any) -> None:
    page = open_room(stage, "Good morning.")
    page.keyboard.press("s")
    page.get_by_role("button", name="Dyslexia-friendly").click()
    text = page.locator("#turns .turn-text")
    expect(text).to_have_css("color", "rgb(31, 31, 31)")
    page.get_by_role("button", name="Undo").click()
    expect(text).to_have_css("color", "rgb(255, 255, 255)")
    page.get_by_role("button", name="Redo").click()
    expect(text).to_have_css("color", "rgb(31, 31, 31)")

    page.get_by_label("Size", exact=True).fill("300")
    page.get_by_role("button", name="Reset: Size").click()
    expect(text).to_have_css("font-size", "20px")
    expect(page.get_by_label("Size", exact=True)).to_be_focused()
    expect(text).to_have_css("color", "rgb(31, 31, 31)")

    page.get_by_role("button", name="Reset to defaults").click()
    expect(page.get_by_role("button", name="Usual")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Control+z")
    expect(page.get_by_role("button", name="Dyslexia-friendly")).to_have_attribute(
        "aria-pressed", "true"
    )


def test_hard_to_read_captions_are_repaired_by_one_button(stage: Any) -> None:
    page = open_room(stage, "Good morning.")
    page.keyboard.press("s")
    repair = page.get_by_role("button", name="Make the text readable")
    expect(repair).to_be_hidden()
    page.get_by_label("Window colour", exact=True).fill("#ffffff")
    expect(page.locator(".verdict")).to_contain_text("Contrast 1.0 to 1")
    repair.click()
    expect(page.locator(".verdict")).to_contain_text("Contrast 21.0 to 1")


def test_settings_are_saved_as_a_file_and_loaded_from_it(stage: Any) -> None:
    page = open_room(stage, "Good morning.")
    page.keyboard.press("s")
    page.get_by_label("Size", exact=True).fill("250")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as a file").click()
    assert saved.value.suggested_filename == "caption-settings.json"
    kept = saved.value.path()
    page.get_by_role("button", name="Reset to defaults").click()

    load_file(page, kept.read_bytes())

    expect(page.get_by_text("The settings of the file are used now.")).to_be_visible()
    expect(page.locator("#turns .turn-text")).to_have_css("font-size", "50px")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\x89PNG\r\n", "This is not a file of caption settings."),
        (b" " * 20_000, "This is not a file of caption settings."),
        (
            b'{"format":"roomscribe-caption-style","version":1,"style":{"size_percent":9}}',
            "“Size” in the file cannot be used; it may be a number from 50 to 400.",
        ),
    ],
    ids=["picture", "too large", "out of range"],
)
def test_a_bad_file_changes_nothing_and_says_why(stage: Any, content: bytes, reason: str) -> None:
    page = open_room(stage, "Good morning.")
    page.keyboard.press("s")
    page.get_by_label("Size", exact=True).fill("200")

    load_file(page, content)

    expect(page.get_by_text(f"Nothing was changed. {reason}")).to_be_visible()
    expect(page.locator("#turns .turn-text")).to_have_css("font-size", "40px")


def load_file(page: Page, content: bytes) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Load from a file").click()
    file = FilePayload(name="settings.json", mimeType="application/json", buffer=content)
    chooser.value.set_files(file)


def signed_in(stage: Any, style: dict[str, object] | None = None) -> None:
    stage.answers["GET /v1/session"] = {"user": ADA}
    stage.answers["POST /v1/session"] = {"token": "fresh", "user": ADA}
    stage.answers["PUT /v1/me/caption-style"] = {}
    stage.answers["GET /v1/me/caption-style"] = style or {}


def sign_in(page: Page) -> None:
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Your name", exact=True).fill("Ada")
    page.keyboard.press("Enter")
    expect(page.locator("#session")).to_contain_text("Signed in as Ada")


def test_a_style_kept_on_another_device_changes_an_open_page_at_once(stage: Any) -> None:
    signed_in(stage)
    stage.page.add_init_script("localStorage.setItem('roomscribe.token', 'kept')")
    page = open_room(stage, "Good morning.")

    stage.send({"type": "style", "style": {"size_percent": 150}})

    expect(page.locator("#turns .turn-text")).to_have_css("font-size", "30px")
    page.reload()
    assert [put for put in stage.puts if put["path"].endswith("caption-style")] == []


def test_a_guests_choice_goes_to_the_account_when_the_guest_signs_in(stage: Any) -> None:
    signed_in(stage)
    page = open_room(stage, "Good morning.")
    page.keyboard.press("s")
    page.get_by_label("Size", exact=True).fill("200")
    page.keyboard.press("Escape")
    with page.expect_request(lambda request: request.method == "PUT"):
        sign_in(page)

    expect(page.locator("#turns .turn-text")).to_have_css("font-size", "40px")
    assert stage.puts[-1]["body"]["size_percent"] == 200


def test_an_accounts_style_counts_and_the_guests_comes_back_by_undoing(stage: Any) -> None:
    signed_in(stage, {"size_percent": 300})
    page = open_room(stage, "Good morning.")
    page.keyboard.press("s")
    page.get_by_label("Size", exact=True).fill("200")
    page.get_by_label("Typeface", exact=True).select_option("serif")
    page.keyboard.press("Escape")

    sign_in(page)

    text = page.locator("#turns .turn-text")
    expect(text).to_have_css("font-size", "60px")
    expect(page.locator("#status")).to_contain_text("Undo in the caption settings brings back")
    page.reload()
    expect(text).to_have_css("font-size", "60px")
    page.keyboard.press("s")
    page.get_by_role("button", name="Undo").click()
    expect(text).to_have_css("font-size", "40px")
    expect(page.get_by_label("Typeface", exact=True)).to_have_value("serif")


def test_captions_of_few_lines_stand_where_the_listener_wants_them(stage: Any) -> None:
    page = open_room(stage, "Good morning.")
    page.keyboard.press("s")
    page.get_by_label("Lines shown", exact=True).fill("3")
    page.get_by_label("Width", exact=True).fill("50")
    page.get_by_label("Place, across", exact=True).select_option("end")
    panel = page.locator("#panel").bounding_box()
    below = page.locator("#captions").bounding_box()
    page.get_by_label("Place, down", exact=True).select_option("top")
    above = page.locator("#captions").bounding_box()

    assert panel
    assert below
    assert above
    assert above["y"] < below["y"] - 50
    assert abs(above["width"] - panel["width"] / 2) < 4
    assert abs(above["x"] + above["width"] - panel["x"] - panel["width"]) < 4


def asked_for_pace(stage: Any, pace: str, *, times: int = 1) -> None:
    def count() -> int:
        return [message.get("pace") for message in stage.asked].count(pace)

    deadline = time.monotonic() + 5
    while count() < times and time.monotonic() < deadline:
        stage.page.wait_for_timeout(20)
    assert count() == times
