"""What a person was told: the list, what they read of it, and the websocket that brings more."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response, WebSocket
from pydantic import BaseModel, Field

from api import notifications_socket
from api.routes.access import Server, SignedIn

router = APIRouter(tags=["notifications"])

Seq = Annotated[int, Field(ge=1, lt=2**53)]


class Reading(BaseModel):
    """Whether a notification was read."""

    read: bool


class ReadUpTo(BaseModel):
    """The number of the newest notification that a person has seen."""

    upto: Seq


@router.websocket("/notifications")
async def notifications(socket: WebSocket) -> None:
    """Serve notifications.v1."""
    await notifications_socket.serve(socket, socket.app.state.roomscribe)


@router.get("/me/notifications")
async def show(
    app: Server,
    user: SignedIn,
    before: Seq = 2**53 - 1,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> dict[str, Any]:
    """List what the asker was told, the newest first."""
    inbox = app.notifying.inbox
    kept = await asyncio.to_thread(inbox.of, user.id, before=before, limit=limit + 1)
    unread = await asyncio.to_thread(inbox.count_unread, user.id)
    items = [await app.notifying.as_json(one) for one in kept[:limit]]
    return {"items": items, "more": len(kept) > limit, "unread": unread}


@router.post("/me/notifications/read", status_code=204)
async def read_all(app: Server, user: SignedIn, body: ReadUpTo) -> Response:
    """Mark everything up to a number as read."""
    await app.notifying.mark_all(user.id, body.upto)
    return Response(status_code=204)


@router.patch("/me/notifications/{seq}")
async def mark(app: Server, user: SignedIn, seq: Seq, body: Reading) -> dict[str, Any]:
    """Mark one as read, or as not read."""
    return await app.notifying.as_json(await app.notifying.mark(user.id, seq, read=body.read))


@router.delete("/me/notifications/{seq}", status_code=204)
async def delete(app: Server, user: SignedIn, seq: Seq) -> Response:
    """Forget one."""
    await app.notifying.delete(user.id, seq)
    return Response(status_code=204)
