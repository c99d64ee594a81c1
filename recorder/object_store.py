"""The port of stores that recordings are moved to, and how objects are read from one in pieces.

Without a store, recordings stay where they were made: on the local disk.
"""

import hashlib
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from models.errors import StoreUnavailable

PROBE = ".probe"
"""Where an object is put for a moment to try a store out; no recording is called so."""

PIECE_BYTES = 1 << 20
"""How much is asked for at a time: four minutes of sound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """An object as the store describes it; ``tag`` is another one when its content is."""

    key: str
    size: int
    tag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What is said of an object that is put: its size in bytes, and what downloads are told."""

    size: int
    media_type: str
    filename: str


class ObjectStore(Protocol):
    """Keeps objects by key. Every method blocks, and raises `StoreUnavailable`."""

    @property
    def name(self) -> str:
        """Which store this is, for people and to tell it from another: ``s3://bucket/prefix``."""

    def put(self, key: str, pieces: Iterable[bytes], given: Given) -> None:
        """Keep an object whole or not at all, in the place of what had its key."""

    def find(self, key: str) -> Stored | None:
        """Describe an object; None when there is none."""

    def read(self, key: str, start: int, end: int) -> bytes:
        """Give the bytes from ``start`` to before ``end``. Raises `NotFound`, too."""

    def list(self, folder: str) -> Sequence[Stored]:
        """Describe all objects whose keys begin with ``folder`` and a slash; "" means all."""

    def delete(self, keys: Sequence[str]) -> None:
        """Remove objects; those that are not there are fine."""

    def link(self, key: str, lasts_s: int) -> str:
        """Give an address at which anybody can read the object for so long."""


def pieces(store: ObjectStore, key: str, start: int, end: int) -> Iterator[bytes]:
    """Read a span piece by piece. Raises as `ObjectStore.read` does, and when one is cut short."""
    while start < end:
        piece = store.read(key, start, min(end, start + PIECE_BYTES))
        if not piece:
            raise StoreUnavailable(f"{store.name} gave less of {key} than it has")
        yield piece
        start += len(piece)


def content_sha256(
    store: ObjectStore, stored: Stored, tell: Callable[[int], None] = lambda _: None
) -> str:
    """Read an object back and hash it; ``tell`` is told of each piece's bytes."""
    digest = hashlib.sha256()
    for piece in pieces(store, stored.key, 0, stored.size):
        digest.update(piece)
        tell(len(piece))
    return digest.hexdigest()


def try_out(store: ObjectStore) -> None:
    """Put, find, read, list and delete an object. Raises `StoreUnavailable` at what fails."""
    key, content = f"{PROBE}/{secrets.token_hex(8)}", secrets.token_bytes(16)
    given = Given(size=len(content), media_type="application/octet-stream", filename="probe")
    store.put(key, [content], given)
    stored = store.find(key)
    if stored is None or content_sha256(store, stored) != hashlib.sha256(content).hexdigest():
        raise StoreUnavailable(f"{store.name} did not give back what it was given")
    if key not in {one.key for one in store.list(PROBE)}:
        raise StoreUnavailable(f"{store.name} does not list what it has")
    store.delete([key])
    if store.find(key) is not None:
        raise StoreUnavailable(f"{store.name} keeps what it was told to delete")
