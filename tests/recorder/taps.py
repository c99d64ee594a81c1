"""Rooms, taps and real Opus packets, for tests of what records them."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import av
import numpy as np

from models.audio import FRAME_SAMPLES, RATE_HZ, Frame, Pcm
from models.room import Room, RoomState

SILENT_PCM = np.zeros(FRAME_SAMPLES, np.int16)
STARTED_AT = datetime(2026, 5, 4, 18, 30, tzinfo=UTC)
TEA = Room(
    id="tea",
    title="Tea & talk",
    language="en",
    host_id="ada",
    state=RoomState.LIVE,
    created_at=STARTED_AT,
    started_at=STARTED_AT,
    instance=1,
)

Play = Callable[[Sequence[Frame]], AsyncIterator[Frame]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """Contiguous frames from sample 0 and their encoder's delay."""

    frames: list[Frame]
    pre_skip: int


def encode(pcm: Pcm) -> Sound:
    encoder = av.CodecContext.create("libopus", "w")
    assert isinstance(encoder, av.AudioCodecContext)
    encoder.sample_rate, encoder.layout, encoder.format = RATE_HZ, "mono", "s16"
    encoder.bit_rate = 32_000
    encoder.open()
    assert encoder.extradata is not None
    packets: list[bytes] = []
    for start in range(0, len(pcm), FRAME_SAMPLES):
        block = np.ascontiguousarray(pcm[start : start + FRAME_SAMPLES])[None]
        frame = av.AudioFrame.from_ndarray(block, format="s16", layout="mono")
        frame.sample_rate = RATE_HZ
        packets += [bytes(packet) for packet in encoder.encode(frame)]
    packets += [bytes(packet) for packet in encoder.encode(None)]
    frames = [
        Frame(sample=index * FRAME_SAMPLES, pcm=SILENT_PCM, packet=packet)
        for index, packet in enumerate(packets[: len(pcm) // FRAME_SAMPLES])
    ]
    return Sound(frames=frames, pre_skip=int.from_bytes(encoder.extradata[10:12], "little"))
