"""Recordings: the list, the files, and removing them."""

import asyncio
from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse

from api.bootstrap import Roomscribe
from api.routes.access import Guest, Server, SignedIn
from models.audio import seconds
from models.errors import Conflict, Invalid, NotFound
from models.recording import Recording, RecordingPhase
from recorder import media
from rooms.roles import Right

router = APIRouter(tags=["recordings"])


def shown(recording: Recording) -> dict[str, Any]:
    """Give a recording as JSON."""
    finished = recording.phase is RecordingPhase.FINISHED
    base = f"/v1/recordings/{recording.id}/media?format="
    return {
        "id": recording.id,
        "room_id": recording.room_id,
        "instance": recording.instance,
        "title": recording.title,
        "started_at": recording.started_at.isoformat(),
        "phase": recording.phase,
        "duration_s": round(seconds(recording.samples), 3),
        "media": [{"format": name, "url": base + name} for name in media.FORMATS if finished],
        "sha256": recording.sha256,
        "transcript_url": (
            f"/v1/rooms/{recording.room_id}/transcript?instance={recording.instance}&format="
        ),
        "losses": [
            {
                "start_s": seconds(loss.first_sample),
                "duration_s": seconds(loss.samples),
                "reason": loss.reason,
            }
            for loss in recording.losses
        ],
    }


async def _readable(app: Roomscribe, user: Guest, recording_id: str) -> Recording:
    recording = await asyncio.to_thread(app.recorder.recording, recording_id)
    await app.registry.require(user, recording.room_id, Right.READ)
    return recording


async def _may_read(app: Roomscribe, user: Guest, recording: Recording) -> bool:
    try:
        return await app.registry.may(user, recording.room_id, Right.READ)
    except NotFound:  # the room is gone, and with it who might hear it
        return False


@router.get("/recordings")
async def list_recordings(app: Server, user: Guest) -> dict[str, Any]:
    """List the recordings that the asker may hear, newest first."""
    recordings = await asyncio.to_thread(app.recorder.recordings)
    found = [shown(one) for one in reversed(recordings) if await _may_read(app, user, one)]
    return {"items": found}


@router.get("/rooms/{room_id}/recordings")
async def list_room_recordings(app: Server, user: Guest, room_id: str) -> dict[str, Any]:
    """List a room's recordings, newest first."""
    await app.registry.room(room_id)
    await app.registry.require(user, room_id, Right.READ)
    recordings = await asyncio.to_thread(app.recorder.recordings, room_id)
    return {"items": [shown(recording) for recording in reversed(recordings)]}


@router.get("/recordings/{recording_id}")
async def show_recording(app: Server, user: Guest, recording_id: str) -> dict[str, Any]:
    """Show a recording."""
    return shown(await _readable(app, user, recording_id))


@router.get("/recordings/{recording_id}/media")
async def recording_media(
    app: Server, user: Guest, recording_id: str, format: str = "ogg", download: bool = False
) -> Response:
    """Give the sound, whole or by Range; other formats than Ogg are made when first asked for."""
    recording = await _readable(app, user, recording_id)
    if format not in media.FORMATS:
        raise Invalid(f"format is one of {', '.join(media.FORMATS)}", field="format")
    if recording.phase is not RecordingPhase.FINISHED:
        raise Conflict("the recording is still being made: try again when the room has ended")
    path = await asyncio.to_thread(app.recorder.media_path, recording_id)
    if format != "ogg":
        target = path.with_suffix(f".{format}")
        await media.convert(path, format, target)
        path = target
    disposition = "attachment" if download else "inline"
    return FileResponse(
        path,
        media_type=media.FORMATS[format],
        filename=f"{recording_id}.{format}",
        content_disposition_type=disposition,
    )


@router.delete("/recordings/{recording_id}", status_code=204)
async def delete_recording(app: Server, user: SignedIn, recording_id: str) -> Response:
    """Delete a recording for good."""
    recording = await asyncio.to_thread(app.recorder.recording, recording_id)
    await app.registry.require(user, recording.room_id, Right.RECORD)
    await asyncio.to_thread(app.recorder.delete, recording_id)
    return Response(status_code=204)
