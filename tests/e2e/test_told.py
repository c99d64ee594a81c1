"""What is said in a public room reaches a page that is open elsewhere, within a second."""

import json

import pytest
from playwright.async_api import Browser, Page, expect

from tests.e2e.running import Server, chromium, complain

pytestmark = pytest.mark.browser

# When a text first stands somewhere on a page, by the machine's clock.
SEEN = """([selector, text]) => new Promise((found) => {
  const look = () => [...document.querySelectorAll(selector)].some(
    (element) => element.checkVisibility() && element.textContent.includes(text));
  const done = () => look() && (observer.disconnect(), found(Date.now()));
  const observer = new MutationObserver(done);
  observer.observe(document.body,
    {childList: true, subtree: true, characterData: true, attributes: true});
  done();
})"""


async def _open(browser: Browser, address: str, faults: list[str], token: str = "") -> Page:
    context = await browser.new_context()
    if token:
        kept = f"localStorage.setItem('roomscribe.token', {json.dumps(token)})"
        await context.add_init_script(kept)
    page = await context.new_page()
    complain(page, faults)
    await page.goto(address)
    return page


async def _room(server: Server, token: str, *, private: bool) -> str:
    body = {"title": "Tea", "record": False, "private": private}
    room = str((await server.ask("POST", "/v1/rooms", body, token=token))["id"])
    await server.ask("POST", f"/v1/rooms/{room}/start", token=token)
    await server.ask("POST", f"/v1/rooms/{room}/join", {"as": "speaker"}, token=token)
    return room


async def _say(server: Server, token: str, room: str, text: str) -> None:
    body = {"line": f"line{len(text)}", "text": text}
    await server.ask("POST", f"/v1/rooms/{room}/say", body, token=token)


async def test_a_sentence_in_a_public_room_is_told_on_another_page_within_a_second(
    server: Server,
) -> None:
    host, gil = await server.sign_in("Hanna"), await server.sign_in("Gil")
    await server.ask("POST", "/v1/me/searches", {"query": "kettle"}, token=gil)
    private = await _room(server, host, private=True)
    public = await _room(server, host, private=False)
    faults: list[str] = []
    async with chromium() as browser:
        page = await _open(browser, f"{server.url}/recordings", faults, token=gil)
        await expect(page.get_by_role("link", name="Notifications")).to_be_visible()
        read = await _open(browser, f"{server.url}/rooms/{public}", faults)
        await expect(read.locator("#mode")).to_have_text("Following live")

        await _say(server, host, private, "A secret kettle.")
        await _say(server, host, public, "The kettle is on.")
        final_ms = await read.evaluate(SEEN, ["#turns .caption", "The kettle is on."])
        told_ms = await page.evaluate(SEEN, ["#alerts", "The kettle is on."])
        assert told_ms - final_ms < 1000

        card = page.get_by_role("region", name="Alerts")
        assert "secret" not in await card.inner_text()
        await card.get_by_role("link", name="Go there").click()
        await page.wait_for_url(f"**/rooms/{public}?instance=1*")
        await expect(page.locator("#turns .caption").first).to_have_text("The kettle is on.")
        await page.goto(f"{server.url}/notifications")
        told = page.locator("#told > li")
        await expect(told).to_have_count(1)
        await expect(told.locator("mark")).to_have_text("kettle")
        await expect(told.get_by_text("New", exact=True)).to_have_count(0)
    assert not faults
