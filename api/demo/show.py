"""``roomscribe demo``: a whole server with a live room in it."""

import asyncio
import math
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

import websockets
from rich.console import Console

from api.bootstrap import Roomscribe
from api.cli import download
from api.cli.serve import stop_event
from api.demo.conversation import Conversation, load
from api.demo.score import word_error_rate
from api.demo.screen import Screen
from api.demo.voices import Voices, connect
from api.protocol import SUBPROTOCOL
from api.serving import serving
from api.settings import Settings
from models.room import Room, User
from models.transcript import Final
from transcripts.exports import export

_PATIENCE_S = 90
_HALF_PAUSE_S = 0.35


class Told:
    """What was said in the room so far, by the script: the reference for the error rate.

    ``until_s`` is the end of the last whole turn in the room clock, give or take half a pause.
    """

    def __init__(self, room: Room, conversation: Conversation) -> None:
        self._room = room
        self._conversation = conversation
        self._began_s = 0.0
        self.conversations = 0
        self.text = ""
        self.until_s = 0.0

    def began(self) -> None:
        """Note that a conversation begins now."""
        self._began_s = self._now_s()

    def ended(self) -> None:
        """Note that it was told to its end."""
        self._add(math.inf)
        self.conversations += 1
        self._began_s = self._now_s()

    def stopped(self) -> None:
        """Note that it was broken off now; harmless after `ended`."""
        self._add(self._now_s() - self._began_s)

    def _add(self, elapsed_s: float) -> None:
        whole = [turn for turn in self._conversation.turns if turn.end_s < elapsed_s]
        if whole:
            self.text = " ".join([self.text, *(turn.text for turn in whole)]).strip()
            self.until_s = self._began_s + whole[-1].end_s + _HALF_PAUSE_S

    def _now_s(self) -> float:
        started = self._room.started_at or datetime.now(UTC)
        return (datetime.now(UTC) - started).total_seconds()


async def demonstrate(settings: Settings, *, once: bool) -> int:
    """Run the demonstration until Ctrl-C, or for one conversation."""
    console = Console(highlight=False, soft_wrap=True)
    conversation = load()
    stop = stop_event()
    async with AsyncExitStack() as stack:
        with download.shown(console) as advance:
            url, app = await stack.enter_async_context(serving(settings, advance))
        host = await app.registry.sign_up("Roomscribe demo")
        created = await app.registry.create(host, conversation.title)
        room = await app.lives.start(host, created.id)
        engine = app.recogniser.info
        console.print(f"[bold]Roomscribe[/] on {url}")
        console.print(f"The room:  {url}/rooms/{room.id}")
        console.print(f"Captions by {engine.name} {engine.model}, {engine.quality} quality")
        if app.notice:
            console.print(app.notice, style="dim")
        console.print("One conversation follows.\n" if once else "Ctrl-C ends it.\n", style="dim")
        screen = Screen(console)
        told = await _converse(app, url, room, conversation, screen, stop=stop, once=once)
        await _finish(app, host, room, console)
        await _report(app, room, told, console)
    return 0


async def _converse(
    app: Roomscribe,
    url: str,
    room: Room,
    conversation: Conversation,
    screen: Screen,
    *,
    stop: asyncio.Event,
    once: bool,
) -> Told:
    captions = f"{url.replace('http', 'ws', 1)}/v1/rooms/{room.id}/captions?after=0"
    async with AsyncExitStack() as calls:
        connection = await calls.enter_async_context(
            websockets.connect(captions, subprotocols=[websockets.Subprotocol(SUBPROTOCOL)])
        )
        reading = asyncio.create_task(screen.read(connection))
        voices = await connect(calls, app, url, room.id, conversation)
        told = Told(room, conversation)
        talking = asyncio.create_task(_talk(voices, told, once=once))
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait([talking, stopping], return_when=asyncio.FIRST_COMPLETED)
        for task in (talking, stopping):
            task.cancel()
        await asyncio.gather(talking, stopping, return_exceptions=True)
        told.stopped()
        await connection.close()
        await reading
    return told


async def _talk(voices: Voices, told: Told, *, once: bool) -> None:
    while not once or not told.conversations:
        told.began()
        await voices.talk()
        told.ended()


async def _finish(app: Roomscribe, host: User, room: Room, console: Console) -> None:
    with console.status("Finishing captions and the recording …"):
        await app.lives.end(host, room.id)
        async with asyncio.timeout(_PATIENCE_S):
            await app.lives.finished(room.id)
            await app.finishing.idle()


async def _keep_transcript(app: Roomscribe, room: Room) -> list[Path]:
    """Write the transcript beside the recordings; gives the files."""
    entries = await app.journal.transcript(room.id)
    folder = app.settings.data_dir / "transcripts"
    folder.mkdir(exist_ok=True)
    files = []
    for format in ("vtt", "txt"):
        file = folder / f"{room.id}.{format}"
        text = export(entries, format, title=room.title, started_at=room.started_at)
        await asyncio.to_thread(file.write_bytes, text)
        files.append(file)
    return files


async def _report(app: Roomscribe, room: Room, told: Told, console: Console) -> None:
    """Print the transcript, where everything is, and how many words were wrong."""
    files = await _keep_transcript(app, room)
    console.print("\n[bold]Transcript[/]")
    console.out((await asyncio.to_thread(files[-1].read_text, encoding="utf-8")).strip())
    console.print()
    for recording in app.recorder.recordings(room.id):
        console.print(f"Recording:   {app.recorder.media_path(recording.id)}")
    for file in files:
        console.print(f"Transcript:  {file}")
    entries = await app.journal.transcript(room.id)
    heard = [
        entry.text for entry in entries if isinstance(entry, Final) and entry.start_s < told.until_s
    ]
    if told.text:
        rate = word_error_rate(told.text, " ".join(heard))
        engine = app.recogniser.info
        console.print(
            f"Word error rate against the script: [bold]{rate:.1%}[/] "
            f"({engine.name} {engine.model}, {engine.quality} quality)"
        )
    else:
        console.print("No turn was finished, so there is no word error rate.")
