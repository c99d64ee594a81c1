"""One recording on its way to the disk: the mix, what each speaker sent, and what was lost.

Nothing here raises for a disk that fails: what could not be written is a `Loss`, the position in
the room clock goes on, and the next flush tries again.
"""

import errno
import logging
import zlib
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from models.audio import FRAME_SAMPLES, RATE_HZ, Frame
from models.recording import NOT_YET, Loss, Recording, Segment, Track
from models.room import Speaker
from recorder import manifest, ogg
from recorder.manifest_log import LOG, Addition, ManifestLog
from recorder.segments import Create, Segments, create_file, runs
from recorder.tracks import TRACK_PRE_SKIP, TrackWriter

log = logging.getLogger(__name__)

SEGMENTS = "segments"
FLUSH_FRAMES = 50
TAP_LOST = "tap-lost"
OFF_RECORD = "off-record"
BAD_PACKET = "no usable packet"
DISK_FULL = "disk full"
DISK_ERROR = "disk error"


_Whole = TypeVar("_Whole", Recording, Track)


def serial_of(recording_id: str, track: Track | None = None) -> int:
    """The Ogg stream serial number of a recording, or of one of its tracks."""
    return zlib.crc32(f"{recording_id}/{track.id}".encode() if track else recording_id.encode())


def comments_of(recording: Recording, track: Track | None = None) -> list[str]:
    """The file's tags, from which a lost manifest can be written again."""
    comments = [
        f"TITLE={recording.title[:1000]}",
        f"DATE={recording.started_at.isoformat()}",
        f"ROOM={recording.room_id}",
        f"INSTANCE={recording.instance}",
    ]
    if track is not None:
        comments += [f"ARTIST={track.speaker.name[:1000]}", f"SPEAKER={track.speaker.id}"]
    return comments


class SegmentWriter:
    """Writes segments of ``segment_s`` seconds below ``folder``; `recording` is its manifest.

    `add` only remembers. `flush` and `close` do the file work and belong in a worker thread; the
    caller lets one call end before the next. ``trouble`` is one line while the disk fails, else "".
    With ``tracks``, what each speaker sent is kept, too.
    """

    def __init__(
        self,
        folder: Path,
        recording: Recording,
        *,
        pre_skip: int,
        segment_s: float,
        create: Create = create_file,
        tracks: bool = False,
    ) -> None:
        self.recording = recording
        self.trouble = ""
        self._folder = folder
        self._segment_samples = round(segment_s * RATE_HZ)
        self._create = create
        serial = serial_of(recording.id)
        headers = ogg.header_pages(serial, pre_skip, comments_of(recording))
        self._mix = self._stream("", serial, headers)
        self._wants_tracks = tracks
        self._tracks: dict[str, TrackWriter] = {}
        self._waiting: list[tuple[int, bytes]] = []
        self._next_sample = 0
        self._log: ManifestLog | None = None
        self._unsaved: list[Addition] = []
        self._closed = False

    @property
    def written(self) -> int:
        """How many bytes are on the disk."""
        return self._mix.written + sum(one.stream.written for one in list(self._tracks.values()))

    @property
    def bytes_per_s(self) -> float:
        """How fast the recording grows, over all that was written."""
        return self.written * RATE_HZ / self._mix.samples if self._mix.samples else 0.0

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
        self._add_to_tracks(frame)
        self._next_sample = frame.sample + FRAME_SAMPLES
        return len(self._waiting) >= FLUSH_FRAMES

    def _add_to_tracks(self, frame: Frame) -> None:
        if frame.off_record:
            for track in self._tracks.values():
                track.hush()
        elif self._wants_tracks:
            for sent in frame.sent:
                self._track_of(sent.speaker).add(sent)

    def flush(self) -> None:
        """Write what waits; afterwards ``trouble`` says whether the disk took it."""
        self.trouble = ""
        if self._unsaved:
            self._save()  # first: what is silence off the record is never there without its reason
        waiting, self._waiting = self._waiting, []
        for sample, packets in runs(waiting):
            try:
                self._prepare()
                self._mix.append(sample, packets)
            except OSError as error:
                self._note(error)
                self._lose(sample, len(packets) * FRAME_SAMPLES, _reason(error))
        for track in self._tracks.values():
            for sample, samples, why in track.flush(self._next_sample):
                self._lose(sample, samples, _reason(why), track.id)
        if self._unsaved:
            self._save()

    def close(self) -> None:
        """Write what waits and end the open segments; closing again does nothing."""
        if self._closed:
            return
        self._closed = True
        self.flush()
        self._mix.close()
        for track in self._tracks.values():
            track.stream.close()
        self._save()
        self._fold()

    def _stream(self, track: str, serial: int, headers: bytes) -> Segments:
        return Segments(
            self._folder,
            self._folder / SEGMENTS / track,
            serial=serial,
            headers=headers,
            segment_samples=self._segment_samples,
            on_closed=lambda segment: self._keep(segment, track),
            on_error=self._note,
            create=self._create,
        )

    def _prepare(self) -> None:
        """Make the folder, with a first manifest. Raises OSError."""
        if not (self._folder / SEGMENTS).exists():
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            manifest.save(self._folder, self.recording)
            manifest.sync_folder(self._folder.parent)

    def _track_of(self, speaker: Speaker) -> TrackWriter:
        if speaker.id not in self._tracks:
            track = Track(id=str(len(self._tracks) + 1), speaker=speaker)
            serial = serial_of(self.recording.id, track)
            comments = comments_of(self.recording, track)
            headers = ogg.header_pages(serial, TRACK_PRE_SKIP, comments)
            stream = self._stream(track.id, serial, headers)
            self._tracks[speaker.id] = TrackWriter(track.id, stream)
            self.recording = replace(self.recording, tracks=(*self.recording.tracks, track))
            self._unsaved.append(Addition(what=speaker, track=track.id))
        return self._tracks[speaker.id]

    def _lose(self, first_sample: int, samples: int, reason: str, track: str = "") -> None:
        self._keep(Loss(first_sample=first_sample, samples=samples, reason=reason), track)

    def _keep(self, what: Segment | Loss, track: str) -> None:
        """Put it into the recording or one of its tracks, and have it made durable."""
        if track:
            tracks = {one.id: one for one in self.recording.tracks}
            tracks[track] = _with(tracks[track], what)
            losses = tracks[track].losses
            self.recording = replace(self.recording, tracks=tuple(tracks.values()))
        else:
            self.recording = _with(self.recording, what)
            losses = self.recording.losses
        addition = Addition(what=what if isinstance(what, Segment) else losses[-1], track=track)
        if self._unsaved and _goes_on(self._unsaved[-1], addition):
            self._unsaved.pop()
        self._unsaved.append(addition)

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


def _with(whole: _Whole, what: Segment | Loss) -> _Whole:
    """Add a segment, or a loss, which may go on the newest one."""
    if isinstance(what, Segment):
        return replace(whole, segments=(*whole.segments, what))
    newest = whole.losses[-1] if whole.losses else None
    if newest is None or newest.reason != what.reason or _end(newest) != what.first_sample:
        return replace(whole, losses=(*whole.losses, what))
    longer = replace(newest, samples=newest.samples + what.samples)
    return replace(whole, losses=(*whole.losses[:-1], longer))


def _end(loss: Loss) -> int:
    return loss.first_sample + loss.samples


def _goes_on(before: Addition, addition: Addition) -> bool:
    """Whether one says all that the other says: a loss that has become longer."""
    one, other = before.what, addition.what
    if not isinstance(one, Loss) or not isinstance(other, Loss) or before.track != addition.track:
        return False
    return (one.first_sample, one.reason) == (other.first_sample, other.reason)


def _reason(error: OSError) -> str:
    return DISK_FULL if error.errno in (errno.ENOSPC, errno.EDQUOT) else DISK_ERROR
