"""One browser speaks, another reads: the whole way, as people go it."""

import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from api.demo.score import word_error_rate
from rooms.embedded.client import load_pcm
from tests.e2e.running import Server, chromium, complain, eventually
from tests.e2e.speech import Speech, offset_s, speech

pytestmark = pytest.mark.browser

_TURNS = 7
_BASIC_ENGINE = 0.6  # the embedded engine gets at least these many words right on a busy machine
_SEEK_S = 0.3


async def _sign_in(page: Page, name: str) -> None:
    await page.get_by_role("button", name="Sign in").click()
    await page.get_by_role("textbox", name="Your name").fill(name)
    await page.get_by_role("dialog").get_by_role("button", name="Sign in").click()
    await expect(page.get_by_text(f"Signed in as {name}")).to_be_visible()


async def _host_a_room(page: Page, url: str) -> str:
    """Sign in, create a room that starts at once, and speak in it; gives the room's address."""
    await page.goto(url)
    await _sign_in(page, "Grace")
    await page.get_by_role("button", name="New room").click()
    await page.get_by_role("textbox", name="Title").fill("Saturday in the garden")
    await page.get_by_role("button", name="Create the room").click()
    await page.wait_for_url("**/rooms/*")
    return page.url


async def _words(page: Page) -> str:
    texts = await page.locator("#turns .caption:not(.interim)").all_inner_texts()
    return " ".join(texts)


async def _read_captions(page: Page, spoken: Speech) -> None:
    """See interims, then finals with the speaker's name, until the talk is all there."""
    await expect(page.locator("#turns .caption").first).to_be_visible(timeout=30_000)
    await expect(page.locator("#turns .speaker").first).to_have_text("Grace")

    async def enough() -> bool:
        return len((await _words(page)).split()) > len(spoken.text.split()) / 4

    await eventually(enough, within_s=60, what="captions of the first turns")


async def _pause_count_and_resume(page: Page) -> None:
    """Pausing freezes the view and counts; resuming shows everything that was missed."""
    await page.get_by_role("button", name="Pause").click()
    frozen = await page.locator("#turns").inner_html()
    count = page.locator("#pause-count")
    await expect(count).to_have_text(re.compile(r"[1-9]"), timeout=60_000)
    assert await page.locator("#turns").inner_html() == frozen
    await expect(page.locator("#mode")).to_contain_text("new caption")
    before = len((await _words(page)).split())
    await page.get_by_role("button", name="Other ways to go on").click()
    await page.get_by_role("button", name=re.compile("missed caption")).click()

    async def more() -> bool:
        return len((await _words(page)).split()) > before

    await eventually(more, within_s=10, what="the missed captions")


async def _change_the_font(page: Page) -> None:
    """A setting is seen at once, and is there again after a reload."""
    await page.get_by_role("button", name="Caption settings").click()
    await page.get_by_label("Typeface", exact=True).select_option("mono-sans")
    await page.keyboard.press("Escape")
    family = await page.locator("#turns").evaluate("e => getComputedStyle(e).fontFamily")
    assert "mono" in family.lower()
    await page.reload()
    await expect(page.locator("#turns .caption").first).to_be_visible()
    again = await page.locator("#turns").evaluate("e => getComputedStyle(e).fontFamily")
    assert again == family


async def _scroll_back(page: Page) -> None:
    """By keyboard to the first caption, and to live again."""
    await page.locator("#captions").focus()
    await page.keyboard.press("Home")
    await expect(page.locator("#turns .turn").first).to_be_in_viewport()
    await page.keyboard.press("End")
    await expect(page.locator("#turns .turn").last).to_be_in_viewport()


async def _end(page: Page) -> None:
    await page.get_by_role("button", name="End the room").click()
    await page.get_by_role("dialog").get_by_role("button", name="End the room").click()
    await expect(page.locator("#room-state")).to_contain_text("Ended", timeout=30_000)


async def _play_the_recording(page: Page, server: Server, spoken: Speech, folder: Path) -> None:
    """Every caption seeks to where its words are in the recording."""

    async def finished() -> str:
        items = (await server.ask("GET", "/v1/recordings"))["items"]
        return str(items[0]["id"]) if items and items[0]["phase"] == "finished" else ""

    recording = await eventually(finished, within_s=60, what="the finished recording")
    await page.goto(f"{server.url}/recordings/{recording}")
    file = folder / "recording.wav"
    file.write_bytes(await server.download(f"/v1/recordings/{recording}/media?format=wav"))
    began_s = offset_s(load_pcm(file), spoken.pcm)
    starts = [began_s + turn.start_s for turn in spoken.turns]
    cues = page.locator("#turns .caption")
    await expect(cues.first).to_be_visible()
    found = set()
    for number in range(await cues.count()):
        await cues.nth(number).locator(".word").first.click()
        sought_s = float(await page.locator("audio").evaluate("e => e.currentTime"))
        near = [i for i, start_s in enumerate(starts) if abs(sought_s - start_s) <= _SEEK_S]
        found.update(near)
    assert len(found) >= len(starts) - 2, f"turns begin at {starts}; found {sorted(found)}"
    playing = "e => e.readyState >= 2 && !e.error && e.duration > 10"
    await expect(page.locator("audio")).to_have_js_property("error", None)
    await page.wait_for_function(f"({playing})(document.querySelector('audio'))")


async def test_a_talk_is_read_live_paused_scrolled_restyled_and_heard_again(
    server: Server, tmp_path: Path
) -> None:
    spoken = speech(_TURNS)
    microphone = spoken.write(tmp_path / "talk.wav")
    faults: list[str] = []
    flags = (
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-audio-capture={microphone}%noloop",
    )
    async with chromium(*flags) as speaking, chromium() as reading:
        host, reader = await speaking.new_page(), await _reader(reading)
        complain(host, faults)
        complain(reader, faults)
        address = await _host_a_room(host, server.url)
        await reader.goto(address)
        await expect(reader.get_by_text("Captions appear here")).to_be_visible()
        await reader.get_by_role("button", name="Listen").click()
        await _sign_in_if_asked(reader, "Lou")
        await host.get_by_role("button", name="Speak", exact=True).click()
        await _read_captions(reader, spoken)
        await _pause_count_and_resume(reader)
        await _change_the_font(reader)

        async def all_said() -> bool:
            return len((await _words(reader)).split()) > 0.8 * len(spoken.text.split())

        await eventually(all_said, within_s=60, what="captions of the whole talk")
        await _scroll_back(reader)
        await _end(host)
        heard = await _words(reader)
        assert word_error_rate(spoken.text, heard) < _BASIC_ENGINE
        await _play_the_recording(reader, server, spoken, tmp_path)
    assert not faults


async def _reader(browser: Browser) -> Page:
    return await browser.new_page(viewport={"width": 900, "height": 700})


async def _sign_in_if_asked(page: Page, name: str) -> None:
    dialog = page.get_by_role("dialog")
    if await dialog.is_visible():
        await page.get_by_role("textbox", name="Your name").fill(name)
        await dialog.get_by_role("button", name="Sign in").click()
