"""A person's saved searches: what they want to be told of when a public room mentions it."""

import asyncio
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from api.bootstrap import Roomscribe
from api.routes.access import Server, SignedIn
from api.routes.text import ENCODABLE, Text
from models.errors import Invalid
from models.notification import Means, SavedSearch
from models.room import User
from notifications.searches import MOST
from rooms import wording
from transcripts.search.parsing import TEXT_LIMIT, parse
from transcripts.search.query import leaves

router = APIRouter(tags=["notifications"], prefix="/me/searches")

LONGEST_NAME = 80
Target = Annotated[str, Field(max_length=1000), ENCODABLE]


class Wanted(BaseModel):
    """A new saved search. Without a ``name`` it is called by its query."""

    query: Text
    name: Text = ""
    on: bool = True
    page: bool = True
    email: Target | None = None
    webhook: Target | None = None


class Changes(BaseModel):
    """What is to be another way; null takes an address or a webhook out."""

    query: Text = ""
    name: Text = ""
    on: bool = True
    page: bool = True
    email: Target | None = None
    webhook: Target | None = None


@router.get("")
async def show_all(app: Server, user: SignedIn) -> dict[str, Any]:
    """List the asker's saved searches, the newest first, and what this site can tell by."""
    kept = await asyncio.to_thread(app.notifying.searches.of, user.id)
    items = [await _as_json(app, search) for search in kept]
    return {"items": items, "most": MOST, "email": app.notifying.can_mail}


@router.post("", status_code=201)
async def add(app: Server, user: SignedIn, body: Wanted) -> dict[str, Any]:
    """Keep a search, and tell the asker of what is said from now on."""
    query = _query(body.query)
    name = _name(body.name, query)
    means = Means(
        page=body.page,
        email=await _email(app, user, body.email),
        webhook=await _webhook(app, user, body.webhook),
    )
    searches = app.notifying.searches
    search = await asyncio.to_thread(
        searches.add, user.id, name=name, query=query, on=body.on, means=means
    )
    app.mentions.watch(search)
    return await _as_json(app, search)


@router.get("/{search_id}")
async def show(app: Server, user: SignedIn, search_id: str) -> dict[str, Any]:
    """Show one."""
    return await _as_json(
        app, await asyncio.to_thread(app.notifying.searches.one, user.id, search_id)
    )


@router.patch("/{search_id}")
async def change(app: Server, user: SignedIn, search_id: str, body: Changes) -> dict[str, Any]:
    """Change one; what is left out stays. The same ``webhook`` again starts a stopped one."""
    given, searches = body.model_fields_set, app.notifying.searches
    search = await asyncio.to_thread(searches.one, user.id, search_id)
    means = search.means
    if "query" in given:
        query = _query(body.query)
        name = query if search.name == search.query else search.name
        search = replace(search, query=query, name=_name(name, query))
    if "name" in given:
        search = replace(search, name=_name(body.name, search.query))
    if "email" in given:
        means = replace(means, email=await _email(app, user, body.email))
    if "webhook" in given:
        means = replace(means, webhook=await _webhook(app, user, body.webhook))
    means = replace(means, page=body.page if "page" in given else means.page)
    search = replace(search, means=means, on=body.on if "on" in given else search.on)
    await asyncio.to_thread(searches.keep, search)
    app.mentions.watch(search)
    return await _as_json(app, search)


@router.delete("/{search_id}", status_code=204)
async def delete(app: Server, user: SignedIn, search_id: str) -> Response:
    """Forget one; nothing more is told of it, and what was told stays."""
    await asyncio.to_thread(app.notifying.searches.delete, user.id, search_id)
    app.mentions.forget(search_id)
    return Response(status_code=204)


def _query(text: str) -> str:
    query = " ".join(text.split())
    if len(query) > TEXT_LIMIT:
        raise Invalid(f"A search has {TEXT_LIMIT} characters at most", field="query")
    looked_for = parse(query).query
    words = any(True for _ in leaves(looked_for.what))
    if not (words or (looked_for and looked_for.what is None)):
        raise Invalid("This search finds nothing: write a word to look for", field="query")
    return query


def _name(name: str, query: str) -> str:
    return wording.line(name, "name", LONGEST_NAME) if name.strip() else query[:LONGEST_NAME]


async def _email(app: Roomscribe, user: User, address: str | None) -> str:
    return await app.notifying.accept_email(user.id, address) if address else ""


async def _webhook(app: Roomscribe, user: User, url: str | None) -> str:
    return await app.notifying.accept_webhook(user.id, url) if url else ""


async def _as_json(app: Roomscribe, search: SavedSearch) -> dict[str, Any]:
    means, told = search.means, app.notifying
    email = webhook = None
    if means.email:
        known = await asyncio.to_thread(told.addresses.of, search.user_id, means.email)
        email = {"address": means.email, "confirmed": bool(known and known.confirmed)}
    if means.webhook and (
        hook := await asyncio.to_thread(told.webhooks.of, search.user_id, means.webhook)
    ):
        webhook = {"url": hook.url, "secret": hook.secret, "stopped": hook.stopped or None}
    hints = [
        {"text": hint.text, "start": hint.start, "end": hint.end, "instead": hint.instead}
        for hint in parse(search.query).hints
    ]
    return {
        "id": search.id,
        "name": search.name,
        "query": search.query,
        "hints": hints,
        "on": search.on,
        "page": means.page,
        "email": email,
        "webhook": webhook,
        "created_at": search.created_at.isoformat(timespec="milliseconds"),
    }
