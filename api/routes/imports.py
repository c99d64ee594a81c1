"""Files from elsewhere that become recordings."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from starlette.requests import ClientDisconnect

from api.imports import Wanted
from api.routes.access import Server, SignedIn
from api.routes.recordings import shown_to
from api.routes.text import Text
from models.errors import Invalid, RoomscribeError
from models.room import LANGUAGE_PATTERN
from rooms import wording
from transcripts.given.caption_file import MAX_BYTES

router = APIRouter(tags=["recordings"])

_DRAINED_BYTES = 16 * 1024 * 1024
_A_FILE = {"requestBody": {"content": {"application/octet-stream": {}}, "required": True}}


@router.get("/import")
async def limits(app: Server) -> dict[str, Any]:
    """Say how large a file may be, 0 where none can be imported, and for how much there is room."""
    free_bytes = await asyncio.to_thread(app.imports.free_bytes)
    return {"max_bytes": app.imports.most_bytes, "free_bytes": free_bytes}


@router.post("/recordings", status_code=201, openapi_extra=_A_FILE)
async def bring_in(
    app: Server,
    user: SignedIn,
    request: Request,
    response: Response,
    name: Annotated[str, Query(max_length=255)] = "",
    title: Text = "",
    language: Annotated[str, Query(pattern=LANGUAGE_PATTERN)] = "en",
    private: bool = False,
    captions: Annotated[str, Query(max_length=64)] = "",
) -> dict[str, Any]:
    """Make a recording of an audio or video file, which is the body, in a room of its own.

    It answers when the file is here and sound was found in it. Converting and captioning follow,
    and the recording says how far they are. ``captions`` is what `/import/captions` answered.
    """
    if title:
        wording.line(title, "title", wording.MAX_TITLE)  # now, and not when hours were sent
    announced = request.headers.get("content-length", "")
    given = app.imports.captions.get(user.id, captions) if captions else b""
    wanted = Wanted(name=name, title=title, language=language, private=private, captions=given)
    body, size = request.stream(), int(announced[:18]) if announced.isdecimal() else 0
    try:
        recording = await app.imports.receive(user, wanted, body, announced=size)
    except ClientDisconnect:
        raise Invalid("the file did not come in whole", field="body") from None
    except RoomscribeError:
        await _drain(body)
        raise
    response.headers["Location"] = f"/v1/recordings/{recording.id}"
    return await shown_to(app, user, recording)


@router.post("/import/captions", status_code=201, openapi_extra=_A_FILE)
async def bring_captions(app: Server, user: SignedIn, request: Request) -> dict[str, Any]:
    """Take captions in WebVTT or SubRip, the body, for the file that is imported next.

    What is wrong with them is said with the line.
    """
    data, body = bytearray(), request.stream()
    try:
        async for piece in body:
            data += piece
            if len(data) > MAX_BYTES:
                await _drain(body)
                break
    except ClientDisconnect:
        raise Invalid("the captions did not come in whole", field="body") from None
    id, file = await asyncio.to_thread(app.imports.captions.add, user.id, bytes(data))
    return {
        "id": id,
        "captions": len(file.cues),
        "speakers": file.speakers,
        "until_s": round(max(cue.end_s for cue in file.cues), 3),
    }


async def _drain(body: AsyncIterator[bytes]) -> None:
    """Take some of what is still sent: most clients read no answer before they have sent it all."""
    left = _DRAINED_BYTES
    with suppress(ClientDisconnect):
        async for piece in body:
            left -= len(piece)
            if left < 0:
                return
