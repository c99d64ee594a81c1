"""One recording's packets on their way into short, self-contained Ogg files.

Nothing here raises for a disk that fails: what could not be written is a `Loss`, the position in
the room clock goes on, and the next flush tries again.
"""

import errno
import hashlib
import logging
import os
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from models.audio import FRAME_SAMPLES, RATE_HZ, Frame
from models.recording import NOT_YET, Loss, Recording, Segment
from recorder import manifest, ogg
from recorder.manifest_log import LOG, Addition, ManifestLog

log = logging.getLogger(__name__)

SEGMENTS = "segments"
FLUSH_FRAMES = 50
TAP_LOST = "tap-lost"
OFF_RECORD = "off-record"
BAD_PACKET = "no usable packet"
DISK_FULL = "disk full"
DISK_ERROR = "disk error"

Create = Callable[[Path], BinaryIO]


def create_file(path: Path) -> BinaryIO:
    """Create ``path`` for unbuffered writing, so that what is written survives a kill."""
    return path.open("xb", buffering=0)


def serial_of(recording_id: str) -> int:
    """The Ogg stream serial number of a recording."""
    return zlib.crc32(recording_id.encode())


def comments_of(recording: Recording) -> list[str]:
    """The file's tags, from which a lost manifest can be written again."""
    return [
        f"TITLE={recording.title[:1000]}",
        f"DATE={recording.started_at.isoformat()}",
        f"ROOM={recording.room_id}",
        f"INSTANCE={recording.instance}",
    ]


class SegmentWriter:
    """Writes segments of ``segment_s`` seconds below ``folder``; `recording` is its manifest.

    `add` only remembers. `flush` and `close` do the file work and belong in a worker thread; the
    caller lets one call end before the next. ``trouble`` is one line while the disk fails, else "";
    ``written`` counts the bytes on the disk.
    """

    def __init__(
        self,
        folder: Path,
        recording: Recording,
        *,
        pre_skip: int,
        segment_s: float,
        create: Create = create_file,
    ) -> None:
        self.recording = recording
        self.trouble = ""
        self.written = 0
        self._written_samples = 0
        self._folder = folder
        self._headers = ogg.header_pages(serial_of(recording.id), pre_skip, comments_of(recording))
        self._segment_samples = round(segment_s * RATE_HZ)
        self._create = create
        self._waiting: list[tuple[int, bytes]] = []
        self._next_sample = 0
        self._open: _OpenSegment | None = None
        self._number = 0
        self._log: ManifestLog | None = None
        self._unsaved: list[Addition] = []
        self._closed = False

    @property
    def bytes_per_s(self) -> float:
        """How fast the recording grows, over all that was written."""
        return self.written * RATE_HZ / self._written_samples if self._written_samples else 0.0

    def add(self, frame: Frame) -> bool:
        """Remember a frame; True when it is time to flush."""
        lost = frame.sample - self._next_sample
        if lost < 0:
            log.warning("a frame of recording %s came twice", self.recording.id)
            return False
        if lost:
            self._lose(self._next_sample, lost, TAP_LOST if self._next_sample else NOT_YET)
        packet = frame.packet
        if frame.off_record:
            self._lose(frame.sample, FRAME_SAMPLES, OFF_RECORD)
            packet = ogg.SILENCE
        elif ogg.packet_samples(packet) != FRAME_SAMPLES:
            self._lose(frame.sample, FRAME_SAMPLES, BAD_PACKET)
            packet = ogg.SILENCE
        self._waiting.append((frame.sample, packet))
        self._next_sample = frame.sample + FRAME_SAMPLES
        return len(self._waiting) >= FLUSH_FRAMES

    def flush(self) -> None:
        """Write what waits; afterwards ``trouble`` says whether the disk took it."""
        self.trouble = ""
        if self._unsaved:
            self._save()  # first: what is silence off the record is never there without its reason
        waiting, self._waiting = self._waiting, []
        for sample, packets in _runs(waiting):
            try:
                self._write(sample, packets)
            except OSError as error:
                self._note(error)
                self._close_segment()
                self._lose(sample, len(packets) * FRAME_SAMPLES, _reason(error))
        if self._unsaved:
            self._save()

    def close(self) -> None:
        """Write what waits and end the open segment; closing again does nothing."""
        if self._closed:
            return
        self._closed = True
        self.flush()
        self._close_segment()
        self._save()
        self._fold()

    def _write(self, sample: int, packets: Sequence[bytes]) -> None:
        segment = self._open
        if segment is not None and sample - segment.end_sample > self._segment_samples:
            # A long hole is left between two segments; joining fills it.
            self._close_segment()
            segment = None
        if segment is None:
            segment = self._begin_segment(sample)
        missing = ogg.silence(sample - segment.end_sample)
        ends = sample + len(packets) * FRAME_SAMPLES - segment.first_sample
        is_last = ends >= self._segment_samples
        before = segment.size
        try:
            segment.append([*missing, *packets], last=is_last)
        finally:
            self.written += segment.size - before
        self._written_samples += len(packets) * FRAME_SAMPLES
        if is_last:
            self._close_segment()

    def _begin_segment(self, sample: int) -> "_OpenSegment":
        folder = self._folder / SEGMENTS
        if not folder.exists():
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            manifest.save(self._folder, self.recording)
            folder.mkdir(exist_ok=True)
            manifest.sync_folder(self._folder)
            manifest.sync_folder(self._folder.parent)
        self._number += 1
        path = folder / f"{self._number:06d}.ogg"
        self._open = _OpenSegment(path, self._create(path), sample, serial_of(self.recording.id))
        self._open.write(self._headers)
        return self._open

    def _close_segment(self) -> None:
        segment, self._open = self._open, None
        if segment is None:
            return
        try:
            segment.close()
        except OSError as error:
            self._note(error)
        if segment.samples:
            listed = segment.listed()
            self.recording = replace(self.recording, segments=(*self.recording.segments, listed))
            self._unsaved.append(listed)
        else:
            with suppress(OSError):
                segment.path.unlink()

    def _lose(self, first_sample: int, samples: int, reason: str) -> None:
        losses = self.recording.losses
        last = losses[-1] if losses else None
        if last and last.reason == reason and last.first_sample + last.samples == first_sample:
            losses = losses[:-1]
            first_sample, samples = last.first_sample, last.samples + samples
        loss = Loss(first_sample=first_sample, samples=samples, reason=reason)
        self.recording = replace(self.recording, losses=(*losses, loss))
        newest = self._unsaved[-1] if self._unsaved else None
        if isinstance(newest, Loss) and newest.first_sample == first_sample:
            self._unsaved.pop()  # it goes on
        self._unsaved.append(loss)

    def _save(self) -> None:
        """Make what is new durable: in the log, else by writing the manifest and a new log."""
        if not self._folder.exists():
            return
        try:
            if self._log is None:
                manifest.save(self._folder, self.recording)
                self._log = ManifestLog(self._folder)
                manifest.sync_folder(self._folder)
            else:
                self._log.append(self._unsaved)
            self._unsaved.clear()
        except OSError as error:
            self._end_log()
            self._note(error)

    def _end_log(self) -> None:
        log_, self._log = self._log, None
        if log_ is not None:
            log_.close()

    def _fold(self) -> None:
        """Put all into the manifest, which people read; until that is done the log stands."""
        self._end_log()
        if not self._folder.exists():
            return
        with suppress(OSError):
            manifest.save(self._folder, self.recording)
            (self._folder / LOG).unlink(missing_ok=True)

    def _note(self, error: OSError) -> None:
        if self.trouble:
            return  # what went wrong first says why
        # strerror alone: the full message would name a path.
        reason = error.strerror or "unknown"
        self.trouble = f"{_reason(error)}: what is said now is not recorded ({reason})"


class _OpenSegment:
    """The file that is being written; ``size`` is how many bytes of it are whole pages."""

    def __init__(self, path: Path, file: BinaryIO, sample: int, serial: int) -> None:
        self.path = path
        self.first_sample = self.end_sample = sample
        self._file = file
        self._serial = serial
        self._pages = 2
        self._size = 0
        self._digest = hashlib.sha256()

    @property
    def samples(self) -> int:
        return self.end_sample - self.first_sample

    @property
    def size(self) -> int:
        return self._size

    def append(self, packets: Sequence[bytes], *, last: bool) -> None:
        """Write packets as pages of at most a second. Raises OSError; whole pages stay."""
        groups = list(ogg.split(packets))
        for index, group in enumerate(groups):
            samples = len(group) * FRAME_SAMPLES
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
                self._file.truncate(self._size)
            raise
        self._size += len(data)
        self._digest.update(data)

    def close(self) -> None:
        """Make the segment durable. Raises OSError; the file is closed in any case."""
        try:
            os.fsync(self._file.fileno())
        finally:
            self._file.close()
        manifest.sync_folder(self.path.parent)

    def listed(self) -> Segment:
        """The closed segment as the manifest lists it."""
        return Segment(
            file=f"{SEGMENTS}/{self.path.name}",
            first_sample=self.first_sample,
            samples=self.samples,
            sha256=self._digest.hexdigest(),
        )


def _runs(waiting: Sequence[tuple[int, bytes]]) -> Iterator[tuple[int, list[bytes]]]:
    """Group frames that follow each other without a hole."""
    start, packets = 0, list[bytes]()
    for sample, packet in waiting:
        if packets and sample != start + len(packets) * FRAME_SAMPLES:
            yield start, packets
            packets = []
        if not packets:
            start = sample
        packets.append(packet)
    if packets:
        yield start, packets


def _reason(error: OSError) -> str:
    return DISK_FULL if error.errno in (errno.ENOSPC, errno.EDQUOT) else DISK_ERROR
