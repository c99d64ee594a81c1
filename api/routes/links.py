"""Links to a recording's sound that work for some minutes, wherever it is, without signing in."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.routes.access import Guest, Server
from api.routes.recordings import playable
from models.errors import Invalid
from recorder.derived import FORMATS
from recorder.sounds import RemoteSound

router = APIRouter(tags=["recordings"])


@router.post("/recordings/{recording_id}/link")
async def link(
    app: Server,
    user: Guest,
    recording_id: str,
    format: str = "ogg",
    minutes: Annotated[int, Query(ge=1, le=60)] = 10,
) -> dict[str, Any]:
    """Make a link to the sound; it is good for whoever has it, as long as its maker may listen."""
    recording = await playable(app, user, recording_id)
    if format not in FORMATS:
        raise Invalid(f"format is one of {', '.join(FORMATS)}", field="format")
    lasts_s = minutes * 60
    expires_at = datetime.fromtimestamp(int(time.time()) + lasts_s, UTC).isoformat()
    if format == "ogg" and app.settings.s3_direct:
        found = await app.downloads.found(recording, format)
        if isinstance(found, RemoteSound):
            url = await asyncio.to_thread(found.link, lasts_s)
            return {"url": url, "expires_at": expires_at}
    key = app.identity.link_key(user, recording_id, format, lasts_s)
    base = f"/v1/recordings/{recording_id}/media"
    return {"url": f"{base}?format={format}&download=1&key={key}", "expires_at": expires_at}
