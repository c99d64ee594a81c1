"""What routes depend on: the server, and who is asking."""

from typing import Annotated

from fastapi import Depends, Request
from starlette.requests import HTTPConnection

from api.bootstrap import Roomscribe
from models.errors import NotSignedIn
from models.room import User


def server(request: Request) -> Roomscribe:
    """Give the running server."""
    app: Roomscribe = request.app.state.roomscribe
    return app


Server = Annotated[Roomscribe, Depends(server)]


def token(connection: HTTPConnection) -> str | None:
    """Give the token of a request or websocket: ``Authorization: Bearer``, else ``?token=``.

    Raises `NotSignedIn` for another kind of Authorization.
    """
    given = connection.headers.get("authorization", "").strip()
    scheme, _, value = given.partition(" ")
    if given and (scheme.lower() != "bearer" or not value.strip()):
        raise NotSignedIn("the Authorization header must be a Bearer token")
    return value.strip() or connection.query_params.get("token")


async def guest(request: Request, app: Server) -> User | None:
    """Give who is asking, if they say so."""
    return await app.identity.user(token(request))


Guest = Annotated[User | None, Depends(guest)]


async def signed_in(user: Guest) -> User:
    """Give who is asking. Raises `NotSignedIn` when nobody is."""
    if user is None:
        raise NotSignedIn("sign in with POST /v1/session and send the token")
    return user


SignedIn = Annotated[User, Depends(signed_in)]
