"""Short tones that tell a room's listeners how it is recorded now, in no language: arrays out."""

from collections.abc import Sequence

import numpy as np

from models.audio import RATE_HZ, Pcm
from models.caption import RecordingState

_NOTE_S = 0.18
_EDGE_S = 0.02
_LEVEL = 0.12 * 32_767
_NOTES_HZ: dict[RecordingState, tuple[float, ...]] = {
    RecordingState.ON: (523.25, 783.99),  # up
    RecordingState.OFF_RECORD: (587.33, 0.0, 587.33),  # twice the same
    RecordingState.OFF: (783.99, 523.25),  # down
}


def tone(state: RecordingState) -> Pcm:
    """The tone for a state that begins now: half a second, shape (n,) at 48 kHz."""
    return _played(_NOTES_HZ[state])


def _played(notes_hz: Sequence[float]) -> Pcm:
    t = np.arange(round(_NOTE_S * RATE_HZ)) / RATE_HZ
    edge = np.minimum(1.0, np.minimum(t, _NOTE_S - t) / _EDGE_S)
    notes = [np.sin(2 * np.pi * pitch * t) * edge * _LEVEL for pitch in notes_hz]
    sound: Pcm = np.rint(np.concatenate(notes)).astype(np.int16)
    return sound
