"""Accepts what people write: names, titles, a host's own terms, a listener's alert words.

Errors say what is wrong with a word by its place: the words themselves stay out of them.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from models.errors import Invalid

MAX_NAME = 60
MAX_TITLE = 120
MAX_LANGUAGE = 35  # the longest tag that BCP 47 asks to support


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a list of words is called in errors, and how much it may hold."""

    field: str
    one: str
    many: str
    most: int
    longest: int


TERMS = Listing(field="terms", one="Term", many="terms", most=100, longest=64)
ALERT_WORDS = Listing(field="words", one="Word", many="words", most=50, longest=80)


def line(text: str, name: str, longest: int) -> str:
    """Trim, and accept one line of 1 to ``longest`` printable characters."""
    trimmed = " ".join(text.split())
    if not 1 <= len(trimmed) <= longest:
        raise Invalid(f"The {name} must have 1 to {longest} characters", field=name)
    if _hidden(trimmed):
        raise Invalid(f"The {name} has characters that cannot be shown", field=name)
    return trimmed


def words(written: Sequence[str], listing: Listing) -> tuple[str, ...]:
    """Clean a list of words: one line each, none empty, none twice."""
    kept: dict[str, str] = {}
    for place, text in enumerate(written, start=1):
        word = " ".join(text.split())
        if len(word) > listing.longest:
            message = f"{listing.one} {place} is longer than {listing.longest} characters"
            raise Invalid(message, field=listing.field)
        if _hidden(word):
            message = f"{listing.one} {place} has characters that cannot be shown"
            raise Invalid(message, field=listing.field)
        if word:
            kept.setdefault(word.casefold(), word)
    if len(kept) > listing.most:
        message = f"There can be {listing.most} {listing.many}, not {len(kept)}"
        raise Invalid(message, field=listing.field)
    return tuple(kept.values())


def moment(at: datetime | None) -> datetime | None:
    """Give a time in UTC; raises `Invalid` for one without a zone."""
    if at is not None and at.tzinfo is None:
        raise Invalid("The time must say its zone", field="starts_at")
    return at.astimezone(UTC) if at else None


def _hidden(text: str) -> bool:
    return any(unicodedata.category(character) == "Cc" for character in text)
