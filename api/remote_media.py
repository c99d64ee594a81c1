"""Sound that is in the store alone, passed on to listeners whole or by Range.

It is read in pieces of a mebibyte, each when the client has taken the one before, in threads of
its own: a store that hangs holds up nobody who does not listen to what it has.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor

from fastapi import Request, Response
from fastapi.responses import StreamingResponse

from api.ranges import Unsatisfiable, wanted
from recorder.sounds import RemoteSound

_READERS = 8


class RemoteMedia:
    """Answers requests for such sound until it is closed."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_READERS, thread_name_prefix="store")

    async def answer(
        self, sound: RemoteSound, request: Request, *, media_type: str, disposition: str, tag: str
    ) -> Response:
        """Give the sound, or the part that is asked for. Raises `StorageFailed`."""
        asked = request.headers
        headers = {
            "Accept-Ranges": "bytes",
            "Content-Disposition": disposition,
            "ETag": f'"{tag}"',
        }
        # A part of another version would be worse than all of this one.
        is_of_this = asked.get("if-range") in (None, headers["ETag"])
        try:
            span = wanted(asked.get("range"), sound.size) if is_of_this else None
        except Unsatisfiable:
            headers["Content-Range"] = f"bytes */{sound.size}"
            return Response(status_code=416, headers=headers)
        start, end = span or (0, sound.size)
        headers["Content-Length"] = str(end - start)
        if span:
            headers["Content-Range"] = f"bytes {start}-{end - 1}/{sound.size}"
        if request.scope.get("head"):
            return Response(
                status_code=206 if span else 200, headers=headers, media_type=media_type
            )
        pieces = sound.read(start, end)
        # What the store says against it is said before anything is given.
        first = await self._next(pieces)
        return StreamingResponse(
            self._from(first, pieces),
            status_code=206 if span else 200,
            media_type=media_type,
            headers=headers,
        )

    def close(self) -> None:
        """Read nothing more."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _from(self, first: bytes | None, pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
        piece = first
        while piece is not None:
            yield piece
            piece = await self._next(pieces)

    async def _next(self, pieces: Iterator[bytes]) -> bytes | None:
        return await asyncio.get_running_loop().run_in_executor(self._threads, next, pieces, None)
