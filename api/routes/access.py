"""What routes depend on: the server, and who is asking."""

from typing import Annotated

from fastapi import Depends, Request

from api.bootstrap import Roomscribe
from models.errors import NotSignedIn
from models.room import User


def server(request: Request) -> Roomscribe:
    """Give the running server."""
    app: Roomscribe = request.app.state.roomscribe
    return app


Server = Annotated[Roomscribe, Depends(server)]


async def guest(request: Request, app: Server) -> User | None:
    """Give who is asking, if they say so: ``Authorization: Bearer`` or ``?token=``."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if token and scheme.lower() != "bearer":
        raise NotSignedIn("the Authorization header must be a Bearer token")
    return await app.identity.user(token.strip() or request.query_params.get("token"))


Guest = Annotated[User | None, Depends(guest)]


async def signed_in(user: Guest) -> User:
    """Give who is asking. Raises `NotSignedIn` when nobody is."""
    if user is None:
        raise NotSignedIn("sign in with POST /v1/session and send the token")
    return user


SignedIn = Annotated[User, Depends(signed_in)]
