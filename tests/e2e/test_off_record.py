"""Off the record in a real room: read by who is there, and on no disk, killed or not."""

import asyncio
import json
import signal
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import websockets

from api.protocol import SUBPROTOCOL
from models.audio import RATE_HZ
from rooms.embedded.client import WhipClient, frames_of, load_pcm
from tests.e2e.running import Server, eventually
from tests.e2e.speech import speech

SECRET = "Quetzalcoatl"
DECODER_FADE_S = 0.02


async def _read(url: str, shown: list[dict[str, Any]]) -> None:
    protocols = [websockets.Subprotocol(SUBPROTOCOL)]
    with suppress(websockets.ConnectionClosed):
        async with websockets.connect(url, subprotocols=protocols) as captions:
            async for text in captions:
                shown.append(json.loads(text))


def _holding(folder: Path, words: str) -> list[str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path.name for path in files if words.encode() in path.read_bytes()]


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGTERM])
async def test_what_is_said_and_typed_off_the_record_is_on_no_disk_and_silent(
    tmp_path: Path, ending: signal.Signals
) -> None:
    log = tmp_path / "log"
    data = tmp_path / "data"
    server = Server(
        data, environment={"ROOMSCRIBE_SEGMENT_S": "1", "ROOMSCRIBE_LOG_LEVEL": "debug"}
    )
    server.prefix = ("sh", "-c", f'exec "$@" 2>>"{log}"', "sh")
    shown: list[dict[str, Any]] = []
    try:
        await server.start()
        token = await server.sign_in("Ada")
        room = (await server.ask("POST", "/v1/rooms", {"title": "Garden"}, token=token))["id"]
        await server.ask("POST", f"/v1/rooms/{room}/start", token=token)
        url = f"{server.url.replace('http', 'ws', 1)}/v1/rooms/{room}/captions"
        reading = asyncio.create_task(_read(url, shown))
        endpoint = f"{server.url}/v1/rooms/{room}/whip"

        async def switch(state: str) -> float:
            path = f"/v1/rooms/{room}/recording"
            return float((await server.ask("POST", path, {"state": state}, token=token))["from_s"])

        async def heard() -> bool:
            return any(one["type"] == "interim" for one in shown)

        async def passed() -> list[str]:
            return [one["text"] for one in shown if one.get("done")]

        async def kept_since() -> bool:
            return any(one["type"] == "final" and one["start"] > to_s for one in shown)

        async def written_since() -> bool:
            (one,) = (await server.ask("GET", f"/v1/rooms/{room}/recordings", token=token))["items"]
            return float(one["duration_s"]) > to_s + 0.5

        async with WhipClient(endpoint, token, ice_addresses=("127.0.0.1",)) as microphone:
            talking = asyncio.create_task(microphone.play(frames_of(speech(8).pcm)))
            await eventually(heard, within_s=60, what="speech on the record")
            from_s = await switch("off-record")
            said = f"The word is {SECRET}"
            await server.ask(
                "POST", f"/v1/rooms/{room}/say", {"line": "a", "text": said}, token=token
            )

            async def heard_and_typed() -> bool:
                return len(await passed()) >= 3

            await eventually(heard_and_typed, within_s=60, what="captions off the record")
            to_s = await switch("on")
            await eventually(kept_since, within_s=60, what="captions on the record")
            await eventually(written_since, within_s=60, what="sound on the record")
            off_record = await passed()
            await server.stop(ending)
            talking.cancel()
            await asyncio.gather(talking, return_exceptions=True)
        await reading
        assert said in off_record
        for text in off_record:
            assert _holding(tmp_path, text) == []
        assert _holding(tmp_path, SECRET) == []

        await server.start()

        async def finished() -> bool:
            items = (await server.ask("GET", "/v1/recordings"))["items"]
            return bool(items) and items[0]["phase"] == "finished"

        await eventually(finished, within_s=60, what="the recording")
        recording = (await server.ask("GET", "/v1/recordings"))["items"][0]
        (span,) = [loss for loss in recording["losses"] if loss["reason"] == "off-record"]
        assert span["start_s"] == pytest.approx(from_s, abs=0.001)
        assert span["duration_s"] == pytest.approx(to_s + 0.02 - from_s, abs=0.001)
        file = tmp_path / "kept.ogg"
        file.write_bytes(await server.download(recording["media"][0]["url"]))
        pcm = await asyncio.to_thread(load_pcm, file)
        first, end = round((from_s + DECODER_FADE_S) * RATE_HZ), round(to_s * RATE_HZ)
        assert not np.any(pcm[first:end])
        assert np.any(pcm[: round(from_s * RATE_HZ)])
        transcript = await server.ask("GET", f"/v1/rooms/{room}/transcript?format=json")
        assert [one for one in transcript["captions"] if one["text"] in off_record] == []
        gaps = [one for one in transcript["gaps"] if one["reason"] == "off-record"]
        assert [(gap["start"], gap["end"]) for gap in gaps] == [
            (pytest.approx(from_s, abs=0.001), pytest.approx(to_s + 0.02, abs=0.001))
        ]
    finally:
        await server.stop()
