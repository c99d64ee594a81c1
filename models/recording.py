"""Recordings as their manifests describe them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from models.audio import seconds
from models.room import Speaker

NOT_YET = "not recorded yet"
"""The reason of the `Loss` that comes before what is recorded of an instance."""


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
class Span:
    """A stretch of one room instance, in seconds in the room clock."""

    instance: int
    start_s: float
    end_s: float

    def holds(self, start_s: float, end_s: float) -> bool:
        """Whether anything of what was said from ``start_s`` to ``end_s`` was said in it."""
        return start_s < self.end_s and (end_s > self.start_s or start_s >= self.start_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loudness:
    """How loud a recording is by EBU R128, and what is done about it in its derived files.

    They are ``gain_db`` louder; ``limited`` when that takes a limiter, because peaks stood out.
    """

    integrated_lufs: float
    range_lu: float
    true_peak_dbtp: float
    gain_db: float
    limited: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """A part of a recording, which lasts until the next one starts."""

    start_s: float
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """What one speaker sent, on its recording's clock; silence where nothing was heard of them."""

    id: str
    speaker: Speaker
    segments: tuple[Segment, ...] = ()
    losses: tuple[Loss, ...] = ()
    media: str = ""
    sha256: str = ""


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
    loudness: Loudness | None = None
    tracks: tuple[Track, ...] = ()

    @property
    def samples(self) -> int:
        """How long the recording is, in 48 kHz samples."""
        return max((s.first_sample + s.samples for s in self.segments), default=0)

    @property
    def span(self) -> Span:
        """What is recorded of its instance; a second part begins where it was switched on."""
        before = (loss.samples for loss in self.losses if loss.reason == NOT_YET)
        return Span(
            instance=self.instance,
            start_s=seconds(next(before, 0)),
            end_s=seconds(self.samples),
        )
