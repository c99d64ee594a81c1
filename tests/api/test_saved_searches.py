"""Saved searches: kept by their owner, and what they tell of what is said in public rooms."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from api import mentions
from models.errors import StorageFailed
from models.notification import Means
from models.room import Speaker
from models.transcript import Correction
from tests.api.problems import NO_ONE, assert_problem
from tests.api.running import ADA, Person, Running, eventually, final, running

URL = "/v1/me/searches"


@pytest.fixture
async def gil(server: Running) -> Person:
    return await server.sign_in("Gil")


async def save(server: Running, person: Person, query: str, **fields: object) -> dict[str, Any]:
    body = {"query": query, **fields}
    reply = await server.http.post(URL, json=body, headers=person.headers)
    assert reply.status_code == 201, reply.text
    return dict(reply.json())


async def told(server: Running, person: Person) -> list[dict[str, Any]]:
    """What a person was told, the newest first, once all that was said is looked through."""
    async with asyncio.timeout(10):
        await server.app.mentions.idle()
    reply = await server.http.get("/v1/me/notifications", headers=person.headers)
    return list(reply.raise_for_status().json()["items"])


def texts(items: Sequence[dict[str, Any]]) -> list[str]:
    return [str(item["text"]) for item in items]


async def test_a_search_is_kept_for_its_owner_alone(
    server: Running, host: Person, gil: Person
) -> None:
    kept = await save(server, gil, '  kettle   "milk and tea" ', name="Tea time")

    listed = (await server.http.get(URL, headers=gil.headers)).json()
    others = (await server.http.get(URL, headers=host.headers)).json()

    assert (kept["query"], kept["name"], kept["hints"]) == ('kettle "milk and tea"', "Tea time", [])
    assert (kept["on"], kept["page"], kept["email"], kept["webhook"]) == (True, True, None, None)
    assert listed == {"items": [kept], "most": 50, "email": False}
    assert others["items"] == []
    one = f"{URL}/{kept['id']}"
    for reply in (
        await server.http.get(one, headers=host.headers),
        await server.http.patch(one, json={}, headers=host.headers),
        await server.http.delete(one, headers=host.headers),
    ):
        assert_problem(reply, 404, "not-found")
    assert_problem(await server.http.get(URL, headers=NO_ONE), 401, "not-signed-in")


UNACCEPTABLE: Sequence[tuple[str, object]] = (
    ("query", ""),
    ("query", "-kettle"),
    ("query", "x" * 1001),
    ("query", 7),
    ("query", None),
    ("name", "x" * 81),
    ("name", "a\x00b"),
    ("on", "perhaps"),
    ("page", 7),
    ("webhook", "ftp://example.org/"),
    ("webhook", "https://127.0.0.1/"),
    ("webhook", "x" * 1001),
    ("email", 7),
)


async def test_what_cannot_be_is_refused_by_field(server: Running, gil: Person) -> None:
    kept = await save(server, gil, "kettle")
    one = f"{URL}/{kept['id']}"
    for field, value in UNACCEPTABLE:
        body = {"query": "kettle", field: value}
        added = await server.http.post(URL, json=body, headers=gil.headers)
        changed = await server.http.patch(one, json={field: value}, headers=gil.headers)

        assert_problem(added, 422, "invalid", field)
        assert_problem(changed, 422, "invalid", field)
        assert "kettle" not in added.text
    assert (await server.http.get(URL, headers=gil.headers)).json()["items"] == [kept]


async def test_a_disk_that_fails_for_a_moment_ends_no_saved_search(
    server: Running, host: Person, gil: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = []

    def fail(_positions: object) -> None:
        failures.append(1)
        raise StorageFailed("The disk is full")

    async def has_failed() -> bool:
        return bool(failures)

    await save(server, gil, "kettle")
    room = await server.live_room(host)
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(mentions, "_KEEP_EVERY_S", 0.01)
        meanwhile.setattr(mentions, "_TRY_AGAIN_S", 0.01)
        meanwhile.setattr(server.app.notifying.searches, "keep_positions", fail)
        await server.say(room, "Who takes milk?")
        await eventually(has_failed)
    await server.say(room, "The kettle is on.")

    assert texts(await told(server, gil)) == ["The kettle is on."]


async def test_there_can_be_fifty_searches(server: Running, gil: Person) -> None:
    for _ in range(50):
        searches = server.app.notifying.searches
        searches.add(gil.id, name="Tea", query="tea", on=True, means=Means())

    reply = await server.http.post(URL, json={"query": "one"}, headers=gil.headers)

    assert_problem(reply, 422, "invalid", "query")


async def test_what_is_said_in_a_public_room_is_told_once_with_a_link_to_the_moment(
    server: Running, host: Person, gil: Person
) -> None:
    search = await save(server, gil, "kettle")
    room = await server.live_room(host, "Tea & talk")
    await server.show(room, final("The kettle is on.", 62.0))
    await server.say(room, "Who takes milk?", "The kettle again.", "Kettle!")

    (item,) = await told(server, gil)

    assert item["title"] == "“kettle” was mentioned in Tea & talk"
    assert item["text"] == "The kettle is on."
    assert [item["text"][start:end] for start, end in item["marks"]] == ["kettle"]
    assert item["url"] == f"/rooms/{room}?instance=1&from=62.5"
    assert (item["seq"], item["kind"], item["read"], item["more"]) == (1, "mention", False, 2)
    assert item["search"] == search["id"]
    assert item["speaker"] == {"id": ADA.id, "name": ADA.name}
    assert await told(server, host) == []


async def test_a_phrase_is_told_of_that_two_captions_share(
    server: Running, host: Person, gil: Person
) -> None:
    await save(server, gil, '"who takes milk"')
    room = await server.live_room(host)
    await server.say(room, "But who takes", "milk or sugar?")

    (item,) = await told(server, gil)

    assert (item["gone"], item["text"]) == (False, "milk or sugar?")
    assert [item["text"][start:end] for start, end in item["marks"]] == ["milk"]


async def test_nothing_of_a_private_room_is_told(
    server: Running, host: Person, gil: Person
) -> None:
    await save(server, gil, "kettle")
    await save(server, host, "kettle")
    room = await server.live_room(host, private=True)
    await server.say(room, "The kettle is on.")

    assert await told(server, gil) == await told(server, host) == []


async def test_what_is_not_published_is_not_told(
    server: Running, host: Person, gil: Person
) -> None:
    await save(server, gil, "kettle")
    room = await server.live_room(host)
    await server.say(room, "The cattle is on.")
    recording = await _ended(server, host, room)
    url = f"/v1/recordings/{recording}"
    hidden = await server.http.patch(url, json={"published": False}, headers=host.headers)

    url = f"/v1/rooms/{room}/captions/The cattle is on."
    body = {"text": "The kettle is on.", "rev": 9}
    corrected = await server.http.patch(url, json=body, headers=host.headers)

    assert (hidden.status_code, corrected.status_code) == (200, 200)
    assert await told(server, gil) == []


async def _ended(server: Running, host: Person, room: str) -> str:
    """End a room, and give its finished recording's id."""
    await server.http.post(f"/v1/rooms/{room}/end", headers=host.headers)
    await server.app.lives.finished(room)
    await server.app.finishing.idle()
    (recording,) = (await server.http.get(f"/v1/rooms/{room}/recordings")).json()["items"]
    return str(recording["id"])


async def test_words_that_are_not_for_readers_any_more_are_taken_from_what_was_told(
    server: Running, host: Person, gil: Person
) -> None:
    await save(server, gil, "kettle")
    room = await server.live_room(host)
    await server.show(room, replace(final("The kettle is marzipan."), id="c1"))
    (before,) = await told(server, gil)
    recording = await _ended(server, host, room)

    gone = await server.http.delete(f"/v1/recordings/{recording}", headers=host.headers)
    (after,) = await told(server, gil)

    assert (before["gone"], gone.status_code) == (False, 204)
    assert (after["gone"], after["text"], after["marks"]) == (True, "", [])
    assert "kettle" not in str(after)
    files = await asyncio.to_thread(_kept_in, server.app.settings.data_dir)
    assert b"marzipan" not in files


async def test_a_correction_that_makes_a_caption_match_is_told(
    server: Running, host: Person, gil: Person
) -> None:
    await save(server, gil, "kettle")
    room = await server.live_room(host)
    await server.say(room, "The cattle is on.")
    assert await told(server, gil) == []

    url = f"/v1/rooms/{room}/captions/The cattle is on."
    body = {"text": "The kettle is on.", "rev": 9}
    await server.http.patch(url, json=body, headers=host.headers)

    assert texts(await told(server, gil)) == ["The kettle is on."]


async def test_what_somebody_says_themself_is_not_told_to_them(
    server: Running, host: Person, gil: Person
) -> None:
    await save(server, gil, "kettle")
    room = await server.live_room(host)
    mine = replace(final("My kettle."), speaker=Speaker(id=gil.id, name="Gil"))
    await server.show(room, mine)

    assert await told(server, gil) == []


async def test_only_what_is_said_after_a_search_was_saved_or_turned_on_counts(
    server: Running, host: Person, gil: Person
) -> None:
    room = await server.live_room(host)
    await server.say(room, "The first kettle.")
    await server.app.mentions.idle()
    search = await save(server, gil, "kettle", on=False)
    url = f"{URL}/{search['id']}"
    await server.say(room, "The second kettle.")
    assert await told(server, gil) == []

    await server.http.patch(url, json={"on": True}, headers=gil.headers)
    await server.say(room, "The third kettle.")
    assert texts(await told(server, gil)) == ["The third kettle."]

    changed = await server.http.patch(url, json={"query": "milk"}, headers=gil.headers)
    assert (changed.json()["query"], changed.json()["name"]) == ("milk", "milk")
    other = await server.live_room(host)
    await server.say(other, "A kettle.", "Some milk.")
    assert texts(await told(server, gil)) == ["Some milk.", "The third kettle."]

    assert (await server.http.delete(url, headers=gil.headers)).status_code == 204
    third = await server.live_room(host)
    await server.say(third, "More milk.")
    assert len(await told(server, gil)) == 2


async def test_translations_count_too(server: Running, host: Person, gil: Person) -> None:
    await save(server, gil, "kettle lang:en")
    room = await server.live_room(host, language="fr", translate=True)
    await server.show(room, replace(final("La bouilloire."), language="fr"))
    await server.show(room, replace(final("The kettle."), id="c1en", track="en"))

    assert texts(await told(server, gil)) == ["The kettle."]


async def test_after_a_restart_nothing_is_told_twice_and_nothing_is_missed(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as server:
        host, gil = await server.sign_in(), await server.sign_in("Gil")
        await save(server, gil, "kettle")
        old = await server.live_room(host)
        await server.say(old, "The kettle is on.")
        assert texts(await told(server, gil)) == ["The kettle is on."]
        new = await server.live_room(host)
        # Kept, and never seen by who looks: as when the server dies just then.
        await server.app.journal.append(new, 1, final("Another kettle."))

    async with running(tmp_path) as server:
        await eventually(lambda: _has(server, gil, 2))
        items = await told(server, gil)
        await server.say(old, "The kettle is off.", instance=1)
        again = await told(server, gil)

    assert texts(items) == ["Another kettle.", "The kettle is on."]
    assert [one["more"] for one in again] == [0, 1]


async def _has(server: Running, person: Person, count: int) -> bool:
    return len(await told(server, person)) == count


async def test_what_was_said_before_there_were_saved_searches_is_not_told(tmp_path: Path) -> None:
    async with running(tmp_path) as server:
        host, gil = await server.sign_in(), await server.sign_in("Gil")
        room = await server.live_room(host)
        await server.say(room, "An old kettle.")
    await asyncio.to_thread(_forget, tmp_path)

    async with running(tmp_path) as server:
        await save(server, gil, "kettle")
        await server.app.lives.correct(
            await server.app.registry.user(host.id),
            await server.app.registry.room(room),
            "An old kettle.",
            text="An old, old kettle.",
            rev=9,
        )
        assert await told(server, gil) == []


def _kept_in(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.glob("notifications.db*"))


def _forget(folder: Path) -> None:
    for file in folder.glob("notifications.db*"):
        file.unlink()


async def test_neither_queries_nor_words_are_logged(
    server: Running, host: Person, gil: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await save(server, gil, "quicksilver", webhook=None)
    room = await server.live_room(host)
    await server.say(room, "Some quicksilver here.")
    await server.app.journal.append(
        room, 1, Correction(id="x", rev=2, text="quicksilver", by=ADA, replaces=9)
    )
    await told(server, gil)
    metrics = (await server.http.get("/metrics")).text

    assert "quicksilver" not in caplog.text + metrics
