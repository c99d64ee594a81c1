"""Recordings as their manifests describe them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class RecordingPhase(StrEnum):
    """How far a recording has come; ``recording`` after a crash is what recovery looks for."""

    RECORDING = "recording"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """One self-contained Ogg/Opus file of ``samples`` 48 kHz samples from ``first_sample`` on."""

    file: str
    first_sample: int
    samples: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """A span whose audio could not be written; it is silence in the file."""

    first_sample: int
    samples: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A recording of one room instance; offsets are in the room clock."""

    id: str
    room_id: str
    instance: int
    title: str
    started_at: datetime
    phase: RecordingPhase
    segments: tuple[Segment, ...] = ()
    losses: tuple[Loss, ...] = ()
    media: str = ""
    sha256: str = ""

    @property
    def samples(self) -> int:
        """How long the recording is, in 48 kHz samples."""
        return max((s.first_sample + s.samples for s in self.segments), default=0)
