"""Recordings that are kept to the hosts of their room, with their words."""

from typing import Any

from tests.api.problems import assert_problem
from tests.api.recorded import record, recorded
from tests.api.running import Person, Running, final, running
from tests.contracts.captions_v1.reader import reading, reading_along
from tests.transcripts.as_text import as_text


async def unpublish(server: Running, host: Person, recording: str) -> dict[str, Any]:
    url = f"/v1/recordings/{recording}"
    reply = await server.http.patch(url, json={"published": False}, headers=host.headers)
    shown: dict[str, Any] = reply.raise_for_status().json()
    return shown


async def read(server: Running, room: str, person: Person | None = None, **query: object) -> str:
    """Give the transcript of the first instance as somebody may read it."""
    params: dict[str, Any] = {"instance": 1, "format": "txt", **query}
    headers = person.headers if person else {}
    reply = await server.http.get(f"/v1/rooms/{room}/transcript", params=params, headers=headers)
    return reply.raise_for_status().text


async def test_what_is_not_published_is_heard_by_hosts_alone(server: Running, host: Person) -> None:
    room, recording = await recorded(server, host)
    stranger = await server.sign_in("Sam")
    server.app.finishing.add(recording)
    await server.app.finishing.idle()
    shown = await unpublish(server, host, recording)

    assert shown["published"] is False
    for path in ("/v1/recordings", f"/v1/rooms/{room}/recordings"):
        assert (await server.http.get(path)).json() == {"items": []}
        (listed,) = (await server.http.get(path, headers=host.headers)).json()["items"]
        assert listed["published"] is False
    for part in ("", "/media", "/peaks", "/chapters"):
        url = f"/v1/recordings/{recording}{part}"
        refused = await server.http.get(url, headers=stranger.headers)
        assert_problem(refused, 403, "not-published")
        assert (await server.http.get(url, headers=host.headers)).status_code == 200

    url = f"/v1/recordings/{recording}"
    refused = await server.http.patch(url, json={"published": True}, headers=stranger.headers)
    assert_problem(refused, 403, "not-allowed")
    await server.http.patch(url, json={"published": True}, headers=host.headers)
    assert (await server.http.get(url)).json()["published"] is True


async def test_the_words_of_what_is_not_published_are_read_by_hosts_alone(
    server: Running, host: Person
) -> None:
    room, recording = await recorded(server, host)
    await server.show(room, final("Secret plans", start_s=0.5))
    await server.show(room, final("Secret again", start_s=1))
    await server.show(room, final("Open words", start_s=90))
    url = f"/v1/rooms/{room}/captions/Secret plans"
    await server.http.patch(url, json={"text": "Secret plants", "rev": 9}, headers=host.headers)
    await unpublish(server, host, recording)

    for format in ("vtt", "srt", "txt", "json"):
        assert "Secret" not in await read(server, room, format=format)
        assert "Secret plants" in await read(server, room, host, format=format)
    document = await server.http.get(f"/v1/rooms/{room}/transcript", params={"format": "docx"})
    assert "Secret" not in as_text(document.content, "docx")
    text = await read(server, room)
    assert text.count("not published") == 1
    assert "Open words" in text
    assert_problem(await server.http.get(f"{url}/revisions"), 403, "not-published")
    assert (await server.http.get(f"{url}/revisions", headers=host.headers)).status_code == 200


async def test_captions_of_an_unpublished_recording_keep_their_numbers_for_who_reads_back(
    server: Running, host: Person
) -> None:
    room, recording = await recorded(server, host)
    await server.show(room, final("Secret plans", start_s=0.5))
    await server.show(room, final("Open words", start_s=90))
    await unpublish(server, host, recording)

    async with reading_along(server, room, "after=0") as reader:
        entries = [await reader.take("gap"), await reader.take("final")]
        await server.http.patch(
            f"/v1/rooms/{room}/captions/Secret plans",
            json={"text": "Secret plants", "rev": 9},
            headers=host.headers,
        )
        late = await reader.take("gap")
        await reader.send(type="scrollback", before=4, limit=50)
        page = await reader.take("history")

    assert [(one["seq"], one["type"]) for one in [*entries, late]] == [
        *[(1, "gap"), (2, "final"), (3, "gap")]
    ]
    assert (late["reason"], late["start"], late["instance"]) == ("unpublished", 0.0, 1)
    assert [one["seq"] for one in page["items"]] == [1, 2, 3]
    assert "Secret" not in str([entries, late, page])
    async with reading(server, room, f"token={host.token}") as reader:
        assert "Secret plans" in str(await reader.take("history"))


async def test_who_is_in_a_live_room_reads_back_what_is_not_published_until_it_ends(
    server: Running, host: Person
) -> None:
    room, recording = await recorded(server, host, record=False)
    await server.http.post(f"/v1/rooms/{room}/start", headers=host.headers)
    await server.say(room, "Good morning.")
    await unpublish(server, host, recording)

    assert "Good morning." in await read(server, room)
    await server.http.post(f"/v1/rooms/{room}/end", headers=host.headers)
    assert "Good morning." not in await read(server, room)


async def test_chapters_of_a_part_are_made_of_its_own_words(server: Running, host: Person) -> None:
    room, first = await recorded(server, host)
    second = await record(server, host, room, from_frame=200)
    await server.show(room, final("Secret plans", start_s=0.5))
    await server.show(room, final("Open words", start_s=4.5))
    await unpublish(server, host, first)

    chapters = (await server.http.get(f"/v1/recordings/{second}/chapters")).json()

    assert [one["title"] for one in chapters["items"]] == ["Ada: Open words"]
    assert "Open words" in await read(server, room)  # the parts follow each other closely


async def test_what_is_not_published_stays_so_after_a_restart(tmp_path: Any) -> None:
    async with running(tmp_path) as server:
        host = await server.sign_in()
        room, recording = await recorded(server, host)
        await server.say(room, "Good morning.")
        await unpublish(server, host, recording)

    async with running(tmp_path) as server:
        assert (await server.http.get("/v1/recordings")).json() == {"items": []}
        assert "Good morning." not in await read(server, room)
