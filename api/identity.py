"""Who is asking: tokens of the embedded directory (JWT, HS256)."""

import os
import secrets
import time
from pathlib import Path

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from models.errors import NotFound, NotSignedIn
from models.room import User
from rooms.registry import RoomRegistry

_DAY_S = 24 * 60 * 60
_ISSUER = "roomscribe"


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

    async def user(self, token: str | None) -> User | None:
        """Name who holds ``token``; None without one. Raises `NotSignedIn` for a bad one."""
        if not token:
            return None
        try:
            claims = jwt.decode(token, self._key, algorithms=["HS256"]).claims
            registered = jwt.JWTClaimsRegistry(
                iss={"essential": True, "value": _ISSUER},
                exp={"essential": True},
                sub={"essential": True},
            )
            registered.validate(claims)
            return await self._registry.user(str(claims["sub"]))
        except (JoseError, ValueError, NotFound):
            raise NotSignedIn("this sign-in is not valid any more: sign in again") from None


def _key(path: Path) -> bytes:
    """Read the signing key, making it at the first start, readable by its owner alone."""
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(32))
    return path.read_bytes()
