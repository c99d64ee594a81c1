"""The frames between a server and its recogniser processes.

::

    4 bytes  length of what follows, big-endian
    2 bytes  length of the header
    header   JSON object; ``type`` names the message
    rest     samples, little-endian int16 (`Feed` only)
"""

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from models.audio import Pcm
from models.caption import EngineInfo
from models.transcript import Hypothesis, Word

MAX_FRAME_BYTES = 8 * 1024 * 1024
_LENGTH = struct.Struct(">I")
_HEADER = struct.Struct(">H")
_TEXT = ("utf-8", "surrogatepass")  # a file's name, and so a title, may hold half a character


class BadFrame(ValueError):
    """Bytes that are no frame of this protocol."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """Start a stream of recognition under a number of the server's choice."""

    stream: int
    language: str
    terms: tuple[str, ...] = field(default=(), repr=False)
    translate: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Learn:
    """The room's own words are these from now on; it is not counted among worked commands."""

    stream: int
    terms: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lighten:
    """The smaller model listens from the next window on, or no more; not counted either."""

    stream: int
    on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Begin:
    """An utterance starts at ``start_s`` in the room clock."""

    stream: int
    start_s: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Feed:
    """More of the utterance: 16 kHz mono, shape (n,)."""

    stream: int
    pcm: Pcm


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """The utterance is over."""

    stream: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Finish:
    """Nothing follows; answered by `Finished` when everything was worked on."""

    stream: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    """Forget the stream, whatever it was doing."""

    stream: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """The engine is loaded."""

    info: EngineInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """The engine cannot run here, or not go on; the process ends. ``message`` is for people.

    ``memory`` says that there was too little of it.
    """

    message: str
    memory: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A hypothesis of a stream."""

    stream: int
    hypothesis: Hypothesis


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """``commands`` of the stream, with ``samples`` in them, have been handled since it opened.

    ``settled`` means that an utterance ended there and all its hypotheses are final.
    """

    stream: int
    until_s: float
    samples: int
    commands: int
    settled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """Everything of the stream has been said."""

    stream: int


Command = Open | Learn | Lighten | Begin | Feed | End | Finish | Close
Reply = Ready | Failed | Heard | Worked | Finished
Message = Command | Reply


def pack(message: Message) -> bytes:
    """Turn a message into one frame."""
    payload = b""
    match message:
        case Feed(stream=stream, pcm=pcm):
            fields: dict[str, Any] = {"type": "Feed", "stream": stream}
            payload = np.ascontiguousarray(pcm, dtype="<i2").tobytes()
        case Ready(info=info):
            said = [info.name, info.model, info.quality, info.translates, info.smaller]
            fields = {"type": "Ready", "info": said}
        case Heard(stream=stream, hypothesis=hypothesis):
            fields = {"type": "Heard", "stream": stream, **_hypothesis_fields(hypothesis)}
        case _:
            plain = {name: getattr(message, name) for name in message.__dataclass_fields__}
            fields = {"type": type(message).__name__, **plain}
    header = json.dumps(fields, separators=(",", ":"), ensure_ascii=False).encode(*_TEXT)
    if len(header) > 0xFFFF or len(header) + len(payload) + 2 > MAX_FRAME_BYTES:
        raise BadFrame("a frame is too long")
    return b"".join(
        (
            _LENGTH.pack(_HEADER.size + len(header) + len(payload)),
            _HEADER.pack(len(header)),
            header,
            payload,
        )
    )


def frame_length(prefix: bytes) -> int:
    """Read the four bytes that begin a frame: how many bytes follow them."""
    (length,) = _LENGTH.unpack(prefix)
    if not _HEADER.size <= length <= MAX_FRAME_BYTES:
        raise BadFrame("a frame's length is out of range")
    return int(length)


def unpack(body: bytes) -> Message:
    """Read what follows the length of a frame."""
    try:
        (header_length,) = _HEADER.unpack_from(body)
        start = _HEADER.size + header_length
        fields = json.loads(body[_HEADER.size : start].decode(*_TEXT))
        return _message(fields, body[start:])
    except (struct.error, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadFrame("a frame cannot be read") from error


def _message(fields: dict[str, Any], payload: bytes) -> Message:
    kind = fields.pop("type")
    match kind:
        case "Feed":
            pcm = np.frombuffer(payload, dtype="<i2").astype(np.int16, copy=False)
            return Feed(stream=fields["stream"], pcm=pcm)
        case "Open" | "Learn":
            kind_of = Open if kind == "Open" else Learn
            return kind_of(**{**fields, "terms": tuple(fields["terms"])})
        case "Ready":
            names = EngineInfo.__dataclass_fields__
            return Ready(info=EngineInfo(**dict(zip(names, fields["info"], strict=True))))
        case "Heard":
            return Heard(stream=fields["stream"], hypothesis=_hypothesis(fields))
        case _:
            return _PLAIN[kind](**fields)


_PLAIN: Mapping[str, type[Lighten | Begin | End | Finish | Close | Failed | Worked | Finished]] = {
    kind.__name__: kind for kind in (Lighten, Begin, End, Finish, Close, Failed, Worked, Finished)
}


def _hypothesis_fields(hypothesis: Hypothesis) -> dict[str, Any]:
    return {
        "segment": hypothesis.segment,
        "words": [(w.text, w.start_s, w.end_s, w.confidence, w.glued) for w in hypothesis.words],
        "stable": hypothesis.stable,
        "final": hypothesis.final,
        "language": hypothesis.language,
        "unheard": hypothesis.unheard,
    }


def _hypothesis(fields: dict[str, Any]) -> Hypothesis:
    return Hypothesis(
        segment=fields["segment"],
        words=tuple(
            Word(text=text, start_s=start_s, end_s=end_s, confidence=confidence, glued=glued)
            for text, start_s, end_s, confidence, glued in fields["words"]
        ),
        stable=fields["stable"],
        final=fields["final"],
        language=fields["language"],
        unheard=tuple(fields["unheard"]) if fields["unheard"] else None,
    )
