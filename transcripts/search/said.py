"""What an index knows of one caption: its tokens, who said them, and what came just before.

An index holds it as one line: tokens of what may be asked for (`facets`), then the last words that
the same speaker said before, each with a mark, then the caption's own words. Marked tokens are
never found as words; with the own words behind them they are phrases that cross a boundary.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Self
from zlib import crc32

from models.room import Speaker
from transcripts.search.tokens import tokens

TAIL = 6
"""Words before a caption that phrases are looked for in."""

BEFORE = "<"
"""Marks a token of the tail."""

SEQ_BITS = 24
"""A caption's id is its take's number and, in so many bits, its seq."""

OWN = " | "
"""Stands before a caption's own words in its line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One caption as an index holds it, with its corrections applied.

    ``id`` is ``take << 24 | seq`` of its final; ``tail`` has `TAIL` tokens at most. Times are
    seconds of the room clock.
    """

    id: int
    room_id: str
    speaker: Speaker | None
    language: str
    start_s: float
    end_s: float
    own: tuple[str, ...]
    tail: tuple[str, ...] = ()

    @property
    def facets(self) -> tuple[str, ...]:
        """Tokens for what else may be asked for: the room, the speaker, the language."""
        return (room_facet(self.room_id), *speaker_facets(self.speaker), *_languages(self.language))

    def line(self) -> str:
        """What the index holds of it."""
        marked = (f"{BEFORE}{token}" for token in self.tail)
        return f"{' '.join([*self.facets, *marked])}{OWN}{' '.join(self.own)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What an index has of a caption: its `Said.line`, and when it was said (s, room clock)."""

    id: int
    start_s: float
    end_s: float
    line: str

    @classmethod
    def of(cls, said: Said) -> Self:
        """What an index is given of a caption."""
        return cls(id=said.id, start_s=said.start_s, end_s=said.end_s, line=said.line())

    @property
    def speaker(self) -> str:
        """The facet of who spoke, empty when that is not known."""
        return next((token for token in self._before if token.startswith("i:")), "")

    @property
    def own(self) -> list[str]:
        """The caption's own words."""
        return self.line.rpartition(OWN)[2].split()

    @property
    def tail(self) -> list[str]:
        """The words before it."""
        return [token.removeprefix(BEFORE) for token in self._before if token.startswith(BEFORE)]

    def after(self, tail: Sequence[str]) -> Self:
        """The same with other words before it."""
        facets = [token for token in self._before if not token.startswith(BEFORE)]
        marked = (f"{BEFORE}{token}" for token in tail)
        line = f"{' '.join([*facets, *marked])}{OWN}{' '.join(self.own)}"
        return replace(self, line=line)

    @property
    def _before(self) -> list[str]:
        return self.line.rpartition(OWN)[0].split()


def caption_id(take: int, seq: int) -> int:
    """The number of a caption in an index."""
    return take << SEQ_BITS | seq


def place(caption: int) -> tuple[int, int]:
    """The take and the seq of a caption's number."""
    return caption >> SEQ_BITS, caption & ((1 << SEQ_BITS) - 1)


def room_facet(room_id: str) -> str:
    """Say that a caption is of a room, or rarely of another that shares its number."""
    return f"r:{_number(room_id)}"


def speaker_facets(speaker: Speaker | None) -> tuple[str, ...]:
    """Say who spoke: the id, then the words of the name."""
    if speaker is None:
        return ()
    return (speaker_facet(speaker.id), *(f"s:{token}" for token in tokens(speaker.name)))


def speaker_facet(speaker_id: str) -> str:
    """Say who spoke, by the id."""
    return f"i:{_number(speaker_id)}"


def _languages(tag: str) -> Iterator[str]:
    parts = [part for part in tag.casefold().replace("_", "-").split("-") if part.isalnum()]
    for length in range(1, len(parts) + 1):
        yield f"l:{'-'.join(parts[:length])}"


def _number(id: str) -> str:
    return f"{crc32(id.encode(errors='surrogatepass')):x}"
