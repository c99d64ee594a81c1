"""Mentions go out by e-mail and webhook, through servers that really run."""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.api.mailbox import Mailbox, Receiver, html_of, mailbox, receiver, text_of
from tests.api.problems import assert_problem
from tests.api.running import Person, Running, eventually, running

URL = "/v1/me/searches"
ADDRESS = "gil@example.com"


@pytest.fixture
async def box() -> AsyncIterator[Mailbox]:
    async with mailbox() as opened:
        yield opened


@pytest.fixture
async def hook() -> AsyncIterator[Receiver]:
    async with receiver() as opened:
        yield opened


@pytest.fixture
async def server(tmp_path: Path, box: Mailbox) -> AsyncIterator[Running]:
    async with running(tmp_path, webhooks_private=True, **box.settings) as started:
        yield started


@pytest.fixture
async def gil(server: Running) -> Person:
    return await server.sign_in("Gil")


async def save(server: Running, person: Person, **fields: object) -> dict[str, Any]:
    body = {"query": "kettle", **fields}
    reply = await server.http.post(URL, json=body, headers=person.headers)
    assert reply.status_code == 201, reply.text
    return dict(reply.json())


async def by_email(server: Running, person: Person, box: Mailbox) -> dict[str, Any]:
    """Save a search that tells at an address which its owner has confirmed."""
    search = await save(server, person, email=ADDRESS)
    key = box.links()[0].partition("confirm=")[2]
    await server.http.post("/v1/email/confirm", json={"key": key})
    return search


async def came(things: list[Any], count: int) -> None:
    async def are_there() -> bool:
        return len(things) >= count

    await eventually(are_there)


async def sent(server: Running) -> None:
    """Wait until nothing is left to be sent now."""

    async def is_empty() -> bool:
        await server.app.mentions.idle()
        rows = server.app.notifying._database.rows("SELECT count(*) FROM outbox WHERE tries = 0")
        return bool(rows[0][0] == 0)

    await eventually(is_empty)


async def test_an_address_is_written_to_after_its_owner_said_yes(
    server: Running, host: Person, gil: Person, box: Mailbox
) -> None:
    search = await save(server, gil, email=" Gil@Example.com ")
    room = await server.live_room(host)
    await server.say(room, "A first kettle.")
    await sent(server)
    (asking,) = box.letters
    assert search["email"] == {"address": "Gil@example.com", "confirmed": False}
    assert asking["To"] == "Gil@example.com"
    assert "kettle" not in text_of(asking)
    confirm, stop = box.links()
    assert confirm.startswith("/email?confirm=")
    assert stop.startswith("/email?stop=")

    key = confirm.partition("confirm=")[2]
    yes = await server.http.post("/v1/email/confirm", json={"key": key})
    other = await server.live_room(host, "Tea & <talk>")
    await server.say(other, "The kettle & <i>milk</i>.")
    await came(box.letters, 2)

    assert yes.json() == {"address": "Gil@example.com"}
    letter = box.letters[1]
    assert letter["Subject"] == "“kettle” was mentioned in Tea & <talk>"
    assert letter["From"] == "Roomscribe <captions@example.org>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "“The kettle & <i>milk</i>.”" in text_of(letter)
    assert "The kettle &amp; &lt;i&gt;milk&lt;/i&gt;." in html_of(letter)
    assert f"https://captions.example.org/rooms/{other}?instance=1&from=" in text_of(letter)
    shown = (await server.http.get(f"{URL}/{search['id']}", headers=gil.headers)).json()
    assert shown["email"]["confirmed"] is True


async def test_one_press_in_the_mail_program_ends_the_e_mails(
    server: Running, host: Person, gil: Person, box: Mailbox
) -> None:
    search = await by_email(server, gil, box)
    room = await server.live_room(host)
    await server.say(room, "The kettle is on.")
    await came(box.letters, 2)
    link = (
        box.letters[1]["List-Unsubscribe"].strip("<>").removeprefix("https://captions.example.org")
    )

    looked = await server.http.get(link)  # as programs do that look into letters
    assert (looked.status_code, looked.headers["location"]) == (303, box.links()[-1])
    body = {"List-Unsubscribe": "One-Click"}
    stopped = await server.http.post(link, data=body)
    other = await server.live_room(host)
    await server.say(other, "Another kettle.")
    await sent(server)

    assert stopped.json() == {"address": ADDRESS}
    assert len(box.letters) == 2
    shown = (await server.http.get(f"{URL}/{search['id']}", headers=gil.headers)).json()
    assert (shown["email"], shown["on"]) == (None, True)


async def test_who_stops_e_mails_twice_can_have_them_again(
    server: Running, gil: Person, box: Mailbox
) -> None:
    await by_email(server, gil, box)
    stop = f"/v1/email/stop?key={box.links()[1].partition('stop=')[2]}"
    once, again = await server.http.post(stop), await server.http.post(stop)

    await by_email(server, gil, box)

    assert once.json() == again.json() == {"address": ADDRESS}
    assert len(box.letters) == 2


async def test_a_search_whose_e_mails_were_stopped_mails_no_more_when_another_does(
    server: Running, host: Person, gil: Person, box: Mailbox
) -> None:
    await by_email(server, gil, box)
    stop = box.links()[1].partition("stop=")[2]
    await server.http.post(f"/v1/email/stop?key={stop}")
    await save(server, gil, query="milk", email=ADDRESS)
    key = box.links()[0].partition("confirm=")[2]
    await server.http.post("/v1/email/confirm", json={"key": key})

    room = await server.live_room(host)
    await server.say(room, "The kettle is on.", "The milk is out.")
    await came(box.letters, 3)
    await sent(server)

    assert [letter["Subject"].split()[0] for letter in box.letters[2:]] == ["“milk”"]


async def test_who_was_asked_and_says_no_is_never_asked_again(
    server: Running, gil: Person, box: Mailbox
) -> None:
    await save(server, gil, email=ADDRESS)
    key = box.links()[1].partition("stop=")[2]
    await server.http.post(f"/v1/email/stop?key={key}")
    stranger = await server.sign_in("Mallory")

    for person in (gil, stranger):
        body = {"query": "tea", "email": ADDRESS}
        reply = await server.http.post(URL, json=body, headers=person.headers)
        assert_problem(reply, 422, "invalid", "email")
    assert len(box.letters) == 1


async def test_nobody_can_have_an_address_asked_again_and_again(
    server: Running, box: Mailbox
) -> None:
    for number in range(4):
        person = await server.sign_in(f"Mallory {number}")
        body = {"query": "tea", "email": ADDRESS}
        reply = await server.http.post(URL, json=body, headers=person.headers)
        assert reply.status_code == (201 if number < 3 else 429)
    assert len(box.letters) == 3


async def test_what_is_no_address_is_refused_by_field(server: Running, gil: Person) -> None:
    for address in ("x", "a b@c.de", "a@b", "a@b.de\nBcc: x@y.de", "<a@b.de>"):
        body = {"query": "tea", "email": address}
        reply = await server.http.post(URL, json=body, headers=gil.headers)
        assert_problem(reply, 422, "invalid", "email")


async def test_an_address_that_there_is_not_is_refused_or_later_stopped(
    server: Running, host: Person, gil: Person, box: Mailbox
) -> None:
    box.unknown.add("nobody@example.com")
    body = {"query": "tea", "email": "nobody@example.com"}
    reply = await server.http.post(URL, json=body, headers=gil.headers)
    assert_problem(reply, 422, "invalid", "email")

    await by_email(server, gil, box)
    box.unknown.add(ADDRESS)
    room = await server.live_room(host)
    await server.say(room, "The kettle is on.")
    items: list[dict[str, Any]] = []

    async def told_of_it() -> bool:
        reply = await server.http.get("/v1/me/notifications", headers=gil.headers)
        items[:] = reply.json()["items"]
        return [one["kind"] for one in items] == ["way-stopped", "mention"]

    await eventually(told_of_it)
    assert ADDRESS in items[0]["title"]


async def test_a_webhook_is_posted_to_signed_and_without_following_redirects(
    server: Running, host: Person, gil: Person, hook: Receiver
) -> None:
    search = await save(server, gil, webhook=hook.url, page=False)
    room = await server.live_room(host)
    await server.say(room, "The kettle is on.")
    await came(hook.posts, 1)

    (message,) = hook.verified(search["webhook"]["secret"])
    headers, _ = hook.posts[0]
    assert headers["content-type"] == "application/json"
    assert headers["host"] == f"127.0.0.1:{hook.port}"
    assert (message["type"], message["data"]["text"]) == ("mention", "The kettle is on.")
    assert message["data"]["url"].startswith(f"https://captions.example.org/rooms/{room}?")
    assert (message["data"]["search"], message["data"]["sums_up"]) == (search["id"], False)
    items = (await server.http.get("/v1/me/notifications", headers=gil.headers)).json()["items"]
    assert items == []

    hook.status, hook.headers = 302, [f"Location: http://127.0.0.1:{hook.port}/elsewhere"]
    await server.say(await server.live_room(host), "Another kettle.")
    await came(hook.posts, 2)
    await sent(server)
    assert len(hook.posts) == 2


async def test_a_webhook_that_fails_is_tried_again_also_after_a_restart(
    tmp_path: Path, box: Mailbox, hook: Receiver
) -> None:
    hook.status = 503
    async with running(tmp_path, webhooks_private=True) as server:
        gil = await server.sign_in("Gil")
        search = await save(server, gil, webhook=hook.url)
        room = await server.live_room(await server.sign_in())
        await server.say(room, "The kettle is on.")
        await came(hook.posts, 1)
        await sent(server)

    hook.status = 200
    async with running(tmp_path, webhooks_private=True) as server:
        _let_time_pass(server, timedelta(seconds=6))
        await came(hook.posts, 2)

    first, second = hook.verified(search["webhook"]["secret"])
    assert first == second
    assert hook.posts[0][0]["webhook-id"] == hook.posts[1][0]["webhook-id"]


def _let_time_pass(server: Running, by: timedelta) -> None:
    """Put the clock of what is sent forward."""
    sending = server.app.notifying._sending
    sending._now = lambda: datetime.now(UTC) + by
    sending.look()


@pytest.mark.parametrize("status", [410, 500])
async def test_a_webhook_that_fails_for_good_or_for_days_is_stopped_and_its_owner_told(
    server: Running, host: Person, gil: Person, hook: Receiver, status: int
) -> None:
    hook.status = status
    search = await save(server, gil, webhook=hook.url)
    room = await server.live_room(host)
    await server.say(room, "The kettle is on.")

    async def is_stopped() -> bool:
        _let_time_pass(server, timedelta(days=10 * len(hook.posts)))
        shown = await server.http.get(f"{URL}/{search['id']}", headers=gil.headers)
        return bool(shown.json()["webhook"]["stopped"])

    await eventually(is_stopped)
    items = (await server.http.get("/v1/me/notifications", headers=gil.headers)).json()["items"]
    assert len(hook.posts) == (1 if status == 410 else 11)
    assert items[0]["kind"] == "way-stopped"
    assert f"it answers {status}" in items[0]["title"]

    hook.status = 200
    body = {"webhook": hook.url}
    again = await server.http.patch(f"{URL}/{search['id']}", json=body, headers=gil.headers)
    assert again.json()["webhook"] == search["webhook"]
    posts = len(hook.posts)
    await server.say(await server.live_room(host), "Another kettle.")
    await came(hook.posts, posts + 1)


async def test_how_often_more_it_was_said_is_told_when_the_span_is_over(
    server: Running, host: Person, gil: Person, hook: Receiver
) -> None:
    search = await save(server, gil, webhook=hook.url)
    room = await server.live_room(host)
    await server.say(room, "The kettle.", "A kettle.", "Kettles and a kettle.")
    await came(hook.posts, 1)
    await server.app.mentions.idle()
    _let_time_pass(server, timedelta(minutes=11))
    await came(hook.posts, 2)

    first, second = hook.verified(search["webhook"]["secret"])
    assert second["data"]["title"] == "“kettle” was mentioned 2 more times in Tea"
    assert (second["data"]["text"], second["data"]["sums_up"]) == ("", True)
    assert first["data"]["seq"] == second["data"]["seq"]


async def test_private_networks_are_refused_where_they_are_not_allowed(
    tmp_path: Path, hook: Receiver
) -> None:
    async with running(tmp_path) as server:
        gil = await server.sign_in("Gil")
        body = {"query": "kettle", "webhook": hook.url.replace("http:", "https:")}
        reply = await server.http.post(URL, json=body, headers=gil.headers)
        mail = {"query": "kettle", "email": ADDRESS}
        no_mail = await server.http.post(URL, json=mail, headers=gil.headers)

    assert_problem(reply, 422, "invalid", "webhook")
    assert_problem(no_mail, 409, "conflict")
    assert hook.posts == []


async def test_neither_words_nor_addresses_are_logged(
    server: Running,
    host: Person,
    gil: Person,
    hook: Receiver,
    box: Mailbox,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # the test's own mail server
    hook.status = 500
    await by_email(server, gil, box)
    await save(server, gil, webhook=hook.url)
    room = await server.live_room(host)
    await server.say(room, "The kettle is on.")
    await came(hook.posts, 1)
    await came(box.letters, 2)
    await asyncio.sleep(0)

    for private in ("kettle", ADDRESS, "hook?for=ada", "confirm="):
        assert private not in caplog.text
