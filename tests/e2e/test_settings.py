"""A listener's caption style on two devices, through a real server."""

import pytest
from playwright.async_api import Browser, Page, expect

from tests.e2e.running import Server, chromium

pytestmark = pytest.mark.browser


async def _device(browser: Browser, address: str, token: str = "") -> Page:
    context = await browser.new_context()
    await context.add_init_script(f"localStorage.setItem('roomscribe.token', '{token}')")
    page = await context.new_page()
    await page.goto(address)
    await expect(page.locator("#mode, #controls").first).to_be_visible()
    return page


async def test_a_style_set_on_one_device_is_on_the_others_at_once_and_a_reset_stays(
    server: Server,
) -> None:
    token = await server.sign_in("Ada")
    rooms = [
        await server.ask("POST", "/v1/rooms", {"title": title}, token=token)
        for title in ("Tea", "Elsewhere")
    ]
    async with chromium() as browser:
        desktop, phone = [
            await _device(browser, f"{server.url}/rooms/{room['id']}", token) for room in rooms
        ]
        screen = await _device(
            browser, f"{server.url}/rooms/{rooms[0]['id']}/captions?preset=black-on-white"
        )
        await expect(phone.locator("#session")).to_contain_text("Ada")
        await expect(desktop.locator("#mode")).not_to_be_empty()
        await expect(phone.locator("#mode")).not_to_be_empty()
        await desktop.get_by_role("button", name="Caption settings").click()

        await desktop.get_by_role("button", name="Yellow on black").click()
        await expect(phone.locator("#captions")).to_have_css("color", "rgb(255, 255, 0)")
        await desktop.get_by_role("button", name="Reset to defaults").click()
        await expect(phone.locator("#captions")).to_have_css("color", "rgb(255, 255, 255)")
        await phone.reload()
        await expect(phone.locator("#mode")).not_to_be_empty()

        await expect(phone.locator("#captions")).to_have_css("color", "rgb(255, 255, 255)")
        await expect(screen.locator("#captions")).to_have_css("color", "rgb(0, 0, 0)")
