"""Audio by WHIP (RFC 9725) to speak and WHEP to listen: SDP in, 201 and a place to hang up."""

from contextlib import suppress

from fastapi import APIRouter, Request, Response

from api.bootstrap import Roomscribe
from api.routes.access import Guest, Server, SignedIn
from models.errors import BadOffer, NotAllowed, NotFound, RoomNotLive
from models.room import User
from rooms.roles import Right

router = APIRouter(tags=["audio"], prefix="/rooms/{room_id}")

_SDP = "application/sdp"
_MAX_SDP_BYTES = 64 * 1024


async def _offer(request: Request) -> str:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != _SDP:
        raise BadOffer(f"send the offer as {_SDP}", field="content-type")
    body = await request.body()
    if len(body) > _MAX_SDP_BYTES:
        raise BadOffer(f"an offer may have {_MAX_SDP_BYTES} bytes at most", field="body")
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise BadOffer("the offer is not text", field="body") from None


def _created(request: Request, resource: str, answer: str) -> Response:
    location = f"{request.url.path.rstrip('/')}/{resource}"
    return Response(answer, 201, media_type=_SDP, headers={"Location": location})


async def _muted(app: Roomscribe, room_id: str, user: User) -> bool:
    try:
        return (await app.registry.participant(room_id, user.id)).muted
    except NotFound:
        raise NotAllowed("You have left this room; join it again to speak") from None


@router.post("/whip", status_code=201)
async def speak(app: Server, user: SignedIn, room_id: str, request: Request) -> Response:
    """Begin to speak: the answer receives what the offer sends."""
    await app.registry.room(room_id)
    await app.registry.require(user, room_id, Right.SPEAK)
    sound = app.media.get(room_id)
    offer = await _offer(request)
    muted = await _muted(app, room_id, user)
    sound.set_muted(user.id, muted)
    resource, answer = await sound.publish(user, offer)
    try:  # the host may have been quicker
        await app.registry.require(user, room_id, Right.SPEAK)
        await _muted(app, room_id, user)
    except NotAllowed:
        with suppress(NotFound):
            await sound.hang_up(resource)
        raise
    return _created(request, resource, answer)


@router.post("/whep", status_code=201)
async def listen(app: Server, user: Guest, room_id: str, request: Request) -> Response:
    """Begin to listen; who also speaks hears the room without themself."""
    await app.registry.room(room_id)
    await app.registry.require(user, room_id, Right.LISTEN)
    resource, answer = await app.media.get(room_id).play(user, await _offer(request))
    return _created(request, resource, answer)


@router.delete("/whip/{resource}")
@router.delete("/whep/{resource}")
async def hang_up(app: Server, room_id: str, resource: str) -> Response:
    """Hang up; the resource's name is known to its owner alone."""
    await app.registry.room(room_id)
    with suppress(RoomNotLive):  # a room that has ended has hung up already
        await app.media.get(room_id).hang_up(resource)
    return Response(status_code=200)
