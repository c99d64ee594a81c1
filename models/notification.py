"""What a person is told outside of a room's page, and the searches that they keep for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What a notification is about; each kind has an own way to be put into words."""

    MENTION = "mention"
    WAY_STOPPED = "way-stopped"


class Way(StrEnum):
    """How somebody is told who has no page open."""

    EMAIL = "email"
    WEBHOOK = "webhook"


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """By what a person is told: on the page, at an e-mail address, at a webhook's URL.

    An address or a URL is empty where that is not wanted.
    """

    page: bool = True
    email: str = ""
    webhook: str = ""

    @property
    def ways(self) -> tuple[tuple[Way, str], ...]:
        """The ways beside the page, each with where to."""
        both = ((Way.EMAIL, self.email), (Way.WEBHOOK, self.webhook))
        return tuple((way, target) for way, target in both if target)


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedSearch:
    """A query that a person keeps, to be told when a public room mentions what it looks for.

    It has nothing to do with alert words, which a listener's page looks for in its own room.
    """

    id: str
    user_id: str
    name: str
    query: str = field(repr=False)
    on: bool
    means: Means
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something to tell a person: what a `Notification` is made of.

    ``about`` names things, as JSON has them, and never has spoken words: those are looked up when
    they are shown, as they are to be read by then. ``subject`` is what the person can stop (a saved
    search's id), ``theme`` what is told once in a while: while one of the same subject and theme is
    ``span_s`` old at most, another one only counts.
    """

    user_id: str
    kind: Kind
    about: Mapping[str, Any] = field(repr=False)
    means: Means = field(default_factory=Means)
    subject: str = ""
    theme: str = ""
    span_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """What a person was told; ``seq`` counts a person's own, ``more`` what came in its span."""

    user_id: str
    seq: int
    kind: Kind
    about: Mapping[str, Any] = field(repr=False)
    subject: str
    at: datetime
    more: int = 0
    read: bool = False
    on_page: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A notification in words: one line, what was said (if anything), and where that leads.

    ``path`` is an address on this site; ``details`` are its parts for programs, as JSON has them.
    One that is ``gone`` is about something that is not to be told any more: it is sent to nobody.
    """

    title: str = field(repr=False)
    text: str = field(default="", repr=False)
    path: str = "/notifications"
    details: Mapping[str, Any] = field(default_factory=dict, repr=False)
    gone: bool = False
