"""Roomscribe on its own path: WHIP into a real server, captions.v1 out of it."""

import asyncio
import contextlib
import json
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
import websockets

from api.protocol import SUBPROTOCOL
from bench.environments import Unavailable
from bench.peers.processes import free_port, running, until_listening
from bench.peers.scoring import Gap, SpokenWord, ahead_s, plain_words
from bench.peers.speech import Speech
from bench.peers.system import LINGER_S, TAIL_S, Screen
from models.audio import FRAME_S, RATE_HZ
from rooms.embedded.client import WhipClient, frames_of, request_by_urllib

_ROOT = Path(__file__).resolve().parents[2]
_LOCAL = "127.0.0.1"
_QUIET_S = 3.0
_END_S = 1.0
_SETTLE_S = 1.0

Message = dict[str, Any]


class Roomscribe:
    """The system as ``roomscribe serve`` runs it, recording included; or with padded windows."""

    def __init__(self, *, short_context: str = "auto") -> None:
        padded = self.variant = short_context == "off"
        self.name = "roomscribe-30s" if padded else "roomscribe"
        self.title = "Roomscribe" + (", padded to 30 s" if padded else "")
        self._short_context = short_context

    def prepare(self) -> None:
        """Nothing: it is the project that this file belongs to."""

    @asynccontextmanager
    async def serve(self, model: Path) -> AsyncIterator["_Server"]:
        with tempfile.TemporaryDirectory() as name:
            folder, port = Path(name), free_port()
            log = folder / "log"
            environment = {
                "HF_HUB_OFFLINE": "1",
                "ROOMSCRIBE_ENGINE": "faster-whisper",
                "ROOMSCRIBE_MODEL": str(model),
                "ROOMSCRIBE_SHORT_CONTEXT": self._short_context,
                "ROOMSCRIBE_DATA_DIR": str(folder / "data"),
                "ROOMSCRIBE_ICE_ADDRESSES": _LOCAL,
                "ROOMSCRIBE_PORT": str(port),
            }
            command = [sys.executable, "-m", "api.cli", "serve"]
            async with running(command, environment=environment, log=log, folder=_ROOT) as process:
                await until_listening(process, port, log)
                server = _Server(process.pid, f"{_LOCAL}:{port}")
                await server.sign_in()
                yield server


class _Server:
    def __init__(self, pid: int, address: str) -> None:
        self.pid = pid
        self.address = address
        self._token = ""

    async def sign_in(self) -> None:
        """Become somebody who may open rooms."""
        self._token = str((await self.ask("/session", {"name": "Ada"}))["token"])

    async def ask(self, path: str, body: Message | None = None) -> Message:
        """Post to the API. Raises `Unavailable` when it refuses, or does not answer."""
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self._token}"}
        url = f"http://{self.address}/v1{path}"
        text = json.dumps(body) if body is not None else ""
        try:
            answer = await request_by_urllib("POST", url, headers, text)
        except OSError:
            raise Unavailable(f"the server did not answer to {path.rpartition('/')[2]}") from None
        if answer.status >= 400:
            raise Unavailable(f"the server answered {answer.status} to {path.rpartition('/')[2]}")
        return dict(json.loads(answer.body)) if answer.body else {}

    @asynccontextmanager
    async def room(self) -> AsyncIterator["_Room"]:
        path = f"/rooms/{(await self.ask('/rooms', {'title': 'Bench'}))['id']}"
        await self.ask(f"{path}/start")
        endpoint = f"http://{self.address}/v1{path}/whip"
        captions = f"ws://{self.address}/v1{path}/captions"
        async with (
            WhipClient(endpoint, self._token, ice_addresses=(_LOCAL,)) as microphone,
            websockets.connect(
                captions, subprotocols=[websockets.Subprotocol(SUBPROTOCOL)], proxy=None
            ) as socket,
        ):
            yield _Room(self, path, microphone, socket)


class _Room:
    def __init__(
        self,
        server: _Server,
        path: str,
        microphone: WhipClient,
        socket: websockets.ClientConnection,
    ) -> None:
        self._server = server
        self._path = path
        self._microphone = microphone
        self._socket = socket
        self._reading: asyncio.Task[None] | None = None

    async def say(self, speech: Speech, screen: Screen) -> None:
        tail = np.zeros(round(TAIL_S * RATE_HZ), np.int16)
        frames = list(frames_of(np.concatenate((speech.pcm_48_khz, tail))))
        self._reading = asyncio.create_task(self._read(speech, screen))
        # A microphone that is behind with silence would catch up and send speech too early.
        await asyncio.sleep(_SETTLE_S)
        screen.begin()
        await asyncio.sleep(FRAME_S)  # a frame can be sent when it has been said
        await self._microphone.play(frames)

    async def finish(self) -> None:
        with contextlib.suppress(Unavailable):  # what was shown until now counts all the same
            await self._server.ask(f"{self._path}/end")
        if self._reading is not None:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._reading, LINGER_S)

    async def _read(self, speech: Speech, screen: Screen) -> None:
        """Read until the room has ended and all of the speech has captions or gaps."""
        page, ended = Page(), False
        try:
            while True:
                over = ended and page.reaches_end(speech.words)
                text = await asyncio.wait_for(self._socket.recv(), _QUIET_S if over else None)
                message = json.loads(text)
                if page.take(message):
                    screen.show(*page.shown())
                ended |= message["type"] == "room" and message["state"] == "ended"
        except (websockets.ConnectionClosed, TimeoutError):
            pass
        finally:
            screen.mark(page.gaps(), page.heard())


class Page:
    """What a reader of captions.v1 sees: finals, and behind them the captions that are open."""

    def __init__(self) -> None:
        self._finals: dict[int, Message] = {}
        self._gaps: dict[int, Message] = {}
        self._open: dict[str, Message] = {}

    def take(self, message: Message) -> bool:
        """Take a message; whether the words on the screen may have changed."""
        match message["type"]:
            case "interim" if message["text"]:
                self._open[message["id"]] = message
            case "interim":
                self._open.pop(message["id"], None)
            case "final":
                self._finals[message["seq"]] = message
                self._open.pop(message["id"], None)
            case "gap":
                self._gaps[message["seq"]] = message
            case "history":
                for item in message["items"]:
                    self.take(item)
            case _:
                return False
        return True

    def shown(self) -> tuple[str, str]:
        """Split it: ``stable`` characters are promised, as finals are, up to the first doubt."""
        committed = [final["text"] for _, final in sorted(self._finals.items())]
        tentative: list[str] = []
        for message in sorted(self._open.values(), key=lambda message: message["start"]):
            text, stable = message["text"], 0 if tentative else message["stable"]
            committed.append(text[:stable])
            if rest := text[stable:].strip():
                tentative.append(rest)
        return " ".join(committed), " ".join(tentative)

    def reaches_end(self, said: Sequence[SpokenWord]) -> bool:
        """Whether finals or gaps reach the end of what was said, as far as can be told."""
        ahead = ahead_s(said, self.heard())
        ends_s = [item["end"] for item in (*self._finals.values(), *self._gaps.values())]
        return ahead is not None and max(ends_s) > said[-1].end_s + ahead - _END_S

    def gaps(self) -> list[Gap]:
        """Give what was marked as not captioned, in the room's clock."""
        return [Gap(start_s=gap["start"], end_s=gap["end"]) for gap in self._gaps.values()]

    def heard(self) -> list[SpokenWord]:
        """Give the words of all finals, in the room's clock."""
        return [
            SpokenWord(text=part, start_s=start_s, end_s=end_s)
            for _, final in sorted(self._finals.items())
            for text, start_s, end_s, _ in final["words"]
            for part in plain_words(text)
        ]
