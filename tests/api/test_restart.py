"""What a server finds at its start after it was killed."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from tests.api.running import WAIT_S, eventually, running, settings


@asynccontextmanager
async def another_process(folder: Path) -> AsyncIterator[str]:
    """Run a server of its own; gives its address, and kills it without a warning."""
    values = settings(folder).model_dump()
    environment = {f"ROOMSCRIBE_{name.upper()}": str(value) for name, value in values.items()}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "api.cli",
        "serve",
        env=os.environ | environment | {"HF_HUB_OFFLINE": "1"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(3 * WAIT_S):
            said = await process.stdout.readuntil(b"(Ctrl-C")
        address = said.split()[-2].decode()
        yield address.replace("localhost", "127.0.0.1")
    finally:
        process.send_signal(signal.SIGKILL)
        await process.communicate()


async def test_a_killed_servers_rooms_are_ended_and_their_recordings_finished(
    tmp_path: Path,
) -> None:
    async with another_process(tmp_path) as url, httpx.AsyncClient(base_url=url) as http:
        session = (await http.post("/v1/session", json={"name": "Hanna"})).json()
        headers = {"Authorization": f"Bearer {session['token']}"}
        room = (await http.post("/v1/rooms", json={"title": "Tea"}, headers=headers)).json()["id"]
        await http.post(f"/v1/rooms/{room}/start", headers=headers)

        async def kept() -> bool:
            (recording,) = (await http.get(f"/v1/rooms/{room}/recordings")).json()["items"]
            return bool(recording["duration_s"] >= 1)

        await eventually(kept)

    async with running(tmp_path) as server:
        await server.app.finishing.idle()
        shown = (await server.http.get(f"/v1/rooms/{room}")).json()
        (recording,) = (await server.http.get("/v1/recordings")).json()["items"]
        media = await server.http.get(recording["media"][0]["url"])
        again = await server.http.post(f"/v1/rooms/{room}/start", headers=headers)

    assert (shown["state"], shown["instance"]) == ("ended", 1)
    assert shown["ended_at"] is not None
    assert recording["phase"] == "finished"
    assert recording["duration_s"] >= 1
    assert media.content[:4] == b"OggS"
    assert (again.status_code, again.json()["instance"]) == (200, 2)


async def test_a_server_that_ends_ends_its_rooms(tmp_path: Path) -> None:
    async with running(tmp_path) as server:
        room = await server.live_room(await server.sign_in())

    async with running(tmp_path) as server:
        await server.app.finishing.idle()
        shown = (await server.http.get(f"/v1/rooms/{room}")).json()
        recordings = (await server.http.get("/v1/recordings")).json()["items"]

    assert shown["state"] == "ended"
    assert [one["phase"] for one in recordings] in ([], ["finished"])
