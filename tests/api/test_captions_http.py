"""Transcripts and corrections, asked over HTTP."""

import asyncio
import json
import multiprocessing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from models.transcript import Gap, GapReason
from tests.api.problems import assert_problem
from tests.api.running import Person, Running, final
from tests.transcripts.as_text import as_text
from transcripts.exports import FORMATS


async def said(server: Running, room: str) -> None:
    await server.show(room, final("Hello there.", start_s=1))
    await server.show(room, Gap(start_s=2, end_s=4, reason=GapReason.OVERLOAD))
    await server.show(room, final("Good & <bye>", start_s=4))


@pytest.mark.parametrize(
    ("format", "media_type", "begins"),
    [
        ("vtt", "text/vtt; charset=utf-8", "WEBVTT\n"),
        ("srt", "application/x-subrip; charset=utf-8", "1\n"),
        ("txt", "text/plain; charset=utf-8", "Tea"),
        ("json", "application/json", "{"),
    ],
)
async def test_a_transcript_comes_in_four_formats(
    server: Running, host: Person, format: str, media_type: str, begins: str
) -> None:
    room = await server.live_room(host)
    await said(server, room)
    url = f"/v1/rooms/{room}/transcript"

    reply = await server.http.get(url, params={"format": format})
    download = await server.http.get(url, params={"format": format, "download": "1"})

    assert reply.headers["content-type"] == media_type
    assert reply.text.startswith(begins)
    assert "Hello there." in reply.text
    assert "content-disposition" not in reply.headers
    disposition = f'attachment; filename="{room}.{format}"'
    assert download.headers["content-disposition"] == disposition


async def test_a_transcript_is_a_word_document_too(server: Running, host: Person) -> None:
    room = await server.live_room(host)
    await said(server, room)

    reply = await server.http.get(f"/v1/rooms/{room}/transcript?format=docx&download=1")

    assert reply.headers["content-type"] == FORMATS["docx"]
    assert reply.headers["content-disposition"] == f'attachment; filename="{room}.docx"'
    assert "Good & <bye>" in as_text(reply.content, "docx")


async def test_a_transcript_is_of_one_instance(server: Running, host: Person) -> None:
    room = await server.live_room(host)
    await server.say(room, "first time")
    for step in ("end", "start"):
        await server.http.post(f"/v1/rooms/{room}/{step}", headers=host.headers)
    await server.say(room, "second time", instance=2)
    url = f"/v1/rooms/{room}/transcript"

    newest = await server.http.get(url, params={"format": "txt"})
    first = await server.http.get(url, params={"format": "txt", "instance": 1})

    assert "second time" in newest.text
    assert "first time" not in newest.text
    assert "first time" in first.text
    assert newest.text.startswith("Tea · ")
    assert first.text.startswith("Tea\n")  # when that one began is not kept


async def test_others_are_answered_while_a_long_transcript_is_written(
    server: Running, host: Person
) -> None:
    room = await server.room(host)
    told = [replace(final("so it went on and on " * 8, start_s=n), id=f"c{n}") for n in range(500)]
    await asyncio.gather(*(server.app.journal.append(room, 1, one) for one in told))
    url = f"/v1/rooms/{room}/transcript"

    writing = asyncio.create_task(server.http.get(url, params={"instance": 1}, timeout=60))
    answered = 0
    while not writing.done():
        answered += (await server.http.get("/healthz")).is_success

    assert (await writing).text.count("-->") >= 500
    assert answered > 10


async def test_a_transcript_whose_writer_dies_is_an_error_and_the_next_one_is_whole(
    server: Running, room: str
) -> None:
    await server.say(room, "hello")
    url = f"/v1/rooms/{room}/transcript"
    await server.http.get(url, params={"instance": 1})

    for child in multiprocessing.active_children():
        child.kill()
        child.join()
    failed, whole = [await server.http.get(url, params={"instance": 1}) for _ in range(2)]

    assert (failed.status_code, whole.status_code) == (507, 200)
    assert "hello" in whole.text


async def test_the_order_of_speakers_is_for_who_may_read_the_room(
    server: Running, host: Person
) -> None:
    rooms = [await server.live_room(host), await server.live_room(host, private=True)]
    for room in rooms:
        await server.say(room, "hello")

    public, private = [await server.http.get(f"/v1/rooms/{room}/speakers") for room in rooms]
    own = await server.http.get(f"/v1/rooms/{rooms[1]}/speakers", headers=host.headers)

    assert public.json() == own.json() == {"items": ["ada"]}
    assert private.status_code in (401, 403)


async def test_a_transcript_in_an_unknown_format_is_refused(server: Running, room: str) -> None:
    for params, field in (({"format": "pdf"}, "format"), ({"instance": "x"}, "instance")):
        reply = await server.http.get(f"/v1/rooms/{room}/transcript", params=params)
        assert_problem(reply, 422, "invalid", field)


async def test_a_correction_is_shown_everywhere(server: Running, host: Person) -> None:
    room = await server.live_room(host)
    await server.say(room, "helo")
    url = f"/v1/rooms/{room}/captions/helo"

    reply = await server.http.patch(url, json={"text": " Hello ", "rev": 9}, headers=host.headers)
    transcript = await server.http.get(f"/v1/rooms/{room}/transcript", params={"format": "txt"})

    given = reply.json()
    assert datetime.now(UTC) - datetime.fromisoformat(given.pop("at")) < timedelta(minutes=1)
    assert given == {
        "type": "correction",
        "seq": 2,
        "id": "helo",
        "rev": 10,
        "text": "Hello",
        "lines": ["Hello"],
        "by": {"id": host.id, "name": "Hanna"},
        "replaces": 1,
    }
    assert "Hello [corrected]" in transcript.text
    assert "helo" not in transcript.text


async def test_a_caption_keeps_what_it_was_and_who_changed_it(
    server: Running, host: Person
) -> None:
    room = await server.live_room(host)
    await server.say(room, "helo")
    url = f"/v1/rooms/{room}/captions/helo"
    for rev, text in ((9, "hallo"), (10, "Hello")):
        await server.http.patch(url, json={"text": text, "rev": rev}, headers=host.headers)

    reply = await server.http.get(f"{url}/revisions")
    missing = await server.http.get(f"/v1/rooms/{room}/captions/nothing/revisions")

    items = reply.json()["items"]
    assert [(one["rev"], one["text"]) for one in items] == [
        (9, "helo"),
        (10, "hallo"),
        (11, "Hello"),
    ]
    assert items[0]["speaker"] == {"id": "ada", "name": "Ada"}
    assert [one["by"]["name"] for one in items[1:]] == ["Hanna", "Hanna"]
    assert items[1]["at"] <= items[2]["at"]
    assert_problem(missing, 404, "not-found")


async def test_a_private_captions_history_is_for_who_may_read_it(
    server: Running, host: Person
) -> None:
    room = await server.live_room(host, private=True)
    await server.say(room, "helo")

    reply = await server.http.get(f"/v1/rooms/{room}/captions/helo/revisions")

    assert_problem(reply, 403, "not-allowed")


async def test_a_correction_of_an_old_revision_is_refused(server: Running, host: Person) -> None:
    room = await server.live_room(host)
    await server.say(room, "helo")
    url = f"/v1/rooms/{room}/captions/helo"

    replies = await asyncio.gather(
        *(
            server.http.patch(url, json={"text": f"Hello {n}", "rev": 9}, headers=host.headers)
            for n in range(5)
        )
    )

    assert sorted(reply.status_code for reply in replies) == [200, 409, 409, 409, 409]
    refused = next(reply for reply in replies if reply.status_code == 409)
    assert_problem(refused, 409, "stale-revision")
    assert await server.app.journal.latest(room) == 2


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"text": "", "rev": 9}, "text"),
        ({"text": " \n ", "rev": 9}, "text"),
        ({"text": "x" * 2001, "rev": 9}, "text"),
        ({"text": "Hello \ud800", "rev": 9}, "text"),
        ({"text": "Hello"}, "rev"),
        ({"text": "Hello", "rev": "new"}, "rev"),
    ],
)
async def test_a_correction_that_cannot_be_is_refused_by_field(
    server: Running, host: Person, room: str, body: dict[str, object], field: str
) -> None:
    await server.say(room, "helo")

    reply = await server.http.patch(
        f"/v1/rooms/{room}/captions/helo",
        content=json.dumps(body),
        headers=host.headers | {"Content-Type": "application/json"},
    )

    assert_problem(reply, 422, "invalid", field)


async def test_only_who_may_correct_does(server: Running, host: Person, room: str) -> None:
    await server.say(room, "helo")
    stranger = await server.sign_in("Sam")
    url = f"/v1/rooms/{room}/captions/helo"

    reply = await server.http.patch(url, json={"text": "x", "rev": 9}, headers=stranger.headers)

    assert_problem(reply, 403, "not-allowed")
    assert await server.app.journal.latest(room) == 1
