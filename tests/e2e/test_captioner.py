"""A captioner at work: a real server, two browsers, and nothing but a keyboard."""

import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.api.running import Person, Running, running
from tests.chromium import FLAGS, executable

pytestmark = pytest.mark.browser

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
AXE_OPTIONS = {
    "rules": {"target-size": {"enabled": True}, "color-contrast-enhanced": {"enabled": True}}
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A live room with a host, and browsers for who comes."""

    server: Running
    browser: Browser
    host: Person
    room: str

    async def page(self, path: str, who: Person | None = None, **options: Any) -> Page:
        context = await self.browser.new_context(locale="en-GB", **options)
        if who:
            script = f"localStorage.setItem('roomscribe.token', {json.dumps(who.token)})"
            await context.add_init_script(script)
        page = await context.new_page()
        await page.goto(self.server.url + path)
        return page

    async def console(self, who: Person | None = None, **options: Any) -> Page:
        page = await self.page(f"/rooms/{self.room}/captioner", who or self.host, **options)
        await expect(page.locator("#state")).to_have_text("The recogniser captions this room.")
        return page

    async def finals(self) -> list[str]:
        url = f"/v1/rooms/{self.room}/transcript?format=json"
        reply = await self.server.http.get(url, headers=self.host.headers)
        return [caption["text"] for caption in reply.json()["captions"]]


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    expect.set_options(timeout=10_000)
    async with running(tmp_path) as server, async_playwright() as playwright:
        host = await server.sign_in("Hanna")
        room = await server.live_room(host)
        await server.http.post(f"/v1/rooms/{room}/join", headers=host.headers)
        browser = await playwright.chromium.launch(executable_path=executable(), args=list(FLAGS))
        yield Place(server=server, browser=browser, host=host, room=room)
        await browser.close()


async def check_accessibility(page: Page) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: npm install")
    await page.evaluate(AXE.read_text())
    found = await page.evaluate("options => axe.run(document, options)", AXE_OPTIONS)
    broken = [(one["id"], n["html"]) for one in found["violations"] for n in one["nodes"]]
    assert broken == []


async def take_over(page: Page) -> None:
    await page.locator("#line").focus()
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("#state")).to_contain_text("You caption this room.")


async def test_a_captioner_takes_over_types_and_hands_back_with_the_keyboard(place: Place) -> None:
    console = await place.console()
    listener = await place.page(f"/rooms/{place.room}")
    await expect(listener.locator("#mode")).to_have_text("Following live")

    await take_over(console)
    await expect(listener.locator("#engine")).to_have_text("Captions by Hanna, by hand")
    await console.keyboard.type("Good mor")
    await expect(listener.locator("#turns .interim")).to_have_text("Good mor")
    await console.keyboard.type("ning. And wel")
    await expect(listener.locator("#turns .caption:not(.interim)")).to_have_text("Good morning.")
    await console.keyboard.type("come.")
    await console.keyboard.press("Enter")
    await expect(console.locator("#said .words")).to_have_text(["Good morning.", "And welcome."])
    await console.keyboard.press("Control+Enter")

    await expect(console.locator("#state")).to_have_text("The recogniser captions this room.")
    await expect(listener.locator("#turns .caption")).to_have_count(2)
    await expect(listener.locator("#engine")).not_to_contain_text("by hand")
    assert await place.finals() == ["Good morning.", "And welcome."]


async def test_abbreviations_and_names_are_written_out(place: Place) -> None:
    console = await place.console()
    await console.locator("#options summary").press("Enter")
    await console.get_by_label("Abbreviations, one on each line").fill("rs = Roomscribe")
    await take_over(console)

    await console.keyboard.type("rs is here, ")
    await console.keyboard.press("Alt+1")
    await console.keyboard.type("says rs")
    await console.keyboard.press("Enter")

    words = console.locator("#said .words")
    await expect(words).to_have_text("Roomscribe is here, Hanna says Roomscribe")
    await console.reload()
    await expect(console.get_by_label("Abbreviations, one on each line")).to_have_value(
        "rs = Roomscribe"
    )


async def test_a_past_caption_is_corrected_in_place_with_the_keyboard(place: Place) -> None:
    await place.server.say(place.room, "helo wrld", "and so on")
    console = await place.console()
    listener = await place.page(f"/rooms/{place.room}")
    await console.locator("#line").focus()

    await console.keyboard.press("ArrowUp")
    await console.keyboard.press("ArrowUp")
    await console.keyboard.press("Enter")
    await console.keyboard.type("Nothing of it")
    await console.keyboard.press("Escape")
    await expect(console.locator("#said .words").first).to_be_focused()
    await expect(console.locator("#said .words").first).to_have_text("helo wrld")
    await console.keyboard.press("Enter")
    await console.keyboard.type("Hello world.")
    await console.keyboard.press("Enter")

    await expect(console.locator("#said .words").first).to_have_text("Hello world.")
    await expect(console.locator("#said .words").first).to_be_focused()
    await expect(listener.locator("#turns .caption").first).to_contain_text("Hello world.")
    await console.keyboard.press("Escape")
    await expect(console.locator("#line")).to_be_focused()

    await listener.locator("#turns .mark").press("Enter")
    history = listener.get_by_role("dialog", name="History of this caption")
    await expect(history).to_contain_text("Hello world.")
    await expect(history).to_contain_text("Corrected by Hanna")
    await expect(history).to_contain_text("helo wrld")
    await check_accessibility(listener)
    await listener.keyboard.press("Escape")
    await expect(listener.locator("#turns .mark")).to_be_focused()


async def test_who_corrects_at_the_same_time_sees_both_texts(place: Place) -> None:
    await place.server.say(place.room, "helo")
    console = await place.console()
    await console.locator("#line").press("ArrowUp")
    await console.keyboard.press("Enter")
    await console.keyboard.type("Hello from me")
    url = f"/v1/rooms/{place.room}/captions/helo"
    body = {"text": "Hello from the host", "rev": 9}
    await place.server.http.patch(url, json=body, headers=place.host.headers)

    await console.keyboard.press("Enter")
    conflict = console.get_by_role("group", name="Somebody else changed this caption")
    await expect(conflict).to_contain_text("Hello from the host")
    await expect(conflict).to_contain_text("Hello from me")
    await check_accessibility(console)
    await console.keyboard.press("Tab")
    await console.keyboard.press("Enter")

    await expect(console.locator("#said .words")).to_have_text("Hello from me")
    assert await place.finals() == ["Hello from me"]


async def test_what_is_typed_while_the_network_is_cut_arrives_once(place: Place) -> None:
    console = await place.console()
    await take_over(console)
    await console.keyboard.type("Before the cut.")
    await console.keyboard.press("Enter")
    await expect(console.locator("#said .words")).to_have_count(1)

    hand = place.server.app.lives.by_hand(place.room)
    await console.context.set_offline(True)
    for text in ("While it was cut.", "Still."):
        await console.keyboard.type(text)
        await console.keyboard.press("Enter")
    await console.context.set_offline(False)

    await expect(console.locator("#said .words")).to_have_text(
        ["Before the cut.", "While it was cut.", "Still."]
    )
    assert hand.captioner is not None
    assert await place.finals() == ["Before the cut.", "While it was cut.", "Still."]


async def test_a_captioner_who_reloads_the_page_may_go_on_at_once(place: Place) -> None:
    console = await place.console()
    await take_over(console)
    await console.reload()
    await expect(console.locator("#state")).to_have_text("You caption this room in another window.")

    await take_over(console)
    await console.keyboard.type("Here again")
    await console.keyboard.press("Enter")

    await expect(console.locator("#said .words")).to_have_text("Here again")


async def test_the_host_makes_somebody_captioner_on_the_rooms_page(place: Place) -> None:
    carl = await place.server.sign_in("Carl")
    url = f"/v1/rooms/{place.room}/join"
    await place.server.http.post(url, headers=carl.headers)
    theirs = await place.page(f"/rooms/{place.room}", carl)
    mine = await place.page(f"/rooms/{place.room}", place.host)
    await mine.locator("#people-button").press("Enter")

    await mine.get_by_role("button", name="Make captioner: Carl").press("Enter")

    link = theirs.get_by_role("link", name="Caption by hand")
    await expect(link).to_be_visible()
    await expect(mine.get_by_role("button", name="No longer captioner: Carl")).to_be_visible()
    await check_accessibility(mine)
    await link.press("Enter")
    await expect(theirs.locator("#state")).to_have_text("The recogniser captions this room.")


@pytest.mark.parametrize(
    "look",
    [
        {},
        {"color_scheme": "dark"},
        {"forced_colors": "active"},
        {"viewport": {"width": 320, "height": 640}},
    ],
)
async def test_the_console_is_accessible_and_fits(place: Place, look: dict[str, Any]) -> None:
    await place.server.say(place.room, "helo wrld", "A long " + "sentence " * 20)
    console = await place.console(**look)
    await check_accessibility(console)
    await take_over(console)
    await console.keyboard.type("Somebody says")
    await console.locator("#options summary").press("Enter")
    await check_accessibility(console)
    await console.locator("#said .words").last.press("Enter")
    await check_accessibility(console)

    width = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert await console.evaluate(width) <= 0


async def test_who_types_to_speak_is_captioned_and_told_whether_they_were_heard(
    place: Place,
) -> None:
    ben = await place.server.sign_in("Ben")
    mine = await place.page(f"/rooms/{place.room}", ben)
    listener = await place.page(f"/rooms/{place.room}")
    await expect(listener.locator("#mode")).to_have_text("Following live")
    await expect(listener.locator("#say-form")).to_be_hidden()
    await check_accessibility(mine)

    await mine.get_by_label("Speak by typing").press("Space")
    await mine.keyboard.type("I would like to answer that.")
    await mine.keyboard.press("Enter")

    caption = listener.locator("#turns .caption")
    await expect(caption).to_have_text("I would like to answer that.")
    await expect(listener.locator("#turns .speaker")).to_have_text("Ben")
    await expect(mine.locator("#say-status")).not_to_have_text("")
    await expect(mine.get_by_label("Speak by typing")).to_have_value("")
    await expect(mine.get_by_label("Speak by typing")).to_be_focused()
    await check_accessibility(mine)


async def test_who_may_not_speak_any_more_is_told_so(place: Place) -> None:
    ben = await place.server.sign_in("Ben")
    url = f"/v1/rooms/{place.room}/join"
    await place.server.http.post(url, json={"as": "speaker"}, headers=ben.headers)
    page = await place.page(f"/rooms/{place.room}", ben)
    await page.get_by_label("Speak by typing").fill("Me again")
    await place.server.http.patch(
        f"/v1/rooms/{place.room}/participants/{ben.id}",
        json={"role": "listener"},
        headers=place.host.headers,
    )

    await page.keyboard.press("Enter")

    refused = re.compile("^(You may not speak in this room|The floor is not open; ask the host)")
    await expect(page.locator("#say-status")).to_have_text(refused)
    await expect(page.get_by_label("Speak by typing")).to_have_value("Me again")
    assert await place.finals() == []
