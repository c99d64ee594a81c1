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


async def test_a_style_kept_on_one_device_changes_the_listeners_others_at_once(
    server: Running, room: str
) -> None:
    person = await server.sign_in("Sam")
    elsewhere = await server.room(person, "Elsewhere")
    token = f"token={person.token}"
    async with (
        reading_along(server, room, token) as desktop,
        reading_along(server, elsewhere, token) as phone,
        reading_along(server, room) as guest,
    ):
        await desktop.send(type="style", size_percent=300, pace="steady")
        told = await phone.take("style")
        server.murmur(elsewhere, "i1", 1, "perhaps")
        await server.say(elsewhere, "indeed")
        await phone.take("final")
        await desktop.answered()
        await guest.answered()

    assert told["style"]["size_percent"] == 300
    assert "interim" not in [message["type"] for message in phone.all]
    assert [message["type"] for message in desktop.all].count("style") == 1
    assert "style" not in [message["type"] for message in guest.all]


async def test_a_style_kept_over_http_changes_open_pages_at_once(
    server: Running, room: str
) -> None:
    person = await server.sign_in("Sam")
    async with reading_along(server, room, f"token={person.token}") as reader:
        await server.http.put(
            "/v1/me/caption-style", headers=person.headers, json={"font": "opendyslexic"}
        )
        told = await reader.take("style")

    assert told["style"]["font"] == "opendyslexic"


async def test_a_connection_with_a_style_of_its_own_keeps_none_and_is_told_of_none(
    server: Running, room: str
) -> None:
    person = await server.sign_in("Sam")
    await server.http.put("/v1/me/caption-style", headers=person.headers, json={"lines": 3})
    async with reading_along(server, room, f"token={person.token}&style=own") as screen:
        await screen.send(type="style", lines=2)
        answer = await screen.take("style")
        await server.http.put("/v1/me/caption-style", headers=person.headers, json={"lines": 4})
        await screen.answered()

    kept = await server.http.get("/v1/me/caption-style", headers=person.headers)
    assert screen.all[0]["style"] == CaptionStyle().as_json()
    assert answer["style"]["lines"] == 2
    assert kept.json()["lines"] == 4
    assert [message["type"] for message in screen.all].count("style") == 1
