"""Rooms, their lives and the people in them."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from api.bootstrap import Roomscribe
from api.routes.access import Guest, Server, SignedIn
from api.routes.people import person
from api.routes.text import Text
from models.caption import RecordingState
from models.room import LANGUAGE_PATTERN, Participant, Role, Room, RoomState
from recorder.retention import LONGEST_DAYS
from rooms.roles import Right

router = APIRouter(tags=["rooms"], prefix="/rooms")


def _moment_in_time(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC) if value.tzinfo else value
    except OverflowError:
        raise ValueError("there is no such time in UTC") from None


Days = Annotated[int | None, Field(ge=0, le=LONGEST_DAYS)]


class NewRoom(BaseModel):
    """What a host says of a new room."""

    title: Text
    language: str = Field("en", pattern=LANGUAGE_PATTERN)
    starts_at: Annotated[datetime, AfterValidator(_moment_in_time)] | None = None
    record: bool = True
    private: bool = False
    open_floor: bool = True
    terms: list[Text] = []
    translate: bool = False
    speaker_tracks: bool = False
    keep_days: Days = None


class RoomChange(BaseModel):
    """What can be changed about a room; what is left out stays."""

    title: Text = ""
    terms: list[Text] = []
    translate: bool = False
    speaker_tracks: bool = False
    keep_days: Days = None


class Joining(BaseModel):
    """How somebody wants to join: ``{"as": "speaker"}``."""

    model_config = ConfigDict(populate_by_name=True)

    role: Literal["speaker", "listener"] = Field("listener", alias="as")


class RecordingChange(BaseModel):
    """How a live room is recorded from now on."""

    state: RecordingState


class ParticipantChange(BaseModel):
    """What can be changed about a participant."""

    role: Role | None = None
    muted: bool | None = None


async def managed(app: Roomscribe, room: Room) -> dict[str, Any]:
    """Give a room as JSON to who manages it, with the host's own terms."""
    return await shown(app, room) | {"terms": list(room.terms)}


async def shown(app: Roomscribe, room: Room) -> dict[str, Any]:
    """Give a room as JSON, without what is for its hosts alone."""
    host = await app.registry.user(room.host_id)
    news = await app.lives.news(room)
    return {
        "id": room.id,
        "title": room.title,
        "language": room.language,
        "translate": room.translate,
        "tracks": list(news.tracks),
        "state": room.state,
        "host": person(host),
        "record": room.record,
        "speaker_tracks": room.speaker_tracks,
        "keep_days": room.keep_days,
        "recording": news.recording,
        "open_floor": room.open_floor,
        "private": room.private,
        "starts_at": _moment(room.starts_at),
        "started_at": _moment(room.started_at),
        "ended_at": _moment(room.ended_at),
        "instance": room.instance,
        "participants": news.participants,
    }


def participant(value: Participant, *, speaking: bool) -> dict[str, Any]:
    """Give a participant as JSON."""
    return {
        "user": person(value.user),
        "role": value.role,
        "muted": value.muted,
        "speaking": speaking,
        "invited": value.invited_by is not None,
    }


def _moment(value: datetime | None) -> str | None:
    return value.isoformat() if value else None


@router.get("")
async def list_rooms(
    app: Server, user: Guest, state: RoomState | None = None
) -> dict[str, list[dict[str, Any]]]:
    """List the rooms that the asker may read, newest first."""
    rooms = await app.registry.rooms(state)
    return {
        "items": [
            await shown(app, room)
            for room in rooms
            if await app.registry.may(user, room.id, Right.READ)
        ]
    }


@router.post("", status_code=201)
async def create_room(app: Server, user: SignedIn, body: NewRoom) -> dict[str, Any]:
    """Create a room; it goes live with ``start``."""
    app.retention.check(body.keep_days)
    room = await app.registry.create(
        user,
        body.title,
        language=body.language,
        record=body.record,
        private=body.private,
        open_floor=body.open_floor,
        starts_at=body.starts_at,
        terms=body.terms,
        translate=body.translate,
        speaker_tracks=body.speaker_tracks,
        keep_days=body.keep_days,
    )
    return await managed(app, room)


@router.get("/{room_id}")
async def show_room(app: Server, user: Guest, room_id: str) -> dict[str, Any]:
    """Show a room."""
    room = await app.registry.room(room_id)
    await app.registry.require(user, room_id, Right.READ)
    may_manage = await app.registry.may(user, room_id, Right.MANAGE)
    return await (managed if may_manage else shown)(app, room)


@router.patch("/{room_id}")
async def change_room(
    app: Server, user: SignedIn, room_id: str, body: RoomChange
) -> dict[str, Any]:
    """Change a room's title, the words that its captions should get right, or its translation.

    All of it also while live.
    """
    wanted = body.model_dump(exclude_unset=True)
    app.retention.check(wanted.get("keep_days"))
    room = await app.registry.update(user, room_id, **wanted)
    await app.lives.tell(room_id)
    return await managed(app, room)


@router.post("/{room_id}/start")
async def start_room(app: Server, user: SignedIn, room_id: str) -> dict[str, Any]:
    """Take a room live: sound, captions and recording start."""
    return await managed(app, await app.lives.start(user, room_id))


@router.post("/{room_id}/end")
async def end_room(app: Server, user: SignedIn, room_id: str) -> dict[str, Any]:
    """End a room; its last captions and the recording follow within seconds."""
    return await managed(app, await app.lives.end(user, room_id))


@router.post("/{room_id}/recording")
async def switch_recording(
    app: Server, user: SignedIn, room_id: str, body: RecordingChange
) -> dict[str, Any]:
    """Record a live room, take it off the record, or stop recording it.

    ``from_s`` is the time in the room clock from which that counts.
    """
    from_s = await app.lives.record(user, room_id, body.state)
    return {"state": body.state, "from_s": round(from_s, 3)}


@router.post("/{room_id}/join")
async def join_room(
    app: Server, user: SignedIn, room_id: str, body: Joining | None = None
) -> dict[str, Any]:
    """Join a room."""
    as_speaker = body is not None and body.role == "speaker"
    joined = await app.registry.join(user, room_id, as_speaker=as_speaker)
    await app.lives.enforce(room_id, joined)
    await app.lives.tell(room_id)
    return participant(joined, speaking=False)


@router.post("/{room_id}/leave", status_code=204)
async def leave_room(app: Server, user: SignedIn, room_id: str) -> Response:
    """Leave a room and hang up."""
    await app.registry.leave(user, room_id)
    await app.lives.hang_up_user(room_id, user.id)
    await app.lives.tell(room_id)
    return Response(status_code=204)


@router.get("/{room_id}/participants")
async def list_participants(app: Server, user: Guest, room_id: str) -> dict[str, Any]:
    """List who is in the room."""
    await app.registry.require(user, room_id, Right.READ)
    speaking = app.lives.speaking(room_id)
    present = await app.registry.participants(room_id)
    return {"items": [participant(one, speaking=one.user.id in speaking) for one in present]}


@router.patch("/{room_id}/participants/{user_id}")
async def change_participant(
    app: Server, user: SignedIn, room_id: str, user_id: str, body: ParticipantChange
) -> dict[str, Any]:
    """Change a participant's role, or mute them; the mixer enforces both."""
    if body.role is not None:
        await app.registry.set_role(user, room_id, user_id, body.role)
    if body.muted is not None:
        await app.registry.set_muted(user, room_id, user_id, body.muted)
    changed = await app.registry.participant(room_id, user_id)
    await app.lives.enforce(room_id, changed)
    await app.lives.tell(room_id)
    return participant(changed, speaking=False)


@router.delete("/{room_id}/participants/{user_id}", status_code=204)
async def remove_participant(app: Server, user: SignedIn, room_id: str, user_id: str) -> Response:
    """Remove a participant and hang up their audio."""
    await app.registry.remove(user, room_id, user_id)
    await app.lives.hang_up_user(room_id, user_id)
    await app.lives.tell(room_id)
    return Response(status_code=204)
