"""Captions: the websocket, the transcript as a file, and corrections."""

from typing import Any

from fastapi import APIRouter, Response, WebSocket
from pydantic import BaseModel, Field

from api import protocol, websocket
from api.routes.access import Guest, Server, SignedIn
from models.errors import Invalid, NotFound, StaleRevision
from models.room import Speaker
from models.transcript import Correction
from rooms.roles import Right
from transcripts.exports import FORMATS, export

router = APIRouter(tags=["captions"], prefix="/rooms/{room_id}")


class Corrected(BaseModel):
    """A caption's new text; ``rev`` is the revision that was read."""

    text: str = Field(min_length=1, max_length=2000)
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
    download: bool = False,
) -> Response:
    """Give what was said so far, also while the room is live."""
    room = await app.registry.room(room_id)
    await app.registry.require(user, room_id, Right.READ)
    if format not in FORMATS:
        raise Invalid(f"format is one of {', '.join(FORMATS)}", field="format")
    entries = await app.journal.transcript(room_id, instance or room.instance)
    text = export(entries, format, title=room.title, started_at=room.started_at)
    headers = {}
    if download:
        headers["Content-Disposition"] = f'attachment; filename="{room_id}.{format}"'
    return Response(text, media_type=FORMATS[format], headers=headers)


@router.patch("/captions/{caption_id}")
async def correct(
    app: Server, user: SignedIn, room_id: str, caption_id: str, body: Corrected
) -> dict[str, Any]:
    """Correct a caption for everybody who reads it, now and later."""
    room = await app.registry.room(room_id)
    await app.registry.require(user, room_id, Right.CORRECT)
    history = await app.journal.caption(room_id, caption_id)
    if not history:
        raise NotFound("there is no such caption in this room")
    newest = history[-1]
    rev = getattr(newest, "rev", 0)
    if body.rev != rev:
        raise StaleRevision(f"the caption is at revision {rev} by now: read it again")
    correction = Correction(
        id=caption_id,
        rev=rev + 1,
        text=body.text.strip(),
        by=Speaker(id=user.id, name=user.name),
        replaces=newest.seq,
    )
    kept = await app.journal.append(room_id, room.instance, correction)
    app.lives.bus(room_id).publish(kept)
    return protocol.entry(kept)
