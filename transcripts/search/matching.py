"""Whether a query finds a caption, said without an index: for alerts, and to test indexes against.

A word is found among a caption's own. Of words that must all be said, some may be among the last
that the same speaker said just before. A phrase may begin there; of what it has before the caption,
no more than its last `TAIL` words are compared.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from transcripts.search.query import (
    NO_FILTERS,
    And,
    Expression,
    Filters,
    Leaf,
    Not,
    Or,
    Phrase,
    Prefix,
    Query,
    Word,
    leaves,
)
from transcripts.search.said import TAIL, Said
from transcripts.search.tokens import tokens

Range = tuple[int, int]
"""The first and the last token of what is found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """The room that something is said in, and when that began."""

    room_id: str
    title: str
    host_id: str
    host_name: str
    began_at: datetime


def matches(query: Query, said: Said, about: About) -> bool:
    """Whether a query finds a caption."""
    if not (is_of(query.filters, about) and _is_said_by(query.filters, said)):
        return False
    parts = query.what.parts if isinstance(query.what, And) else (query.what,)
    unwanted = [part.what for part in parts if isinstance(part, Not)]
    if query.what is None or len(unwanted) == len(parts):
        is_any = query.filters != NO_FILTERS
        return is_any and not any(_found(what, said) for what in unwanted)
    return _found(query.what, said)


def is_of(filters: Filters, about: About) -> bool:
    """Whether filters want captions of a room."""
    day = about.began_at.astimezone(UTC).date()
    return (
        _wanted(filters.hosts, about.host_id, about.host_name)
        and _wanted(filters.rooms, about.room_id, about.title)
        and (not filters.titles or any(_has(about.title, value) for value in filters.titles))
        and (filters.after is None or day >= filters.after)
        and (filters.before is None or day < filters.before)
    )


def ranges(what: Expression | None, own: Sequence[str], tail: Sequence[str] = ()) -> list[Range]:
    """Where a caption's own tokens are what is looked for, ascending; they may overlap."""
    found = {
        (max(first, 0), last)
        for leaf in leaves(what)
        for first, last in _places(leaf, own, tail)
        if last >= 0
    }
    return sorted(found)


def _found(what: Expression, said: Said) -> bool:
    """Whether it is found in the caption's own words, or at least ends there."""
    match what:
        case And(parts):
            wanted = [part for part in parts if not isinstance(part, Not)]
            unwanted = [part.what for part in parts if isinstance(part, Not)]
            return (
                any(_found(part, said) for part in wanted)
                and all(_near(part, said) for part in wanted)
                and not any(_found(part, said) for part in unwanted)
            )
        case Or(parts):
            return any(_found(part, said) for part in parts)
        case Not():
            return False
        case Word() | Phrase() | Prefix():
            return any(last >= 0 for _, last in _places(what, said.own, said.tail))


def _near(what: Expression, said: Said) -> bool:
    """Whether it is found in the caption or just before it."""
    match what:
        case And(parts):
            wanted = [part for part in parts if not isinstance(part, Not)]
            unwanted = [part.what for part in parts if isinstance(part, Not)]
            return (
                bool(wanted)
                and all(_near(part, said) for part in wanted)
                and not any(_found(part, said) for part in unwanted)
            )
        case Or(parts):
            return any(_near(part, said) for part in parts)
        case Not():
            return False
        case Word() | Phrase() | Prefix():
            return any(True for _ in _places(what, said.own, said.tail))


def _places(leaf: Leaf, own: Sequence[str], tail: Sequence[str]) -> Iterator[Range]:
    """Where a leaf is said, counted from the caption's first own token on: the tail is below 0."""
    words = (leaf.text,) if isinstance(leaf, Word) else leaf.words
    last_begins = isinstance(leaf, Prefix)
    line = [*tail, *own]
    for end in range(len(line)):
        before = max(len(words) - 1 - (end - len(tail)), 0) if end >= len(tail) else 0
        compared = words[max(before - TAIL, 0) :]
        start = end - len(compared) + 1
        if start < 0 or line[start:end] != list(compared[:-1]):
            continue
        if line[end].startswith(words[-1]) if last_begins else line[end] == words[-1]:
            yield start - len(tail), end - len(tail)


def _is_said_by(filters: Filters, said: Said) -> bool:
    speaker, language = said.speaker, said.language.casefold().replace("_", "-")
    by = not filters.speakers or (
        speaker is not None and _wanted(filters.speakers, speaker.id, speaker.name)
    )
    tongue = not filters.languages or any(
        f"{language}-".startswith(f"{value}-") for value in filters.languages
    )
    return by and tongue


def _wanted(values: Sequence[str], id: str, name: str) -> bool:
    return not values or any(value == id or _has(name, value) for value in values)


def _has(text: str, value: str) -> bool:
    """Whether the words of a value stand in a text, one after the other."""
    return f" {' '.join(tokens(value))} " in f" {' '.join(tokens(text))} "
