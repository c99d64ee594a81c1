"""The pages and their files, asked for as a browser does."""

import re

import pytest

from tests.api.problems import assert_problem
from tests.api.running import Running

PAGE = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.mark.parametrize(
    "path", ["/", "/rooms/x", "/rooms/x/captions", "/recordings", "/recordings/x", "/search"]
)
async def test_pages_are_served(server: Running, path: str) -> None:
    reply = await server.http.get(path)

    assert reply.status_code == 200
    assert reply.headers["content-type"].startswith("text/html")
    assert '<html lang="en">' in reply.text


async def test_everything_that_a_page_names_is_there(server: Running) -> None:
    recordings = ("/recordings", "/recordings/x")
    for page in ("/", "/rooms/x", "/rooms/x/captions", *recordings, "/search", "/nowhere"):
        html = (await server.http.get(page, headers=PAGE)).text
        for path in re.findall(r'(?:src|href)="(/web/[^"]+)"', html):
            assert (await server.http.get(path)).status_code == 200, path


async def test_a_person_who_goes_astray_sees_a_page(server: Running) -> None:
    for path in ("/nowhere", "/web/nothing.js", "/rooms/a/b"):
        reply = await server.http.get(path, headers=PAGE)
        assert reply.status_code == 404
        assert reply.headers["content-type"].startswith("text/html")
        assert "Page not found" in reply.text


async def test_a_program_that_goes_astray_is_told_in_its_language(server: Running) -> None:
    assert_problem(await server.http.get("/nowhere"), 404, "not-found")
    assert_problem(await server.http.get("/v1/nothing", headers=PAGE), 404, "not-found")
    assert_problem(await server.http.get("/v1/rooms/x", headers=PAGE), 404, "not-found")


@pytest.mark.parametrize("path", ["/web/../pyproject.toml", "/web/%2e%2e/pyproject.toml"])
async def test_nothing_outside_the_pages_folder_is_served(server: Running, path: str) -> None:
    assert (await server.http.get(path)).status_code == 404


@pytest.mark.parametrize("path", ["/", "/nowhere", "/v1/rooms", "/v1/session", "/web/base.css"])
async def test_every_answer_protects_the_page(server: Running, path: str) -> None:
    headers = (await server.http.get(path, headers=PAGE)).headers

    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "script-src" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["permissions-policy"] == "microphone=(self)"


@pytest.mark.parametrize("path", ["/", "/v1/rooms", "/web/base.css", "/healthz", "/nowhere"])
async def test_head_answers_as_get_does_without_the_body(server: Running, path: str) -> None:
    head, get = await server.http.head(path), await server.http.get(path)

    assert head.status_code == get.status_code
    assert head.content == b""
    for name in ("content-length", "content-type"):
        assert head.headers[name] == get.headers[name]
