"""kill -9: what was said and shown is still there, and the next start puts things right."""

import asyncio
import json
import os
import signal
from pathlib import Path
from typing import Any

import numpy as np
import websockets

from api.protocol import SUBPROTOCOL
from models.audio import RATE_HZ, Pcm
from rooms.embedded.client import WhipClient, frames_of, load_pcm
from tests.e2e.running import Server, eventually
from tests.e2e.speech import offset_s, speech
from tests.recorder.on_air import lag

_SEGMENT_S = 2.0


async def _live_room(server: Server) -> tuple[str, str]:
    token = await server.sign_in("Ada")
    room = await server.ask(
        "POST", "/v1/rooms", {"title": "Garden", "speaker_tracks": True}, token=token
    )
    await server.ask("POST", f"/v1/rooms/{room['id']}/start", token=token)
    return str(room["id"]), token


def _captions(server: Server, room: str, query: str = "") -> websockets.connect:
    url = f"{server.url.replace('http', 'ws', 1)}/v1/rooms/{room}/captions?{query}"
    return websockets.connect(url, subprotocols=[websockets.Subprotocol(SUBPROTOCOL)])


def _children(pid: int) -> list[int]:
    """Find the processes that ``pid`` started, whatever thread of it did."""
    found = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for file in found for child in file.read_text().split()]


async def test_a_killed_server_loses_no_caption_and_at_most_the_open_segment(
    tmp_path: Path,
) -> None:
    server = Server(tmp_path, environment={"ROOMSCRIBE_SEGMENT_S": str(_SEGMENT_S)})
    spoken = speech(4)
    shown: list[dict[str, Any]] = []
    try:
        await server.start()
        room, token = await _live_room(server)
        endpoint = f"{server.url}/v1/rooms/{room}/whip"
        assert server.process is not None
        workers = _children(server.process.pid)
        async with (
            WhipClient(endpoint, token, ice_addresses=("127.0.0.1",)) as microphone,
            _captions(server, room) as captions,
        ):
            talking = asyncio.create_task(microphone.play(frames_of(spoken.pcm)))
            while len([m for m in shown if m["type"] == "final"]) < 2:
                shown.append(json.loads(await asyncio.wait_for(captions.recv(), 60)))
            live = await server.ask("GET", "/v1/recordings")
            await server.stop(signal.SIGKILL)
            talking.cancel()
            await asyncio.gather(talking, return_exceptions=True)
        assert live["items"][0]["phase"] == "recording"

        await server.start()

        async def finished() -> bool:
            (item,) = (await server.ask("GET", "/v1/recordings"))["items"]
            return bool(item["phase"] == "finished")

        await eventually(finished, within_s=60, what="what was left to be finished")
        recording = (await server.ask("GET", "/v1/recordings"))["items"][0]
        finals = [m for m in shown if m["type"] == "final"]
        assert recording["duration_s"] >= finals[-1]["end"] - _SEGMENT_S
        file = tmp_path / "kept.ogg"
        file.write_bytes(await server.download(recording["media"][0]["url"]))
        kept = await asyncio.to_thread(load_pcm, file)
        began_s = offset_s(kept, spoken.pcm[: len(kept)])
        assert abs(began_s + spoken.turns[0].start_s - finals[0]["start"]) < 0.3
        assert int(np.abs(kept).max()) > 1000
        alone = await _alone(server, recording["id"], token, tmp_path)
        assert len(alone) == len(kept)
        assert abs(lag(kept, alone)) < 0.02 * RATE_HZ

        transcript = await server.ask("GET", f"/v1/rooms/{room}/transcript?format=json")
        texts = [item["text"] for item in transcript["captions"]]
        assert [m["text"] for m in finals] == texts[: len(finals)]
        assert (await server.ask("GET", f"/v1/rooms/{room}"))["state"] == "ended"

        async def orphans_are_gone() -> bool:
            return not any(_is_running(pid) for pid in workers)

        await eventually(orphans_are_gone, within_s=10, what="recognisers to end by themselves")
    finally:
        await server.stop()


async def _alone(server: Server, recording: str, token: str, folder: Path) -> Pcm:
    """The one speaker of a recording, from their own track."""
    shown = await server.ask("GET", f"/v1/recordings/{recording}", token=token)
    (track,) = shown["speaker_tracks"]
    assert track["speaker"]["name"] == "Ada"
    file = folder / "alone.ogg"
    file.write_bytes(await server.download(f"{track['url']}?token={token}"))
    return await asyncio.to_thread(load_pcm, file)


def _is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


async def test_a_killed_recogniser_is_announced_leaves_a_gap_and_comes_back(
    server: Server,
) -> None:
    spoken = speech(6)
    room, token = await _live_room(server)
    assert server.process is not None
    told: list[dict[str, Any]] = []
    endpoint = f"{server.url}/v1/rooms/{room}/whip"
    async with (
        WhipClient(endpoint, token, ice_addresses=("127.0.0.1",)) as microphone,
        _captions(server, room) as captions,
    ):
        talking = asyncio.create_task(microphone.play(frames_of(spoken.pcm)))

        async def until(kind: str, **values: object) -> None:
            async with asyncio.timeout(60):
                while True:
                    told.append(json.loads(await captions.recv()))
                    last = told[-1]
                    if last["type"] == kind and values.items() <= last.items():
                        return

        await until("final")
        await until("interim")
        for pid in _children(server.process.pid):
            os.kill(pid, signal.SIGKILL)
        await until("status", state="down")
        await until("gap", reason="engine-restart")
        await until("final")
        await talking
    numbers = [m["seq"] for m in told if "seq" in m and m["type"] in ("final", "gap")]
    assert numbers == list(range(1, len(numbers) + 1))
    await server.ask("POST", f"/v1/rooms/{room}/end", token=token)

    async def finished() -> bool:
        items = (await server.ask("GET", "/v1/recordings"))["items"]
        return bool(items) and items[0]["phase"] == "finished" and not items[0]["losses"]

    await eventually(finished, within_s=60, what="a whole recording")
