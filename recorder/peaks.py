"""The outline of a recording's sound, for the player's waveform.

The file ``peaks.bin`` holds a header of 56 bytes, little-endian: ``RSPK``, the version (uint16),
two bytes of nothing, samples per point (uint32), points (uint32), samples (uint64), SHA-256 of what
follows (32 bytes). Then come the points, two int8 each: the lowest and the highest sample in it, in
1/128 of full scale, rounded away from zero. Eight hours are 2.9 MB.
"""

import hashlib
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from models.audio import RATE_HZ, Pcm, seconds
from models.edit import EditList
from models.errors import StorageFailed
from recorder import manifest

Points = NDArray[np.int8]
"""Shape (n, 2): the lowest and the highest value of each point."""

FILE = "peaks.bin"
VERSION = 1
SAMPLES_PER_POINT = 960
MAX_POINTS = 8_000

_MAGIC = b"RSPK"
_HEADER = struct.Struct("<4sH2xIIQ32s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Peaks:
    """Points of ``samples_per_point`` samples each, the last one perhaps shorter."""

    samples: int
    points: Points
    samples_per_point: int = SAMPLES_PER_POINT

    def fewer(self, limit: int) -> Self:
        """Merge neighbours evenly until there are at most ``limit`` points."""
        factor = -(-len(self.points) // limit)
        if factor <= 1:
            return self
        at = np.arange(0, len(self.points), factor)
        low = np.minimum.reduceat(self.points[:, 0], at)
        high = np.maximum.reduceat(self.points[:, 1], at)
        return type(self)(
            samples=self.samples,
            points=np.stack([low, high], axis=1),
            samples_per_point=self.samples_per_point * factor,
        )

    def without(self, edit: EditList) -> Self:
        """The points of what is left, where each is one packet; that behind a cut is silence."""
        kept = np.ones(len(self.points), bool)
        points = self.points.copy()
        for cut in edit.cuts:
            kept[cut.start // SAMPLES_PER_POINT : -(-cut.end // SAMPLES_PER_POINT)] = False
            points[cut.end // SAMPLES_PER_POINT :][:1] = 0
        return type(self)(samples=edit.length(self.samples), points=points[kept])

    def between(self, start: int, end: int) -> Self:
        """The points that hold samples from ``start`` to ``end``."""
        first = start // self.samples_per_point
        last = -(-min(end, self.samples) // self.samples_per_point)
        points = self.points[first:last]
        samples = min(self.samples, last * self.samples_per_point) - first * self.samples_per_point
        return type(self)(
            samples=max(0, samples), points=points, samples_per_point=self.samples_per_point
        )

    def as_json(self, start: int = 0) -> dict[str, Any]:
        """In the form of BBC audiowaveform's JSON files, from the sample ``start`` on."""
        return {
            "version": 2,
            "channels": 1,
            "sample_rate": RATE_HZ,
            "samples_per_pixel": self.samples_per_point,
            "bits": 8,
            "length": len(self.points),
            "start_s": round(seconds(start), 3),
            "duration_s": round(seconds(self.samples), 3),
            "data": self.points.ravel().tolist(),
        }


class PeaksMaker:
    """Makes points out of sound that comes in blocks of any length."""

    def __init__(self) -> None:
        self._rest = np.zeros(0, np.int16)
        self._made = bytearray()
        self._samples = 0

    def add(self, pcm: Pcm) -> None:
        """Take the next samples, int16 mono."""
        self._samples += len(pcm)
        pcm = np.concatenate([self._rest, pcm]) if len(self._rest) else pcm
        whole = len(pcm) // SAMPLES_PER_POINT * SAMPLES_PER_POINT
        self._rest = pcm[whole:].copy()
        self._make(pcm[:whole].reshape(-1, SAMPLES_PER_POINT))

    def end(self) -> Peaks:
        """What was made of it all."""
        if len(self._rest):
            self._make(self._rest[None])
            self._rest = self._rest[:0]
        points = np.frombuffer(bytes(self._made), np.int8).reshape(-1, 2)
        return Peaks(samples=self._samples, points=points)

    def _make(self, rows: Pcm) -> None:
        if not len(rows):
            return
        # Away from zero, so that a soft word is not drawn as silence.
        low = np.floor(rows.min(axis=1) / 256)
        high = np.minimum(np.ceil(rows.max(axis=1) / 256), 127)
        self._made += np.stack([low, high], axis=1).astype(np.int8).tobytes()


def save(folder: Path, peaks: Peaks) -> None:
    """Write the file whole or not at all. Raises OSError."""
    data = peaks.points.tobytes()
    head = _HEADER.pack(
        _MAGIC,
        VERSION,
        peaks.samples_per_point,
        len(peaks.points),
        peaks.samples,
        hashlib.sha256(data).digest(),
    )
    manifest.replace_file(folder / FILE, head + data)


def load(folder: Path) -> Peaks | None:
    """Read the file, None when there is none. Raises `StorageFailed` when it is damaged."""
    try:
        content = (folder / FILE).read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StorageFailed(f"the peaks cannot be read: {error.strerror}") from error
    head, data = content[: _HEADER.size], content[_HEADER.size :]
    try:
        magic, version, per_point, count, samples, digest = _HEADER.unpack(head)
    except struct.error:
        magic = b""
    if magic != _MAGIC or version != VERSION or hashlib.sha256(data).digest() != digest:
        raise StorageFailed("the file of peaks is damaged")
    points = np.frombuffer(data, np.int8).reshape(count, 2)
    return Peaks(samples=samples, points=points, samples_per_point=per_point)
