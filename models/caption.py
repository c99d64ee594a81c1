"""What is shown live and not kept: interims, who is speaking, and how the captions are doing."""

from dataclasses import dataclass
from enum import StrEnum

from models.room import Activity, RoomState, Speaker
from models.transcript import Correction, Entry, Final, Gap, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Interim:
    """A caption that may still change, except for its first ``stable`` characters.

    One that is not ``kept`` is said off the record: no final follows. Its last interim is ``done``,
    and is all that there will ever be of it.
    """

    id: str
    rev: int
    start_s: float
    end_s: float
    speaker: Speaker | None
    text: str
    stable: int = 0
    language: str = ""
    source: Source = Source.ASR
    track: str = ""
    kept: bool = True
    done: bool = False


class Health(StrEnum):
    """How captions are doing."""

    OK = "ok"
    BEHIND = "behind"
    DOWN = "down"
    OFF = "off"


class Rung(StrEnum):
    """What a room gives up while recognition is slower than speech, the least first."""

    NORMAL = "normal"
    STRETCHED = "stretched"
    NO_INTERIMS = "no-interims"
    SMALLER_MODEL = "smaller-model"
    SKIPPING = "skipping"


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """``delay_s`` is how far captions are behind the audio; ``note`` is one line for people.

    ``disk_full`` means that captions are down because they cannot be kept, not for their engine.
    ``captioner`` is the person who writes them by hand now; None is the recogniser.
    """

    delay_s: float
    state: Health
    note: str = ""
    rung: Rung = Rung.NORMAL
    disk_full: bool = False
    captioner: Speaker | None = None


class RecordingState(StrEnum):
    """Whether what is said is kept."""

    ON = "on"
    OFF_RECORD = "off-record"
    OFF = "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomNews:
    """The room changed: its state, who takes part, whether it is recorded, what is spoken.

    ``language`` is empty while it is not known yet; ``tracks`` are the languages that captions are
    offered in beside it. ``low_disk`` means that ``note`` warns of a disk that is nearly full,
    and ``speaker_tracks`` that each speaker is recorded as a file of their own, too.
    """

    state: RoomState
    participants: int
    recording: RecordingState
    note: str = ""
    low_disk: bool = False
    language: str = ""
    tracks: tuple[str, ...] = ()
    speaker_tracks: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineInfo:
    """Which engine captions a room; listeners are shown its ``quality``: ``basic`` or ``good``.

    ``translates`` means that it can give English captions of another language. ``smaller`` names
    the model that it may go over to while it is overloaded; empty when there is none.
    """

    name: str
    model: str
    quality: str
    translates: bool = False
    smaller: str = ""


LiveItem = Final | Correction | Gap | Interim | Activity | Status | RoomNews

__all__ = [
    "Activity",
    "EngineInfo",
    "Entry",
    "Health",
    "Interim",
    "LiveItem",
    "RecordingState",
    "RoomNews",
    "Rung",
    "Status",
]
