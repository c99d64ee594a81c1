"""Captions in the terminal: finals scroll up, what is being said stands dimmed at the bottom."""

import json
from typing import Any

from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.text import Text
from websockets.asyncio.client import ClientConnection

from api.cli.caption import clock

_COLOURS = ("cyan", "magenta", "green", "yellow", "blue")


class Screen:
    """Prints what a captions.v1 connection brings; ``heard`` collects the finals' text."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._interims: dict[str, dict[str, Any]] = {}
        self._colours: dict[str, str] = {}
        self._status = ""
        self.heard: list[str] = []
        self.first_final_s: float | None = None

    async def read(self, connection: ClientConnection) -> None:
        """Print until the connection closes."""
        with Live(console=self._console, refresh_per_second=8, transient=True) as live:
            async for text in connection:
                self.take(json.loads(text))
                live.update(self._bottom())

    def take(self, message: dict[str, Any]) -> None:
        """Print a message, or keep what will be shown at the bottom."""
        match message["type"]:
            case "interim" if message["text"]:
                self._interims[message["id"]] = message
            case "interim":
                self._interims.pop(message["id"], None)
            case "final":
                self._interims.pop(message["id"], None)
                self.heard.append(message["text"])
                self._console.print(self._said(message))
            case "gap":
                length_s = message["end"] - message["start"]
                note = f"[captions missing: {length_s:.1f} s, {message['reason']}]"
                self._console.print(Text(note, style="yellow"))
            case "status":
                self._status = _status(message)

    def _said(self, message: dict[str, Any]) -> Text:
        """Lay a final out in its lines, one under the other."""
        first, *others = message["lines"] or [""]
        said = self._line(message | {"text": first})
        indent = said.cell_len - cell_len(first)
        for line in others:
            said.append(f"\n{' ' * indent}{line}")
        return said

    def _line(self, message: dict[str, Any], *, dim: bool = False) -> Text:
        name = (message["speaker"] or {}).get("name", "Somebody")
        colour = self._colours.setdefault(name, _COLOURS[len(self._colours) % len(_COLOURS)])
        line = Text(f"{clock(message['start']):>5}  ", style="dim")
        line.append(f"{name}: ", style=f"bold {colour}")
        line.append(message["text"], style="dim italic" if dim else "not dim")
        return line

    def _bottom(self) -> RenderableType:
        lines = [self._line(message, dim=True) for message in self._interims.values()]
        return Group(*lines, Text(self._status, style="dim"))


def _status(message: dict[str, Any]) -> str:
    match message["state"]:
        case "ok" | "behind":
            return f"captions are {message['delay']:.1f} s behind"
        case "down":
            return f"captions are down: {message['note']}"
        case _:
            return f"no captions: {message['note']}"
