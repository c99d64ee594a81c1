"""A recording without what was cut, made from the joined file's packets: nothing is encoded again.

A packet's sound begins with the end of what the packet before it stands for, as the encoder looks
ahead (6.5 ms), and is predicted from it. So the first packet behind a cut is silence instead:
nothing of the cut is heard, and the decoder comes to what follows from silence, never from
something louder. All later packets stay, each at its place of the edited time line.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from models.edit import EditList
from models.recording import Loss, Recording, Segment
from recorder import manifest, ogg
from recorder.derived import FOLDER
from recorder.finalise import LIBOPUS_PRE_SKIP, Joiner, Tell, verify
from recorder.writer import comments_of, serial_of

_PREFIX = f"{FOLDER}/edited-"
_MADE_BY = 1
"""Raised when the same sources give another file than before."""


def load(folder: Path, recording: Recording, edit: EditList) -> Recording | None:
    """The recording without what was cut, in its own time line; None when it is not made yet."""
    try:
        text = (folder / f"{_name(recording, edit)}.json").read_text(encoding="utf-8")
        made = manifest.from_json(text)
    except (OSError, ValueError):  # it can be made again
        return None
    return replace(made, title=recording.title) if (folder / made.media).exists() else None


def save(folder: Path, recording: Recording, edit: EditList, made: Recording) -> None:
    """Keep how the edited recording is described. Raises OSError."""
    path = folder / f"{_name(recording, edit)}.json"
    manifest.replace_file(path, manifest.to_json(made).encode())


def render(
    folder: Path, source: Path, recording: Recording, edit: EditList, tell: Tell
) -> Recording:
    """Write the sound of ``source`` without what was cut, whole or not at all. Raises OSError."""
    name = f"{_name(recording, edit)}.ogg"
    media = folder / name
    part = media.with_name(f"{media.name}.part")
    part.parent.mkdir(exist_ok=True)
    try:
        samples = edit.length(recording.samples)
        digest = _write(source, part, recording, edit, tell)
        verify(part, samples=samples, sha256=digest)
        part.replace(media)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()
    manifest.sync_folder(part.parent)
    made = replace(
        recording,
        segments=(Segment(file=name, first_sample=0, samples=samples, sha256=digest),),
        losses=losses(recording.losses, edit),
        media=name,
        sha256=digest,
        loudness=None,
    )
    save(folder, recording, edit, made)
    return made


def tidy(folder: Path, recording: Recording, edit: EditList) -> None:
    """Remove what was made for other cuts."""
    for path in folder.glob(f"{_PREFIX}*"):
        if path.stem != Path(_name(recording, edit)).name or not edit.cuts:
            path.unlink(missing_ok=True)


def losses(whole: Iterable[Loss], edit: EditList) -> tuple[Loss, ...]:
    """What of the lost sound is left, in the edited time line."""
    left = []
    for loss in whole:
        start = edit.to_edited(loss.first_sample)
        end = edit.to_edited(loss.first_sample + loss.samples)
        if end > start:
            left.append(replace(loss, first_sample=start, samples=end - start))
    return tuple(left)


def is_edited(recording: Recording) -> bool:
    """Whether a recording is one without what was cut."""
    return recording.media.startswith(_PREFIX)


def packets(pages: Iterator[ogg.Page], edit: EditList, samples: int) -> Iterator[list[bytes]]:
    """What stays of each page of a joined file of ``samples``; its padding does not."""
    at, cuts = 0, list(edit.cuts)
    for page in pages:
        kept = []
        for packet in page.packets:
            while cuts and at > cuts[0].end:
                cuts.pop(0)
            if at >= samples:
                break
            if not cuts or at < cuts[0].start:
                kept.append(packet)
            elif at == cuts[0].end:
                kept.append(ogg.SILENCE)
            at += ogg.packet_samples(packet)
        yield kept


def _write(source: Path, target: Path, recording: Recording, edit: EditList, tell: Tell) -> str:
    """Gives the file's SHA-256."""
    with source.open("rb") as file, target.open("wb") as made:
        headers = ogg.read_headers(file.read(1 << 16))
        file.seek(0)
        pre_skip = headers[0] if headers else LIBOPUS_PRE_SKIP
        joiner = Joiner(serial_of(recording.id), pre_skip, comments_of(recording))
        digest = hashlib.sha256()
        pages = (page for data in ogg.whole_pages(file) for page in ogg.audio_pages(data))
        for data in _pages(joiner, packets(pages, edit, recording.samples)):
            digest.update(data)
            made.write(data)
            tell(min(1.0, joiner.position / max(1, edit.length(recording.samples))))
        made.flush()
        os.fsync(made.fileno())
    return digest.hexdigest()


def _pages(joiner: Joiner, kept: Iterator[list[bytes]]) -> Iterator[bytes]:
    yield joiner.begin()
    for group in kept:
        yield from joiner.follow(group)
    yield joiner.end()


def _name(recording: Recording, edit: EditList) -> str:
    """A hash of all that the file is made from."""
    cuts = [[cut.start, cut.end] for cut in edit.cuts]
    made_from = json.dumps([_MADE_BY, recording.sha256, cuts])
    return f"{_PREFIX}{hashlib.sha256(made_from.encode()).hexdigest()[:20]}"
