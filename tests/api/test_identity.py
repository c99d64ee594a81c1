"""Tokens: only the one who holds this server's key can make them."""

import base64
import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from api.identity import Identity
from models.errors import NotSignedIn
from rooms.registry import RoomRegistry
from rooms.store import RoomStore

FAR_S = 2**33


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[RoomRegistry]:
    store = RoomStore(tmp_path / "rooms.db")
    yield RoomRegistry(store)
    store.close()


@pytest.fixture
def identity(registry: RoomRegistry, tmp_path: Path) -> Identity:
    return Identity(registry, tmp_path / "secret.key", token_days=30)


def made_with(key: bytes, claims: dict[str, object], algorithm: str = "HS256") -> str:
    return jwt.encode({"alg": algorithm}, claims, OctKey.import_key(key), algorithms=[algorithm])


def unsigned(header: dict[str, str], claims: dict[str, object]) -> str:
    parts = (json.dumps(part).encode() for part in (header, claims))
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts) + "."


async def test_a_token_names_its_holder(identity: Identity, registry: RoomRegistry) -> None:
    ada = await registry.sign_up("Ada")

    assert await identity.user(identity.token(ada)) == ada


@pytest.mark.parametrize("nothing", [None, ""])
async def test_who_has_no_token_is_a_guest(identity: Identity, nothing: str | None) -> None:
    assert await identity.user(nothing) is None


async def test_a_token_lasts_as_long_as_the_server_keeps_its_key(
    identity: Identity, registry: RoomRegistry, tmp_path: Path
) -> None:
    ada = await registry.sign_up("Ada")
    token = identity.token(ada)

    restarted = Identity(registry, tmp_path / "secret.key", token_days=30)

    assert await restarted.user(token) == ada


async def test_an_expired_token_is_refused(registry: RoomRegistry, tmp_path: Path) -> None:
    ada = await registry.sign_up("Ada")
    late = Identity(registry, tmp_path / "secret.key", token_days=-1)

    with pytest.raises(NotSignedIn):
        await late.user(late.token(ada))


async def test_a_token_that_was_tampered_with_is_refused(
    identity: Identity, registry: RoomRegistry
) -> None:
    ada, bob = await registry.sign_up("Ada"), await registry.sign_up("Bob")
    header, claims, signature = identity.token(ada).split(".")
    other_claims = identity.token(bob).split(".")[1]

    for token in (
        f"{header}.{other_claims}.{signature}",
        f"{header}.{claims}.{signature[::-1]}",
        f"{header}.{claims}.",
        f"{header}.{claims}",
    ):
        with pytest.raises(NotSignedIn):
            await identity.user(token)


async def test_a_token_of_another_server_is_refused(
    identity: Identity, registry: RoomRegistry, tmp_path: Path
) -> None:
    ada = await registry.sign_up("Ada")
    other = Identity(registry, tmp_path / "other.key", token_days=30)

    with pytest.raises(NotSignedIn):
        await identity.user(other.token(ada))


@pytest.mark.parametrize("algorithm", ["none", "None", "HS256", "RS256", ""])
async def test_a_token_without_a_signature_is_refused(
    identity: Identity, registry: RoomRegistry, algorithm: str
) -> None:
    ada = await registry.sign_up("Ada")
    claims = {"iss": "roomscribe", "sub": ada.id, "exp": FAR_S}

    with pytest.raises(NotSignedIn):
        await identity.user(unsigned({"alg": algorithm, "typ": "JWT"}, claims))


async def test_another_algorithm_is_refused_even_with_the_right_key(
    identity: Identity, registry: RoomRegistry, tmp_path: Path
) -> None:
    ada = await registry.sign_up("Ada")
    key = (tmp_path / "secret.key").read_bytes()
    claims: dict[str, object] = {"iss": "roomscribe", "sub": ada.id, "exp": FAR_S}

    with pytest.raises(NotSignedIn):
        await identity.user(made_with(key, claims, "HS512"))


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "roomscribe", "exp": FAR_S},
        {"iss": "roomscribe", "sub": "nobody", "exp": FAR_S},
        {"iss": "roomscribe", "sub": 7, "exp": FAR_S},
        {"iss": "somebody", "exp": FAR_S},
        {"exp": FAR_S},
        {"iss": "roomscribe"},
        {"iss": "roomscribe", "exp": "soon"},
    ],
)
async def test_a_token_that_says_too_little_is_refused(
    identity: Identity, registry: RoomRegistry, tmp_path: Path, claims: dict[str, object]
) -> None:
    ada = await registry.sign_up("Ada")
    key = (tmp_path / "secret.key").read_bytes()
    whole = {"sub": ada.id} | claims if claims.get("iss") != "roomscribe" else claims

    with pytest.raises(NotSignedIn):
        await identity.user(made_with(key, whole))


@pytest.mark.parametrize("junk", ["x", "a.b.c", "....", "é.ü.ß", "\ud800", "e30.e30.e30", "1" * 99])
async def test_junk_is_refused(identity: Identity, junk: str) -> None:
    with pytest.raises(NotSignedIn):
        await identity.user(junk)


def test_only_its_owner_can_read_the_key(identity: Identity, tmp_path: Path) -> None:
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600
