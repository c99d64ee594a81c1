"""The search page with a whole server: what was said in a room is found, and heard."""

import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.api.recorded import recorded
from tests.api.running import final, running
from tests.e2e.running import chromium, complain

pytestmark = pytest.mark.browser


async def test_what_was_said_is_found_while_it_is_typed_and_heard_where_it_is_found(
    tmp_path: Path,
) -> None:
    faults: list[str] = []
    async with running(tmp_path) as server, chromium() as browser:
        host = await server.sign_in()
        room, recording = await recorded(server, host)
        await server.show(room, final("Put the kettle on.", start_s=0.5))
        page = await browser.new_page()
        complain(page, faults)
        await page.goto(f"{server.url}/search")

        await page.get_by_role("searchbox").press_sequentially("kettle")

        await expect(page.locator(".hit mark")).to_have_text("kettle")
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Enter")
        await expect(page.locator(".hit-player .caption")).to_have_text(
            re.compile("Put the kettle on")
        )
        await page.wait_for_function("() => document.querySelector('.hit audio').currentTime > 0")
        link = page.get_by_role("link", name="Open in the player")
        await expect(link).to_have_attribute("href", re.compile(f"/recordings/{recording}\\?t="))
        await page.get_by_text("Filters", exact=True).click()
        await page.get_by_label("Language", exact=True).select_option("ar")
        await expect(page.get_by_role("heading", name="Nothing was found")).to_be_visible()
    assert faults == []
