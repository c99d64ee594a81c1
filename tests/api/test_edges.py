"""What holds for every route: what is missing, forbidden, malformed or too large."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.api.problems import NO_ONE, PROBLEM, assert_problem
from tests.api.running import Person, Running, running

ROUTES = [
    ("GET", "/v1/rooms/{}"),
    ("PATCH", "/v1/rooms/{}"),
    ("POST", "/v1/rooms/{}/start"),
    ("POST", "/v1/rooms/{}/end"),
    ("POST", "/v1/rooms/{}/join"),
    ("POST", "/v1/rooms/{}/leave"),
    ("GET", "/v1/rooms/{}/participants"),
    ("PATCH", "/v1/rooms/{}/participants/nobody"),
    ("DELETE", "/v1/rooms/{}/participants/nobody"),
    ("GET", "/v1/rooms/{}/transcript"),
    ("PATCH", "/v1/rooms/{}/captions/c1"),
    ("GET", "/v1/rooms/{}/recordings"),
    ("POST", "/v1/rooms/{}/whip"),
    ("POST", "/v1/rooms/{}/whep"),
    ("DELETE", "/v1/rooms/{}/whip/r1"),
    ("DELETE", "/v1/rooms/{}/whep/r1"),
    ("GET", "/v1/recordings/{}"),
    ("GET", "/v1/recordings/{}/media"),
    ("DELETE", "/v1/recordings/{}"),
]
BODIES = {"PATCH": {"title": "Tea", "text": "hm", "rev": 1}}


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_what_does_not_exist_is_not_found(
    server: Running, host: Person, method: str, path: str
) -> None:
    headers = host.headers | ({"Content-Type": "application/sdp"} if "/wh" in path else {})
    for name in ("nowhere", "..%2F..", "%00"):
        reply = await server.http.request(
            method, path.format(name), json=BODIES.get(method), headers=headers
        )
        assert_problem(reply, 404, "not-found")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/rooms"),
        ("PATCH", "/v1/rooms/{}"),
        ("POST", "/v1/rooms/{}/start"),
        ("POST", "/v1/rooms/{}/end"),
        ("POST", "/v1/rooms/{}/join"),
        ("POST", "/v1/rooms/{}/leave"),
        ("PATCH", "/v1/rooms/{}/participants/nobody"),
        ("DELETE", "/v1/rooms/{}/participants/nobody"),
        ("PATCH", "/v1/rooms/{}/captions/c1"),
        ("DELETE", "/v1/recordings/{}"),
    ],
)
async def test_what_changes_things_takes_a_sign_in(
    server: Running, room: str, method: str, path: str
) -> None:
    for headers in ({}, NO_ONE):
        reply = await server.http.request(
            method, path.format(room), json=BODIES.get("PATCH"), headers=headers
        )
        assert_problem(reply, 401, "not-signed-in")


@pytest.mark.parametrize("path", ["/v1/rooms", "/v1/session", "/", "/web/base.css", "/healthz"])
async def test_another_method_is_refused_and_the_right_ones_are_named(
    server: Running, path: str
) -> None:
    for method in ("DELETE", "OPTIONS"):
        reply = await server.http.request(method, path)
        assert_problem(reply, 405, "method-not-allowed")
        assert "access-control-allow-origin" not in reply.headers
        assert reply.headers["allow"] or path.startswith("/web")


async def test_no_other_site_may_ask(server: Running) -> None:
    foreign = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "GET"}

    for method in ("GET", "OPTIONS"):
        reply = await server.http.request(method, "/v1/rooms", headers=foreign)
        assert not [name for name in reply.headers if name.startswith("access-control")]


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"\xff\xfe", b'"name"', b'{"name": "\\ud800"}', b"{" * 5000]
)
async def test_a_body_that_cannot_be_read_is_a_problem_and_no_crash(
    server: Running, body: bytes
) -> None:
    reply = await server.http.post(
        "/v1/session", content=body, headers={"Content-Type": "application/json"}
    )

    assert reply.status_code in (400, 422)
    assert reply.headers["content-type"] == PROBLEM


async def test_a_body_that_is_too_large_is_refused(server: Running, host: Person) -> None:
    body = json.dumps({"title": "x" * 65 * 1024}).encode()

    reply = await server.http.post("/v1/rooms", content=body, headers=host.headers)

    assert_problem(reply, 413, "too-large")
    assert (await server.http.get("/healthz")).status_code == 200


async def test_a_body_without_a_length_is_refused_when_it_has_grown_too_large(
    server: Running, host: Person
) -> None:
    async def chunks() -> Any:
        for _ in range(70):
            yield b" " * 1024

    reply = await server.http.post("/v1/rooms", content=chunks(), headers=host.headers)

    assert_problem(reply, 413, "too-large")


async def test_the_server_says_that_it_runs_and_with_which_engine(server: Running) -> None:
    assert (await server.http.get("/healthz")).json() == {"status": "ok"}
    assert (await server.http.get("/readyz")).json() == {
        "status": "ready",
        "engine": {"name": "scripted", "model": "", "quality": "good"},
        "notice": "",
    }


async def test_tokens_are_not_logged(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    async with running(tmp_path, log_level="info") as server:
        host = await server.sign_in()
        await server.http.get("/v1/session", params={"token": host.token, "x": "1"})
    logged = "".join(capfd.readouterr())

    assert "/v1/session?token=…&x=1" in logged
    assert host.token not in logged


async def test_keys_of_links_in_e_mails_are_not_logged(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    async with running(tmp_path, log_level="info") as server:
        for name in ("confirm", "stop"):
            (await server.http.get("/email", params={name: "quicksilver"})).raise_for_status()
    logged = "".join(capfd.readouterr())

    assert "/email?confirm=…" in logged
    assert "/email?stop=…" in logged
    assert "quicksilver" not in logged
