"""WhisperLive (MIT): a thread and a window for each client; completed segments are committed."""

import asyncio
import json
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import websockets

from bench.environments import Recipe, Unavailable, install, python
from bench.peers.processes import free_port, running, until_listening
from bench.peers.sockets import Dialect, Message, SocketRoom

RECIPE = Recipe(
    name="whisperlive",
    steps=(
        # this very version: with another one pip may choose a build with gigabytes of CUDA
        ("torch==2.13.0",),
        # its whole dependencies build PyAudio, which a server does not need
        ("--no-deps", "whisper-live==0.10.0"),
        (
            "faster-whisper==1.2.0",
            "requests",
            "websockets",
            "websocket-client",
            "onnxruntime",
            "scipy",
            "fastapi",
            "uvicorn",
            "python-multipart",
        ),
    ),
)
_LAUNCH = """
import sys
from whisper_live.server import TranscriptionServer
TranscriptionServer().run("127.0.0.1", port=int(sys.argv[1]), backend="faster_whisper",
    faster_whisper_custom_model_path=sys.argv[2], single_model=True, max_clients=64,
    max_connection_time=3600)
"""
_WELCOME_S = 60.0


class WhisperLive:
    """The system; one model for all clients, voice detection on, as it comes otherwise."""

    name = "wl"
    title = "WhisperLive 0.10.0"
    variant = False

    def prepare(self) -> None:
        install(RECIPE)

    @asynccontextmanager
    async def serve(self, model: Path) -> AsyncIterator["_Server"]:
        with tempfile.TemporaryDirectory() as name:
            folder, port = Path(name), free_port()
            command = [str(python(RECIPE)), "-c", _LAUNCH, str(port), str(model)]
            log = folder / "log"
            async with running(
                command, environment=peer_environment(folder), log=log, folder=folder
            ) as process:
                await until_listening(process, port, log)
                yield _Server(process.pid, f"ws://127.0.0.1:{port}")


def peer_environment(home: Path) -> dict[str, str]:
    """Give a peer a home of its own, no hub, and one thread for each decode."""
    return {
        "HOME": str(home),
        "HF_HUB_OFFLINE": "1",
        "TRANSFORMERS_OFFLINE": "1",
        "OMP_NUM_THREADS": "1",
    }


class _Server:
    def __init__(self, pid: int, url: str) -> None:
        self.pid = pid
        self._url = url

    @asynccontextmanager
    async def room(self) -> AsyncIterator[SocketRoom]:
        async with websockets.connect(self._url, max_size=None, proxy=None) as socket:
            await socket.send(json.dumps(_GREETING | {"uid": f"room-{id(socket)}"}))
            async with asyncio.timeout(_WELCOME_S):
                while (message := json.loads(await socket.recv())).get("message") != "SERVER_READY":
                    if "status" in message:
                        raise Unavailable(f"the server turned a client away: {message['status']}")
            yield SocketRoom(socket, DIALECT)


_GREETING: Message = {
    "language": "en",
    "task": "transcribe",
    "model": "given",
    "use_vad": True,
    "send_last_n_segments": 10_000,
    "audio_format": "int16",
}


def shown(message: Message) -> tuple[str, str] | None:
    """Split what the server sends into what is completed and what is not."""
    if "segments" not in message:
        return None
    done = [part["text"].strip() for part in message["segments"] if part["completed"]]
    rest = [part["text"].strip() for part in message["segments"] if not part["completed"]]
    return " ".join(done), " ".join(rest)


DIALECT = Dialect(
    goodbye=b"END_OF_AUDIO",
    shown=shown,
    over=lambda message: message.get("message") == "DISCONNECT",
)
