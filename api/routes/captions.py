"""Captions: the websocket, the transcript as a file, and corrections."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Response, WebSocket
from pydantic import BaseModel, StringConstraints

from api import protocol, websocket
from api.bootstrap import Roomscribe
from api.routes.access import Guest, Server, SignedIn
from api.routes.text import ENCODABLE
from models.errors import Invalid, NotPublished
from models.transcript import Entry, Gap
from rooms.roles import Right
from transcripts.exports import FORMATS
from transcripts.rendering import Wanted

router = APIRouter(tags=["captions"], prefix="/rooms/{room_id}")


class Corrected(BaseModel):
    """A caption's new text; ``rev`` is the revision that was read."""

    text: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000), ENCODABLE
    ]
    rev: int


@router.websocket("/captions")
async def captions(socket: WebSocket, room_id: str) -> None:
    """Serve captions.v1."""
    await websocket.serve(socket, socket.app.state.roomscribe, room_id)


@router.get("/transcript")
async def transcript(
    app: Server,
    user: Guest,
    room_id: str,
    format: str = "vtt",
    instance: int | None = None,
    track: str = "",
    download: bool = False,
) -> Response:
    """Give what was said so far, also while the room is live; ``track`` gives a translation."""
    room = await app.registry.room(room_id)
    await app.registry.require(user, room_id, Right.READ)
    if format not in FORMATS:
        raise Invalid(f"format is one of {', '.join(FORMATS)}", field="format")
    known = {*await app.lives.tracks(room), *await app.journal.tracks(room_id)}
    if track and track not in known:
        raise Invalid("the room has no such track", field="track")
    instance = instance or room.instance
    wanted = Wanted(
        room_id=room_id,
        instance=instance,
        track=track,
        format=format,
        title=room.title,
        started_at=room.started_at if instance == room.instance else None,
        withheld=await app.withholding.spans(user, room_id),
        edited=await app.withholding.cuts(user, room_id, instance),
    )
    file = await app.exports.file(wanted)
    headers = {}
    if download:
        name = ".".join(filter(None, (room_id, track, format)))
        headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return Response(file, media_type=FORMATS[format], headers=headers)


@router.get("/speakers")
async def speakers(app: Server, user: Guest, room_id: str) -> dict[str, Sequence[str]]:
    """Give the ids of who was captioned in the room, in the order of their first captions."""
    await app.registry.room(room_id)
    await app.registry.require(user, room_id, Right.READ)
    return {"items": await app.speakers.of(room_id)}


@router.patch("/captions/{caption_id}")
async def correct(
    app: Server, user: SignedIn, room_id: str, caption_id: str, body: Corrected
) -> dict[str, Any]:
    """Correct a caption for everybody who reads it, now and later."""
    room = await app.registry.room(room_id)
    await app.registry.require(user, room_id, Right.CORRECT)
    await _readable(app, user, room_id, caption_id)
    kept = await app.lives.correct(user, room, caption_id, text=body.text, rev=body.rev)
    return protocol.entry(kept)


@router.get("/captions/{caption_id}/revisions")
async def revisions(
    app: Server, user: Guest, room_id: str, caption_id: str
) -> dict[str, list[dict[str, Any]]]:
    """Give a caption's texts, the first one first: what it was, who changed it, and when."""
    await app.registry.require(user, room_id, Right.READ)
    texts = await _readable(app, user, room_id, caption_id)
    return {"items": [protocol.entry(one) for one in texts]}


async def _readable(app: Roomscribe, user: Guest, room_id: str, caption_id: str) -> Sequence[Entry]:
    """Give a caption's texts as the asker may read them.

    Raises `NotFound`, and `NotPublished` when they may not.
    """
    room = await app.registry.room(room_id)
    texts = await app.lives.revisions(room, caption_id)
    given = await app.withholding.entries(user, room_id, texts)
    if all(isinstance(one, Gap) for one in given):
        raise NotPublished("This caption is not published: only hosts of its room have it")
    return given
