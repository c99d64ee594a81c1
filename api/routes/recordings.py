"""Recordings: the list, the files, and removing them."""

from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse

from api.bootstrap import Roomscribe
from api.routes.access import Guest, Server, SignedIn
from models.audio import seconds
from models.errors import Conflict, Invalid
from models.recording import Recording, RecordingPhase
from recorder import media
from rooms.roles import Right

router = APIRouter(tags=["recordings"])

_MEDIA_TYPES = {
    "ogg": "audio/ogg",
    "m4a": "audio/mp4",
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
}


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
        "media": [{"format": name, "url": base + name} for name in _MEDIA_TYPES if finished],
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
    recording = app.recorder.recording(recording_id)
    await app.registry.require(user, recording.room_id, Right.READ)
    return recording


@router.get("/recordings")
async def list_recordings(app: Server, user: Guest) -> dict[str, Any]:
    """List the recordings that the asker may hear, newest first."""
    found = [
        shown(recording)
        for recording in app.recorder.recordings()
        if await app.registry.may(user, recording.room_id, Right.READ)
    ]
    return {"items": sorted(found, key=lambda item: str(item["started_at"]), reverse=True)}


@router.get("/rooms/{room_id}/recordings")
async def list_room_recordings(app: Server, user: Guest, room_id: str) -> dict[str, Any]:
    """List a room's recordings."""
    await app.registry.room(room_id)
    await app.registry.require(user, room_id, Right.READ)
    return {"items": [shown(recording) for recording in app.recorder.recordings(room_id)]}


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
    if format not in _MEDIA_TYPES:
        raise Invalid(f"format is one of {', '.join(_MEDIA_TYPES)}", field="format")
    if recording.phase is not RecordingPhase.FINISHED:
        raise Conflict("the recording is still being made: try again when the room has ended")
    path = app.recorder.media_path(recording_id)
    if format != "ogg":
        target = path.with_suffix(f".{format}")
        if not target.exists():
            await media.convert(path, format, target)
        path = target
    disposition = "attachment" if download else "inline"
    return FileResponse(
        path,
        media_type=_MEDIA_TYPES[format],
        filename=f"{recording_id}.{format}",
        content_disposition_type=disposition,
    )


@router.delete("/recordings/{recording_id}", status_code=204)
async def delete_recording(app: Server, user: SignedIn, recording_id: str) -> Response:
    """Delete a recording for good."""
    recording = app.recorder.recording(recording_id)
    await app.registry.require(user, recording.room_id, Right.RECORD)
    app.recorder.delete(recording_id)
    return Response(status_code=204)
