"""Shortcuts on the room's page: turned off, changed, in conflict, and reset."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.pages import open_room

pytestmark = pytest.mark.browser


def change(page: Page, what: str, key: str) -> None:
    page.get_by_role("button", name=f"Change the key for: {what}").click()
    expect(page.get_by_label(f"New key for: {what}")).to_be_focused()
    page.keyboard.press(key)


def said(page: Page) -> Locator:
    return page.locator(".keys-said")


def test_single_key_shortcuts_can_be_turned_off(stage: Any) -> None:
    page = open_room(stage, "Good morning.")
    page.keyboard.press("?")
    page.get_by_label("Use single-key shortcuts").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("p")
    expect(page.locator("#mode")).to_have_text("Following live")
    page.locator("#captions").focus()
    page.keyboard.press("Space")
    expect(page.locator("#mode")).to_contain_text("Paused")


def test_a_changed_key_works_at_once_and_after_a_reload_and_the_old_one_does_not(
    stage: Any,
) -> None:
    page = open_room(stage, "Good morning.")
    page.keyboard.press("?")
    change(page, "Pause captions, or jump to live", "x")
    expect(said(page)).to_have_text("X is now the key for: Pause captions, or jump to live.")
    button = page.get_by_role("button", name="Change the key for: Pause")
    expect(button).to_be_focused()
    page.keyboard.press("Escape")

    page.keyboard.press("p")
    expect(page.locator("#mode")).to_have_text("Following live")
    page.reload()
    expect(page.locator("#mode")).to_have_text("Following live")
    page.keyboard.press("x")
    expect(page.locator("#mode")).to_contain_text("Paused")


def test_a_key_that_is_taken_is_refused_with_its_owner(stage: Any) -> None:
    page = open_room(stage, "Good morning.")
    page.keyboard.press("?")
    change(page, "Jump to live", "s")
    expect(said(page)).to_contain_text("S is the key for “Caption settings” already.")
    page.keyboard.press("Escape")
    expect(said(page)).to_have_text("The key stays as it was.")
    expect(page.get_by_role("rowheader", name="L", exact=True)).to_be_visible()


def test_keys_with_a_modifier_and_no_key_can_be_chosen_and_all_reset(stage: Any) -> None:
    page = open_room(stage, "Good morning.")
    page.keyboard.press("?")
    change(page, "Jump to live", "Alt+j")
    expect(page.get_by_role("rowheader", name="Alt+J")).to_be_visible()
    change(page, "Go to the captions", "Delete")
    expect(page.get_by_role("rowheader", name="no key")).to_be_visible()
    change(page, "This help", "ArrowDown")
    expect(said(page)).to_contain_text("ArrowDown cannot be used.")
    page.keyboard.press("Escape")

    page.get_by_role("button", name="Reset all keys").click()

    expect(page.get_by_role("rowheader", name="no key")).to_have_count(0)
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    expect(page.locator("#captions")).to_be_focused()
