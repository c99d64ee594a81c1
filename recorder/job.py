"""What is left to do for a recording after its room has ended, in a process of its own.

``python -m recorder.job ROOT ID`` makes segments of a file that was brought in, joins the segments,
then measures the loudness and makes the peaks in one pass, then makes the recording without what
was cut, and measures that. Each step is skipped when the folder holds its result, and puts that in
place whole, so the folder is all the state there is: killed anywhere, it is started again and goes
on. A line on standard output tells of each bit of progress. It ends when its standard input does:
that is when who started it is gone.
"""

import fcntl
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from models.audio import Pcm
from models.errors import RoomscribeError, StorageFailed
from models.recording import Recording, RecordingPhase
from recorder import edited, editing, imported, loudness, manifest, manifest_log, peaks
from recorder.recording import Recorder
from recorder.writer import SEGMENTS

log = logging.getLogger(__name__)

CONVERTING, JOINING, MEASURING, CUTTING = "converting", "joining", "measuring", "cutting"

TellStep = Callable[[str, float], None]
_NICE = 10  # captions and sound go before


def is_left(folder: Path) -> bool:
    """Whether something is to be done for the recording in ``folder``, which does not run."""
    if not folder.is_dir():
        return False
    try:
        recording = manifest.load(folder)
    except StorageFailed:
        return True
    if recording is None or recording.phase is not RecordingPhase.FINISHED:
        return True
    remains = (folder / SEGMENTS, folder / manifest_log.LOG, *folder.glob("*.part"))
    if any(path.exists() for path in remains):
        return True
    # Whether the peaks are whole is seen when they are read: this is asked of all recordings.
    if recording.loudness is None or not (folder / peaks.FILE).exists():
        return True
    return _is_to_be_cut(folder, recording)


def _is_to_be_cut(folder: Path, recording: Recording) -> bool:
    try:
        edit = editing.load(folder).now
    except StorageFailed:  # nothing is given out until somebody has looked at it
        return False
    made = edited.load(folder, recording, edit)
    return bool(edit.cuts) and (made is None or made.loudness is None)


def finish(root: Path, recording_id: str, tell: TellStep) -> None:
    """Do what is left. Raises OSError and `RoomscribeError`; what was done until then stays."""
    recorder = Recorder(root)
    folder = recorder.folder(recording_id)
    if not folder.is_dir():
        return
    with _alone_in(folder):
        if imported.waits(folder):
            tell(CONVERTING, 0.0)
            imported.convert(folder, lambda share: tell(CONVERTING, share))
        tell(JOINING, 0.0)
        recording = recorder.finish(recording_id, lambda share: tell(JOINING, share))
        if recording is not None and recording.media and _unmeasured(folder, recording):
            recording = _measure(folder, recording, lambda share: tell(MEASURING, share))
        if recording is not None and recording.media:
            _cut(folder, recorder.media_path(recording_id), recording, tell)


def _cut(folder: Path, source: Path, recording: Recording, tell: TellStep) -> None:
    """Make the recording without what was cut, then measure it: it can be played before that."""
    edit = editing.load(folder).now
    if edit.cuts:
        made = edited.load(folder, recording, edit)
        if made is None:
            tell(CUTTING, 0.0)
            cutting = partial(tell, CUTTING)
            made = edited.render(folder, source, recording, edit, cutting)
        if made.loudness is None:
            tell(MEASURING, 0.0)
            found = loudness.measure(folder / made.media)
            edited.save(folder, recording, edit, replace(made, loudness=found))
    edited.tidy(folder, recording, edit)


def _unmeasured(folder: Path, recording: Recording) -> bool:
    if recording.loudness is None:
        return True
    try:
        return peaks.load(folder) is None
    except StorageFailed:
        return True


def _measure(folder: Path, recording: Recording, tell: Callable[[float], None]) -> Recording:
    tell(0.0)
    maker, heard = peaks.PeaksMaker(), 0

    def on_sound(pcm: Pcm) -> None:
        nonlocal heard
        maker.add(pcm)
        heard += len(pcm)
        tell(min(1.0, heard / max(1, recording.samples)))

    found = loudness.measure(folder / recording.media, on_sound)
    peaks.save(folder, maker.end())
    measured = replace(recording, loudness=found)
    manifest.save(folder, measured)
    return measured


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Wait for another job on the same folder; the lock ends with its process in any case."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _end_with_parent() -> None:
    while os.read(sys.stdin.fileno(), 1024):  # unbuffered: no lock is held when we end first
        pass
    os.killpg(os.getpgrp(), signal.SIGKILL)  # ffmpeg, too


def main() -> int:
    """Run the job that the command line names."""
    root, recording_id = Path(sys.argv[1]), sys.argv[2]
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s: %(message)s")
    threading.Thread(target=_end_with_parent, daemon=True).start()
    os.nice(_NICE)

    def tell(step: str, share: float) -> None:
        sys.stdout.write(f"{step} {share:.4f}\n")
        sys.stdout.flush()

    try:
        finish(root, recording_id, tell)
    except OSError as error:
        log.warning("recording %s is not finished yet: %s", recording_id, error.strerror or error)
        return 1
    except RoomscribeError as error:
        log.warning("recording %s is not finished yet: %s", recording_id, error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
