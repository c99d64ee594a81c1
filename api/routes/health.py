"""Whether the server runs and what it is doing."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from api.routes.access import Server

router = APIRouter(tags=["running it"])


@router.get("/healthz")
async def health() -> dict[str, str]:
    """Answer as long as the process does."""
    return {"status": "ok"}


@router.get("/readyz")
async def ready(app: Server) -> JSONResponse:
    """Say whether rooms can be held: the journal answers and an engine is chosen."""
    await app.journal.latest("")
    engine = app.recogniser.info
    content: dict[str, Any] = {
        "status": "ready",
        "engine": {"name": engine.name, "model": engine.model, "quality": engine.quality},
        "notice": app.notice,
    }
    return JSONResponse(content)
