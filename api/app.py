"""The ASGI application."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request, Response
from fastapi.staticfiles import StaticFiles

from api import bootstrap, problems
from api.bootstrap import Roomscribe
from api.routes import audio, captions, health, pages, people, recordings, rooms
from api.settings import Settings

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; connect-src 'self' ws: wss:; media-src 'self' blob:; "
        "img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "microphone=(self)",
}


def create(settings: Settings, *, running: Roomscribe | None = None) -> FastAPI:
    """Build the application; it starts and ends its own server unless given a ``running`` one."""

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        if running:
            app.state.roomscribe = running
            yield
            return
        app.state.roomscribe = await bootstrap.start(settings)
        try:
            yield
        finally:
            await app.state.roomscribe.close()

    app = FastAPI(title="Roomscribe", version="0.1.0", lifespan=life)
    problems.install(app)
    for router in (people.router, rooms.router, audio.router, captions.router, recordings.router):
        app.include_router(router, prefix="/v1")
    app.include_router(health.router)
    app.include_router(pages.router)
    app.mount("/web", StaticFiles(directory=pages.WEB), name="web")
    app.middleware("http")(_protect)
    return app


async def _protect(
    request: Request, call_next: Callable[[Request], Awaitable[Response]]
) -> Response:
    response = await call_next(request)
    if not request.url.path.startswith(("/docs", "/openapi")):
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
    return response
