"""WhisperLiveKit (Apache 2.0): LocalAgreement for each client; its lines are committed."""

import asyncio
import json
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import websockets

from bench.environments import Recipe, install, python
from bench.peers.processes import free_port, running, until_listening
from bench.peers.sockets import Dialect, Message, SocketRoom
from bench.peers.whisperlive import peer_environment

RECIPE = Recipe(
    name="whisperlivekit",
    steps=(
        ("torch==2.13.0",),
        ("--no-deps", "whisperlivekit==0.2.26"),
        (
            "faster-whisper",
            "fastapi",
            "librosa",
            "soundfile",
            "uvicorn",
            "websockets",
            "huggingface-hub",
            "tqdm",
            "tiktoken",
            "python-multipart",
        ),
    ),
)
_LAUNCH = "import whisperlivekit.basic_server as server; server.main()"
# Its prompts are the text before; a model that was never trained with prompts does badly on them.
_LAUNCH_WITHOUT_PROMPT = f"""
import faster_whisper
asked = faster_whisper.WhisperModel.transcribe
def transcribe(self, audio, **options):
    options.update(initial_prompt=None, condition_on_previous_text=False)
    return asked(self, audio, **options)
faster_whisper.WhisperModel.transcribe = transcribe
{_LAUNCH}
"""
_FLAGS = (
    *("--host", "127.0.0.1", "--backend", "faster-whisper"),
    *("--backend-policy", "localagreement", "--lan", "en", "--pcm-input"),
    *("--warmup-file", "", "-l", "WARNING"),
)
_CONFIG_S = 60.0


class WhisperLiveKit:
    """The system as it comes, or without prompts and with windows trimmed at six seconds."""

    variant = False

    def __init__(self, *, prompts: bool = True) -> None:
        self.name = "wlk" if prompts else "wlk-np"
        self.title = "WhisperLiveKit 0.2.26" + ("" if prompts else ", no prompt, 6 s windows")
        self._launch = _LAUNCH if prompts else _LAUNCH_WITHOUT_PROMPT
        self._flags = _FLAGS if prompts else (*_FLAGS, "--buffer_trimming_sec", "6")

    def prepare(self) -> None:
        install(RECIPE)

    @asynccontextmanager
    async def serve(self, model: Path) -> AsyncIterator["_Server"]:
        with tempfile.TemporaryDirectory() as name:
            folder, port = Path(name), free_port()
            command = [str(python(RECIPE)), "-c", self._launch, *self._flags]
            command += ["--port", str(port), "--model_dir", str(model)]
            log = folder / "log"
            async with running(
                command, environment=peer_environment(folder), log=log, folder=folder
            ) as process:
                await until_listening(process, port, log)
                yield _Server(process.pid, f"ws://127.0.0.1:{port}/asr?language=en")


class _Server:
    def __init__(self, pid: int, url: str) -> None:
        self.pid = pid
        self._url = url

    @asynccontextmanager
    async def room(self) -> AsyncIterator[SocketRoom]:
        async with websockets.connect(self._url, max_size=None, proxy=None) as socket:
            async with asyncio.timeout(_CONFIG_S):
                while json.loads(await socket.recv()).get("type") != "config":
                    pass
            yield SocketRoom(socket, DIALECT)


def shown(message: Message) -> tuple[str, str] | None:
    """Split what the server sends into its lines and the buffer behind them."""
    if "lines" not in message:
        return None
    lines = [(line.get("text") or "").strip() for line in message["lines"]]
    return " ".join(lines), (message.get("buffer_transcription") or "").strip()


DIALECT = Dialect(
    goodbye=b"", shown=shown, over=lambda message: message.get("type") == "ready_to_stop"
)
