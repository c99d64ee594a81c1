"""One stream of Opus packets on its way into short, self-contained Ogg files."""

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from models.recording import Segment
from recorder import manifest, ogg

Create = Callable[[Path], BinaryIO]
Fill = Callable[[int], list[bytes]]
"""Gives packets for a hole of so many samples, or for nearly as many."""


def create_file(path: Path) -> BinaryIO:
    """Create ``path`` for unbuffered writing, so that what is written survives a kill."""
    return path.open("xb", buffering=0)


class Segments:
    """A stream's files of ``segment_samples`` below ``folder``, one open at a time.

    ``on_closed`` is given each that holds sound, with its path relative to ``root``, and
    ``on_error`` what hinders closing one. ``written`` counts the bytes on the disk, ``samples`` the
    sound in them.
    """

    def __init__(
        self,
        root: Path,
        folder: Path,
        *,
        serial: int,
        headers: bytes,
        segment_samples: int,
        on_closed: Callable[[Segment], None],
        on_error: Callable[[OSError], None],
        create: Create = create_file,
    ) -> None:
        self.written = self.samples = 0
        self._root = root
        self._folder = folder
        self._serial = serial
        self._headers = headers
        self._segment_samples = segment_samples
        self._on_closed = on_closed
        self._on_error = on_error
        self._create = create
        self._open: _OpenSegment | None = None
        self._number = 0

    def append(self, sample: int, packets: Sequence[bytes], fill: Fill = ogg.silence) -> None:
        """Write packets that follow each other; a hole before them is filled if it is short.

        Raises OSError, after which whole pages of it stay and the segment is closed.
        """
        if self._open is not None and sample - self._open.end_sample > self._segment_samples:
            self.close()  # joining fills a long hole
        try:
            segment = self._open or self._begin(sample)
            missing = fill(sample - segment.end_sample)
            ends = sample + _samples(packets) - segment.first_sample
            is_last = ends >= self._segment_samples
            before = segment.size, segment.end_sample
            try:
                segment.append([*missing, *packets], last=is_last)
            finally:
                self.written += segment.size - before[0]
                self.samples += segment.end_sample - before[1]
        except OSError as error:
            self._on_error(error)  # what went wrong first
            self.close()
            raise
        if is_last:
            self.close()

    def close_overdue(self, sample: int) -> None:
        """Close the open segment if it is long enough, now at ``sample``, whatever is in it."""
        if self._open is not None and sample - self._open.first_sample >= self._segment_samples:
            self.close()

    def close(self) -> None:
        """Make the open segment durable, if there is one."""
        segment, self._open = self._open, None
        if segment is None:
            return
        try:
            segment.close()
        except OSError as error:
            self._on_error(error)
        if segment.samples:
            self._on_closed(segment.listed(self._root))
        else:
            with suppress(OSError):
                segment.path.unlink()

    def _begin(self, sample: int) -> "_OpenSegment":
        if not self._number:
            self._folder.mkdir(exist_ok=True)
            manifest.sync_folder(self._folder.parent)
        self._number += 1
        path = self._folder / f"{self._number:06d}.ogg"
        self._open = _OpenSegment(path, self._create(path), sample, self._serial)
        self._open.write(self._headers)
        return self._open


class _OpenSegment:
    """The file that is being written; ``size`` is how many bytes of it are whole pages."""

    def __init__(self, path: Path, file: BinaryIO, sample: int, serial: int) -> None:
        self.path = path
        self.size = 0
        self.first_sample = self.end_sample = sample
        self._file = file
        self._serial = serial
        self._pages = 2
        self._digest = hashlib.sha256()

    @property
    def samples(self) -> int:
        return self.end_sample - self.first_sample

    def append(self, packets: Sequence[bytes], *, last: bool) -> None:
        """Write packets as pages of at most a second. Raises OSError; whole pages stay."""
        groups = list(ogg.split(packets))
        for index, group in enumerate(groups):
            samples = _samples(group)
            page = ogg.Page(
                packets=group,
                granule=self.end_sample + samples,
                serial=self._serial,
                number=self._pages,
                last=last and index == len(groups) - 1,
            )
            self.write(ogg.page_bytes(page))
            self._pages += 1
            self.end_sample += samples

    def write(self, data: bytes) -> None:
        """Write all of ``data`` or, raising OSError, nothing of it."""
        written = 0
        try:
            while written < len(data):
                written += self._file.write(data[written:])
        except OSError:
            with suppress(OSError):
                self._file.truncate(self.size)
            raise
        self.size += len(data)
        self._digest.update(data)

    def close(self) -> None:
        """Make the segment durable. Raises OSError; the file is closed in any case."""
        try:
            os.fsync(self._file.fileno())
        finally:
            self._file.close()
        manifest.sync_folder(self.path.parent)

    def listed(self, root: Path) -> Segment:
        """The closed segment as the manifest lists it."""
        return Segment(
            file=self.path.relative_to(root).as_posix(),
            first_sample=self.first_sample,
            samples=self.samples,
            sha256=self._digest.hexdigest(),
        )


def runs(waiting: Sequence[tuple[int, bytes]]) -> Iterator[tuple[int, list[bytes]]]:
    """Group packets, each with its sample, that follow each other without a hole."""
    start, end, packets = 0, 0, list[bytes]()
    for sample, packet in waiting:
        if packets and not 0 <= sample - end < ogg.SHORTEST_SAMPLES:
            yield start, packets
            packets = []
        if not packets:
            start = end = sample
        packets.append(packet)
        end += ogg.packet_samples(packet)
    if packets:
        yield start, packets


def _samples(packets: Sequence[bytes]) -> int:
    return sum(map(ogg.packet_samples, packets))
