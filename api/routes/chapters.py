"""A recording's chapters: read by who may hear it, edited by who decides about it."""

from typing import Annotated, Any

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field, StringConstraints

from api.routes.access import Guest, Server, SignedIn
from api.routes.recordings import playable
from api.routes.text import ENCODABLE
from models.audio import seconds
from models.errors import Invalid
from models.recording import Chapter
from recorder.chapters import Chapters, webvtt
from rooms.roles import Right

router = APIRouter(tags=["recordings"], prefix="/recordings/{recording_id}/chapters")


class ChapterGiven(BaseModel):
    """A chapter as a person wants it."""

    start_s: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    title: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120), ENCODABLE
    ]


class ChaptersGiven(BaseModel):
    """All chapters; ``rev`` is the revision that was read."""

    rev: int
    items: Annotated[list[ChapterGiven], Field(max_length=300)]


def shown(chapters: Chapters) -> dict[str, Any]:
    """Give chapters as JSON."""
    items = [{"start_s": one.start_s, "title": one.title} for one in chapters.items]
    return {"rev": chapters.rev, "edited": chapters.edited, "items": items}


@router.get("", response_model=None)
async def chapters(
    app: Server, user: Guest, recording_id: str, format: str = "json", whole: bool = False
) -> dict[str, Any] | Response:
    """Give the chapters, as JSON or as a WebVTT track."""
    recording = await playable(app, user, recording_id, whole=whole)
    if format not in ("json", "vtt"):
        raise Invalid("format is one of json, vtt", field="format")
    found = await app.chapters.of(recording, whole=whole)
    if format == "json":
        return shown(found)
    text = webvtt(found.items, seconds(recording.samples))
    return Response(text, media_type="text/vtt; charset=utf-8")


@router.put("")
async def edit_chapters(
    app: Server, user: SignedIn, recording_id: str, body: ChaptersGiven, whole: bool = False
) -> dict[str, Any]:
    """Keep edited chapters; they are not looked for again."""
    recording = await playable(app, user, recording_id, whole=whole)
    await app.registry.require(user, recording.room_id, Right.RECORD)
    items = [
        Chapter(start_s=round(one.start_s, 3), title=" ".join(one.title.split()))
        for one in body.items
    ]
    return shown(await app.chapters.edit(recording, body.rev, items, whole=whole))


@router.delete("")
async def find_chapters_again(
    app: Server, user: SignedIn, recording_id: str, rev: int, whole: bool = False
) -> dict[str, Any]:
    """Give up what people made of the chapters: they are found in the transcript again."""
    recording = await playable(app, user, recording_id, whole=whole)
    await app.registry.require(user, recording.room_id, Right.RECORD)
    return shown(await app.chapters.find_again(recording, rev, whole=whole))
