"""The other end of a connection: speak by WHIP and listen by WHEP, for demonstrations and tests.

Signalling is RFC 9725 (and its draft sister for playing): POST the offer, get 201 with ``Location``
and the answer, DELETE the location to hang up.
"""

import asyncio
import contextlib
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import deque
from collections.abc import AsyncIterable, Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import av
import numpy as np

from models.audio import FRAME_S, FRAME_SAMPLES, RATE_HZ, Pcm
from models.errors import NotAllowed, UnreadableMedia
from pipeline.channel import Channel, WhenFull
from rooms.embedded.opus import Decoder, Encoder
from rooms.embedded.receive import RtpAudio
from rooms.embedded.webrtc import PacketTrack, Peer, opus_packet

_HTTP_TIMEOUT_S = 10.0
_CONNECT_TIMEOUT_S = 15.0
_QUEUED_FRAMES = 50  # a second: whoever plays faster than real time waits
_KEPT_PACKETS = 15_000  # five minutes: what is older is forgotten
_SILENCE = np.zeros(FRAME_SAMPLES, np.int16)
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # media goes direct too


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpAnswer:
    """What an endpoint replied; header names in lower case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""


Request = Callable[[str, str, Mapping[str, str], str], Awaitable[HttpAnswer]]
"""``await request(method, url, headers, body)``."""


async def request_by_urllib(
    method: str, url: str, headers: Mapping[str, str], body: str
) -> HttpAnswer:
    """Ask over HTTP without further packages; an error status is an answer too."""
    return await asyncio.to_thread(_ask, method, url, headers, body)


def _ask(method: str, url: str, headers: Mapping[str, str], body: str) -> HttpAnswer:
    if urllib.parse.urlsplit(url).scheme not in ("http", "https"):
        raise ValueError("an endpoint is an http or https address")
    request = urllib.request.Request(
        url, data=body.encode() or None, headers=dict(headers), method=method
    )
    try:
        with _DIRECT.open(request, timeout=_HTTP_TIMEOUT_S) as reply:
            return _answer(reply.status, reply.headers.items(), reply.read())
    except urllib.error.HTTPError as error:
        with error:
            return _answer(error.code, error.headers.items(), error.read())


def _answer(status: int, headers: Iterable[tuple[str, str]], body: bytes) -> HttpAnswer:
    lowered = {name.lower(): value for name, value in headers}
    return HttpAnswer(status=status, headers=lowered, body=body.decode(errors="replace"))


class _Client:
    """Signalling that speaking and listening share."""

    def __init__(
        self, endpoint: str, token: str, *, peer: Peer, request: Request = request_by_urllib
    ) -> None:
        self._endpoint = endpoint
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._request = request
        self._peer = peer
        self.location = ""

    async def connect(self) -> None:
        """Call the endpoint and wait until sound can flow.

        Raises `NotAllowed` when the endpoint refuses, `TimeoutError` when no connection came about.
        """
        offer = await self._peer.offer()
        headers = {**self._headers, "Content-Type": "application/sdp"}
        answer = await self._request("POST", self._endpoint, headers, offer)
        if answer.status != 201:
            raise NotAllowed(f"The endpoint answered {answer.status}: {answer.body[:200]}")
        self.location = urllib.parse.urljoin(self._endpoint, answer.headers.get("location", ""))
        await self._peer.accept(answer.body)
        async with asyncio.timeout(_CONNECT_TIMEOUT_S):
            await self._peer.connected.wait()

    @property
    def ended(self) -> bool:
        """Whether the connection is over."""
        return self._peer.closed.is_set()

    async def close(self) -> None:
        """Hang up at the endpoint and here."""
        if self.location:
            with contextlib.suppress(OSError):  # the server may be gone already
                await self._request("DELETE", self.location, self._headers, "")
            self.location = ""
        await self._peer.close()

    async def __aenter__(self) -> Self:
        try:
            await self.connect()
        except BaseException:
            await self.close()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()


class WhipClient(_Client):
    """A microphone: 50 packets a second from `connect` on, silence when nothing is played.

    ``loses`` is asked for every packet's number whether to lose it, to imitate a bad network.
    """

    def __init__(
        self,
        endpoint: str,
        token: str = "",
        *,
        ice_addresses: Sequence[str] = (),
        request: Request = request_by_urllib,
        loses: Callable[[int], bool] = lambda number: False,
    ) -> None:
        self._track = PacketTrack()
        peer = Peer(track=self._track, ice_addresses=ice_addresses)
        super().__init__(endpoint, token, peer=peer, request=request)
        self._loses = loses
        self._frames: Channel[Pcm] = Channel(_QUEUED_FRAMES, when_full=WhenFull.DROP_NEWEST)
        self._played = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        await super().connect()
        self._task = asyncio.create_task(self._send())

    async def play(self, frames: AsyncIterable[Pcm] | Iterable[Pcm]) -> None:
        """Say int16 48 kHz frames of shape (960,) in real time; returns after the last one."""
        if isinstance(frames, AsyncIterable):
            async for frame in frames:
                await self._frames.put(frame)
        else:
            for frame in frames:
                await self._frames.put(frame)
        self._played.clear()
        await self._played.wait()

    async def play_file(self, path: Path) -> None:
        """Say a media file in real time; raises `UnreadableMedia`."""
        await self.play(frames_of(await asyncio.to_thread(load_pcm, path)))

    async def fall_silent(self) -> None:
        """Send nothing any more while the connection stays, as a broken microphone does."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def close(self) -> None:
        await self.fall_silent()
        self._played.set()
        self._frames.close()
        await super().close()

    async def _send(self) -> None:
        encoder, began, number = Encoder(), time.monotonic(), 0
        while True:
            frame = await self._frames.get() if len(self._frames) else _SILENCE
            payload = encoder.encode(frame)
            if not self._loses(number):
                self._track.send(opus_packet(payload, number * FRAME_SAMPLES))
            if not len(self._frames):
                self._played.set()
            number += 1
            await asyncio.sleep(max(0.0, began + number * FRAME_S - time.monotonic()))


class WhepClient(_Client):
    """An ear: keeps the packets of the last five minutes."""

    def __init__(
        self,
        endpoint: str,
        token: str = "",
        *,
        ice_addresses: Sequence[str] = (),
        request: Request = request_by_urllib,
    ) -> None:
        self.packets: deque[RtpAudio] = deque(maxlen=_KEPT_PACKETS)
        peer = Peer(on_rtp=self.packets.append, ice_addresses=ice_addresses)
        super().__init__(endpoint, token, peer=peer, request=request)

    def pcm(self) -> Pcm:
        """What was heard since the first kept packet, holes as silence: int16 at 48 kHz."""
        return decode_packets(list(self.packets))


def decode_packets(packets: Sequence[RtpAudio]) -> Pcm:
    """Decode one source's packets onto the line of their timestamps, which must not wrap."""
    ordered = sorted(packets, key=lambda packet: packet.timestamp)
    if not ordered:
        return _SILENCE[:0]
    first, last = ordered[0].timestamp, ordered[-1].timestamp
    out = np.zeros(last - first + RATE_HZ, np.int16)
    decoder, end = Decoder(), 0
    for packet in ordered:
        pcm, at = decoder.decode(packet.payload), packet.timestamp - first
        end = at + len(pcm)
        out[at:end] = pcm
    return out[:end]


def load_pcm(path: Path) -> Pcm:
    """Decode any media file to int16 mono at 48 kHz; raises `UnreadableMedia`."""
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE_HZ)
    try:
        with av.open(str(path)) as media:
            parts = [
                part.to_ndarray()[0]
                for frame in media.decode(audio=0)
                for part in resampler.resample(frame)
            ]
            parts += [part.to_ndarray()[0] for part in resampler.resample(None)]
    except (av.FFmpegError, IndexError, OSError) as error:
        raise UnreadableMedia(f"No audio could be read from {path.name}", field="file") from error
    return np.concatenate(parts).astype(np.int16) if parts else _SILENCE[:0]


def frames_of(pcm: Pcm) -> Iterable[Pcm]:
    """Cut into frames of shape (960,), the last one filled up with silence."""
    for start in range(0, len(pcm), FRAME_SAMPLES):
        frame = pcm[start : start + FRAME_SAMPLES]
        yield (
            frame if len(frame) == FRAME_SAMPLES else np.pad(frame, (0, FRAME_SAMPLES - len(frame)))
        )
