"""The links in e-mails: to say yes to an address, and to get none any more.

A link leads to a page that asks; what programs fetch on their own changes nothing (RFC 8058).
"""

import asyncio
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field

from api.routes.access import Server
from api.routes.text import ENCODABLE

router = APIRouter(tags=["notifications"], prefix="/email")

Key = Annotated[str, Field(min_length=1, max_length=100), ENCODABLE]


class Confirmed(BaseModel):
    """The key of a link that was followed."""

    key: Key


@router.post("/confirm")
async def confirm(app: Server, body: Confirmed) -> dict[str, str]:
    """Let notifications go to an address from now on."""
    found = await asyncio.to_thread(app.notifying.addresses.confirm, body.key)
    return {"address": found.address}


@router.post("/stop")
async def stop(app: Server, key: Annotated[Key, Query()]) -> dict[str, str]:
    """Send nothing more to an address, at one press in the mail program (RFC 8058)."""
    address, searches = await app.notifying.stop_email(key)
    for search in searches:
        app.mentions.watch(search)
    return {"address": address}


@router.get("/stop", include_in_schema=False)
async def ask_to_stop(key: Annotated[Key, Query()]) -> RedirectResponse:
    """Lead to the page that asks, who follows the link of the header by hand."""
    return RedirectResponse(f"/email?stop={quote(key)}", status_code=303)
