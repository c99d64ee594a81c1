"""Rooms and the people in them."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

LANGUAGE_TAG = "[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,7}"
"""How a language is written: what of BCP 47 is in use, and no longer than can be kept anywhere."""

LANGUAGE_PATTERN = f"^(auto|{LANGUAGE_TAG})$"
"""How a room's language is written."""

AUTO_LANGUAGE = "auto"
"""The language of a room in which it is found out by listening."""

TRANSLATION = "en"
"""The one language that engines translate to, which names its caption track too."""


class Role(StrEnum):
    """What a participant is in a room; `rooms.roles` says what each may do."""

    HOST = "host"
    COHOST = "cohost"
    SPEAKER = "speaker"
    LISTENER = "listener"
    CAPTIONER = "captioner"


class RoomState(StrEnum):
    """Where a room stands in its life."""

    SCHEDULED = "scheduled"
    LIVE = "live"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person of the directory."""

    id: str
    name: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """One room; ``instance`` counts its times live, ``started_at`` is the last one's ``t = 0``.

    ``language`` is a tag such as ``de`` or ``pt-BR``, or `AUTO_LANGUAGE`. ``translate`` asks for
    English captions beside those of what is said. ``speaker_tracks`` has each speaker recorded as a
    file of their own, too.

    Recordings are deleted after ``keep_days``; 0 keeps them for ever, None for as long as the site
    does.

    ``terms`` are names and words that captions should get right. They may be confidential before
    the event: only who manages the room sees them, and no log does.
    """

    id: str
    title: str
    language: str
    host_id: str
    state: RoomState
    created_at: datetime
    record: bool = True
    open_floor: bool = True
    private: bool = False
    starts_at: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    instance: int = 0
    terms: tuple[str, ...] = field(default=(), repr=False)
    translate: bool = False
    speaker_tracks: bool = False
    keep_days: int | None = None

    @property
    def may_translate(self) -> bool:
        """Whether there may be something to translate: another language than English."""
        return self.language.partition("-")[0] != TRANSLATION

    @property
    def wants_translation(self) -> bool:
        """Whether English captions are asked for, and it is not English anyway."""
        return self.translate and self.may_translate


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """Somebody in a live room; ``muted`` is enforced at the mixer.

    ``invited_by`` let them speak and waits for their answer; None when nobody does.
    """

    user: User
    role: Role
    muted: bool = False
    speaking: bool = False
    invited_by: User | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What somebody is in a room, and who made it so; ``role`` is None while they are not there."""

    role: Role | None = None
    muted: bool = False
    invited_by: User | None = None
    by: User | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Who a caption is attributed to."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """A speaker began (``on``) or stopped speaking at ``t_s`` in the room clock."""

    speaker: Speaker
    on: bool
    t_s: float
