"""captions.v1 on the wire: live items to JSON text, client messages from it.

Pure. Every message is one JSON object with ``type`` first; times are seconds in the room clock with
three decimals.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, get_args

from api.typing_messages import TypingMessage, parse_typing
from models.caption import Interim, LiveItem, RoomNews, Status
from models.errors import Invalid
from models.room import Activity, Speaker, Standing, User
from models.transcript import Correction, Entry, Final, Gap
from pipeline.lines import final_lines, text_lines

SUBPROTOCOL = "captions.v1"
MAX_MESSAGE_BYTES = 16 * 1024
MAX_HISTORY = 500
_LATEST_S = 10**7  # no room is on the air for months

Message = dict[str, Any]
ResumeMode = Literal["live", "replay", "catch-up"]


@dataclass(frozen=True, slots=True)
class Pause:
    """Stop sending captions and count them."""


@dataclass(frozen=True, slots=True)
class Resume:
    """Go on; ``wpm`` paces a catch-up in words a minute."""

    mode: ResumeMode
    wpm: float


@dataclass(frozen=True, slots=True)
class Scrollback:
    """Ask for the ``limit`` entries below ``before`` or, when it is given, around ``at_s``.

    That is a time of ``instance`` or, when it is not given, of the newest one.
    """

    before: int
    limit: int
    at_s: float | None = None
    instance: int | None = None


@dataclass(frozen=True, slots=True)
class SetStyle:
    """Keep a caption style for this listener; ``values`` are not validated yet."""

    values: object


@dataclass(frozen=True, slots=True)
class Ping:
    """Ask for a pong."""


ClientMessage = Pause | Resume | Scrollback | SetStyle | Ping | TypingMessage


def parse(text: str) -> ClientMessage:
    """Read one client message. Raises `Invalid` with a ``field`` where one is to blame."""
    if len(text.encode("utf-8", "surrogatepass")) > MAX_MESSAGE_BYTES:
        raise Invalid(f"a message may have {MAX_MESSAGE_BYTES} bytes at most", field="message")
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        raise Invalid("that is not JSON", field="message") from None
    if not isinstance(message, dict):
        raise Invalid("a message is a JSON object", field="message")
    if typing := parse_typing(message):
        return typing
    match message.get("type"):
        case "pause":
            return Pause()
        case "resume":
            return _resume(message)
        case "scrollback":
            return _scrollback(message)
        case "style":
            return SetStyle({key: value for key, value in message.items() if key != "type"})
        case "ping":
            return Ping()
        case str(unknown):
            raise Invalid(f"there is no message {unknown[:40]!r}", field="type")
        case _:
            raise Invalid("a message has a type", field="type")


def _resume(message: Message) -> Resume:
    mode = message.get("mode", "live")
    if mode not in get_args(ResumeMode):
        raise Invalid("mode is one of live, replay, catch-up", field="mode")
    return Resume(mode, _whole(message, "wpm", default=240, low=40, high=1200))


def _scrollback(message: Message) -> Scrollback:
    limit = _whole(message, "limit", default=50, low=1, high=MAX_HISTORY)
    before = _whole(message, "before", default=2**53, low=0, high=2**53)
    if "at" not in message:
        return Scrollback(before, limit)
    at = message["at"]
    if not isinstance(at, int | float) or isinstance(at, bool) or not 0 <= at <= _LATEST_S:
        raise Invalid(f"at is a time in seconds from 0 to {_LATEST_S}", field="at")
    if "instance" not in message:
        return Scrollback(before, limit, float(at))
    return Scrollback(
        before, limit, float(at), _whole(message, "instance", default=1, low=1, high=2**31)
    )


def _whole(message: Message, name: str, *, default: int, low: int, high: int) -> int:
    value = message.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise Invalid(f"{name} is a whole number from {low} to {high}", field=name)
    return value


@lru_cache(maxsize=512)
def encode(item: LiveItem) -> str:
    """Serialise what every reader of a room is sent; once, however many they are."""
    return dumps(message(item))


def dumps(values: Message) -> str:
    """Serialise a message compactly."""
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def message(item: LiveItem) -> Message:
    """Give the message for a live item."""
    match item:
        case Final() | Correction() | Gap():
            return entry(item)
        case Interim():
            return {
                "type": "interim",
                "id": item.id,
                "rev": item.rev,
                "start": _seconds(item.start_s),
                "end": _seconds(item.end_s),
                "speaker": speaker(item.speaker),
                "text": item.text,
                "stable": item.stable,
                "language": item.language,
                "source": item.source,
                **({"track": item.track} if item.track else {}),
                **({} if item.kept else {"kept": False, "done": item.done}),
            }
        case Activity():
            return {
                "type": "speaking",
                "speaker": speaker(item.speaker),
                "on": item.on,
                "t": _seconds(item.t_s),
            }
        case Status():
            return {
                "type": "status",
                "delay": _seconds(item.delay_s),
                "state": item.state,
                "note": item.note,
                "rung": item.rung,
                "captioner": speaker(item.captioner),
            }
        case RoomNews():
            return {
                "type": "room",
                "state": item.state,
                "participants": item.participants,
                "recording": item.recording,
                "note": item.note,
                "language": item.language,
                "tracks": list(item.tracks),
                "speaker_tracks": item.speaker_tracks,
            }


def entry(item: Entry) -> Message:
    """Give the message for a journal entry; one of a translation names its track."""
    track = {"track": item.track} if item.track else {}
    return _entry(item) | track


def _entry(item: Entry) -> Message:
    match item:
        case Final():
            return {
                "type": "final",
                "seq": item.seq,
                "instance": item.instance,
                "id": item.id,
                "rev": item.rev,
                "start": _seconds(item.start_s),
                "end": _seconds(item.end_s),
                "speaker": speaker(item.speaker),
                "text": item.text,
                "lines": final_lines(item),
                "words": [
                    [
                        *(w.text, _seconds(w.start_s), _seconds(w.end_s), round(w.confidence, 3)),
                        *([True] if w.glued else []),
                    ]
                    for w in item.words
                ],
                "language": item.language,
                "source": item.source,
                **({"overlap": [speaker(one) for one in item.overlap]} if item.overlap else {}),
            }
        case Correction():
            return {
                "type": "correction",
                "seq": item.seq,
                "id": item.id,
                "rev": item.rev,
                "text": item.text,
                "lines": text_lines(item.text),
                "by": speaker(item.by),
                "replaces": item.replaces,
                "at": item.at.isoformat(timespec="milliseconds") if item.at else None,
            }
        case Gap():
            return {
                "type": "gap",
                "seq": item.seq,
                "instance": item.instance,
                "start": _seconds(item.start_s),
                "end": _seconds(item.end_s),
                "reason": item.reason,
            }


def history(items: Sequence[Entry], *, before: int, corrections: Sequence[Entry] = ()) -> Message:
    """Give a page of the journal, ascending, with later ``corrections`` of captions in it.

    What is older lies below ``before``, which is the first item's seq, or what was asked for when
    there are no items; ``more`` says whether there is anything.
    """
    page = [entry(item) for item in items]
    first = items[0].seq if items else before
    values = {"items": page, "before": first, "more": bool(items) and first > 1}
    later = {"corrections": [entry(item) for item in corrections]} if corrections else {}
    return {"type": "history", **values, **later}


def error(code: str, text: str, *, field: str = "", fatal: bool = False) -> Message:
    """Give an error message; without ``fatal`` the connection stays open."""
    values: Message = {"type": "error", "code": code, "message": text}
    if field:
        values["field"] = ascii(field)[1:-1]  # a name that the client made up need not be text
    return values | {"fatal": True} if fatal else values


def you(standing: Standing) -> Message:
    """Give the message that tells somebody what they are in the room; for them alone."""
    return {
        "type": "you",
        "role": standing.role or "",
        "muted": standing.muted,
        "invited_by": speaker(standing.invited_by),
        "by": speaker(standing.by),
    }


def speaker(value: Speaker | User | None) -> dict[str, str] | None:
    """Give a speaker as JSON."""
    return None if value is None else {"id": value.id, "name": value.name}


def _seconds(value: float) -> float:
    return round(float(value), 3)
