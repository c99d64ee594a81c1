"""``roomscribe doctor``: what is installed, what would run, and how to get better captions."""

import shutil
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version

import imageio_ffmpeg
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from api import bootstrap
from api.data_folder import object_store
from api.settings import Settings
from models.errors import RoomscribeError
from pipeline.silero import SileroDetector
from recorder.object_store import try_out
from rooms.embedded.opus import library
from transcripts.database import address, named

_PACKAGES = ("aiortc", "av", "faster-whisper", "pocketsphinx", "fastapi", "uvicorn")


async def examine(settings: Settings) -> int:
    """Print the findings; the exit status is 1 when rooms could not be captioned here."""
    table = Table(box=None, show_header=False, pad_edge=False)
    for name in _PACKAGES:
        table.add_row(name, _version(name))
    table.add_row("ffmpeg", _try(imageio_ffmpeg.get_ffmpeg_exe))
    table.add_row("libopus", _try(lambda: "found" if library() else ""))
    table.add_row("speech detector", _try(lambda: "found" if SileroDetector() else ""))
    voice = shutil.which("espeak-ng") or "not found: typed words are captions only"
    table.add_row("voice (espeak-ng)", voice)
    table.add_row("chromium", shutil.which("chromium") or "not found: only the tests need it")
    table.add_row("data folder", str(settings.data_dir.resolve()))
    table.add_row("transcripts", escape(_try(lambda: _transcripts(settings))))
    table.add_row("recordings", _try(lambda: _kept(settings)))
    console = Console(highlight=False, soft_wrap=True)
    console.print(table)
    console.print()
    try:
        choice = await bootstrap.engine(settings.model_copy(update={"download": False}))
    except RoomscribeError as error:
        console.print(f"[bold red]No captions:[/] {error}")
        return 1
    engine = choice.recogniser.info
    await choice.recogniser.close()
    console.print(f"[bold]Engine:[/] {engine.name} {engine.model} ({engine.quality} quality)")
    if engine.smaller:
        console.print(f"[bold]Under overload:[/] the smaller model {engine.smaller} (loaded too)")
    if choice.share:
        console.print(f"[bold]Runs on:[/] {choice.share}")
    for line in filter(None, (choice.work, choice.notice)):
        console.print(line)
    return 0


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _transcripts(settings: Settings) -> str:
    """Say where transcripts are kept, having tried it. Raises `RoomscribeError`."""
    return named(address(settings.database.get_secret_value(), settings.data_dir))


def _kept(settings: Settings) -> str:
    """Say where recordings are kept, having tried it. Raises `RoomscribeError`."""
    store = object_store(settings)
    if store is None:
        return "in the data folder"
    try:
        try_out(store)
    except RoomscribeError as error:
        return f"in the data folder until {store.name} can be used: {error}"
    return f"moved to {store.name}, which can be written, read and deleted from"


def _try(find: Callable[[], str]) -> str:
    try:
        return find()
    except (RoomscribeError, OSError, RuntimeError) as error:
        return f"missing: {error}"
