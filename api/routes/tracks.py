"""What each speaker sent, as files of their own, for who decides about a recording."""

import asyncio

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse

from api.routes.access import Server, SignedIn
from api.routes.recordings import playable
from models.errors import Conflict
from rooms.roles import Right

router = APIRouter(tags=["recordings"])


@router.get("/recordings/{recording_id}/tracks/{track_id}/media")
async def track_media(
    app: Server,
    user: SignedIn,
    recording_id: str,
    track_id: str,
    download: bool = False,
    whole: bool = False,
) -> Response:
    """Give one speaker's sound, as they sent it and on the clock of the whole recording."""
    recording = await playable(app, user, recording_id, whole=whole)
    await app.registry.require(user, recording.room_id, Right.RECORD)
    if not whole and app.edits.edit_of(recording).cuts:
        raise Conflict("passages were cut, and speakers' files are whole: ask with whole=true")
    path = await asyncio.to_thread(app.recorder.track_path, recording_id, track_id)
    (speaker,) = [track.speaker for track in recording.tracks if track.id == track_id]
    return FileResponse(
        path,
        media_type="audio/ogg",
        filename=f"{recording_id} {speaker.name}.ogg",
        content_disposition_type="attachment" if download else "inline",
    )
