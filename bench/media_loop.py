"""CPU share of a room's media loop: packets fanned out, against aiortc's encode for each listener.

``python -m bench.media_loop`` puts two speakers and fifty listeners, in a process of their own, on
one room over 127.0.0.1, measures this process, and then does the same with every listener behind a
track of audio frames, which is aiortc's documented way. Receiving and mixing are ours in both runs,
so the ratio is that of sending alone, plus what both have in common.
"""

import argparse
import asyncio
import fractions
import itertools
import json
import secrets
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import av
import numpy as np
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription

from models.audio import FRAME_SAMPLES, RATE_HZ, Frame, Pcm
from models.room import User
from pipeline.channel import Channel
from rooms.embedded.client import HttpAnswer, WhepClient, WhipClient, frames_of
from rooms.embedded.engine import EmbeddedRooms, settle_gc
from rooms.embedded.live import LiveRoom
from rooms.embedded.webrtc import offered_addresses

LOCAL = ("127.0.0.1",)
SPEAKERS = 2
SETTLE_S = 1.0
AT_ONCE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """``cpu_percent`` is of one core, all threads; ``delivered`` is the share of packets due."""

    cpu_percent: float
    delivered: float
    connect_s: float


class FrameTrack(MediaStreamTrack):
    """A listener's own track of audio frames: aiortc encodes it for this listener alone."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self.frames: Channel[av.AudioFrame] = Channel(10)

    async def recv(self) -> av.AudioFrame:
        """Give aiortc's sender the next frame."""
        return await self.frames.get()


class DefaultListeners:
    """Fifty times what aiortc's examples do."""

    def __init__(self, room: LiveRoom) -> None:
        self._tracks: list[FrameTrack] = []
        self._connections: list[RTCPeerConnection] = []
        self._task = asyncio.create_task(self._feed(room))

    async def play(self, offer_sdp: str) -> tuple[str, str]:
        """Answer a listener's offer."""
        connection, track = RTCPeerConnection(RTCConfiguration(iceServers=[])), FrameTrack()
        connection.addTrack(track)
        self._connections.append(connection)
        self._tracks.append(track)
        offer = RTCSessionDescription(sdp=offer_sdp, type="offer")
        await connection.setRemoteDescription(offer)
        with offered_addresses(LOCAL):
            await connection.setLocalDescription(await connection.createAnswer())
        return secrets.token_hex(4), connection.localDescription.sdp

    async def aclose(self) -> None:
        """Hang up."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        await asyncio.gather(*(connection.close() for connection in self._connections))

    async def _feed(self, room: LiveRoom) -> None:
        async for item in room.tap():
            if isinstance(item, Frame):
                frame = _audio_frame(item)
                for track in self._tracks:
                    track.frames.put_nowait(frame)


def _audio_frame(frame: Frame) -> av.AudioFrame:
    audio = av.AudioFrame.from_ndarray(frame.pcm.reshape(1, -1), format="s16", layout="mono")
    audio.sample_rate = RATE_HZ
    audio.pts = frame.sample
    audio.time_base = fractions.Fraction(1, RATE_HZ)
    return audio


class Signalling:
    """One JSON object a line, instead of HTTP: whose offer, and the answer."""

    def __init__(self, room: LiveRoom, others: DefaultListeners | None) -> None:
        self._room, self._others = room, others

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer offers until the line is closed."""
        while line := await reader.readline():
            asked = json.loads(line)
            answer = await self._answer(asked["who"], asked["sdp"]) if asked["sdp"] else ""
            writer.write(json.dumps({"sdp": answer}).encode() + b"\n")
        writer.close()

    async def _answer(self, who: str, sdp: str) -> str:
        if who:
            user = User(id=who, name=who, created_at=datetime.now(UTC))
            return (await self._room.publish(user, sdp))[1]
        if self._others is not None:
            return (await self._others.play(sdp))[1]
        return (await self._room.play(None, sdp))[1]


async def measure(listeners: int, length_s: float, *, default: bool) -> Result:
    """Run one room with its crowd in a second process, and measure this one."""
    rooms = EmbeddedRooms(ice_addresses=LOCAL)
    room = await rooms.open("bench")
    others = DefaultListeners(room) if default else None
    server = await asyncio.start_server(Signalling(room, others).serve, LOCAL[0], 0, limit=1 << 20)
    port = server.sockets[0].getsockname()[1]
    crowd = await asyncio.create_subprocess_exec(
        *[sys.executable, "-m", "bench.media_loop", "--crowd", str(port)],
        *["--listeners", str(listeners), "--seconds", str(length_s)],
        stdout=asyncio.subprocess.PIPE,
    )
    assert crowd.stdout is not None
    connected = json.loads(await crowd.stdout.readline())
    settle_gc()
    began_cpu, began = time.process_time(), time.monotonic()
    report = json.loads(await crowd.stdout.readline())
    cpu_s, wall_s = time.process_time() - began_cpu, time.monotonic() - began
    await crowd.wait()
    if others is not None:
        await others.aclose()
    server.close()
    await rooms.aclose()
    return Result(
        cpu_percent=100 * cpu_s / wall_s,
        delivered=report["packets"] / (listeners * report["seconds"] * RATE_HZ / FRAME_SAMPLES),
        connect_s=connected["seconds"],
    )


async def be_the_crowd(port: int, listeners: int, length_s: float) -> None:
    """Connect everyone, say so, count packets for ``length_s``, say how many came, and leave."""
    began, lock = time.monotonic(), asyncio.Semaphore(AT_ONCE)
    ears = [
        WhepClient("http://bench/", ice_addresses=LOCAL, request=_asker(port, ""))
        for _ in range(listeners)
    ]
    mouths = [
        WhipClient("http://bench/", ice_addresses=LOCAL, request=_asker(port, f"speaker-{n}"))
        for n in range(SPEAKERS)
    ]

    async def one_of_few(connecting: Awaitable[None]) -> None:
        async with lock:
            await connecting

    await asyncio.gather(*(one_of_few(client.connect()) for client in [*mouths, *ears]))
    voices = [Babble(300 + 200 * number) for number in range(SPEAKERS)]
    talking = [
        asyncio.create_task(mouth.play(voice)) for mouth, voice in zip(mouths, voices, strict=True)
    ]
    await asyncio.sleep(SETTLE_S)
    _tell({"seconds": time.monotonic() - began})
    before, since = sum(len(ear.packets) for ear in ears), time.monotonic()
    await asyncio.sleep(length_s)
    came = sum(len(ear.packets) for ear in ears) - before
    _tell({"packets": came, "seconds": time.monotonic() - since})
    for task in talking:
        task.cancel()
    await asyncio.gather(*talking, return_exceptions=True)
    await asyncio.gather(*(client.close() for client in [*mouths, *ears]))


class Babble:
    """A voice that never stops: a tone whose loudness moves as speech does."""

    def __init__(self, hz: int) -> None:
        t = np.arange(2 * RATE_HZ) / RATE_HZ
        sound = 8000 * np.sin(2 * np.pi * hz * t) * (1 + np.sin(2 * np.pi * 3 * t)) / 2
        self._sound: Pcm = sound.astype(np.int16)

    def __iter__(self) -> Iterator[Pcm]:
        return itertools.cycle(frames_of(self._sound))


def _asker(port: int, who: str) -> Callable[..., Any]:
    async def ask(method: str, url: str, headers: Mapping[str, str], body: str) -> HttpAnswer:
        if method == "DELETE":
            return HttpAnswer(status=200)
        reader, writer = await asyncio.open_connection(LOCAL[0], port, limit=1 << 20)
        writer.write(json.dumps({"who": who, "sdp": body}).encode() + b"\n")
        answer = json.loads(await reader.readline())
        writer.close()
        return HttpAnswer(status=201, headers={"location": "/x"}, body=answer["sdp"])

    return ask


def _tell(message: Mapping[str, float]) -> None:
    print(json.dumps(message), flush=True)


async def compare(listeners: int, length_s: float) -> None:
    """Measure both ways and print them side by side."""
    print(f"{SPEAKERS} speakers, {listeners} listeners, {length_s:.0f} s each; % of one core")
    ours = await measure(listeners, length_s, default=False)
    print(_row("one encode, packets fanned out", ours), flush=True)
    theirs = await measure(listeners, length_s, default=True)
    print(_row("aiortc's encode per listener", theirs))
    print(f"ratio {theirs.cpu_percent / ours.cpu_percent:.1f}")


def _row(name: str, result: Result) -> str:
    return (
        f"{name:32} CPU {result.cpu_percent:5.1f} %   packets delivered"
        f" {100 * result.delivered:5.1f} %   connected in {result.connect_s:4.1f} s"
    )


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(prog="python -m bench.media_loop", description=__doc__)
    parser.add_argument("--seconds", type=float, default=8.0, help="how long to measure each way")
    parser.add_argument("--listeners", type=int, default=50)
    parser.add_argument("--crowd", type=int, default=0, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.crowd:
        asyncio.run(be_the_crowd(options.crowd, options.listeners, options.seconds))
    else:
        asyncio.run(compare(options.listeners, options.seconds))


if __name__ == "__main__":
    main()
