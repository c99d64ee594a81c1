"""An S3-compatible store, by obstore.

Its calls block without holding the interpreter. Each request is tried a few times, and what is put
is signed with its SHA-256, so that a server refuses what was damaged on the way.
"""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import obstore
from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError
from obstore.store import S3Store

from models.errors import Invalid, NotFound, StoreUnavailable
from recorder.object_store import Given, ObjectStore, Stored

PART_BYTES = 8 << 20
"""What one request carries; S3 wants 5 MiB at least, and 10,000 parts at most."""

_CONNECT_S, _REQUEST_S = "5s", "60s"
_TRIES, _TRYING_S = 3, 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """Where a bucket is. Without ``endpoint`` it is at Amazon; without keys the machine's are."""

    name: str
    prefix: str = ""
    endpoint: str = ""
    region: str = ""
    access_key: str = ""
    secret_key: str = ""


class S3Objects(ObjectStore):
    """Keeps objects in a bucket, below its prefix. Raises `Invalid` for one that cannot be."""

    def __init__(self, bucket: Bucket, *, part_bytes: int = PART_BYTES) -> None:
        self._part_bytes = part_bytes
        self._name = "/".join(filter(None, (f"s3://{bucket.name}", bucket.prefix.strip("/"))))
        given = {
            "endpoint": bucket.endpoint,
            "region": bucket.region,
            "access_key_id": bucket.access_key,
            "secret_access_key": bucket.secret_key,
        }
        config: Any = {name: value for name, value in given.items() if value}
        try:
            self._store = S3Store(
                bucket.name,
                prefix=bucket.prefix.strip("/") or None,
                config=config,
                client_options={
                    "allow_http": bucket.endpoint.startswith("http://"),
                    "connect_timeout": _CONNECT_S,
                    "timeout": _REQUEST_S,
                },
                retry_config={
                    "max_retries": _TRIES - 1,
                    "retry_timeout": timedelta(seconds=_TRYING_S),
                    "backoff": {"max_backoff": timedelta(seconds=5)},
                },
            )
        except (BaseError, ValueError) as error:
            raise Invalid(f"the store of recordings cannot be used: {error}") from error

    @property
    def name(self) -> str:
        return self._name

    def put(self, key: str, pieces: Iterable[bytes], given: Given) -> None:
        with self._asking(key):
            is_long = given.size > self._part_bytes
            obstore.put(
                self._store,
                key,
                pieces if is_long else b"".join(pieces),
                use_multipart=is_long,
                chunk_size=self._part_bytes,
                max_concurrency=1,
                attributes={
                    "Content-Type": given.media_type,
                    "Content-Disposition": f'attachment; filename="{given.filename}"',
                },
            )

    def find(self, key: str) -> Stored | None:
        try:
            with self._asking(key):
                meta = obstore.head(self._store, key)
        except NotFound:
            return None
        return Stored(key=key, size=meta["size"], tag=meta["e_tag"] or "")

    def read(self, key: str, start: int, end: int) -> bytes:
        with self._asking(key):
            return bytes(obstore.get_range(self._store, key, start=start, end=end))

    def list(self, folder: str) -> Sequence[Stored]:
        with self._asking(folder):
            found = obstore.list(self._store, prefix=folder or None)
            return [
                Stored(key=meta["path"], size=meta["size"], tag=meta["e_tag"] or "")
                for meta in itertools.chain.from_iterable(found)
            ]

    def delete(self, keys: Sequence[str]) -> None:
        with self._asking(", ".join(keys[:1])):
            if keys:
                obstore.delete(self._store, list(keys))

    def link(self, key: str, lasts_s: int) -> str:
        with self._asking(key):
            return str(obstore.sign(self._store, "GET", key, timedelta(seconds=lasts_s)))

    @contextmanager
    def _asking(self, key: str) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError as error:
            if error.errno is not None:  # it is a file of ours that was to be put
                raise
            if "NoSuchBucket" in str(error):
                raise StoreUnavailable(f"{self._name}: there is no such bucket") from error
            raise NotFound(f"{self._name} has no {key}") from error
        except (PermissionDeniedError, UnauthenticatedError) as error:
            raise StoreUnavailable(f"{self._name} refuses our keys") from error
        except BaseError as error:
            raise StoreUnavailable(f"{self._name}: {_cause(error)}") from error


def _cause(error: BaseError) -> str:
    """What went wrong, in a line: the rest is for programmers, and names addresses."""
    said = str(error).split("\n", 1)[0]
    if "NoSuchBucket" in str(error):
        return "there is no such bucket"
    for known in ("SignatureDoesNotMatch", "InvalidAccessKeyId", "AccessDenied"):
        if known in str(error):
            return known
    if "error sending request" in said or "timed out" in said:
        return "it cannot be reached"
    return said.rpartition(" - ")[2][:200]
