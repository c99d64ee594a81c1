"""What holds for every HTTP request: its size, HEAD, and the headers that protect the page."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY_BYTES = 64 * 1024
_DRAINED_BYTES = 1024 * 1024
_COUNTED = frozenset({("POST", "/v1/recordings"), ("POST", "/v1/import/captions")})
"""Whose body may be larger: they count it themselves, and end what is too much."""

_PROTECTION = {
    "Content-Security-Policy": (
        "default-src 'self'; connect-src 'self' ws: wss:; media-src 'self' blob:; "
        "img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "microphone=(self)",
}
_UNPROTECTED = ("/docs", "/openapi")  # their viewer is loaded from elsewhere


class Edge:
    """ASGI middleware around every route. A body of more than 64 KiB becomes a 413.

    Files that are imported and their captions are larger: `api.imports`, `api.given` limit them.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        counts = (scope["method"], scope["path"]) in _COUNTED
        limited = receive if counts else _limited(scope, receive)
        send = _protected(scope, send)
        if scope["method"] == "HEAD":
            # Answered as GET is, without the body.
            scope, send = {**scope, "method": "GET", "head": True}, _bodiless(send)
        await self._app(scope, limited, send)


def _limited(scope: Scope, receive: Receive) -> Receive:
    announced = Headers(scope=scope).get("content-length", "")
    announced_bytes = int(announced[:18]) if announced.isdecimal() else 0
    received_bytes = 0

    async def limited() -> Message:
        nonlocal received_bytes
        message: Message = {"more_body": announced_bytes <= _DRAINED_BYTES}
        if announced_bytes <= MAX_BODY_BYTES:
            message = await receive()
            received_bytes += len(message.get("body", b""))
            if received_bytes <= MAX_BODY_BYTES:
                return message
        # Most clients read no answer before they have sent their request.
        while message.get("more_body") and received_bytes <= _DRAINED_BYTES:
            message = await receive()
            received_bytes += len(message.get("body", b""))
        raise HTTPException(413, f"a request may have {MAX_BODY_BYTES} bytes at most")

    return limited


def _protected(scope: Scope, send: Send) -> Send:
    async def protected(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            if not scope["path"].startswith(_UNPROTECTED):
                for name, value in _PROTECTION.items():
                    headers.setdefault(name, value)
            if message["status"] == 413:
                headers["Connection"] = "close"
        await send(message)

    return protected


def _bodiless(send: Send) -> Send:
    over = False

    async def bodiless(message: Message) -> None:
        nonlocal over
        if message["type"] != "http.response.body":
            await send(message)
        elif not over:
            over = True
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    return bodiless
