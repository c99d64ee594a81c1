"""What clients of captions.v1 send to write captions by hand. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from models.errors import Invalid

MAX_TEXT = 500
MAX_REACTION_S = 10
_LINE = re.compile(r"[A-Za-z0-9-]{1,40}")


@dataclass(frozen=True, slots=True)
class TakeOver:
    """Begin to caption the room by hand; ``reaction_s`` sets the times back, None is usual."""

    reaction_s: float | None


@dataclass(frozen=True, slots=True)
class HandBack:
    """Let the recogniser caption the room again."""


@dataclass(frozen=True, slots=True)
class Write:
    """What the captioner's ``line`` is by now; ``done`` makes it a final."""

    line: str
    text: str
    done: bool


TypingMessage = TakeOver | HandBack | Write


def parse_typing(message: Mapping[str, Any]) -> TypingMessage | None:
    """Read one message; None when it is about something else. Raises `Invalid`."""
    match message.get("type"):
        case "take-over":
            return TakeOver(_reaction_s(message))
        case "hand-back":
            return HandBack()
        case "line":
            done = message.get("done", False)
            if not isinstance(done, bool):
                raise Invalid("done is true or false", field="done")
            return Write(_line(message), _text(message), done)
        case _:
            return None


def _reaction_s(message: Mapping[str, Any]) -> float | None:
    value = message.get("reaction")
    if value is None:
        return None
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not 0 <= value <= MAX_REACTION_S:
        raise Invalid(f"reaction is a time from 0 to {MAX_REACTION_S} s", field="reaction")
    return float(value)


def _line(message: Mapping[str, Any]) -> str:
    line = message.get("line")
    if not isinstance(line, str) or not _LINE.fullmatch(line):
        raise Invalid("line is a name of 1 to 40 letters, digits and hyphens", field="line")
    return line


def _text(message: Mapping[str, Any]) -> str:
    text = message.get("text")
    if not isinstance(text, str) or len(text) > MAX_TEXT:
        raise Invalid(f"text has {MAX_TEXT} characters at most", field="text")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Invalid("text has half a character, which cannot be kept", field="text") from None
    return text
