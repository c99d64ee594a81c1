"""A server that is killed in the middle of telling tells the rest, and nothing twice."""

from pathlib import Path

import httpx

from tests.api.running import eventually, running
from tests.api.test_restart import another_process

LINES = 12


async def test_every_caption_counts_once_across_a_kill(tmp_path: Path) -> None:
    async with another_process(tmp_path) as url, httpx.AsyncClient(base_url=url) as http:
        host, gil = [await _sign_in(http, name) for name in ("Hanna", "Gil")]
        saved = await http.post("/v1/me/searches", json={"query": "kettle"}, headers=gil)
        assert saved.status_code == 201
        room = (await http.post("/v1/rooms", json={"title": "Tea"}, headers=host)).json()["id"]
        await http.post(f"/v1/rooms/{room}/start", headers=host)
        await http.post(f"/v1/rooms/{room}/join", json={"as": "speaker"}, headers=host)
        for number in range(LINES):
            line = {"line": f"line{number}", "text": "Kettle."}
            await http.post(f"/v1/rooms/{room}/say", json=line, headers=host)

    async with running(tmp_path) as server:
        written = (await server.http.get(f"/v1/rooms/{room}/transcript?format=json")).json()
        captions = len(written["captions"])

        async def is_told() -> bool:
            reply = await server.http.get("/v1/me/notifications", headers=gil)
            (item,) = reply.json()["items"] or [{"more": -1}]
            return bool(1 + item["more"] == captions)

        await eventually(is_told)
        await server.app.mentions.idle()
        assert await is_told()
    assert captions > 0


async def _sign_in(http: httpx.AsyncClient, name: str) -> dict[str, str]:
    token = (await http.post("/v1/session", json={"name": name})).json()["token"]
    return {"Authorization": f"Bearer {token}"}
