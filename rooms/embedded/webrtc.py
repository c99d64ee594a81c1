"""The one module that knows aiortc and aioice: a peer with a single Opus section, either way round.

Three things are done behind aiortc's back, here and nowhere else, because it has no public way:

* incoming RTP goes to our own receive path (`_handle_rtp_packet`): aiortc's jitter buffer discards
  four good packets for every lost one and shifts time;
* ICE host addresses are chosen by us (`aioice.ice.get_host_addresses`): aioice always skips
  127.0.0.1 and cannot be told which interfaces to use;
* consent to send (RFC 7675) is checked more often, and no history is kept for retransmissions
  that audio never asks for.
"""

import asyncio
import contextlib
import fractions
import logging
import re
from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from typing import Any, TypeAlias

import aioice.ice
import aiortc.rtcrtpsender
import av
from aiortc import (
    MediaStreamTrack,
    RTCConfiguration,
    RTCPeerConnection,
    RTCRtpReceiver,
    RTCSessionDescription,
    sdp,
)
from aiortc.mediastreams import MediaStreamError
from aiortc.rtcrtpreceiver import StreamStatistics
from aiortc.rtp import RtpPacket

from models.audio import RATE_HZ
from models.errors import BadOffer
from pipeline.channel import Channel, ChannelClosed, WhenFull
from rooms.embedded.receive import RtpAudio

log = logging.getLogger(__name__)

OnRtp = Callable[[RtpAudio], None]
OpusPacket: TypeAlias = "av.Packet[Any]"

CONNECT_WITHIN_S = 15.0
_MAX_SDP_CHARS = 65_536
_TIME_BASE = fractions.Fraction(1, RATE_HZ)
_FMTP = "minptime=10;useinbandfec=1;maxaveragebitrate=32000"
_LISTENER_PACKETS = 10  # 200 ms: a listener that far behind hears a gap rather than the past
_CONSENT_INTERVAL_S = 2
_CONSENT_FAILURES = 3

_chosen_addresses: ContextVar[tuple[str, ...]] = ContextVar("ice_addresses", default=())
_all_addresses = aioice.ice.get_host_addresses


def _host_addresses(use_ipv4: bool, use_ipv6: bool) -> list[str]:
    """Stand in for aioice's own: the chosen addresses, else all, else 127.0.0.1."""
    chosen = _chosen_addresses.get()
    if chosen:
        return [a for a in chosen if (use_ipv6 if ":" in a else use_ipv4)]
    return _all_addresses(use_ipv4, use_ipv6) or (["127.0.0.1"] if use_ipv4 else [])


@contextlib.contextmanager
def offered_addresses(addresses: Sequence[str]) -> Iterator[None]:
    """Let connections that are described inside gather ``addresses`` alone; none means all."""
    token = _chosen_addresses.set(tuple(addresses))
    try:
        yield
    finally:
        _chosen_addresses.reset(token)


def prepare() -> None:
    """Set the libraries up for audio rooms; called by whoever makes peers, any number of times."""
    aioice.ice.get_host_addresses = _host_addresses
    aioice.ice.CONSENT_INTERVAL = _CONSENT_INTERVAL_S
    aioice.ice.CONSENT_FAILURES = _CONSENT_FAILURES
    vars(aiortc.rtcrtpsender)["RTP_HISTORY_SIZE"] = 1


def opus_packet(payload: bytes, sample: int) -> OpusPacket:
    """Wrap an Opus packet once, to be handed to any number of `PacketTrack`."""
    packet: OpusPacket = av.Packet(payload)
    packet.pts = sample
    packet.time_base = _TIME_BASE
    return packet


class PacketTrack(MediaStreamTrack):
    """Sends ready Opus packets; what a slow connection does not take in time is dropped."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self._packets: Channel[OpusPacket] = Channel(
            _LISTENER_PACKETS, when_full=WhenFull.DROP_OLDEST
        )

    def send(self, packet: OpusPacket) -> None:
        """Queue ``packet``; nothing happens once the track has ended."""
        if not self._packets.closed:
            self._packets.put_nowait(packet)

    async def recv(self) -> OpusPacket:
        """Give aiortc's sender the next packet."""
        try:
            return await self._packets.get()
        except ChannelClosed:
            raise MediaStreamError from None

    def stop(self) -> None:
        """End the track."""
        self._packets.close()
        super().stop()


class Peer:
    """One connection that sends a `PacketTrack`, or gives each packet it receives to ``on_rtp``.

    ``closed`` is set when it ended for whatever reason; ``connected`` when sound can flow.
    """

    def __init__(
        self,
        *,
        track: PacketTrack | None = None,
        on_rtp: OnRtp | None = None,
        ice_addresses: Sequence[str] = (),
    ) -> None:
        prepare()
        self.connected = asyncio.Event()
        self.closed = asyncio.Event()
        self._ice_addresses = tuple(ice_addresses)
        self._connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._connection.on("connectionstatechange", self._state_changed)
        self._transceiver = self._connection.addTransceiver(
            track or "audio", direction="sendonly" if track else "recvonly"
        )
        self._prefer_opus()
        if on_rtp is not None:
            _tap(self._transceiver.receiver, on_rtp)

    async def answer(self, offer_sdp: str) -> str:
        """Answer an offer; raises `BadOffer`, after which the peer is closed."""
        try:
            offer = _checked(offer_sdp, sends=self._transceiver.direction == "sendonly")
            await self._connection.setRemoteDescription(
                RTCSessionDescription(sdp=offer, type="offer")
            )
            description = await self._connection.createAnswer()
            return await self._describe(description)
        except BadOffer:
            await self.close()
            raise
        except Exception as error:
            # aiortc meets a malformed offer with whatever exception its parser stumbles into
            await self.close()
            log.info("An offer could not be answered: %s", type(error).__name__)
            raise BadOffer("The offer is not SDP that can be answered", field="sdp") from error

    async def offer(self) -> str:
        """Begin a connection from this side."""
        return await self._describe(await self._connection.createOffer())

    async def accept(self, answer_sdp: str) -> None:
        """Take the other side's answer to `offer`."""
        await self._connection.setRemoteDescription(
            RTCSessionDescription(sdp=answer_sdp, type="answer")
        )

    async def close(self) -> None:
        """Hang up."""
        await self._connection.close()
        track = self._transceiver.sender.track
        if track is not None:
            track.stop()
        self.closed.set()

    async def _describe(self, description: RTCSessionDescription) -> str:
        with offered_addresses(self._ice_addresses):
            await self._connection.setLocalDescription(description)
        return _with_opus_settings(self._connection.localDescription.sdp)

    def _prefer_opus(self) -> None:
        can = RTCRtpReceiver.getCapabilities("audio")
        codecs = can.codecs if can is not None else []
        self._transceiver.setCodecPreferences(
            [codec for codec in codecs if codec.mimeType.lower() == "audio/opus"]
        )

    def _state_changed(self) -> None:
        state = self._connection.connectionState
        if state == "connected":
            self.connected.set()
        elif state in ("failed", "closed"):
            self.closed.set()


def _checked(offer_sdp: str, *, sends: bool) -> str:
    """Refuse what this peer cannot answer, saying why; return the offer to give to aiortc."""
    if len(offer_sdp) > _MAX_SDP_CHARS:
        raise BadOffer("The offer is too long", field="sdp")
    media = sdp.SessionDescription.parse(offer_sdp).media
    audio = [section for section in media if section.kind == "audio"]
    if not audio:
        raise BadOffer("The offer has no audio", field="sdp")
    if len(media) > 1:
        raise BadOffer("Offer one audio section and nothing else: rooms carry sound", field="sdp")
    if not any(codec.mimeType.lower() == "audio/opus" for codec in audio[0].rtp.codecs):
        raise BadOffer("The offer has no Opus, which is what rooms speak", field="sdp")
    if sends and audio[0].direction not in ("recvonly", "sendrecv"):
        raise BadOffer("The offer does not ask for sound (recvonly)", field="sdp")
    if not sends and audio[0].direction not in ("sendonly", "sendrecv"):
        raise BadOffer("The offer sends no sound (sendonly)", field="sdp")
    return _without_hidden_candidates(offer_sdp)


def _without_hidden_candidates(offer_sdp: str) -> str:
    """Leave out mDNS names, which would take multicast and seconds to resolve.

    The browser's own checks reveal its address; for the same reason the list is left open-ended.
    """
    lines = re.split(r"\r?\n", offer_sdp)
    kept = [
        line
        for line in lines
        if line != "a=end-of-candidates"
        and not (line.startswith("a=candidate:") and ".local " in line)
    ]
    return "\r\n".join(kept)


def _with_opus_settings(description: str) -> str:
    """Ask for in-band error correction, which aiortc's descriptions leave unsaid."""
    return re.sub(
        r"(a=rtpmap:(\d+) opus/48000/2\r\n)(?!a=fmtp:)",
        rf"\1a=fmtp:\2 {_FMTP}\r\n",
        description,
    )


def _tap(receiver: RTCRtpReceiver, on_rtp: OnRtp) -> None:
    """Take ``receiver``'s packets before its jitter buffer, and keep its RTCP reports right."""
    reports: dict[int, StreamStatistics] = receiver._RTCRtpReceiver__remote_streams  # type: ignore[attr-defined]

    async def handle(packet: RtpPacket, arrival_time_ms: int) -> None:
        if not packet.payload:
            return
        if packet.ssrc not in reports:
            reports.clear()  # one track: a new source replaces the old
            reports[packet.ssrc] = StreamStatistics(RATE_HZ)
        reports[packet.ssrc].add(packet)
        level = packet.extensions.audio_level
        on_rtp(
            RtpAudio(
                ssrc=packet.ssrc,
                timestamp=packet.timestamp,
                payload=bytes(packet.payload),
                level_dbov=None if level is None else -int(level[1]),
            )
        )

    receiver._handle_rtp_packet = handle  # type: ignore[method-assign]
