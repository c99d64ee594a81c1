"""A whole server in this process, and what tests say to it."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx

from api.bootstrap import Roomscribe
from api.serving import serving
from api.settings import Settings
from models.caption import Interim
from models.room import Speaker
from models.transcript import Entry, Final, Word

ADA = Speaker(id="ada", name="Ada")
WAIT_S = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who has signed in."""

    id: str
    name: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A server that runs: its parts, and a client that speaks HTTP to it."""

    url: str
    app: Roomscribe
    http: httpx.AsyncClient

    async def sign_in(self, name: str = "Hanna") -> Person:
        reply = await self.http.post("/v1/session", json={"name": name})
        values = reply.raise_for_status().json()
        return Person(id=values["user"]["id"], name=name, token=values["token"])

    async def room(self, host: Person, title: str = "Tea", **fields: object) -> str:
        """Create a room; gives its id."""
        reply = await self.http.post(
            "/v1/rooms", json={"title": title, **fields}, headers=host.headers
        )
        return str(reply.raise_for_status().json()["id"])

    async def live_room(self, host: Person, title: str = "Tea", **fields: object) -> str:
        """Create a room and start it; gives its id."""
        room_id = await self.room(host, title, **fields)
        reply = await self.http.post(f"/v1/rooms/{room_id}/start", headers=host.headers)
        reply.raise_for_status()
        return room_id

    async def show(self, room_id: str, entry: Entry, *, instance: int = 1) -> Entry:
        """Keep an entry and publish it, as a session does."""
        kept = await self.app.journal.append(room_id, instance, entry)
        self.app.lives.bus(room_id).publish(kept)
        return kept

    async def say(self, room_id: str, *texts: str, instance: int = 1) -> None:
        """Show one final after another; a caption's id is its text."""
        for text in texts:
            await self.show(room_id, final(text), instance=instance)

    def murmur(self, room_id: str, id: str, rev: int, text: str) -> None:
        """Publish an interim."""
        self.app.lives.bus(room_id).publish(interim(id, rev, text))


def final(text: str, start_s: float = 0.0) -> Final:
    words = tuple(
        Word(text=word, start_s=start_s, end_s=start_s + 0.5, confidence=0.9)
        for word in text.split()
    )
    return Final(
        id=text[:40],
        rev=9,
        start_s=start_s,
        end_s=start_s + 1,
        speaker=ADA,
        text=text,
        words=words,
    )


def long_final(number: int) -> Final:
    """A caption that fills network buffers quickly."""
    return replace(final(f"{number} "), text=f"{number} {'word ' * 700}", words=())


def numbered(first: int, last: int) -> list[Entry]:
    """Finals as a journal numbers them."""
    return [replace(final(f"said {seq}"), seq=seq) for seq in range(first, last + 1)]


def interim(id: str, rev: int, text: str) -> Interim:
    return Interim(id=id, rev=rev, start_s=0.0, end_s=1.0, speaker=ADA, text=text, stable=0)


def settings(folder: Path, **values: Any) -> Settings:
    """Settings of a server that needs no weights and stays on this machine."""
    script = folder / "script.json"
    if not script.exists():
        script.write_text(json.dumps({"lines": []}), encoding="utf-8")
    given: dict[str, Any] = {
        "data_dir": folder,
        "port": 0,
        "engine": "scripted",
        "model": str(script),
        "ice_addresses": "127.0.0.1",
        "segment_s": 0.5,
    }
    return Settings(**given | values)


@asynccontextmanager
async def running(folder: Path, **values: Any) -> AsyncIterator[Running]:
    """Run a server on ``folder`` until the context ends."""
    async with serving(settings(folder, **values)) as (url, app):
        address = url.replace("localhost", "127.0.0.1")
        async with httpx.AsyncClient(base_url=address, timeout=WAIT_S) as http:
            yield Running(url=address, app=app, http=http)


async def eventually(holds: Callable[[], Awaitable[bool]]) -> None:
    """Wait until a condition holds; it is a failure when it never does."""
    async with asyncio.timeout(WAIT_S):
        while not await holds():
            await asyncio.sleep(0.02)
