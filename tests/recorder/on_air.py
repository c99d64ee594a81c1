"""A mixing desk in virtual time, with speakers behind a bad network, as a room's tap."""

import random
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from models.audio import FRAME_S, FRAME_SAMPLES, RATE_HZ, Frame, Pcm
from models.room import Speaker
from rooms.embedded.desk import Desk
from rooms.embedded.opus import Encoder
from rooms.embedded.receive import RtpAudio

TRAVEL_S = 0.03
ADA = Speaker(id="ada", name="Ada")
BEN = Speaker(id="ben", name="Ben")


def beeps(length_s: float, *, hz: float = 1000, every_s: float = 1.0) -> Pcm:
    """A beep of 100 ms, half a second in and then every ``every_s``."""
    t = np.arange(round(length_s * RATE_HZ)) / RATE_HZ
    return (9000 * np.sin(2 * np.pi * hz * t) * ((t + every_s / 2) % every_s < 0.1)).astype(
        np.int16
    )


@dataclass(frozen=True, kw_only=True)
class Arrival:
    at_s: float
    speaker: Speaker
    packet: RtpAudio


def sent(
    speaker: Speaker,
    packets: Iterable[bytes],
    *,
    at_s: float = 0.0,
    ssrc: int = 7,
    timestamp: int = 2**32 - RATE_HZ,
    samples: int = FRAME_SAMPLES,
    ppm: float = 0.0,
) -> list[Arrival]:
    """Packets of ``samples``, each sent when its last sample was said.

    ``timestamp`` is the first's; the sender's clock is ``ppm`` too fast.
    """
    length_s = samples / RATE_HZ / (1 + ppm / 1e6)
    return [
        Arrival(
            at_s=at_s + (number + 1) * length_s + TRAVEL_S,
            speaker=speaker,
            packet=RtpAudio(
                ssrc=ssrc, timestamp=(timestamp + number * samples) % 2**32, payload=packet
            ),
        )
        for number, packet in enumerate(packets)
    ]


def encoded(pcm: Pcm) -> list[bytes]:
    """Opus packets of 20 ms."""
    encoder = Encoder()
    return [
        encoder.encode(pcm[start : start + FRAME_SAMPLES])
        for start in range(0, len(pcm) // FRAME_SAMPLES * FRAME_SAMPLES, FRAME_SAMPLES)
    ]


def roughly(arrivals: Iterable[Arrival], *, loss: float, jitter_s: float = 0.04) -> list[Arrival]:
    """The arrivals behind a network that loses, delays and reorders."""
    chance = random.Random(3)
    return [
        Arrival(at_s=one.at_s + chance.random() * jitter_s, speaker=one.speaker, packet=one.packet)
        for one in arrivals
        if chance.random() >= loss
    ]


@dataclass
class OnAir:
    """Runs a desk; ``at`` holds what is done to it at a tick, by number."""

    arrivals: Sequence[Arrival]
    desk: Desk = field(default_factory=Desk)
    at: dict[int, Callable[[Desk], object]] = field(default_factory=dict)

    async def tap(self, length_s: float) -> AsyncIterator[Frame]:
        """The room's frames; who sends is seated by `at`."""
        waiting = sorted(self.arrivals, key=lambda one: -one.at_s)
        for tick in range(round(length_s / FRAME_S)):
            now = (tick + 1) * FRAME_S
            if tick in self.at:
                self.at[tick](self.desk)
            while waiting and waiting[-1].at_s <= now:
                one = waiting.pop()
                self.desk.push(one.speaker.id, one.packet, one.at_s)
            yield self.desk.tick(now).frame


def onsets(pcm: Pcm) -> list[int]:
    """Where beeps begin: the first samples that are loud after a quiet while."""
    loud = np.flatnonzero(np.abs(pcm.astype(np.int32)) > 2500)
    return [int(at) for at in loud[np.diff(loud, prepend=-RATE_HZ) > RATE_HZ // 5]]


def lag(one: NDArray[np.integer], other: NDArray[np.integer]) -> int:
    """By how many samples ``other`` is later than ``one``, where they fit best."""
    size = 1 << (len(one) + len(other)).bit_length()
    product = np.fft.rfft(other, size) * np.conj(np.fft.rfft(one, size))
    fit = np.fft.irfft(product)
    at = int(np.argmax(fit))
    assert fit[at] > 0, "one of them is silent"
    return at if at < size // 2 else at - size
