"""Signing in, people, and their caption styles, asked over HTTP."""

import pytest

from models.style import CaptionStyle
from tests.api.problems import NO_ONE, assert_problem
from tests.api.running import Person, Running


async def test_signing_in_gives_a_token_that_names_its_holder(server: Running) -> None:
    reply = await server.http.post("/v1/session", json={"name": "  Ada   L. "})
    values = reply.json()

    who = await server.http.get(
        "/v1/session", headers={"Authorization": f"bearer {values['token']}"}
    )

    assert reply.status_code == 200
    assert values["user"]["name"] == "Ada L."
    assert who.json() == {"user": values["user"]}


@pytest.mark.parametrize(
    "body", [{"name": ""}, {"name": " "}, {"name": "x" * 61}, {"name": 7}, {"name": None}, {}]
)
async def test_a_name_that_cannot_be_is_refused_by_field(
    server: Running, body: dict[str, object]
) -> None:
    assert_problem(await server.http.post("/v1/session", json=body), 422, "invalid", "name")


async def test_who_is_not_signed_in_is_told_how(server: Running) -> None:
    for headers in ({}, NO_ONE, {"Authorization": "Basic aGk6aGk="}, {"Authorization": "Bearer"}):
        reply = await server.http.get("/v1/session", headers=headers)
        assert_problem(reply, 401, "not-signed-in")
        assert reply.headers["www-authenticate"] == "Bearer"


async def test_a_person_can_be_looked_up(server: Running, host: Person) -> None:
    reply = await server.http.get(f"/v1/users/{host.id}")

    assert reply.json() == {"id": host.id, "name": "Hanna"}
    assert_problem(await server.http.get("/v1/users/nobody"), 404, "not-found")


async def test_a_caption_style_is_kept(server: Running, host: Person) -> None:
    url, style = "/v1/me/caption-style", {"size_percent": 150, "edge": "raised"}

    before = await server.http.get(url, headers=host.headers)
    changed = await server.http.put(url, json=style, headers=host.headers)
    after = await server.http.get(url, headers=host.headers)

    assert before.json() == CaptionStyle().as_json()
    assert after.json() == changed.json() == CaptionStyle(size_percent=150, edge="raised").as_json()


async def test_a_caption_style_that_cannot_be_is_refused_by_field(
    server: Running, host: Person
) -> None:
    url = "/v1/me/caption-style"

    bad = await server.http.put(url, json={"weight": 10}, headers=host.headers)
    unknown = await server.http.put(url, json={"sparkle": 1}, headers=host.headers)
    half = await server.http.put(url, content=b'{"\\ud800": 1}', headers=host.headers)

    assert_problem(bad, 422, "invalid", "weight")
    assert_problem(unknown, 422, "invalid", "sparkle")
    assert half.status_code in (415, 422)
    assert_problem(await server.http.get(url), 401, "not-signed-in")
    assert_problem(await server.http.put(url, json={}), 401, "not-signed-in")


async def test_alert_words_are_kept_for_their_owner_alone(server: Running, host: Person) -> None:
    url, guest = "/v1/me/alert-words", await server.sign_in("Gil")

    before = await server.http.get(url, headers=host.headers)
    words = [" Hanna ", "", "New   York", "hanna", "東京"]
    changed = await server.http.put(url, json={"words": words}, headers=host.headers)
    after = await server.http.get(url, headers=host.headers)
    other = await server.http.get(url, headers=guest.headers)

    assert before.json() == other.json() == {"words": None}
    assert changed.json() == after.json() == {"words": ["Hanna", "New York", "東京"]}
    assert_problem(await server.http.get(url), 401, "not-signed-in")


@pytest.mark.parametrize(
    "words", [["x" * 81], [f"word {n}" for n in range(51)], ["a\x00b"], "Ada", [1], None]
)
async def test_alert_words_that_cannot_be_are_refused_without_being_repeated(
    server: Running, host: Person, words: object
) -> None:
    url = "/v1/me/alert-words"

    refused = await server.http.put(url, json={"words": words}, headers=host.headers)

    assert refused.json()["field"].startswith("words")
    assert refused.status_code == 422
    assert "xxx" not in refused.text
    kept = await server.http.get(url, headers=host.headers)
    assert kept.json() == {"words": None}
