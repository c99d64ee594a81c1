"""A quote made in a live room, whose link opens the recording when the room has ended."""

from typing import Any

import pytest
from playwright.async_api import expect

from tests.e2e.running import Server, chromium, complain, eventually

pytestmark = pytest.mark.browser

SENTENCES = ("The kettle is on.", "Who takes milk?", "Nobody does.")


async def _talk(server: Server, token: str) -> str:
    """Hold a live room in which three things were said; gives its id."""
    body = {"title": "Tea", "record": True}
    room_id = str((await server.ask("POST", "/v1/rooms", body, token=token))["id"])
    await server.ask("POST", f"/v1/rooms/{room_id}/start", token=token)
    await server.ask("POST", f"/v1/rooms/{room_id}/join", {"as": "speaker"}, token=token)
    for number, text in enumerate(SENTENCES):
        line = {"line": f"line{number}", "text": text}
        await server.ask("POST", f"/v1/rooms/{room_id}/say", line, token=token)
    return room_id


async def test_a_quote_of_a_live_room_opens_the_recording_there_when_the_room_has_ended(
    server: Server,
) -> None:
    token = await server.sign_in("Ada")
    room_id = await _talk(server, token)
    faults: list[str] = []
    async with chromium() as browser:
        context = await browser.new_context(permissions=["clipboard-read", "clipboard-write"])
        page = await context.new_page()
        complain(page, faults)
        await page.goto(f"{server.url}/rooms/{room_id}")
        await expect(page.locator("#turns .caption")).to_have_count(3)
        for key in ("q", "ArrowUp", "Enter"):
            await page.keyboard.press(key)
        await expect(page.locator("#status")).to_contain_text("The quote is copied")
        quote = (await page.evaluate("navigator.clipboard.readText()")).splitlines()
        assert quote[0] == "“Who takes milk?”"
        assert quote[1].startswith("— Ada, Tea, 0:")

        await page.goto(quote[2])
        await expect(page.locator("#turns .quoted")).to_have_text("Who takes milk?")
        await expect(page.locator("#mode")).to_contain_text("Paused")

        await server.ask("POST", f"/v1/rooms/{room_id}/end", token=token)
        await eventually(lambda: _finished(server), within_s=60, what="the finished recording")
        await page.goto(quote[2])
        await page.wait_for_url("**/recordings/*")
        await expect(page.locator("#turns .quoted")).to_have_text("Who takes milk?")
        await expect(page.get_by_role("button", name="Who")).to_be_focused()
        transcript = await server.ask("GET", f"/v1/rooms/{room_id}/transcript?format=json")
        stands_s = await page.locator("audio").evaluate("e => e.currentTime")
        assert stands_s == pytest.approx(_start_s(transcript, "Who takes milk?"), abs=0.05)
    assert not faults


async def _finished(server: Server) -> bool:
    items = (await server.ask("GET", "/v1/recordings"))["items"]
    return bool(items) and items[0]["phase"] == "finished"


def _start_s(transcript: dict[str, Any], text: str) -> float:
    return next(float(one["start"]) for one in transcript["captions"] if one["text"] == text)
