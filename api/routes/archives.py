"""All of a recording as one file."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from api.archives import Wish
from api.routes.access import Guest, Server
from api.routes.recordings import playable
from models.errors import Invalid
from recorder.derived import FORMATS

router = APIRouter(tags=["recordings"])


@router.get("/recordings/{recording_id}/archive")
async def archive(
    app: Server,
    user: Guest,
    request: Request,
    recording_id: str,
    formats: str = "",
    whole: bool = False,
) -> Response:
    """Give sound, transcripts, chapters and outline as a zip, with a manifest of their hashes.

    ``formats`` names those of the sound, with commas; without it, those that are made already.
    """
    recording = await playable(app, user, recording_id, whole=whole)
    wanted = [name for name in formats.split(",") if name]
    if not set(wanted) <= FORMATS.keys():
        raise Invalid(f"formats are some of {', '.join(FORMATS)}", field="formats")
    headers = {
        "Content-Disposition": f'attachment; filename="{recording_id}.zip"',
        "Cache-Control": "private, no-store",
    }
    if request.scope.get("head"):  # nobody reads hours of sound for that
        return Response(media_type="application/zip", headers=headers)
    wish = Wish(user=user, formats=wanted or None, whole=whole)
    pieces = await app.archives.of(recording, wish)
    return StreamingResponse(pieces, media_type="application/zip", headers=headers)
