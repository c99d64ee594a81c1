"""Errors as RFC 9457 problem documents with a stable ``type``."""

import logging
from collections.abc import Mapping

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse
from starlette.exceptions import HTTPException

from api.routes.pages import WEB
from models.errors import (
    BadOffer,
    Busy,
    Conflict,
    EngineUnavailable,
    Invalid,
    NotAllowed,
    NotFound,
    NotPublished,
    NotSignedIn,
    RoomNotLive,
    RoomscribeError,
    StaleRevision,
    StorageFailed,
    StoreUnavailable,
    TooFast,
    TooLarge,
    UnreadableMedia,
)

log = logging.getLogger(__name__)

_INVALID = "A value cannot be accepted"

# The first match counts, so the special stands before the general.
_KINDS: tuple[tuple[type[RoomscribeError], int, str, str], ...] = (
    (BadOffer, 400, "bad-offer", "The audio offer cannot be answered"),
    (TooLarge, 413, "too-large", "The file is too large"),
    (UnreadableMedia, 422, "unreadable-media", "The file has no audio that can be read"),
    (Invalid, 422, "invalid", _INVALID),
    (NotSignedIn, 401, "not-signed-in", "Sign in first"),
    (NotPublished, 403, "not-published", "This is not published"),
    (NotAllowed, 403, "not-allowed", "You may not do this"),
    (NotFound, 404, "not-found", "There is no such thing"),
    (RoomNotLive, 409, "room-not-live", "The room is not live"),
    (StaleRevision, 409, "stale-revision", "Somebody else was first"),
    (TooFast, 429, "too-fast", "That is too fast"),
    (Busy, 429, "busy", "There is too much to do just now"),
    (Conflict, 409, "conflict", "That does not fit the present state"),
    (EngineUnavailable, 503, "engine-unavailable", "The recogniser cannot run"),
    (StoreUnavailable, 503, "store-unavailable", "The store of recordings cannot be used now"),
    (StorageFailed, 507, "storage-failed", "It could not be saved"),
)
_HEADERS = ((NotSignedIn, {"WWW-Authenticate": "Bearer"}), (Busy, {"Retry-After": "1"}))
_HTTP = {
    404: ("not-found", "There is no such thing"),
    405: ("method-not-allowed", "This cannot be done here"),
    413: ("too-large", "The request is too large"),
}


def install(app: FastAPI) -> None:
    """Make every error of ``app`` a problem document."""
    app.add_exception_handler(RoomscribeError, _known)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unknown)


def problem(
    status: int,
    kind: str,
    title: str,
    detail: str,
    *,
    field: str = "",
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """Build a problem document."""
    content = {"type": f"urn:roomscribe:{kind}", "title": title, "status": status, "detail": detail}
    if field:
        content["field"] = ascii(field)[1:-1]  # a name that the client made up need not be text
    return JSONResponse(
        content, status_code=status, media_type="application/problem+json", headers=headers
    )


async def _known(_: Request, error: Exception) -> JSONResponse:
    field = error.field if isinstance(error, Invalid) else ""
    headers = next((more for kind, more in _HEADERS if isinstance(error, kind)), None)
    for kind, status, name, title in _KINDS:
        if isinstance(error, kind):
            return problem(status, name, title, str(error), field=field, headers=headers)
    return problem(500, "error", "Something went wrong", str(error))


async def _invalid(_: Request, error: Exception) -> JSONResponse:
    first = error.errors()[0] if isinstance(error, RequestValidationError) else {}
    if first.get("type") == "json_invalid":
        return problem(422, "invalid", _INVALID, "the body is not JSON", field="body")
    where = first.get("loc", ("body",))
    field = ".".join(str(part) for part in where[1:] or where)
    detail = str(first.get("msg", "the request cannot be read"))
    return problem(422, "invalid", _INVALID, detail, field=field)


async def _http(request: Request, error: Exception) -> Response:
    """Answer what no route could; a person who went astray is shown a page."""
    if not isinstance(error, HTTPException):
        return await _unknown(request, error)
    if error.status_code == 404 and _is_a_person(request):
        return FileResponse(WEB / "404.html", 404)
    name, title = _HTTP.get(error.status_code, ("http", "The request failed"))
    return problem(error.status_code, name, title, str(error.detail), headers=error.headers)


def _is_a_person(request: Request) -> bool:
    wanted = request.headers.get("accept", "")
    of_the_api = request.url.path.startswith("/v1/")
    return request.method == "GET" and "text/html" in wanted and not of_the_api


async def _unknown(request: Request, error: Exception) -> JSONResponse:
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    detail = "The server made a mistake. It has been logged; please try again."
    return problem(500, "error", "Something went wrong", detail)
