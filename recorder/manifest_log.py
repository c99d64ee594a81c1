"""What was added to a running recording since its manifest was written, a line each, beside it.

Writing the manifest anew for every segment would cost more the longer a room is. A line holds the
CRC-32 of its JSON, a space, and that JSON. What a crash leaves of a line is passed over, and adding
a thing that is there already changes nothing, so a log may be older than its manifest.
"""

import json
import os
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TypeAlias

from models.recording import Loss, Recording, Segment

LOG = "manifest.log"

Addition: TypeAlias = Segment | Loss


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
    kind = "segment" if isinstance(addition, Segment) else "loss"
    data = json.dumps({kind: asdict(addition)}).encode()
    return b"%08x %b\n" % (zlib.crc32(data), data)


def additions_in(data: bytes) -> Iterator[Addition]:
    """Read back the lines that are whole."""
    for written in data.split(b"\n"):
        if len(written) < 10 or written[:9] != b"%08x " % zlib.crc32(written[9:]):
            continue
        found = json.loads(written[9:])
        if "segment" in found:
            yield Segment(**found["segment"])
        elif "loss" in found:
            yield Loss(**found["loss"])


def folded(folder: Path, recording: Recording) -> Recording:
    """Put into a recording what the log in its folder says beyond it. Raises OSError."""
    try:
        data = (folder / LOG).read_bytes()
    except FileNotFoundError:
        return recording
    segments = {segment.file: segment for segment in recording.segments}
    losses = {(loss.first_sample, loss.reason): loss for loss in recording.losses}
    for addition in additions_in(data):
        if isinstance(addition, Segment):
            segments[addition.file] = addition
            continue
        # One that goes on is written again, longer.
        key = addition.first_sample, addition.reason
        if key not in losses or losses[key].samples < addition.samples:
            losses[key] = addition
    return replace(
        recording,
        segments=tuple(sorted(segments.values(), key=lambda segment: segment.first_sample)),
        losses=tuple(sorted(losses.values(), key=lambda loss: loss.first_sample)),
    )
