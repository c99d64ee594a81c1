"""A progress bar in the terminal, for weights that are downloaded."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

from asr.weights import Advance


@contextmanager
def shown(console: Console) -> Iterator[Advance]:
    """Give a callback for bytes done and in all; the bar appears when it is first called."""
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task("whisper weights", total=None, visible=False)
        yield lambda done, total: bar.update(task, completed=done, total=total, visible=True)
