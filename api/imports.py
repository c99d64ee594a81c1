"""Files from elsewhere, brought in as recordings of rooms that are over."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import PurePath

from api import given
from api.given import WaitingCaptions
from models.errors import Conflict, TooLarge
from models.recording import Recording
from models.room import User
from recorder import heard, imported
from recorder.finishing import Finishing
from recorder.heard import Heard, Purpose
from recorder.imported import About, Incoming
from recorder.recording import Recorder
from rooms.registry import RoomRegistry

_BLOCK_BYTES = 1 << 20
MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is said of a file; ``name`` is what it is called where it comes from.

    With ``captions``, a file that `transcripts.given` reads, nobody listens to it for others.
    """

    name: str
    title: str = ""
    language: str = "en"
    private: bool = False
    captions: bytes = field(default=b"", repr=False)

    @property
    def titled(self) -> str:
        """The room's title: the name of the file, if no other was given."""
        return self.title or PurePath(self.name).stem[:120].strip() or "Recording"


class Imports:
    """Brings files in; ``most_bytes`` is how large one may be, 0 for none at all."""

    def __init__(
        self,
        recorder: Recorder,
        registry: RoomRegistry,
        finishing: Finishing,
        *,
        most_bytes: int,
    ) -> None:
        self._recorder = recorder
        self._registry = registry
        self._finishing = finishing
        self.most_bytes = most_bytes
        self.captions = WaitingCaptions()

    def check_size(self, size: int) -> None:
        """Raise `TooLarge`, or `Conflict` where nothing may be brought in."""
        if not self.most_bytes:
            raise Conflict("files cannot be imported on this server")
        if size > self.most_bytes:
            most = self.most_bytes // MEGABYTE
            raise TooLarge(f"the file is too large: at most {most} MB can be imported here")

    def free_bytes(self) -> int:
        """For how much of a file there is room on the disk."""
        return imported.free_bytes(self._recorder.root)

    async def receive(
        self, host: User, wanted: Wanted, data: AsyncIterator[bytes], *, announced: int = 0
    ) -> Recording:
        """Write a file to the disk as it comes, and have it made a recording like any other.

        ``announced`` is how large it will be, 0 when that is not known. When this raises or is
        cancelled, nothing of the file is left. Raises `TooLarge`, `Conflict`, `Invalid`,
        `UnreadableMedia` and `StorageFailed`.
        """
        self.check_size(announced)
        incoming = Incoming(self._recorder.root)
        await asyncio.to_thread(incoming.__enter__)
        try:
            await asyncio.to_thread(incoming.check_room, announced)
            await self._write(incoming, data)
            return await self._keep(host, wanted, incoming)
        finally:
            await asyncio.shield(asyncio.to_thread(incoming.__exit__))

    async def _write(self, incoming: Incoming, data: AsyncIterator[bytes]) -> None:
        size, block = 0, bytearray()
        async for piece in data:
            size += len(piece)
            self.check_size(size)
            block += piece
            if len(block) >= _BLOCK_BYTES:
                await asyncio.to_thread(incoming.write, bytes(block))
                block.clear()
        await asyncio.to_thread(incoming.write, bytes(block))

    async def _keep(self, host: User, wanted: Wanted, incoming: Incoming) -> Recording:
        await asyncio.to_thread(incoming.end)
        length_s = await imported.examine(incoming.file)
        await asyncio.to_thread(incoming.describe, About(name=wanted.name, length_s=length_s))
        if wanted.captions:
            await asyncio.to_thread(given.check, wanted.captions, length_s)
            await asyncio.to_thread(incoming.put, heard.GIVEN, wanted.captions)
        purpose = Purpose.GIVEN if wanted.captions else Purpose.CAPTIONS
        await asyncio.to_thread(heard.save, incoming.folder, Heard(purpose=purpose))
        room = await self._registry.create(
            host, wanted.titled, language=wanted.language, private=wanted.private, over=True
        )
        recording = await asyncio.to_thread(self._recorder.describe, room)
        await asyncio.to_thread(imported.adopt, incoming.folder, recording)
        self._finishing.add(recording.id)
        return recording
