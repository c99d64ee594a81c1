"""Whether the server runs and what it is doing."""

from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from api.metrics import MEDIA_TYPE
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


@router.get("/metrics", response_class=Response)
async def metrics(app: Server) -> Response:
    """Count rooms, readers, captions, gaps and troubles, in Prometheus's text format."""
    return Response(app.lives.metrics.text(), media_type=MEDIA_TYPE)
