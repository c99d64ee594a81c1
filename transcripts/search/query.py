"""What a reader looks for, as values; `parsing` makes them of what is typed.

``str`` writes a query so that it is parsed to the same again. All text in it is tokens.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Word:
    """A token that is said."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Phrase:
    """Tokens that are said one after the other; across captions of the same speaker, too."""

    words: tuple[str, ...]

    def __str__(self) -> str:
        return f'"{" ".join(self.words)}"'


@dataclass(frozen=True, slots=True)
class Prefix:
    """A phrase, or one word, of which the last token is the beginning of what is said."""

    words: tuple[str, ...]

    def __str__(self) -> str:
        return f"{'-'.join(self.words)}*"


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of its parts."""

    parts: tuple["Positive", ...]

    def __str__(self) -> str:
        return " OR ".join(map(str, self.parts))


@dataclass(frozen=True, slots=True)
class Alike(Or):
    """A word and what may have been heard for it, each with what finding it is worth.

    The first part is the word itself. It is found as an `Or`, and ranked by its best part.
    """

    worths: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """What must not be said."""

    what: "Positive"

    def __str__(self) -> str:
        return f"-{self.what}"


@dataclass(frozen=True, slots=True)
class And:
    """All of its parts; one at least is not a `Not`, or nothing is found."""

    parts: tuple["Expression", ...]

    def __str__(self) -> str:
        return " ".join(map(str, self.parts))


Leaf = Word | Phrase | Prefix
Positive = Word | Phrase | Prefix | Or | And
Expression = Positive | Not


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Of which captions: one of the values of each kind that has any.

    People are found by words of their name or by their id, rooms by words of their title or by
    their id. ``after`` is the first day (UTC) on which a room may have begun, and ``before`` the
    day by which it must have.
    """

    speakers: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    rooms: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    after: date | None = None
    before: date | None = None

    def __str__(self) -> str:
        named = {
            "speaker": self.speakers,
            "host": self.hosts,
            "room": self.rooms,
            "title": self.titles,
            "lang": self.languages,
            "after": (self.after.isoformat(),) if self.after else (),
            "before": (self.before.isoformat(),) if self.before else (),
        }
        return " ".join(
            f"{name}:{_value(value)}" for name, values in named.items() for value in values
        )


NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What must be said, and of which captions; None with filters is all captions of them."""

    what: Expression | None = None
    filters: Filters = NO_FILTERS

    def __str__(self) -> str:
        return " ".join(part for part in (str(self.what or ""), str(self.filters)) if part)

    def __bool__(self) -> bool:
        """Whether anything is looked for."""
        return bool(self.what) or self.filters != NO_FILTERS


def leaves(what: Expression | None) -> Iterator[Leaf]:
    """Give the words, phrases and prefixes that are looked for; not those that must not be said."""
    match what:
        case Word() | Phrase() | Prefix():
            yield what
        case And(parts) | Or(parts):
            for part in parts:
                yield from leaves(part)


def _value(value: str) -> str:
    return value if re.fullmatch(r"[\w.-]+", value) else f'"{value}"'
