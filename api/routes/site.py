"""What holds for a whole site."""

from fastapi import APIRouter

from api.routes.access import Server

router = APIRouter(tags=["site"])


@router.get("/site")
async def site(app: Server) -> dict[str, int]:
    """Say for how many days recordings are kept, and for how many at most; 0 is for ever."""
    policy = app.retention.policy
    return {"keep_days": policy.default_days, "keep_days_max": policy.most_days}
