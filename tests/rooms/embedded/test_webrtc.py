"""Real WebRTC over 127.0.0.1 through a small HTTP shell: speakers, listeners, loss, hanging up."""

import asyncio
import random
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import imageio_ffmpeg
import numpy as np
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from models.audio import FRAME_SAMPLES, RATE_HZ, Frame, Pcm
from models.errors import BadOffer, NotAllowed, NotFound
from models.room import User
from pipeline.channel import Channel
from pipeline.tap import TapItem
from rooms.embedded.client import (
    HttpAnswer,
    WhepClient,
    WhipClient,
    frames_of,
    request_by_urllib,
)
from rooms.embedded.engine import EmbeddedRooms
from rooms.embedded.live import LiveRoom

LOCAL = ("127.0.0.1",)


@dataclass
class Venue:
    """A live room behind WHIP and WHEP; the token is the user's id."""

    url: str
    room: LiveRoom

    def speaker(self, who: str, loses: Callable[[int], bool] = lambda number: False) -> WhipClient:
        return WhipClient(f"{self.url}/whip", who, ice_addresses=LOCAL, loses=loses)

    def listener(self, who: str = "") -> WhepClient:
        return WhepClient(f"{self.url}/whep", who, ice_addresses=LOCAL)


def shell(room: LiveRoom) -> Starlette:
    def who(request: Request) -> User | None:
        name = request.headers.get("authorization", "").removeprefix("Bearer ")
        return User(id=name, name=name.title(), created_at=datetime.now(UTC)) if name else None

    async def offer(request: Request) -> Response:
        sdp = (await request.body()).decode()
        try:
            if request.url.path == "/whip":
                speaker = who(request)
                assert speaker is not None
                resource, answer = await room.publish(speaker, sdp)
            else:
                resource, answer = await room.play(who(request), sdp)
        except BadOffer as refused:
            return Response(str(refused), 400)
        headers = {"Location": f"/calls/{resource}"}
        return Response(answer, 201, headers, media_type="application/sdp")

    async def hang_up(request: Request) -> Response:
        try:
            await room.hang_up(request.path_params["resource"])
        except NotFound as unknown:
            return Response(str(unknown), 404)
        return Response("bye")

    return Starlette(
        routes=[
            Route("/whip", offer, methods=["POST"]),
            Route("/whep", offer, methods=["POST"]),
            Route("/calls/{resource}", hang_up, methods=["DELETE"]),
        ]
    )


@pytest.fixture
async def venue() -> AsyncIterator[Venue]:
    rooms = EmbeddedRooms(ice_addresses=LOCAL)
    room = await rooms.open("room")
    config = uvicorn.Config(shell(room), host="127.0.0.1", port=0, log_config=None, ws="none")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    await until(lambda: server.started)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield Venue(f"http://127.0.0.1:{port}", room)
    await rooms.aclose()
    server.should_exit = True
    await serving


async def until(condition: Callable[[], bool], timeout_s: float = 10.0) -> None:
    async with asyncio.timeout(timeout_s):
        while not condition():
            await asyncio.sleep(0.02)


def tone(hz: int, length_s: float) -> Pcm:
    t = np.arange(int(length_s * RATE_HZ)) / RATE_HZ
    return (8000 * np.sin(2 * np.pi * hz * t)).astype(np.int16)


def beeps(length_s: float) -> Pcm:
    t = np.arange(int(length_s * RATE_HZ)) / RATE_HZ
    return (12_000 * np.sin(2 * np.pi * 1000 * t) * ((t + 0.5) % 1.0 < 0.1)).astype(np.int16)


def strength(pcm: Pcm, hz: int) -> float:
    """The loudest 200 ms of a frequency, as its amplitude."""
    t = np.arange(9600) / RATE_HZ
    wave = np.exp(-2j * np.pi * hz * t)
    parts = [pcm[at : at + 9600] for at in range(0, len(pcm) - 9600, 9600)]
    return max((2 * float(np.abs(np.dot(part, wave))) / 9600 for part in parts), default=0.0)


def onsets(pcm: Pcm) -> list[float]:
    whole = pcm[: len(pcm) // 240 * 240].reshape(-1, 240).astype(np.int32)
    found: list[float] = []
    for index in np.flatnonzero(np.abs(whole).max(axis=1) > 4000):
        if not found or index * 0.005 - found[-1] > 0.3:
            found.append(float(index) * 0.005)
    return found


async def taken(tap: Channel[TapItem]) -> Pcm:
    """What the tap holds, which must be without holes."""
    items = [await tap.get() for _ in range(len(tap))]
    frames = [item for item in items if isinstance(item, Frame)]
    first = frames[0].sample // FRAME_SAMPLES
    assert [f.sample // FRAME_SAMPLES - first for f in frames] == list(range(len(frames)))
    return np.concatenate([frame.pcm for frame in frames])


async def test_everyone_hears_everyone_else_and_nobody_hears_themself(venue: Venue) -> None:
    async with (
        venue.speaker("ada") as ada,
        venue.speaker("bob") as bob,
        venue.listener() as guest,
        venue.listener("cleo") as cleo,
        venue.listener("ada") as ada_listens,
    ):
        await asyncio.gather(ada.play(frames_of(tone(500, 2))), bob.play(frames_of(tone(1500, 2))))
        await until(lambda: len(ada_listens.packets) > 100)

        for listener in (guest, cleo):
            heard = listener.pcm()
            assert strength(heard, 500) > 5000
            assert strength(heard, 1500) > 5000
        own = ada_listens.pcm()
        assert strength(own, 500) < 300
        assert strength(own, 1500) > 5000


async def test_losing_every_twentieth_packet_moves_nothing_in_time(venue: Venue) -> None:
    lottery = random.Random(11)
    tap = venue.room.tap(limit=2000)
    async with venue.speaker("ada", loses=lambda number: lottery.random() < 0.05) as ada:
        await ada.play(frames_of(beeps(6.9)))

    found = onsets(await taken(tap))

    assert len(found) == 7
    for number, onset in enumerate(found):
        assert onset - found[0] == pytest.approx(number, abs=0.0201)


async def test_speaking_is_told_in_the_taps_clock(venue: Venue) -> None:
    tap = venue.room.tap(limit=2000)
    async with venue.speaker("ada") as ada:
        await ada.play(frames_of(np.concatenate([tone(500, 1.5), np.zeros(RATE_HZ, np.int16)])))
        await until(lambda: "ada" not in venue.room.speaking())
    items = [await tap.get() for _ in range(len(tap))]

    spans = [(item.on, item.t_s) for item in items if not isinstance(item, Frame)]
    frames = [item for item in items if isinstance(item, Frame)]
    began = frames[0].start_s + onsets(np.concatenate([frame.pcm for frame in frames]))[0]

    assert [on for on, _ in spans] == [True, False]
    assert spans[0][1] == pytest.approx(began, abs=0.05)
    assert spans[1][1] == pytest.approx(began + 1.5, abs=0.08)


async def test_a_muted_speaker_is_not_heard_whatever_they_send(venue: Venue) -> None:
    venue.room.set_muted("ada", True)
    async with venue.speaker("ada") as ada, venue.listener() as guest:
        await ada.play(frames_of(tone(500, 1)))
        await until(lambda: len(guest.packets) > 40)

        assert venue.room.statistics()["ada"].received > 40
        assert strength(guest.pcm(), 500) < 100


async def test_deleting_the_resource_hangs_up(venue: Venue) -> None:
    async with venue.speaker("ada") as ada:
        await until(lambda: venue.room.on_air() == {"ada"})
        gone = await request_by_urllib("DELETE", ada.location, {}, "")
        again = await request_by_urllib("DELETE", ada.location, {}, "")

        assert (gone.status, again.status) == (200, 404)
        assert venue.room.on_air() == frozenset()
        await until(lambda: ada.ended)


async def test_who_hangs_up_without_a_word_is_forgotten(venue: Venue) -> None:
    ada = venue.speaker("ada")
    await ada.connect()
    ada.location = ""  # so that closing says nothing to the endpoint

    await ada.close()

    await until(lambda: venue.room.on_air() == frozenset())


async def test_publishing_again_replaces_the_first_connection(venue: Venue) -> None:
    tap = venue.room.tap(limit=2000)
    async with venue.speaker("ada") as first, venue.speaker("ada") as second:
        await until(lambda: first.ended)
        await second.play(frames_of(tone(500, 1)))

        assert venue.room.on_air() == {"ada"}
    assert strength(await taken(tap), 500) > 5000


async def test_removing_someone_hangs_up_all_they_have(venue: Venue) -> None:
    async with venue.speaker("ada") as ada, venue.listener("ada") as ear:
        await venue.room.remove("ada")

        await until(lambda: ada.ended and ear.ended)
        assert (venue.room.on_air(), venue.room.listeners()) == (frozenset(), 0)


async def test_ending_the_room_hangs_up_everyone(venue: Venue) -> None:
    async with venue.speaker("ada") as ada, venue.listener() as guest:
        await venue.room.close()

        await until(lambda: ada.ended and guest.ended)


async def test_a_browser_that_hides_its_addresses_still_connects(venue: Venue) -> None:
    async def hidden(method: str, url: str, headers: Mapping[str, str], body: str) -> HttpAnswer:
        body = re.sub(r"(a=candidate:.*?) 127\.0\.0\.1 ", r"\1 0a1b2c.local ", body)
        return await request_by_urllib(method, url, headers, body)

    ear = WhepClient(f"{venue.url}/whep", ice_addresses=LOCAL, request=hidden)
    async with ear:
        await until(lambda: len(ear.packets) > 10)


async def test_an_endpoint_that_refuses_says_why(venue: Venue) -> None:
    async def mangled(method: str, url: str, headers: Mapping[str, str], body: str) -> HttpAnswer:
        return await request_by_urllib(method, url, headers, body.replace("opus", "sopu"))

    client = WhipClient(f"{venue.url}/whip", "ada", ice_addresses=LOCAL, request=mangled)

    with pytest.raises(NotAllowed, match="no Opus"):
        await client.connect()

    await client.close()


async def test_the_answer_asks_for_error_correction(venue: Venue) -> None:
    answers: list[str] = []

    async def watched(method: str, url: str, headers: Mapping[str, str], body: str) -> HttpAnswer:
        answer = await request_by_urllib(method, url, headers, body)
        answers.append(answer.body)
        return answer

    async with WhipClient(f"{venue.url}/whip", "ada", ice_addresses=LOCAL, request=watched):
        assert re.search(r"a=fmtp:\d+ .*useinbandfec=1", answers[0])
        assert "a=recvonly" in answers[0]


async def test_who_falls_silent_for_good_is_hung_up_and_the_clock_stays_whole() -> None:
    skew_s = 0.0
    room = LiveRoom("room", ice_addresses=LOCAL, clock=lambda: time.monotonic() + skew_s)
    tap = room.tap(limit=2000)
    room.start()
    ada = WhipClient("http://room/", ice_addresses=LOCAL, request=directly(room, "ada"))
    await ada.connect()
    await until(lambda: room.statistics()["ada"].received > 10)
    await ada.fall_silent()

    skew_s = 3.0
    await until(lambda: room.vanished() == {"ada"})
    skew_s = 11.0
    await until(lambda: room.on_air() == frozenset())

    await until(lambda: room.sample >= 11 * RATE_HZ)
    await taken(tap)
    await ada.close()
    await room.close()


def directly(
    room: LiveRoom, who: str
) -> Callable[[str, str, Mapping[str, str], str], Awaitable[HttpAnswer]]:
    """An endpoint without HTTP."""

    async def request(method: str, url: str, headers: Mapping[str, str], body: str) -> HttpAnswer:
        if method == "DELETE":
            return HttpAnswer(status=200)
        user = User(id=who, name=who.title(), created_at=datetime.now(UTC))
        _, answer = await room.publish(user, body)
        return HttpAnswer(status=201, headers={"location": "/here"}, body=answer)

    return request


@pytest.mark.parametrize("stall_s", [0.0, 0.6])
async def test_ffmpeg_speaks_by_whip_and_is_heard_whole_even_if_the_server_stalls(
    venue: Venue, stall_s: float
) -> None:
    tap = venue.room.tap(limit=2000)
    # ffmpeg sends what it read before it was connected at once, and would then send 5 % too fast
    # until it has caught up: no live mix can place that, so let the first be silence, and no other
    source = "aevalsrc=if(gt(t\\,2)\\,0.5*sin(1000*PI*t)):s=48000:d=4"
    pace = ["-readrate", "1", "-readrate_catchup", "1"]
    arguments = ["-loglevel", "error", *pace, "-f", "lavfi", "-i", source]
    publishing = await asyncio.create_subprocess_exec(
        imageio_ffmpeg.get_ffmpeg_exe(),
        *arguments,
        *["-ac", "2", "-c:a", "libopus", "-authorization", "ffmpeg"],
        *["-f", "whip", f"{venue.url}/whip"],
    )
    await until(lambda: "ffmpeg" in venue.room.speaking())
    time.sleep(stall_s)  # noqa: ASYNC251 (the stall is what is tested)
    async with asyncio.timeout(20):
        assert await publishing.wait() == 0

    heard = await taken(tap)
    loud = np.abs(heard.reshape(-1, 240).astype(np.int32)).max(axis=1) > 4000
    assert strength(heard, 500) > 5000
    assert loud.sum() * 0.005 == pytest.approx(2.0, abs=0.25)
    assert venue.room.on_air() == frozenset()
