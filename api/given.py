"""Captions that come with a file: they wait for it, and are written once its recording is made.

Nobody listens to such a recording again: what is written is a person's work.
"""

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import AsyncIterator
from pathlib import Path

from api.after_room import AfterRoom
from models.audio import seconds
from models.errors import Invalid
from models.recording import Recording
from models.room import AUTO_LANGUAGE, Room
from recorder import heard
from transcripts.given.caption_file import CaptionFile, captions, read

WAITING_LIMIT = 16
"""How many files wait at most, the newest; none is larger than `caption_file.MAX_BYTES`."""

_SPARE_S = 5.0


class WaitingCaptions:
    """Caption files that were sent before what they belong to, each for its sender."""

    def __init__(self) -> None:
        self._files: OrderedDict[tuple[str, str], bytes] = OrderedDict()

    def add(self, user_id: str, data: bytes) -> tuple[str, CaptionFile]:
        """Read a file, and keep it if it can be read. Raises `Invalid`."""
        file, id = read(data), secrets.token_urlsafe(12)
        self._files[(user_id, id)] = data
        while len(self._files) > WAITING_LIMIT:
            self._files.popitem(last=False)
        return id, file

    def get(self, user_id: str, id: str) -> bytes:
        """Give a file. Raises `Invalid` when it is not there any more."""
        data = self._files.get((user_id, id))
        if data is None:
            raise Invalid("the captions are not here any more: choose them again", field="captions")
        return data


def check(data: bytes, length_s: float | None) -> None:
    """Raise `Invalid` unless a file can be the captions of what has this length."""
    last = read(data).last
    if length_s is not None and last.start_s > length_s + _SPARE_S:
        raise Invalid(
            f"line {last.line}: this caption begins after the end of the sound: "
            "are these the captions of another file?",
            field="captions",
        )


async def kept(
    after: AfterRoom, room: Room, recording: Recording, folder: Path
) -> AsyncIterator[float]:
    """Write what waits in a recording's folder, and say after each caption how far that is.

    What an earlier run has written is not written twice. Raises `StorageFailed`.
    """
    data = await asyncio.to_thread((folder / heard.GIVEN).read_bytes)
    finals = await asyncio.to_thread(
        captions,
        read(data),
        instance=recording.instance,
        language="en" if room.language == AUTO_LANGUAGE else room.language,
        length_s=seconds(recording.samples),
    )
    for number, final in enumerate(finals, start=1):
        await after.add(room, recording.instance, final)
        yield number / len(finals)
