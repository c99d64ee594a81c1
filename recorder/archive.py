"""Files as one zip, written while it is sent: it is never whole, in memory or on a disk.

Files are stored as they are, since sound does not get smaller. ZIP64 throughout, so that hours of
WAV fit. The manifest comes last: it has the hash of every file before it.
"""

import hashlib
import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

PIECE_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Packing:
    """A file that is to be packed under ``name``: its bytes, or where they are."""

    name: str
    content: Path | bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """A file that was packed."""

    name: str
    size: int
    sha256: str


def packed(
    files: Sequence[Packing],
    last: tuple[str, Callable[[Sequence[Packed]], bytes]],
    written_at: datetime,
) -> Iterator[bytes]:
    """The zip in pieces of about `PIECE_BYTES`; ``last`` is made of what was packed before it.

    All files are opened here, so that none can go while others are sent. Raises OSError for one
    that is not there. The first piece begins the reading.
    """
    with ExitStack() as opening:
        sources: list[IO[bytes]] = [
            io.BytesIO(file.content)
            if isinstance(file.content, bytes)
            else opening.enter_context(file.content.open("rb"))
            for file in files
        ]
        opened = opening.pop_all()
    names = [file.name for file in files]
    return _pieces(names, sources, last, written_at, opened)


def _pieces(
    names: Sequence[str],
    sources: Sequence[IO[bytes]],
    last: tuple[str, Callable[[Sequence[Packed]], bytes]],
    written_at: datetime,
    opened: ExitStack,
) -> Iterator[bytes]:
    sink = _Sink()
    done: list[Packed] = []
    with opened, zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for name, source in zip(names, sources, strict=True):
            digest, size = hashlib.sha256(), 0
            with archive.open(_info(name, written_at), "w", force_zip64=True) as target:
                while piece := source.read(PIECE_BYTES):
                    digest.update(piece)
                    size += len(piece)
                    target.write(piece)
                    yield sink.taken()
            done.append(Packed(name=name, size=size, sha256=digest.hexdigest()))
        archive.writestr(_info(last[0], written_at), last[1](done))
        yield sink.taken()
    yield sink.taken()


def _info(name: str, written_at: datetime) -> zipfile.ZipInfo:
    year = max(1980, written_at.year)  # the format knows none before
    moment = (year, *written_at.timetuple()[1:6])
    return zipfile.ZipInfo(name, moment)


class _Sink(io.RawIOBase):
    """What a zip is written to: it cannot be sought in, and holds what was not taken yet."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: "bytes | memoryview", /) -> int:  # type: ignore[override]
        self._pieces.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)
