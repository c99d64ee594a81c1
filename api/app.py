"""The ASGI application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from api import bootstrap, problems
from api.bootstrap import Roomscribe
from api.edge import Edge
from api.routes import (
    archives,
    audio,
    captions,
    chapters,
    edits,
    email,
    health,
    imports,
    links,
    notifications,
    pages,
    people,
    reading,
    recordings,
    rooms,
    search,
    searches,
    site,
    tracks,
    typing,
)
from api.settings import Settings


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
    for group in (
        *(people, rooms, audio, captions, typing, reading, searches, notifications, email),
        *(recordings, imports, links, chapters, edits, tracks, archives, site, search),
    ):
        app.include_router(group.router, prefix="/v1")
    app.include_router(health.router)
    app.include_router(pages.router)
    app.mount("/web", StaticFiles(directory=pages.WEB), name="web")
    app.add_middleware(Edge)
    return app
