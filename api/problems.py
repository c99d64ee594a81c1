"""Errors as RFC 9457 problem documents with a stable ``type``."""

import logging

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from models.errors import (
    BadOffer,
    Conflict,
    EngineUnavailable,
    Invalid,
    NotAllowed,
    NotFound,
    NotSignedIn,
    RoomNotLive,
    RoomscribeError,
    StaleRevision,
    StorageFailed,
    UnreadableMedia,
)

log = logging.getLogger(__name__)

# The first match counts, so the special stands before the general.
_KINDS: tuple[tuple[type[RoomscribeError], int, str, str], ...] = (
    (BadOffer, 400, "bad-offer", "The audio offer cannot be answered"),
    (UnreadableMedia, 422, "unreadable-media", "The file has no audio that can be read"),
    (Invalid, 422, "invalid", "A value cannot be accepted"),
    (NotSignedIn, 401, "not-signed-in", "Sign in first"),
    (NotAllowed, 403, "not-allowed", "You may not do this"),
    (NotFound, 404, "not-found", "There is no such thing"),
    (RoomNotLive, 409, "room-not-live", "The room is not live"),
    (StaleRevision, 409, "stale-revision", "Somebody else was first"),
    (Conflict, 409, "conflict", "That does not fit the present state"),
    (EngineUnavailable, 503, "engine-unavailable", "The recogniser cannot run"),
    (StorageFailed, 507, "storage-failed", "It could not be saved"),
)


def install(app: FastAPI) -> None:
    """Make every error of ``app`` a problem document."""
    app.add_exception_handler(RoomscribeError, _known)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unknown)


def problem(
    status: int, kind: str, title: str, detail: str, *, field: str = "", **headers: str
) -> JSONResponse:
    """Build a problem document."""
    content = {"type": f"urn:roomscribe:{kind}", "title": title, "status": status, "detail": detail}
    if field:
        content["field"] = field
    return JSONResponse(
        content, status_code=status, media_type="application/problem+json", headers=headers
    )


async def _known(_: Request, error: Exception) -> JSONResponse:
    field = error.field if isinstance(error, Invalid) else ""
    for kind, status, name, title in _KINDS:
        if isinstance(error, kind):
            return problem(status, name, title, str(error), field=field)
    return problem(500, "error", "Something went wrong", str(error))


async def _invalid(_: Request, error: Exception) -> JSONResponse:
    first = error.errors()[0] if isinstance(error, RequestValidationError) else {}
    field = ".".join(str(part) for part in first.get("loc", ())[1:])
    detail = str(first.get("msg", "the request cannot be read"))
    return problem(422, "invalid", "A value cannot be accepted", detail, field=field)


async def _http(_: Request, error: Exception) -> JSONResponse:
    status = error.status_code if isinstance(error, HTTPException) else 500
    detail = str(error.detail) if isinstance(error, HTTPException) else ""
    return problem(status, "http", detail or "The request failed", detail)


async def _unknown(request: Request, error: Exception) -> JSONResponse:
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    detail = "The server made a mistake. It has been logged; please try again."
    return problem(500, "error", "Something went wrong", detail)
