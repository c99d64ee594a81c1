"""A host invites a listener to speak: a real server and two browsers."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.api.running import Person, Running, running
from tests.chromium import FLAGS, executable

pytestmark = pytest.mark.browser


@dataclass(frozen=True, slots=True, kw_only=True)
class Hall:
    """A live room whose floor is not open."""

    server: Running
    browser: Browser
    host: Person
    room: str

    async def page(self, who: Person, path: str = "") -> Page:
        context = await self.browser.new_context(locale="en-GB")
        script = f"localStorage.setItem('roomscribe.token', {json.dumps(who.token)})"
        await context.add_init_script(script)
        page = await context.new_page()
        await page.goto(f"{self.server.url}/rooms/{self.room}{path}")
        return page


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    expect.set_options(timeout=10_000)
    async with running(tmp_path) as server, async_playwright() as playwright:
        host = await server.sign_in("Hanna")
        room = await server.live_room(host, open_floor=False)
        browser = await playwright.chromium.launch(executable_path=executable(), args=list(FLAGS))
        yield Hall(server=server, browser=browser, host=host, room=room)
        await browser.close()


async def test_a_listener_without_sound_is_invited_types_is_muted_and_listens_again(
    hall: Hall,
) -> None:
    mia = await hall.server.sign_in("Mia")
    theirs, mine = await hall.page(mia), await hall.page(hall.host)
    screen = await hall.page(mia, "/captions")
    await expect(theirs.locator("#say-form")).to_be_hidden()
    await theirs.get_by_role("button", name="Join without sound").press("Enter")
    await mine.locator("#people-button").press("Enter")

    invite = mine.get_by_role("button", name="Invite to speak: \u2068Mia\u2069")
    await invite.press("Enter")

    for page in (theirs, screen):
        await expect(page.locator(".alert")).to_contain_text("invites you to speak.")
    await expect(mine.locator("#people-list")).to_contain_text("Mia (speaker, invited)")
    await theirs.reload()
    await theirs.get_by_role("button", name="Type", exact=True).press("Enter")
    await expect(theirs.get_by_label("Speak by typing")).to_be_focused()
    await theirs.keyboard.type("Thank you, Hanna.")
    await theirs.keyboard.press("Enter")
    await expect(mine.locator("#turns .caption")).to_have_text("Thank you, Hanna.")
    await expect(screen.locator("#alerts")).to_be_hidden()
    await expect(mine.locator("#people-list")).to_contain_text("Mia (speaker)")

    await mine.get_by_role("button", name="Mute: \u2068Mia\u2069").press("Enter")
    await expect(theirs.locator(".alert")).to_contain_text("muted your microphone.")
    await mine.get_by_role("button", name="Make a listener again: \u2068Mia\u2069").press("Enter")
    await expect(theirs.locator(".alert")).to_contain_text("made you a listener")
    await expect(theirs.locator("#say-form")).to_be_hidden()
    await expect(invite).to_be_focused()


async def test_who_declines_listens_on_and_the_host_is_told(hall: Hall) -> None:
    mia = await hall.server.sign_in("Mia")
    theirs, mine = await hall.page(mia), await hall.page(hall.host)
    await theirs.get_by_role("button", name="Join without sound").press("Enter")
    await mine.locator("#people-button").press("Enter")
    await mine.get_by_role("button", name="Invite to speak: \u2068Mia\u2069").press("Enter")

    await theirs.get_by_role("button", name="Not now").press("Enter")

    await expect(theirs.locator("#alerts")).to_be_hidden()
    await expect(mine.locator("#status")).to_have_text("\u2068Mia\u2069 goes on listening.")
    await expect(mine.locator("#people-list")).to_contain_text("Mia (listener)")


async def test_alert_words_follow_to_another_browser_and_stay_private(hall: Hall) -> None:
    mia = await hall.server.sign_in("Mia")
    page = await hall.page(mia)
    await page.get_by_role("button", name="My name and words").click()
    await page.get_by_role("button", name="Add my name").click()
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Saved. They follow you")).to_be_visible()

    elsewhere, other = await hall.page(mia), await hall.page(hall.host)
    await expect(elsewhere.locator("#mode")).to_have_text("Following live")
    await expect(other.locator("#mode")).to_have_text("Following live")
    await hall.server.say(hall.room, "And now Mia.")

    await expect(elsewhere.locator(".alert")).to_contain_text("Your name was said by")
    await expect(elsewhere.locator("#turns mark.alert-word")).to_have_text("Mia")
    await expect(other.locator("#turns .caption")).to_have_text("And now Mia.")
    await expect(other.locator("mark")).to_have_count(0)
