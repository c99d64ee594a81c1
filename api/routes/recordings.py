"""Recordings: the list, the files, and removing them."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import FileResponse, JSONResponse, RedirectResponse
from pydantic import BaseModel

from api.bootstrap import Roomscribe
from api.hearing import Work
from api.routes.access import Guest, Server, SignedIn
from api.routes.text import Text
from models.audio import RATE_HZ, seconds
from models.edit import EditList, Passage
from models.errors import Conflict, Invalid, NotFound, StorageFailed
from models.recording import Loss, Recording, RecordingPhase
from recorder import peaks
from recorder.choices import Doom
from recorder.derived import FORMATS
from recorder.finishing import Progress
from recorder.heard import Purpose
from recorder.sounds import RemoteSound
from rooms import wording
from rooms.roles import Right

router = APIRouter(tags=["recordings"])

DIRECT_S = 10 * 60
"""For how long an address at the store is good; a download that has begun goes on."""


class RecordingChange(BaseModel):
    """What can be changed about a recording; what is left out stays."""

    title: Text = ""
    published: bool = True
    kept: bool = False


def shown(
    recording: Recording,
    progress: Progress | None,
    *,
    cuts: Sequence[Passage] = (),
    whole: bool = False,
) -> dict[str, Any]:
    """Give a recording as JSON, with how far it is on its way to being finished.

    ``cuts`` are what is missing from it, in the room clock. Of the ``whole`` none are, and its
    addresses give all of it. A browser keeps what it has played: after a cut, the sound has another
    address.
    """
    finished = recording.phase is RecordingPhase.FINISHED
    phase = "finishing" if progress and not finished else recording.phase
    base = f"/v1/recordings/{recording.id}"
    all_ = "whole=true&" if whole else ""
    return {
        "id": recording.id,
        "room_id": recording.room_id,
        "instance": recording.instance,
        "title": recording.title,
        "started_at": recording.started_at.isoformat(),
        "phase": phase,
        "progress": asdict(progress) if progress else None,
        "duration_s": round(seconds(recording.samples), 3),
        "media": [
            {"format": name, "url": f"{base}/media?{all_}format={name}&v={recording.sha256[:12]}"}
            for name in FORMATS
            if finished
        ],
        "sha256": recording.sha256,
        "loudness": asdict(recording.loudness) if recording.loudness else None,
        "peaks_url": f"{base}/peaks{whole * '?whole=true'}",
        "chapters_url": f"{base}/chapters{whole * '?whole=true'}",
        "transcript_url": f"{base}/transcript?{all_}format=",
        "cuts": [{"start_s": start_s, "end_s": end_s} for start_s, end_s in cuts],
        "losses": _losses(recording.losses),
    }


def _losses(losses: Iterable[Loss]) -> list[dict[str, Any]]:
    return [
        {
            "start_s": seconds(loss.first_sample),
            "duration_s": seconds(loss.samples),
            "reason": loss.reason,
        }
        for loss in losses
    ]


def _speaker_tracks(recording: Recording, whole: bool) -> list[dict[str, Any]]:
    """Give what each speaker sent as JSON, once it can be had; nothing is cut out of it."""
    return [
        {
            "id": track.id,
            "speaker": {"id": track.speaker.id, "name": track.speaker.name},
            "url": f"/v1/recordings/{recording.id}/tracks/{track.id}/media{whole * '?whole=true'}",
            "sha256": track.sha256,
            "losses": _losses(track.losses),
        }
        for track in recording.tracks
        if track.media
    ]


async def shown_to(
    app: Roomscribe, user: Guest, recording: Recording, *, whole: bool = False
) -> dict[str, Any]:
    """Give a recording as JSON to somebody, with what was and can be decided about it."""
    chosen = await asyncio.to_thread(app.recorder.decisions.of, recording.id)
    fate = await app.retention.fate(recording)
    cuts = () if whole else app.edits.edit_of(recording).spans()
    served = recording if whole else await app.edits.served(recording)
    progress = app.finishing.progress(recording.id)
    decides = await app.registry.may(user, recording.room_id, Right.RECORD)
    return shown(served, progress, cuts=cuts, whole=whole) | {
        "storage": asdict(app.storage(recording.id)),
        **_heard(app, recording.id),
        "published": chosen.published,
        "kept": chosen.kept,
        "delete_at": fate.delete_at.isoformat(timespec="seconds") if fate.delete_at else None,
        "delete_soon": fate.soon,
        "may_decide": decides,
        "speaker_tracks": _speaker_tracks(recording, whole or bool(cuts)) if decides else [],
        "tracks": await app.journal.tracks(recording.room_id, recording.instance),
    }


def _heard(app: Roomscribe, recording_id: str) -> dict[str, Any]:
    """Say how far a recording is with being captioned, and what a second pass made better."""
    work, heard = app.hearing.work(recording_id), app.hearing.heard(recording_id)
    improved = heard and heard.done and heard.purpose is Purpose.SECOND_PASS
    fields = ("at", "engine", "model", "changed", "added")
    return {
        "captioning": (
            asdict(work.progress) | {"purpose": _purpose(work), "note": work.note} if work else None
        ),
        "improved": {name: getattr(heard, name) for name in fields} if improved else None,
    }


def _purpose(work: Work) -> Purpose:
    """What readers wait for: whether captions are recognised or given is one to them."""
    return Purpose.CAPTIONS if work.purpose is Purpose.GIVEN else work.purpose


async def readable(app: Roomscribe, user: Guest, recording_id: str) -> Recording:
    """Give a recording that the asker may hear. Raises `NotFound` and `NotAllowed`."""
    recording = await asyncio.to_thread(app.recorder.recording, recording_id)
    await app.withholding.require(user, recording)
    return recording


async def playable(
    app: Roomscribe, user: Guest, recording_id: str, *, whole: bool = False
) -> Recording:
    """Give a recording that is finished, without what was cut, or the ``whole`` to its hosts.

    Raises `Conflict` while it is being made.
    """
    recording = await readable(app, user, recording_id)
    if whole:
        await app.registry.require(user, recording.room_id, Right.RECORD)
    else:
        recording = await app.edits.served(recording)
    if recording.phase is not RecordingPhase.FINISHED:
        raise Conflict("the recording is still being made: try again when the room has ended")
    return recording


async def _may_read(app: Roomscribe, user: Guest, recording: Recording) -> bool:
    try:
        return await app.withholding.may(user, recording) and app.edits.is_known(recording)
    except NotFound:  # the room is gone, and with it who might hear it
        return False


@router.get("/recordings")
async def list_recordings(app: Server, user: Guest) -> dict[str, Any]:
    """List the recordings that the asker may hear, newest first."""
    recordings = await asyncio.to_thread(app.recorder.recordings)
    heard = [one for one in reversed(recordings) if await _may_read(app, user, one)]
    return {"items": [await shown_to(app, user, one) for one in heard]}


@router.get("/rooms/{room_id}/recordings")
async def list_room_recordings(app: Server, user: Guest, room_id: str) -> dict[str, Any]:
    """List a room's recordings, newest first."""
    await app.registry.room(room_id)
    await app.registry.require(user, room_id, Right.READ)
    recordings = await asyncio.to_thread(app.recorder.recordings, room_id)
    heard = [one for one in reversed(recordings) if await _may_read(app, user, one)]
    return {"items": [await shown_to(app, user, one) for one in heard]}


@router.get("/recordings/{recording_id}")
async def show_recording(
    app: Server, user: Guest, recording_id: str, whole: bool = False
) -> dict[str, Any]:
    """Show a recording without what was cut, or the ``whole`` to its hosts."""
    recording = await readable(app, user, recording_id)
    if whole:
        await app.registry.require(user, recording.room_id, Right.RECORD)
    return await shown_to(app, user, recording, whole=whole)


@router.patch("/recordings/{recording_id}")
async def change_recording(
    app: Server, user: SignedIn, recording_id: str, body: RecordingChange
) -> dict[str, Any]:
    """Give a recording another title, publish it or keep it to hosts, or keep it for ever."""
    recording = await asyncio.to_thread(app.recorder.recording, recording_id)
    await app.registry.require(user, recording.room_id, Right.RECORD)
    changes = body.model_dump(exclude_unset=True)
    if changes.get("kept"):
        app.retention.check_keeping()
    if "title" in changes:
        changes["title"] = wording.line(body.title, "title", wording.MAX_TITLE)
    await asyncio.to_thread(partial(app.recorder.decisions.choose, recording_id, **changes))
    await app.withholding.refresh(recording.room_id)
    return await shown_to(app, user, await readable(app, user, recording_id))


@router.get("/recordings/{recording_id}/media")
async def recording_media(
    app: Server,
    user: Guest,
    request: Request,
    recording_id: str,
    format: str = "ogg",
    download: bool = False,
    whole: bool = False,
    key: str = "",
) -> Response:
    """Give the sound, whole or by Range; other formats than Ogg are made when first asked for.

    ``key`` is that of a link, and stands for who made it; nobody is given what is cut by one.
    """
    if key:
        whole = False
        user = await app.identity.link_maker(key, recording_id, format)
    recording = await playable(app, user, recording_id, whole=whole)
    if format not in FORMATS:
        raise Invalid(f"format is one of {', '.join(FORMATS)}", field="format")
    found = await app.downloads.found(recording, format, whole=whole)
    disposition = "attachment" if download else "inline"
    if isinstance(found, RemoteSound):
        if download and app.settings.s3_direct:
            return RedirectResponse(found.link(DIRECT_S), headers={"Cache-Control": "no-store"})
        return await app.remote_media.answer(
            found,
            request,
            media_type=FORMATS[format],
            disposition=f'{disposition}; filename="{recording_id}.{format}"',
            tag=recording.sha256,
        )
    return FileResponse(
        found,
        media_type=FORMATS[format],
        filename=f"{recording_id}.{format}",
        content_disposition_type=disposition,
    )


@router.get("/recordings/{recording_id}/peaks")
async def recording_peaks(
    app: Server,
    user: Guest,
    request: Request,
    recording_id: str,
    points: Annotated[int, Query(ge=1, le=peaks.MAX_POINTS)] = 1000,
    start_s: Annotated[float, Query(ge=0, alias="from", allow_inf_nan=False)] = 0.0,
    end_s: Annotated[float | None, Query(ge=0, alias="to", allow_inf_nan=False)] = None,
    whole: bool = False,
) -> Response:
    """Give the outline of the sound, or of a part of it, in at most so many points."""
    recording = await playable(app, user, recording_id, whole=whole)
    edit = EditList() if whole else app.edits.edit_of(recording)
    tag = f'"{peaks.VERSION}-{recording.sha256[:16]}-{points}-{start_s}-{end_s}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    folder = app.recorder.folder(recording_id)
    found = await asyncio.to_thread(_outline, folder, edit, points, start_s, end_s)
    if found is None:
        app.finishing.want(recording_id)
        raise Conflict("the recording is still being measured: try again in a moment")
    return JSONResponse(found, headers=headers)


def _outline(
    folder: Path, edit: EditList, points: int, start_s: float, end_s: float | None
) -> dict[str, Any] | None:
    """Give peaks as JSON; None when there are none yet."""
    try:
        found = peaks.load(folder)
    except StorageFailed:  # it is damaged, and can be made again
        found = None
    if found is None:
        return None
    found = found.without(edit)
    end = found.samples if end_s is None else min(round(end_s * RATE_HZ), found.samples)
    start = round(start_s * RATE_HZ)
    if start >= end:
        raise Invalid("the span ends before it begins", field="from")
    first = start // found.samples_per_point * found.samples_per_point
    part = found.between(start, end).fewer(points)
    return part.as_json(first)


@router.delete("/recordings/{recording_id}", status_code=204)
async def delete_recording(
    app: Server, user: SignedIn, recording_id: str, keep_words: bool = False
) -> Response:
    """Delete a recording for good, with what was said in it unless its words are to be kept."""
    recording = await asyncio.to_thread(app.recorder.recording, recording_id)
    await app.registry.require(user, recording.room_id, Right.RECORD)
    await app.deletions.delete(recording, Doom.SOUND if keep_words else Doom.ALL)
    if app.uploads:
        app.uploads.wake()  # the store's copy is to go now, too
    return Response(status_code=204)
