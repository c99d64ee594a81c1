"""Where a listener was in a room's captions; it follows them to their other devices."""

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from api.routes.access import Server, SignedIn
from models.reading import ReadingPlace
from rooms.roles import Right

router = APIRouter(tags=["captions"], prefix="/rooms/{room_id}/reading-place")


class Place(BaseModel):
    """The last entry that was read, and the track that its number is one of."""

    seq: Annotated[int, Field(ge=1, lt=2**53)]
    track: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]*$", max_length=40)] = ""


@router.get("")
async def show(app: Server, user: SignedIn, room_id: str) -> dict[str, Any]:
    """Say where the listener was; ``place`` is null when they never were here."""
    await app.registry.require(user, room_id, Right.READ)
    place = await app.registry.reading_place(room_id, user.id)
    return {"place": _as_json(place) if place else None}


@router.put("", status_code=204)
async def keep(app: Server, user: SignedIn, room_id: str, body: Place) -> Response:
    """Keep where the listener is; the newest one counts, from whichever device it came."""
    await app.registry.require(user, room_id, Right.READ)
    place = ReadingPlace(seq=body.seq, track=body.track, set_at=datetime.now(UTC))
    await app.registry.save_reading_place(room_id, user.id, place)
    return Response(status_code=204)


def _as_json(place: ReadingPlace) -> dict[str, Any]:
    return {"seq": place.seq, "track": place.track, "set_at": place.set_at.isoformat()}
