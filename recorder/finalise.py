"""Joining a recording's segments into one file, after the room's end or after a crash."""

import errno
import hashlib
import logging
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from models.audio import FRAME_SAMPLES
from models.recording import Loss, Recording, RecordingPhase, Segment, Track
from models.room import Speaker
from recorder import manifest, manifest_log, ogg
from recorder.tracks import TRACK_PRE_SKIP
from recorder.writer import SEGMENTS, comments_of, serial_of

log = logging.getLogger(__name__)

Tell = Callable[[float], None]
"""Is told how much of a step is done, from 0 to 1."""

NOT_ON_DISK = "not on disk"
LIBOPUS_PRE_SKIP = 312
"""What libopus delays its sound by at 48 kHz; for recordings whose headers were lost."""


def media_name(recording_id: str) -> str:
    """How the joined file of a recording is called."""
    return f"{recording_id}.ogg"


class Joiner:
    """Turns segments' pages into one stream's pages: nothing is read or written here.

    Positions are in the room clock. What is missing between pages becomes silence and is kept in
    ``holes``; what comes twice is dropped.
    """

    def __init__(self, serial: int, pre_skip: int, comments: Sequence[str]) -> None:
        self.position = 0
        self.holes: list[tuple[int, int]] = []
        self._serial = serial
        self._pre_skip = pre_skip
        self._comments = comments
        self._pages = 2

    def begin(self) -> bytes:
        """The headers."""
        return ogg.header_pages(self._serial, self._pre_skip, self._comments)

    def add(self, page: ogg.Page) -> Iterator[bytes]:
        """The next pages of the file for one page of a segment."""
        start, packets = page.granule - page.samples, list(page.packets)
        while packets and start < self.position:
            start += ogg.packet_samples(packets.pop(0))
        if packets:
            yield from self.fill_to(start)
            yield from self._emit(packets)

    def follow(self, packets: Sequence[bytes]) -> Iterator[bytes]:
        """The next pages of the file, for packets that follow directly."""
        yield from self._emit(packets)

    def fill_to(self, sample: int) -> Iterator[bytes]:
        """Silence up to ``sample``."""
        missing = (sample - self.position) // ogg.SHORTEST_SAMPLES * ogg.SHORTEST_SAMPLES
        if missing > 0:
            self.holes.append((self.position, missing))
            yield from self._emit(ogg.silence(missing))

    def end(self) -> bytes:
        """The last page: as much silence as players drop, so that every sample can be heard.

        Its granule position trims what the packets hold beyond that (RFC 7845, 4.4).
        """
        padding = ogg.silence(-(-self._pre_skip // FRAME_SAMPLES) * FRAME_SAMPLES)
        # without a pre-skip, as in a speaker's track, it is a page without packets
        return self._page(padding, self.position + self._pre_skip, last=True)

    def _emit(self, packets: Sequence[bytes]) -> Iterator[bytes]:
        for group in ogg.split(packets):
            self.position += sum(map(ogg.packet_samples, group))
            yield self._page(group, self.position)

    def _page(self, packets: Sequence[bytes], granule: int, *, last: bool = False) -> bytes:
        page = ogg.Page(
            packets=tuple(packets),
            granule=granule,
            serial=self._serial,
            number=self._pages,
            last=last,
        )
        self._pages += 1
        return ogg.page_bytes(page)


def finalise(folder: Path, recording: Recording, tell: Tell = lambda _: None) -> Recording:
    """Join what is in ``folder``, check the result, and only then remove the segments.

    Can be interrupted anywhere and done again. A recording without a sample of sound is finished
    without ``media``. Raises OSError, after which everything is as it was.
    """
    tracks = _tracks(folder, recording)
    steps = _Steps(tell, 1 + len(tracks))
    sources = sorted((folder / SEGMENTS).glob("*.ogg"))
    joiner = Joiner(serial_of(recording.id), _pre_skip(sources), comments_of(recording))
    media = folder / media_name(recording.id)
    lost_until = max((x.first_sample + x.samples for x in recording.losses), default=0)
    digest = _join(joiner, sources, media, lost_until, steps.next())
    if not digest:
        return replace(recording, phase=RecordingPhase.FINISHED)
    whole = Segment(file=media.name, first_sample=0, samples=joiner.position, sha256=digest)
    joined = [
        _joined_track(folder, recording, one, joiner.position, steps.next()) for one in tracks
    ]
    manifest.sync_folder(folder)
    finished = replace(
        recording,
        phase=RecordingPhase.FINISHED,
        segments=(whole,),
        losses=_with_holes(recording.losses, joiner.holes),
        media=media.name,
        sha256=digest,
        tracks=tuple(track for track in joined if track.media),
    )
    manifest.save(folder, finished)
    tidy(folder)
    return finished


class _Steps:
    """Tells of several steps as of one."""

    def __init__(self, tell: Tell, count: int) -> None:
        self._tell, self._count, self._begun = tell, count, 0

    def next(self) -> Tell:
        """What tells of the next step."""
        before, self._begun = self._begun, self._begun + 1
        return lambda share: self._tell((before + share) / self._count)


def tidy(folder: Path) -> None:
    """Remove what a finished recording no longer needs."""
    shutil.rmtree(folder / SEGMENTS, ignore_errors=True)
    (folder / manifest_log.LOG).unlink(missing_ok=True)
    for part in folder.glob("*.part"):
        part.unlink(missing_ok=True)


def verify(path: Path, *, samples: int, sha256: str) -> None:
    """Read a joined file back. Raises OSError unless it is whole and ``samples`` long."""
    digest, position, ended, count = hashlib.sha256(), 0, False, 0
    with path.open("rb") as file:
        headers = ogg.read_headers(file.read(1 << 16))
        file.seek(0)
        for data in ogg.whole_pages(file):
            digest.update(data)
            for page in ogg.read_pages(data):
                if page.number != count or ended:
                    raise _not_as_written()
                position, ended, count = page.granule, page.last, count + 1
    pre_skip = headers[0] if headers else -1
    if not ended or digest.hexdigest() != sha256 or position != samples + pre_skip:
        raise _not_as_written()


def _not_as_written() -> OSError:
    return OSError(errno.EIO, "the joined recording did not read back as it was written")


def rebuild(folder: Path) -> Recording | None:
    """Describe a recording without a readable manifest by its segments' tags and its log."""
    for source in sorted((folder / SEGMENTS).glob("*.ogg")):
        headers = ogg.read_headers(source.read_bytes())
        if headers is None:
            continue
        tags = headers[1]
        try:
            recording = Recording(
                id=folder.name,
                room_id=tags["ROOM"],
                instance=int(tags["INSTANCE"]),
                title=tags["TITLE"],
                started_at=datetime.fromisoformat(tags["DATE"]).astimezone(UTC),
                phase=RecordingPhase.RECORDING,
            )
            return manifest_log.folded(folder, recording)
        except (KeyError, ValueError):
            continue
    return None


def _join(joiner: Joiner, sources: Sequence[Path], target: Path, until: int, tell: Tell) -> str:
    """Write a joined file that is whole and silent up to ``until``; gives its SHA-256.

    No file and no digest when the segments hold no sound. Raises OSError, and leaves no file then.
    """
    digest = hashlib.sha256()
    part = target.with_name(f"{target.name}.part")
    try:
        with part.open("wb") as file:
            for data in _joined(joiner, sources, until, tell):
                digest.update(data)
                file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        part.unlink(missing_ok=True)
        raise
    if joiner.position == 0:
        part.unlink()
        return ""
    verify(part, samples=joiner.position, sha256=digest.hexdigest())
    part.replace(target)
    return digest.hexdigest()


def _joined(joiner: Joiner, sources: Sequence[Path], until: int, tell: Tell) -> Iterator[bytes]:
    yield joiner.begin()
    for number, source in enumerate(sources):
        tell(number / len(sources))
        for page in ogg.audio_pages(source.read_bytes()):
            yield from joiner.add(page)
    if joiner.position:
        yield from joiner.fill_to(until)
        yield joiner.end()


def _tracks(folder: Path, recording: Recording) -> list[Track]:
    """A recording's tracks, those included of which only their segments' tags tell."""
    found = {track.id: track for track in recording.tracks}
    for source in sorted((folder / SEGMENTS).glob("[0-9]*/*.ogg")):
        name = source.parent.name
        headers = None if name in found else ogg.read_headers(source.read_bytes())
        if headers is not None and "SPEAKER" in headers[1]:
            tags = headers[1]
            speaker = Speaker(id=tags["SPEAKER"], name=tags.get("ARTIST", ""))
            found[name] = Track(id=name, speaker=speaker)
    return sorted(found.values(), key=lambda track: int(track.id))


def _joined_track(
    folder: Path, recording: Recording, track: Track, samples: int, tell: Tell
) -> Track:
    """Join a track to the length of its recording; without ``media`` when it holds no sound."""
    sources = sorted((folder / SEGMENTS / track.id).glob("*.ogg"))
    comments = comments_of(recording, track)
    joiner = Joiner(serial_of(recording.id, track), TRACK_PRE_SKIP, comments)
    media = folder / f"{recording.id}-speaker-{track.id}.ogg"
    digest = _join(joiner, sources, media, samples, tell)
    if not digest:
        return track
    return replace(
        track,
        segments=(
            Segment(file=media.name, first_sample=0, samples=joiner.position, sha256=digest),
        ),
        losses=(*track.losses, *_not_on_disk(track.segments, joiner.holes)),
        media=media.name,
        sha256=digest,
    )


def _not_on_disk(segments: Sequence[Segment], holes: Sequence[tuple[int, int]]) -> Iterator[Loss]:
    """What is missing of segments that were written; all other holes are somebody's silence."""
    for segment in segments:
        for first, samples in holes:
            at = max(first, segment.first_sample)
            end = min(first + samples, segment.first_sample + segment.samples)
            if end - at >= FRAME_SAMPLES:
                yield Loss(first_sample=at, samples=end - at, reason=NOT_ON_DISK)


def _pre_skip(sources: Sequence[Path]) -> int:
    for source in sources:
        headers = ogg.read_headers(source.read_bytes())
        if headers is not None:
            return headers[0]
    return LIBOPUS_PRE_SKIP


def _with_holes(losses: Sequence[Loss], holes: Sequence[tuple[int, int]]) -> tuple[Loss, ...]:
    """Add what of the holes no loss explains yet."""
    found = []
    for first, samples in holes:
        at, end = first, first + samples
        for loss in sorted(losses, key=lambda loss: loss.first_sample):
            if loss.first_sample + loss.samples <= at or loss.first_sample >= end:
                continue
            if loss.first_sample > at:
                found.append((at, loss.first_sample))
            at = loss.first_sample + loss.samples
        if at < end:
            found.append((at, end))
    unexplained = [Loss(first_sample=at, samples=end - at, reason=NOT_ON_DISK) for at, end in found]
    return tuple(sorted([*losses, *unexplained], key=lambda loss: loss.first_sample))
