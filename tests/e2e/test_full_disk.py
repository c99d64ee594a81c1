"""A disk that fills up while a room is recorded: said at once, and the room goes on."""

import asyncio
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import websockets

from api.protocol import SUBPROTOCOL
from rooms.embedded.client import WhipClient, frames_of
from tests.e2e.running import Server, eventually
from tests.e2e.speech import speech

_MOUNT = 'mkdir -p "$0" && mount -t tmpfs -o size=1m tmpfs "$0" && exec "$@"'
_FILLER_BYTES = 960 * 1024  # of a megabyte: the rest is full after some ten seconds


def _may_mount() -> bool:
    tried = subprocess.run(
        ["unshare", "-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True, check=False
    )
    return tried.returncode == 0


async def test_a_full_disk_is_said_the_room_goes_on_and_so_does_the_recording_later(
    tmp_path: Path,
) -> None:
    if not await asyncio.to_thread(_may_mount):
        pytest.skip("a small disk cannot be mounted here (needs root)")
    folder = tmp_path / "recordings"
    server = Server(
        tmp_path,
        environment={"ROOMSCRIBE_SEGMENT_S": "1"},
        prefix=("unshare", "-m", "sh", "-c", _MOUNT, str(folder)),
    )
    told: list[dict[str, Any]] = []
    spoken = speech(8)
    try:
        await server.start()
        assert server.process is not None
        filler = Path(f"/proc/{server.process.pid}/root{folder}/filler")
        await asyncio.to_thread(filler.write_bytes, bytes(_FILLER_BYTES))
        token = await server.sign_in("Ada")
        room = (await server.ask("POST", "/v1/rooms", {"title": "Garden"}, token=token))["id"]
        await server.ask("POST", f"/v1/rooms/{room}/start", token=token)
        url = f"{server.url.replace('http', 'ws', 1)}/v1/rooms/{room}/captions"
        protocols = [websockets.Subprotocol(SUBPROTOCOL)]
        async with (
            WhipClient(
                f"{server.url}/v1/rooms/{room}/whip", token, ice_addresses=("127.0.0.1",)
            ) as microphone,
            websockets.connect(url, subprotocols=protocols) as captions,
        ):
            talking = asyncio.create_task(microphone.play(frames_of(spoken.pcm)))

            async def until(kind: str, note: str | None = None) -> None:
                async with asyncio.timeout(60):
                    while True:
                        told.append(json.loads(await captions.recv()))
                        last = told[-1]
                        if last["type"] == kind and (note is None or note == last["note"][:9]):
                            return

            await until("room", "disk full")
            await until("final")
            await asyncio.to_thread(filler.unlink)
            await until("room", "the disk ")  # it is small, and so is what is left
            await until("final")
            await talking
        await server.ask("POST", f"/v1/rooms/{room}/end", token=token)

        async def finished() -> dict[str, Any]:
            items = (await server.ask("GET", "/v1/recordings"))["items"]
            return dict(items[0]) if items and items[0]["phase"] == "finished" else {}

        recording = await eventually(finished, within_s=60, what="the finished recording")
        assert recording["losses"], "the span without a disk is said in the open"
        assert recording["duration_s"] > len(spoken.pcm) / 48_000 - 1
    finally:
        await server.stop()
