"""The long proofs: what the short ones show once, again and again."""

import asyncio
import json
import random
import signal
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import websockets

from api.protocol import SUBPROTOCOL
from rooms.embedded.client import WhipClient, frames_of
from tests.e2e.running import Server, eventually
from tests.e2e.speech import speech

pytestmark = pytest.mark.soak

_ROUNDS = 20
_SEGMENT_S = 1.0


async def _read(url: str, shown: list[dict[str, Any]]) -> None:
    protocols = [websockets.Subprotocol(SUBPROTOCOL)]
    with suppress(websockets.ConnectionClosed):
        async with websockets.connect(url, subprotocols=protocols) as captions:
            async for text in captions:
                message = json.loads(text)
                if message["type"] == "final":
                    shown.append(message)


async def _talk_until_killed(server: Server, after_s: float) -> tuple[str, list[dict[str, Any]]]:
    token = await server.sign_in("Ada")
    room = (await server.ask("POST", "/v1/rooms", {"title": "Garden"}, token=token))["id"]
    await server.ask("POST", f"/v1/rooms/{room}/start", token=token)
    shown: list[dict[str, Any]] = []
    url = f"{server.url.replace('http', 'ws', 1)}/v1/rooms/{room}/captions"
    reading = asyncio.create_task(_read(url, shown))
    endpoint = f"{server.url}/v1/rooms/{room}/whip"
    async with WhipClient(endpoint, token, ice_addresses=("127.0.0.1",)) as microphone:
        talking = asyncio.create_task(microphone.play(frames_of(speech(6).pcm)))
        await asyncio.sleep(after_s)
        await server.stop(signal.SIGKILL)
        talking.cancel()
        await asyncio.gather(talking, return_exceptions=True)
    await reading
    return room, shown


async def _finished(server: Server, room: str) -> dict[str, Any]:
    """Wait until the recording that the kill left in pieces is whole."""

    async def whole() -> dict[str, Any]:
        items = (await server.ask("GET", f"/v1/rooms/{room}/recordings"))["items"]
        return dict(items[0]) if items and items[0]["phase"] == "finished" else {}

    return await eventually(whole, within_s=60, what="the finished recording")


async def test_a_server_that_is_killed_again_and_again_keeps_what_it_showed(
    tmp_path: Path,
) -> None:
    server = Server(tmp_path, environment={"ROOMSCRIBE_SEGMENT_S": str(_SEGMENT_S)})
    chance = random.Random(6)
    finals = 0
    try:
        for _ in range(_ROUNDS):
            await server.start()
            talked_s = chance.uniform(4, 20)
            room, shown = await _talk_until_killed(server, talked_s)
            await server.start()
            transcript = await server.ask("GET", f"/v1/rooms/{room}/transcript?format=json")
            kept = [caption["text"] for caption in transcript["captions"]]
            assert [message["text"] for message in shown] == kept[: len(shown)]
            recording = await _finished(server, room)
            assert recording["duration_s"] >= talked_s - _SEGMENT_S - 1
            finals += len(shown)
            await server.stop()
    finally:
        await server.stop()
    assert finals > _ROUNDS
