"""A host switches the recording of a live room: on, off the record, off."""

from pathlib import Path
from typing import Any

from tests.api.problems import assert_problem
from tests.api.running import Person, Running, eventually
from tests.contracts.captions_v1.reader import Reader, reading, reading_along

SECRET = "Quetzalcoatl"


async def switch(server: Running, room: str, who: Person, state: str) -> dict[str, Any]:
    url = f"/v1/rooms/{room}/recording"
    reply = await server.http.post(url, json={"state": state}, headers=who.headers)
    return dict(reply.raise_for_status().json())


async def say(server: Running, room: str, who: Person, text: str) -> None:
    await server.http.post(f"/v1/rooms/{room}/join", json={"as": "speaker"}, headers=who.headers)
    reply = await server.http.post(
        f"/v1/rooms/{room}/say",
        json={"line": text.replace(" ", "-"), "text": text},
        headers=who.headers,
    )
    reply.raise_for_status()


async def gap_of(reader: Reader, *, over: bool) -> dict[str, Any]:
    while True:
        gap = await reader.take("gap")
        if (gap["end"] > gap["start"]) is over:
            return gap


def holding(folder: Path, word: str) -> list[str]:
    """The files below a folder that have a word in them."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path.name for path in files if word.encode() in path.read_bytes()]


async def test_what_is_typed_off_the_record_is_read_by_who_is_there_and_is_on_no_disk(
    server: Running, host: Person, tmp_path: Path
) -> None:
    room = await server.live_room(host)
    async with reading_along(server, room) as reader:
        await switch(server, room, host, "off-record")
        began = await gap_of(reader, over=False)
        await say(server, room, host, f"The password is {SECRET}")
        shown = await reader.take("interim")
        await switch(server, room, host, "on")
        ended = await gap_of(reader, over=True)
        await say(server, room, host, "Welcome back")
        kept = await reader.take("final")

    assert (shown["text"], shown["kept"], shown["done"]) == (
        f"The password is {SECRET}",
        False,
        True,
    )
    assert "seq" not in shown
    assert [began["seq"], ended["seq"], kept["seq"]] == [1, 2, 3]
    assert (began["reason"], ended["reason"]) == ("off-record", "off-record")
    assert ended["start"] == began["start"] < ended["end"]
    await server.http.post(f"/v1/rooms/{room}/end", headers=host.headers)
    await server.app.lives.finished(room)
    assert holding(tmp_path, SECRET) == []
    assert holding(tmp_path, "Welcome back")
    for format in ("txt", "vtt", "srt", "json"):
        text = (await server.http.get(f"/v1/rooms/{room}/transcript?format={format}")).text
        assert SECRET not in text
        assert text.count("off-record" if format == "json" else "off the record from") == 1
    async with reading(server, room) as late:
        history = await late.take("history")
    assert SECRET not in str(history)


async def test_everybody_is_told_and_so_is_who_comes_later(server: Running, host: Person) -> None:
    room = await server.live_room(host)
    async with reading_along(server, room) as reader:
        for state in ("off-record", "off", "on"):
            answer = await switch(server, room, host, state)
            news = await reader.take("room")
            while news["recording"] != state:
                news = await reader.take("room")
            async with reading(server, room) as late:
                welcome = await late.take("welcome")
            assert answer["state"] == welcome["recording"] == state
            assert (await server.http.get(f"/v1/rooms/{room}")).json()["recording"] == state


async def test_off_ends_a_recording_and_on_begins_the_next_part(
    server: Running, host: Person
) -> None:
    room = await server.live_room(host)

    async def phases() -> list[str]:
        items = (await server.http.get(f"/v1/rooms/{room}/recordings")).json()["items"]
        return sorted(item["phase"] for item in items)

    async def heard_a_second() -> bool:
        sound = server.app.media.get(room)
        return sound.sample > 48_000

    async def first_is_finished() -> bool:
        return await phases() == ["finished"]

    async def both_are_finished() -> bool:
        return await phases() == ["finished", "finished"]

    await eventually(heard_a_second)
    off = await switch(server, room, host, "off")
    await eventually(first_is_finished)
    on = await switch(server, room, host, "on")
    start = server.app.media.get(room).sample

    async def heard_another() -> bool:
        return server.app.media.get(room).sample > start + 48_000

    await eventually(heard_another)
    await server.http.post(f"/v1/rooms/{room}/end", headers=host.headers)
    await eventually(both_are_finished)

    items = (await server.http.get(f"/v1/rooms/{room}/recordings")).json()["items"]
    second, first = items
    assert first["duration_s"] == off["from_s"]
    assert second["losses"] == [
        {"start_s": 0.0, "duration_s": on["from_s"], "reason": "not recorded yet"}
    ]
    assert second["duration_s"] > on["from_s"] + 1


async def test_a_room_that_is_not_recorded_can_be_off_the_record_too(
    server: Running, host: Person, tmp_path: Path
) -> None:
    room = await server.live_room(host, record=False)
    async with reading_along(server, room) as reader:
        await switch(server, room, host, "off-record")
        await say(server, room, host, SECRET)
        assert (await reader.take("interim"))["kept"] is False
        await switch(server, room, host, "off")
        await gap_of(reader, over=True)
        await say(server, room, host, "for all")
        await reader.take("final")
    assert holding(tmp_path, SECRET) == []
    assert (await server.http.get(f"/v1/rooms/{room}/recordings")).json()["items"] == []


async def test_only_hosts_decide_and_only_while_the_room_is_live(
    server: Running, host: Person, room: str
) -> None:
    url = f"/v1/rooms/{room}/recording"
    guest = await server.sign_in("Gus")
    wish = {"state": "off-record"}

    assert_problem(
        await server.http.post(url, json=wish, headers=host.headers), 409, "room-not-live"
    )
    assert_problem(await server.http.post(url, json=wish), 401, "not-signed-in")
    await server.http.post(f"/v1/rooms/{room}/start", headers=host.headers)
    assert_problem(
        await server.http.post(url, json=wish, headers=guest.headers), 403, "not-allowed"
    )
    bad = await server.http.post(url, json={"state": "paused"}, headers=host.headers)
    assert_problem(bad, 422, "invalid", "state")
