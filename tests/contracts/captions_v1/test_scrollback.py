"""Older captions, a page at a time."""

import pytest

from models.transcript import Final
from tests.api.running import Person, Running, final
from tests.contracts.captions_v1.reader import letters, reading, reading_along


async def test_scrolling_back_walks_to_the_first_caption(server: Running, room: str) -> None:
    await server.say(room, *letters(120))
    seen: list[int] = []
    async with reading(server, room) as reader:
        page = await reader.take("history")
        while page["more"]:
            seen = [item["seq"] for item in page["items"]] + seen
            await reader.send(type="scrollback", before=page["before"], limit=30)
            page = await reader.take("history")
        seen = [item["seq"] for item in page["items"]] + seen

    assert seen == list(range(1, 121))


async def test_scrolling_back_from_nothing_gives_the_newest(server: Running, room: str) -> None:
    await server.say(room, *letters(60))
    async with reading_along(server, room) as reader:
        await reader.send(type="scrollback")
        page = await reader.take("history")

    assert [item["seq"] for item in page["items"]] == list(range(11, 61))


async def test_a_time_gives_the_page_around_it_and_names_its_entry(
    server: Running, room: str
) -> None:
    for number in range(300):
        await server.show(room, final(f"c{number}", start_s=number * 3.0))
    async with reading_along(server, room) as reader:
        await reader.send(type="scrollback", at=90.5, limit=20)
        page = await reader.take("history")
        await reader.send(type="scrollback", at=0.5)
        first = await reader.take("history")
        await reader.send(type="scrollback", at=5000)
        last = await reader.take("history")

    assert (page["at"], page["seq"]) == (90.5, 31)
    assert [item["seq"] for item in page["items"]] == list(range(21, 41))
    assert (first["seq"], first["items"][0]["seq"], first["more"]) == (1, 1, False)
    assert (last["seq"], last["items"][-1]["seq"]) == (300, 300)


async def test_a_time_of_an_earlier_instance_is_found_and_every_entry_names_its_own(
    server: Running, room: str, host: Person
) -> None:
    await server.show(room, final("then", start_s=60.0))
    for what in ("end", "start"):
        reply = await server.http.post(f"/v1/rooms/{room}/{what}", headers=host.headers)
        reply.raise_for_status()
    await server.show(room, final("now", start_s=62.0), instance=2)
    async with reading_along(server, room) as reader:
        pages = []
        for asked in ({"instance": 1}, {"instance": 2}, {}, {"instance": 3}):
            await reader.send(type="scrollback", at=60.5, **asked)
            pages.append(await reader.take("history"))

    assert [page["seq"] for page in pages] == [1, 2, 2, 0]
    assert [item["instance"] for item in pages[0]["items"]] == [1, 2]


async def test_a_time_in_a_room_where_nothing_was_said_gives_nothing(
    server: Running, room: str
) -> None:
    async with reading_along(server, room) as reader:
        await reader.send(type="scrollback", at=12)
        page = await reader.take("history")

    assert (page["seq"], page["items"], page["more"]) == (0, [], False)


async def test_an_old_page_brings_corrections_that_were_made_after_it(
    server: Running, room: str, host: Person
) -> None:
    await server.say(room, *letters(80))
    async with reading_along(server, room) as reader:
        first = await server.app.journal.after(room, 0, 1)
        caption = first[0]
        assert isinstance(caption, Final)
        reply = await server.http.patch(
            f"/v1/rooms/{room}/captions/{caption.id}",
            json={"text": "better", "rev": caption.rev},
            headers=host.headers,
        )
        reply.raise_for_status()
        await reader.send(type="scrollback", before=11, limit=10)
        page = await reader.take("history")
        await reader.send(type="scrollback", before=31, limit=10)
        other = await reader.take("history")

    assert [item["seq"] for item in page["items"]] == list(range(1, 11))
    assert [(item["id"], item["text"]) for item in page["corrections"]] == [(caption.id, "better")]
    assert "corrections" not in other


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("limit", 0),
        ("limit", 501),
        ("limit", "all"),
        ("limit", True),
        ("limit", 1.5),
        ("before", -1),
        ("before", None),
        ("before", 2**60),
        ("at", -1),
        ("at", "1:30"),
        ("at", None),
        ("at", True),
        ("at", 1e9),
        ("instance", 0),
        ("instance", "first"),
    ],
)
async def test_a_page_that_cannot_be_is_an_error(
    server: Running, room: str, field: str, value: object
) -> None:
    async with reading_along(server, room) as reader:
        await reader.send(**{"type": "scrollback", "at": 1, field: value})
        error = await reader.take("error")
        await reader.answered()

    assert (error["code"], error["field"]) == ("bad-message", field)
    assert "fatal" not in error
