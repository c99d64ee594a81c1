"""What was added to a running recording since its manifest was written, a line each, beside it.

Writing the manifest anew for every segment would cost more the longer a room is. A line holds the
CRC-32 of its JSON, a space, and that JSON. What a crash leaves of a line is passed over, and adding
a thing that is there already changes nothing, so a log may be older than its manifest.
"""

import json
import os
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from models.recording import Loss, Recording, Segment, Track
from models.room import Speaker

LOG = "manifest.log"

_Whole = TypeVar("_Whole", Recording, Track)

_KINDS: Mapping[str, type[Segment | Loss | Speaker]] = MappingProxyType(
    {"segment": Segment, "loss": Loss, "speaker": Speaker}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """What is new of a ``track``, or of the mix where that is empty; a speaker begins a track."""

    what: Segment | Loss | Speaker
    track: str = ""


class ManifestLog:
    """Begins an empty log in ``folder``, whose name is not durable yet. Raises OSError."""

    def __init__(self, folder: Path) -> None:
        self._file = (folder / LOG).open("wb", buffering=0)

    def append(self, additions: Sequence[Addition]) -> None:
        """Add lines and make them durable. Raises OSError, after which any of them may be there."""
        data = b"".join(map(line, additions))
        while data:
            data = data[self._file.write(data) :]
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Close the file, which stays."""
        self._file.close()


def line(addition: Addition) -> bytes:
    """Write one addition."""
    kind = next(name for name, one in _KINDS.items() if isinstance(addition.what, one))
    data = json.dumps({"track": addition.track, kind: asdict(addition.what)}).encode()
    return b"%08x %b\n" % (zlib.crc32(data), data)


def additions_in(data: bytes) -> Iterator[Addition]:
    """Read back the lines that are whole."""
    for written in data.split(b"\n"):
        if len(written) < 10 or written[:9] != b"%08x " % zlib.crc32(written[9:]):
            continue
        found = json.loads(written[9:])
        for kind, make in _KINDS.items():
            if kind in found:
                yield Addition(what=make(**found[kind]), track=found.get("track", ""))


def folded(folder: Path, recording: Recording) -> Recording:
    """Put into a recording what the log in its folder says beyond it. Raises OSError."""
    try:
        data = (folder / LOG).read_bytes()
    except FileNotFoundError:
        return recording
    additions = list(additions_in(data))
    speakers = {one.track: one.what for one in additions if isinstance(one.what, Speaker)}
    tracks = {name: Track(id=name, speaker=speaker) for name, speaker in speakers.items()}
    tracks |= {track.id: track for track in recording.tracks}
    recording = _with(recording, [one.what for one in additions if not one.track])
    return replace(
        recording,
        tracks=tuple(
            _with(track, [one.what for one in additions if one.track == track.id])
            for track in sorted(tracks.values(), key=lambda track: int(track.id))
        ),
    )


def _with(what: _Whole, additions: Sequence[Segment | Loss | Speaker]) -> _Whole:
    segments = {segment.file: segment for segment in what.segments}
    losses = {(loss.first_sample, loss.reason): loss for loss in what.losses}
    for addition in additions:
        if isinstance(addition, Segment):
            segments[addition.file] = addition
        elif isinstance(addition, Loss):
            # One that goes on is written again, longer.
            key = addition.first_sample, addition.reason
            if key not in losses or losses[key].samples < addition.samples:
                losses[key] = addition
    return replace(
        what,
        segments=tuple(sorted(segments.values(), key=lambda segment: segment.first_sample)),
        losses=tuple(sorted(losses.values(), key=lambda loss: loss.first_sample)),
    )
