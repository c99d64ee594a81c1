"""A recording's cuts, for who decides about it, and its transcript with what they leave."""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from api.bootstrap import Roomscribe
from api.routes.access import Guest, Server, SignedIn
from api.routes.recordings import playable, readable
from models.audio import seconds
from models.errors import Invalid
from models.recording import Recording
from models.room import User
from recorder.editing import Edits
from rooms.roles import Right
from transcripts.exports import FORMATS

router = APIRouter(tags=["recordings"], prefix="/recordings/{recording_id}")

Time = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class CutGiven(BaseModel):
    """A passage to be cut, in seconds of the room clock."""

    start_s: Time
    end_s: Time


class CutsGiven(BaseModel):
    """All cuts; ``rev`` is the revision that was read."""

    rev: int
    cuts: Annotated[list[CutGiven], Field(max_length=500)]


class Step(BaseModel):
    """A change is taken back or done again; ``rev`` is the revision that was read."""

    rev: int


def shown(recording: Recording, edits: Edits) -> dict[str, Any]:
    """Give the cuts of a whole recording as JSON."""
    return {
        "rev": edits.rev,
        "cuts": [{"start_s": start_s, "end_s": end_s} for start_s, end_s in edits.now.spans()],
        "duration_s": round(seconds(recording.samples), 3),
        "left_s": round(seconds(edits.now.length(recording.samples)), 3),
        "can_undo": edits.can_undo,
        "can_redo": edits.can_redo,
    }


async def _whole(app: Roomscribe, user: User, recording_id: str) -> Recording:
    return await playable(app, user, recording_id, whole=True)


@router.get("/edits")
async def cuts(app: Server, user: SignedIn, recording_id: str) -> dict[str, Any]:
    """Give the cuts."""
    recording = await _whole(app, user, recording_id)
    return shown(recording, await app.edits.of(recording))


@router.put("/edits")
async def cut(app: Server, user: SignedIn, recording_id: str, body: CutsGiven) -> dict[str, Any]:
    """Cut these passages from sound and transcript, and nothing else; the whole is kept."""
    recording = await _whole(app, user, recording_id)
    spans = [(one.start_s, one.end_s) for one in body.cuts]
    return shown(recording, await app.edits.edit(recording, body.rev, spans))


@router.post("/edits/undo")
async def undo(app: Server, user: SignedIn, recording_id: str, body: Step) -> dict[str, Any]:
    """Take the last change of the cuts back."""
    recording = await _whole(app, user, recording_id)
    return shown(recording, await app.edits.move(recording, body.rev, -1))


@router.post("/edits/redo")
async def redo(app: Server, user: SignedIn, recording_id: str, body: Step) -> dict[str, Any]:
    """Do again what was taken back last."""
    recording = await _whole(app, user, recording_id)
    return shown(recording, await app.edits.move(recording, body.rev, 1))


@router.get("/transcript")
async def transcript(
    app: Server,
    user: Guest,
    recording_id: str,
    format: str = "vtt",
    track: str = "",
    download: bool = False,
    whole: bool = False,
) -> Response:
    """Give what was said in a recording, in its time line, also while it is being made.

    ``track`` gives a translation.
    """
    recording = await readable(app, user, recording_id)
    if whole:
        await app.registry.require(user, recording.room_id, Right.RECORD)
    if format not in FORMATS:
        raise Invalid(f"format is one of {', '.join(FORMATS)}", field="format")
    if track and track not in await app.journal.tracks(recording.room_id, recording.instance):
        raise Invalid("the recording has no such track", field="track")
    wanted = app.edits.wanted(recording, format, whole=whole)
    withheld = await app.withholding.spans(user, recording.room_id)
    wanted = replace(wanted, track=track, within=None, withheld=withheld)
    file = await app.exports.file(await app.chapters.headings(recording, wanted, whole=whole))
    headers = {}
    if download:
        name = ".".join(filter(None, (recording_id, track, format)))
        headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return Response(file, media_type=FORMATS[format], headers=headers)
