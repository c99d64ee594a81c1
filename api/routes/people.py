"""Signing in, and what a person keeps."""

from typing import Annotated, Any

from fastapi import APIRouter, Body
from pydantic import BaseModel

from api.routes.access import Server, SignedIn
from api.routes.text import Text
from models.room import User
from models.style import CaptionStyle

router = APIRouter(tags=["people"])


class SignIn(BaseModel):
    """Who somebody wants to be called."""

    name: Text


class AlertWords(BaseModel):
    """Words and names that a listener wants to be alerted to when they are said."""

    words: list[Text]


def person(user: User) -> dict[str, str]:
    """Give a person as JSON."""
    return {"id": user.id, "name": user.name}


@router.post("/session")
async def sign_in(app: Server, body: SignIn) -> dict[str, Any]:
    """Sign in with a name; the embedded directory makes a new person for every sign-in."""
    user = await app.registry.sign_up(body.name)
    return {"token": app.identity.token(user), "user": person(user)}


@router.get("/session")
async def who_am_i(user: SignedIn) -> dict[str, Any]:
    """Say whose token this is."""
    return {"user": person(user)}


@router.get("/users/{user_id}")
async def show_person(app: Server, user_id: str) -> dict[str, str]:
    """Show a person."""
    return person(await app.registry.user(user_id))


@router.get("/me/caption-style")
async def show_style(app: Server, user: SignedIn) -> dict[str, str | float]:
    """Show how the listener wants captions to look."""
    return (await app.style(user)).as_json()


@router.put("/me/caption-style")
async def keep_style(
    app: Server, user: SignedIn, values: Annotated[dict[str, Any], Body()]
) -> dict[str, str | float]:
    """Keep how the listener wants captions to look, for every room."""
    style = CaptionStyle.parse(values)
    await app.keep_style(user, style)
    return style.as_json()


@router.get("/me/alert-words")
async def show_alert_words(app: Server, user: SignedIn) -> dict[str, list[str] | None]:
    """Show the listener's alert words; null when they never chose any."""
    words = await app.registry.alert_words(user.id)
    return {"words": None if words is None else list(words)}


@router.put("/me/alert-words")
async def keep_alert_words(app: Server, user: SignedIn, body: AlertWords) -> dict[str, list[str]]:
    """Keep the listener's alert words, for every room and device."""
    return {"words": list(await app.registry.save_alert_words(user.id, body.words))}
