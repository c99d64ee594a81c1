"""Sum what speakers say into what listeners hear. Pure: arrays in, arrays out."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.audio import FRAME_SAMPLES, Pcm

SILENT_DBOV = -127.0
_FULL = 32_767.0
_KNEE = 0.8 * _FULL


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix:
    """Twenty milliseconds of a room: what all hear, and what each speaker hears without themself.

    All arrays are int16 of shape (960,).
    """

    common: Pcm
    minus: Mapping[str, Pcm]


def mix(heard: Mapping[str, Pcm], minus: Collection[str] = ()) -> Mix:
    """Sum ``heard`` (speaker id to int16 of shape (960,)); leave each of ``minus`` out once.

    Sums are made in float32, so overlapping voices never wrap, and pass one soft limiter.
    """
    total = np.zeros(FRAME_SAMPLES, np.float32)
    for pcm in heard.values():
        total += pcm
    common = limit(total)
    without = {who: limit(total - heard[who]) if who in heard else common for who in minus}
    return Mix(common=common, minus=without)


def limit(sound: NDArray[np.float32]) -> Pcm:
    """Bring int16-scaled float samples into int16 range.

    Below 80 % of full scale nothing changes; above, a tanh knee bends smoothly towards full scale,
    so that overlapping loud voices are squeezed rather than clipped.
    """
    size = np.abs(sound)
    if size.max(initial=0.0) > _KNEE:
        room = _FULL - _KNEE
        bent = _KNEE + room * np.tanh((size - _KNEE) / room)
        sound = np.where(size > _KNEE, np.copysign(bent, sound), sound)
    return np.rint(sound).astype(np.int16)


def level_dbov(pcm: Pcm) -> float:
    """The RMS level as RFC 6464 counts it: 0 is full scale, -127 is silence."""
    if not len(pcm):
        return SILENT_DBOV
    samples = pcm.astype(np.float32)
    power = float(np.dot(samples, samples)) / len(samples)
    if power <= 0.0:
        return SILENT_DBOV
    return max(SILENT_DBOV, 10.0 * float(np.log10(power / (32_768.0 * 32_768.0))))
