"""A room's own words arrive while it is live, and the next utterances are right."""

import asyncio
import logging
from pathlib import Path

import httpx
import numpy as np
import pytest
from playwright.async_api import expect

from api.bootstrap import Roomscribe
from api.serving import serving
from api.settings import Settings
from models.audio import RATE_HZ, Pcm
from models.room import User
from models.transcript import Final
from rooms.embedded.client import WhipClient, frames_of, load_pcm
from tests.e2e.running import Server, chromium, complain
from tests.fixtures.clips import FIXTURES

_PAUSE = np.zeros(3 * RATE_HZ, np.int16)


def _say(number: str) -> Pcm:
    return np.concatenate([load_pcm(FIXTURES / "vocabulary" / f"{number}.opus"), _PAUSE])


async def _ask(
    app: Roomscribe, url: str, user: User, method: str, path: str, body: object = None
) -> None:
    headers = {"Authorization": f"Bearer {app.identity.token(user)}"}
    async with httpx.AsyncClient(base_url=url, headers=headers) as http:
        (await http.request(method, f"/v1/rooms/{path}", json=body)).raise_for_status()


async def test_a_term_and_a_guest_that_come_while_the_room_is_live_are_heard_right(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(data_dir=tmp_path, port=0, engine="pocketsphinx", ice_addresses="127.0.0.1")
    with caplog.at_level(logging.DEBUG):
        async with serving(settings) as (url, app):
            url = url.replace("localhost", "127.0.0.1")
            host = await app.registry.sign_up("Hana")
            guest = await app.registry.sign_up("Priyanka Nakamura")
            room = await app.lives.start(host, (await app.registry.create(host, "Talk")).id)
            microphone = WhipClient(
                f"{url}/v1/rooms/{room.id}/whip",
                app.identity.token(host),
                ice_addresses=("127.0.0.1",),
            )
            async with microphone:
                await microphone.play(frames_of(_say("04-kal16")))
                words = {"terms": ["Wilhelmina"]}
                await asyncio.gather(
                    _ask(app, url, host, "PATCH", room.id, words),
                    _ask(app, url, guest, "POST", f"{room.id}/join"),
                )
                for sentence in (_PAUSE, _say("04-kal16"), _say("02-awb")):
                    await microphone.play(frames_of(sentence))
            await app.lives.end(host, room.id)
            await app.lives.finished(room.id)
            entries = await app.journal.transcript(room.id)

    assert all(isinstance(entry, Final) for entry in entries), "no audio may be lost"
    before, after, named = [entry.text for entry in entries if isinstance(entry, Final)]
    assert "Wilhelmina" not in before
    assert "Wilhelmina" in after
    assert "Priyanka Nakamura" in named
    written = caplog.text + "".join(capfd.readouterr())
    assert not [word for word in ("Wilhelmina", "Priyanka") if word in written]


@pytest.mark.browser
async def test_a_host_types_names_and_words_into_the_page(server: Server) -> None:
    faults: list[str] = []
    async with chromium() as browser:
        page = await browser.new_page(viewport={"width": 320, "height": 640})
        complain(page, faults)
        await page.goto(server.url)
        await page.get_by_role("button", name="New room").click()
        await page.get_by_role("textbox", name="Your name").fill("Grace")
        await page.get_by_role("dialog").get_by_role("button", name="Sign in").click()
        await page.get_by_role("textbox", name="Title").fill("Birds")
        await page.get_by_label("Names and words that captions").fill("Kestrel\n\nkestrel")
        await page.get_by_role("button", name="Create the room").click()
        await page.wait_for_url("**/rooms/*")

        await page.get_by_role("button", name="Names and words").click()
        area = page.get_by_label("One name or word per line")
        await expect(area).to_have_value("Kestrel")
        await area.fill("Kestrel\n\n" + "x" * 65)
        await page.get_by_role("button", name="Save").click()
        await expect(page.get_by_text("Term 3 is longer than 64 characters")).to_be_visible()
        await area.fill("Kestrel\n\nTollund")
        await page.get_by_role("button", name="Save").click()
        await expect(page.get_by_text("Captions use these words from now on")).to_be_visible()
        await expect(area).to_have_value("Kestrel\nTollund")
        await page.reload()
        await page.get_by_role("button", name="Names and words").click()
        await expect(area).to_have_value("Kestrel\nTollund")

        stranger = await browser.new_page()
        await stranger.goto(page.url)
        await expect(stranger.locator("#room-state")).to_contain_text("Live")
        await expect(stranger.get_by_role("button", name="Names and words")).to_be_hidden()
    assert [fault for fault in faults if "422" not in fault] == []
