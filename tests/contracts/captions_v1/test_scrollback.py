"""Older captions, a page at a time."""

import pytest

from tests.api.running import Running
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
    ],
)
async def test_a_page_that_cannot_be_is_an_error(
    server: Running, room: str, field: str, value: object
) -> None:
    async with reading_along(server, room) as reader:
        await reader.send(type="scrollback", **{field: value})
        error = await reader.take("error")
        await reader.answered()

    assert (error["code"], error["field"]) == ("bad-message", field)
    assert "fatal" not in error
