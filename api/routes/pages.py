"""The pages: files of `web`, and no build step between."""

from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse

router = APIRouter(include_in_schema=False)

WEB = Path(__file__).resolve().parents[2] / "web"


@router.get("/")
async def rooms_page() -> FileResponse:
    """Show the rooms."""
    return FileResponse(WEB / "index.html")


@router.get("/rooms/{room_id}")
async def room_page(room_id: str) -> FileResponse:
    """Show one room; the page itself says when there is none."""
    return FileResponse(WEB / "room.html")


@router.get("/rooms/{room_id}/captioner")
async def captioner_page(room_id: str) -> FileResponse:
    """Show who captions a room by hand what they work with."""
    return FileResponse(WEB / "captioner.html")


@router.get("/rooms/{room_id}/captions")
async def screen_page(room_id: str) -> FileResponse:
    """Show a room's captions alone, for a second screen or over a video."""
    return FileResponse(WEB / "screen.html")


@router.get("/recordings")
async def recordings_page() -> FileResponse:
    """Show the recordings."""
    return FileResponse(WEB / "recordings.html")


@router.get("/recordings/{recording_id}")
async def recording_page(recording_id: str) -> FileResponse:
    """Show the player of one recording."""
    return FileResponse(WEB / "recording.html")


@router.get("/search")
async def search_page() -> FileResponse:
    """Show the search of all that was said."""
    return FileResponse(WEB / "search.html")


@router.get("/notifications")
async def notifications_page() -> FileResponse:
    """Show who is signed in what they were told, and their saved searches."""
    return FileResponse(WEB / "notifications.html")


@router.get("/email")
async def email_page() -> FileResponse:
    """Ask who followed a link in an e-mail what they want."""
    return FileResponse(WEB / "email.html")
