"""Audio on the room clock.

``t = 0`` is a room instance's first tapped sample. Positions are counted in samples at 48 kHz and
shown in seconds; nothing else in Roomscribe keeps time.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.room import Speaker

Pcm = NDArray[np.int16]

RATE_HZ = 48_000
FRAME_SAMPLES = 960
FRAME_S = FRAME_SAMPLES / RATE_HZ
SPEECH_RATE_HZ = 16_000


def seconds(sample: int) -> float:
    """Turn a 48 kHz sample position into seconds in the room clock."""
    return sample / RATE_HZ


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """An Opus packet as a speaker sent it; in the mix its sound begins at ``sample``."""

    speaker: Speaker
    sample: int
    packet: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Twenty milliseconds of a room's mix.

    ``sample`` is the position of the first sample, ``pcm`` has shape (960,) at 48 kHz mono, and
    ``packet`` is the Opus packet that listeners hear for the same span (empty when the source has
    none, as when a file is captioned). ``people`` is the mix without the voices that read typed
    words aloud, where there are any: they are captioned already, and nobody has to recognise them.
    Nothing of a frame that is ``off_record`` may be kept. ``sent`` are the packets of all speakers
    whose sound ends within it, and which may be kept.
    """

    sample: int
    pcm: Pcm
    packet: bytes = b""
    people: Pcm | None = None
    off_record: bool = False
    sent: tuple[Sent, ...] = ()

    @property
    def to_recognise(self) -> Pcm:
        """What people say in it, shape (960,)."""
        return self.pcm if self.people is None else self.people

    @property
    def start_s(self) -> float:
        """Where the frame begins, in seconds in the room clock."""
        return seconds(self.sample)

    @property
    def end_s(self) -> float:
        """Where the frame ends, in seconds in the room clock."""
        return seconds(self.sample + len(self.pcm))
