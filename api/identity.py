"""Who is asking: tokens of the embedded directory (JWT, HS256)."""

import os
import secrets
import time
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from models.errors import NotAllowed, NotFound, NotSignedIn
from models.room import User
from rooms.registry import RoomRegistry

_DAY_S = 24 * 60 * 60
_ISSUER = "roomscribe"
_LINKS = "roomscribe-links"  # so that the key of a link is no sign-in


class Identity:
    """Issues and checks tokens with a key that is made at the first start."""

    def __init__(self, registry: RoomRegistry, key_file: Path, *, token_days: int) -> None:
        self._registry = registry
        self._key = OctKey.import_key(_key(key_file))
        self._token_s = token_days * _DAY_S

    def token(self, user: User) -> str:
        """Sign a token for ``user``."""
        now = int(time.time())
        claims = {"iss": _ISSUER, "sub": user.id, "iat": now, "exp": now + self._token_s}
        return jwt.encode({"alg": "HS256"}, claims, self._key)

    def link_key(self, user: User | None, recording_id: str, format: str, lasts_s: int) -> str:
        """Sign that who holds this may have one file of a recording, as far as ``user`` may."""
        claims = {
            "iss": _LINKS,
            "sub": user.id if user else "",
            "file": f"{recording_id}.{format}",
            "exp": int(time.time()) + lasts_s,
        }
        return jwt.encode({"alg": "HS256"}, claims, self._key)

    async def link_maker(self, key: str, recording_id: str, format: str) -> User | None:
        """Name who made the link to a file. Raises `NotAllowed` for a bad or an expired key."""
        try:
            claims = self._claims(key, _LINKS)
            if claims["file"] != f"{recording_id}.{format}":
                raise ValueError(key)
            return await self._registry.user(str(claims["sub"])) if claims["sub"] else None
        except (JoseError, ValueError, KeyError, NotFound):
            raise NotAllowed("this link is not valid any more: ask for another one") from None

    async def user(self, token: str | None) -> User | None:
        """Name who holds ``token``; None without one. Raises `NotSignedIn` for a bad one."""
        if not token:
            return None
        try:
            return await self._registry.user(str(self._claims(token, _ISSUER)["sub"]))
        except (JoseError, ValueError, NotFound):
            raise NotSignedIn("this sign-in is not valid any more: sign in again") from None

    def _claims(self, token: str, issuer: str) -> dict[str, Any]:
        claims = jwt.decode(token, self._key, algorithms=["HS256"]).claims
        registered = jwt.JWTClaimsRegistry(
            iss={"essential": True, "value": issuer},
            exp={"essential": True},
            sub={"essential": True, "allow_blank": issuer == _LINKS},
        )
        registered.validate(claims)
        return claims


def _key(path: Path) -> bytes:
    """Read the signing key, making it at the first start, readable by its owner alone."""
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(32))
    return path.read_bytes()
