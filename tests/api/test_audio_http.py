"""WHIP and WHEP as HTTP: what is refused, and that a room goes on whatever it is sent."""

import asyncio

import httpx
import pytest

from rooms.embedded.client import WhepClient, WhipClient
from tests.api.running import Person, Running

SDP = {"Content-Type": "application/sdp"}
VIDEO_ONLY = (
    "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
    "m=video 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\na=rtpmap:96 VP8/90000\r\n"
)
HALF_AN_OFFER = (
    "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
    "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=rtpmap:111 opus/48000/2\r\n"
)


@pytest.fixture
async def host(server: Running) -> Person:
    return await server.sign_in("Hanna")


@pytest.fixture
async def room(server: Running, host: Person) -> str:
    return await server.live_room(host, record=False)


def assert_problem(reply: httpx.Response, status: int, kind: str) -> None:
    assert reply.headers["content-type"] == "application/problem+json"
    assert (reply.status_code, reply.json()["type"]) == (status, f"urn:roomscribe:{kind}")


async def still_on_air(server: Running, room: str) -> bool:
    """Whether the room's clock goes on."""
    sound = server.app.media.get(room)
    tap = sound.tap()
    first = await tap.get()
    return first is not None and len(sound.on_air()) == 0


@pytest.mark.parametrize("way", ["whip", "whep"])
@pytest.mark.parametrize(
    "offer",
    [
        b"",
        b"hello",
        b"v=0",
        b"\xff\xfe\x00",
        b"\x00" * 100,
        b"v=0\r\n" * 1000,
        b"m=audio\r\n",
        VIDEO_ONLY.encode(),
        HALF_AN_OFFER.encode(),
        HALF_AN_OFFER.replace("111 opus", "one opus").encode(),
        HALF_AN_OFFER.replace("m=audio 9", "m=audio nine").encode(),
        HALF_AN_OFFER.replace("IN IP4", "IN").encode(),
    ],
)
async def test_an_offer_that_cannot_be_answered_is_a_problem(
    server: Running, host: Person, room: str, way: str, offer: bytes
) -> None:
    reply = await server.http.post(
        f"/v1/rooms/{room}/{way}", content=offer, headers=host.headers | SDP
    )

    assert_problem(reply, 400, "bad-offer")
    assert await still_on_air(server, room)


@pytest.mark.parametrize("way", ["whip", "whep"])
async def test_an_offer_of_another_type_is_a_problem(
    server: Running, host: Person, room: str, way: str
) -> None:
    for kind in ({}, {"Content-Type": "application/json"}, {"Content-Type": "text/plain"}):
        reply = await server.http.post(
            f"/v1/rooms/{room}/{way}", content=b"v=0", headers=host.headers | kind
        )
        assert_problem(reply, 400, "bad-offer")
        assert reply.json()["field"] == "content-type"


async def test_an_offer_may_have_64_kib(server: Running, host: Person, room: str) -> None:
    reply = await server.http.post(
        f"/v1/rooms/{room}/whip", content=b"v" * 65 * 1024, headers=host.headers | SDP
    )

    assert_problem(reply, 413, "too-large")


@pytest.mark.parametrize("way", ["whip", "whep"])
async def test_a_room_that_is_not_live_has_no_sound(
    server: Running, host: Person, way: str
) -> None:
    room = await server.room(host)

    reply = await server.http.post(
        f"/v1/rooms/{room}/{way}", content=b"v=0", headers=host.headers | SDP
    )

    assert_problem(reply, 409, "room-not-live")


async def test_who_has_no_right_neither_speaks_nor_listens(
    server: Running, host: Person, room: str
) -> None:
    stranger = await server.sign_in("Sam")
    private = await server.live_room(host, private=True, record=False)

    async def asks(room: str, way: str, headers: dict[str, str]) -> httpx.Response:
        return await server.http.post(
            f"/v1/rooms/{room}/{way}", content=b"v=0", headers=headers | SDP
        )

    assert_problem(await asks(room, "whip", {}), 401, "not-signed-in")
    assert_problem(await asks(room, "whip", stranger.headers), 403, "not-allowed")
    assert_problem(await asks(private, "whep", {}), 403, "not-allowed")
    assert_problem(await asks(private, "whep", stranger.headers), 403, "not-allowed")
    bad = {"Authorization": "Bearer nonsense"}
    for way in ("whip", "whep"):
        assert_problem(await asks(room, way, bad), 401, "not-signed-in")


async def test_who_has_left_must_join_again_to_speak(
    server: Running, host: Person, room: str
) -> None:
    guest = await server.sign_in("Sam")
    base = f"/v1/rooms/{room}"
    await server.http.post(f"{base}/join", json={"as": "speaker"}, headers=guest.headers)
    await server.http.post(f"{base}/leave", headers=guest.headers)

    reply = await server.http.post(f"{base}/whip", content=b"v=0", headers=guest.headers | SDP)

    assert_problem(reply, 403, "not-allowed")


async def test_hanging_up_what_is_not_there_is_not_found(server: Running, room: str) -> None:
    for way in ("whip", "whep"):
        reply = await server.http.delete(f"/v1/rooms/{room}/{way}/nothing")
        assert_problem(reply, 404, "not-found")


async def test_a_call_is_answered_with_its_place_and_ends_there(
    server: Running, host: Person, room: str
) -> None:
    base = f"{server.url}/v1/rooms/{room}"
    sound = server.app.media.get(room)

    async with (
        WhipClient(f"{base}/whip", host.token, ice_addresses=["127.0.0.1"]) as speaker,
        WhepClient(f"{base}/whep", host.token, ice_addresses=["127.0.0.1"]) as listener,
    ):
        assert speaker.location.startswith(f"{base}/whip/")
        assert listener.location.startswith(f"{base}/whep/")
        assert sound.on_air() == {host.id}
        again = await server.http.post(
            f"/v1/rooms/{room}/whip", content=b"nonsense", headers=host.headers | SDP
        )
        assert_problem(again, 400, "bad-offer")
        assert sound.on_air() == {host.id}
        gone = await server.http.delete(speaker.location)
        twice = await server.http.delete(speaker.location)

    assert gone.status_code == 200
    assert_problem(twice, 404, "not-found")
    assert sound.on_air() == frozenset()
    assert sound.listeners() == 0


async def test_who_loses_the_right_to_speak_while_they_are_answered_is_not_on_air(
    server: Running, host: Person, room: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    guest = await server.sign_in("Sam")
    base = f"/v1/rooms/{room}"
    await server.http.post(f"{base}/join", json={"as": "speaker"}, headers=guest.headers)

    class Slow:
        """A connection that the host is quicker than."""

        def __init__(self, **_options: object) -> None:
            self.connected, self.closed = asyncio.Event(), asyncio.Event()

        async def answer(self, offer_sdp: str) -> str:
            path = f"{base}/participants/{guest.id}"
            await server.http.patch(path, json={"role": "listener"}, headers=host.headers)
            return offer_sdp

        async def close(self) -> None:
            self.closed.set()

    monkeypatch.setattr("rooms.embedded.live.Peer", Slow)

    reply = await server.http.post(f"{base}/whip", content=b"v=0", headers=guest.headers | SDP)

    assert_problem(reply, 403, "not-allowed")
    assert server.app.media.get(room).on_air() == frozenset()
