"""Caption styles, told over captions.v1."""

from dataclasses import replace

import pytest

from models.style import CaptionStyle
from tests.api.running import Running, interim
from tests.contracts.captions_v1.reader import reading, reading_along


async def test_a_style_is_kept_for_who_signed_in(server: Running, room: str) -> None:
    person = await server.sign_in("Sam")
    elsewhere = await server.room(person, "Elsewhere")
    async with reading_along(server, room, f"token={person.token}") as reader:
        await reader.send(type="style", size_percent=200, font="serif")
        answer = await reader.take("style")

    async with reading(server, elsewhere, f"token={person.token}") as reader:
        welcome = await reader.next()
    reply = await server.http.get("/v1/me/caption-style", headers=person.headers)

    assert list(answer) == ["type", "style"]
    assert answer["style"] == CaptionStyle(size_percent=200, font="serif").as_json()
    assert welcome["style"] == reply.json() == answer["style"]


async def test_a_guests_style_is_echoed_and_not_kept(server: Running, room: str) -> None:
    async with reading_along(server, room) as reader:
        await reader.send(type="style", edge="uniform")
        answer = await reader.take("style")
    async with reading(server, room) as reader:
        welcome = await reader.next()

    assert answer["style"]["edge"] == "uniform"
    assert welcome["style"] == CaptionStyle().as_json()


@pytest.mark.parametrize(
    ("style", "field"),
    [
        ({"size_percent": 5000}, "size_percent"),
        ({"size_percent": float("nan")}, "size_percent"),
        ({"font": "comic"}, "font"),
        ({"font": ["sans"]}, "font"),
        ({"text_colour": "red"}, "text_colour"),
        ({"colour": "#ffffff"}, "colour"),
        ({"\ud800": 1}, "\\ud800"),
    ],
)
async def test_a_style_that_cannot_be_is_an_error_and_changes_nothing(
    server: Running, room: str, style: dict[str, object], field: str
) -> None:
    person = await server.sign_in("Sam")
    async with reading_along(server, room, f"token={person.token}") as reader:
        await reader.send(type="style", **style)
        error = await reader.take("error")
        await reader.answered()

    kept = await server.http.get("/v1/me/caption-style", headers=person.headers)
    assert (error["code"], error["field"]) == ("bad-style", field)
    assert kept.json() == CaptionStyle().as_json()


async def test_a_pace_applies_on_the_open_connection_and_for_this_reader_alone(
    server: Running, room: str
) -> None:
    async with reading_along(server, room) as steady, reading_along(server, room) as other:
        await steady.send(type="style", pace="steady")
        await steady.take("style")
        server.app.lives.bus(room).publish(replace(interim("i1", 1, "well then"), stable=4))

        assert (await steady.take("interim"))["text"] == "well"
        assert (await other.take("interim"))["text"] == "well then"

        await steady.send(type="style", pace="fast")
        server.murmur(room, "i1", 2, "well there")

        assert (await steady.take("interim"))["text"] == "well there"


async def test_who_signed_in_finds_their_pace_again(server: Running, room: str) -> None:
    person = await server.sign_in("Sam")
    async with reading_along(server, room, f"token={person.token}") as reader:
        await reader.send(type="style", pace="steady")
        await reader.take("style")

    async with reading_along(server, room, f"token={person.token}") as reader:
        server.murmur(room, "i1", 1, "perhaps")
        await server.say(room, "indeed")

        await reader.take("final")
    assert "interim" not in [message["type"] for message in reader.all]


async def test_finals_are_the_same_at_every_pace(server: Running, room: str) -> None:
    async with reading_along(server, room) as steady, reading_along(server, room) as fast:
        await steady.send(type="style", pace="steady")
        await fast.send(type="style", pace="fast")
        await server.say(room, "one", "two")

        assert [await steady.take("final"), await steady.take("final")] == [
            await fast.take("final"),
            await fast.take("final"),
        ]
