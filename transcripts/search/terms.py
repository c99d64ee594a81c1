"""A query as what an index looks for in a caption's line, before it is written in its language.

A phrase may begin in the tail, so it is looked for at every place where the caption may begin.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from transcripts.search.query import (
    And,
    Expression,
    Filters,
    Leaf,
    Not,
    Or,
    Phrase,
    Prefix,
    Word,
)
from transcripts.search.said import BEFORE, TAIL, speaker_facet
from transcripts.search.tokens import tokens

NEVER = ":"
"""A token that no line has."""


@dataclass(frozen=True, slots=True)
class Run:
    """Tokens that stand one after the other in a line; the last one may only begin so."""

    tokens: tuple[str, ...]
    open: bool = False


@dataclass(frozen=True, slots=True)
class Every:
    """All of its parts, and none of ``unwanted``."""

    parts: tuple["Term", ...]
    unwanted: tuple["Term", ...] = ()


@dataclass(frozen=True, slots=True)
class Some:
    """At least one of its parts."""

    parts: tuple["Term", ...]


Term = Run | Every | Some


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a line must have, None for any line, and what it must not have."""

    term: Term | None
    unwanted: tuple[Term, ...] = ()


def wanted(what: Expression | None, filters: Filters) -> Wanted:
    """Translate a query but for its rooms and days, which are not looked for in lines."""
    parts = what.parts if isinstance(what, And) else (what,) if what else ()
    positive = tuple(part for part in parts if not isinstance(part, Not))
    unwanted = tuple(_own(part.what) for part in parts if isinstance(part, Not))
    said = [_all(positive)] if positive else []
    every = [*said, *_facets(filters)]
    return Wanted(every[0] if len(every) == 1 else Every(tuple(every)) if every else None, unwanted)


def one_of(facets: Sequence[str]) -> Term:
    """A line with one of some facets."""
    return Some(tuple(Run((facet,)) for facet in facets))


def _facets(filters: Filters) -> Iterator[Term]:
    if filters.speakers:
        yield Some(tuple(run for value in filters.speakers for run in _speaker(value)))
    if filters.languages:
        yield one_of([f"l:{value}" for value in filters.languages])


def _speaker(value: str) -> Iterator[Term]:
    yield Run((speaker_facet(value),))
    if words := tokens(value):
        yield Run(tuple(f"s:{word}" for word in words))


def _all(parts: Sequence[Expression]) -> Term:
    """All of several: some may be in the tail, but one is the caption's own."""
    if len(parts) == 1:
        return _own(parts[0])
    near = tuple(_near(part) for part in parts)
    return Every((*near, Some(tuple(_own(part) for part in parts))))


def _own(what: Expression) -> Term:
    match what:
        case And(parts):
            return _every(parts, _all([part for part in parts if not isinstance(part, Not)]))
        case Or(parts):
            return Some(tuple(_own(part) for part in parts))
        case Not():
            return Some(())
        case Word() | Phrase() | Prefix():
            return Some(tuple(_runs(what)))


def _near(what: Expression) -> Term:
    match what:
        case And(parts):
            near = [_near(part) for part in parts if not isinstance(part, Not)]
            return _every(parts, Every(tuple(near)))
        case Or(parts):
            return Some(tuple(_near(part) for part in parts))
        case Not():
            return Some(())
        case Word() | Phrase() | Prefix():
            return Some((*_runs(what), *_runs_before(what)))


def _every(parts: Sequence[Expression], positive: Term) -> Term:
    if isinstance(positive, Every) and not positive.parts:
        return Some(())  # what is not said says nothing of what is
    unwanted = tuple(_own(part.what) for part in parts if isinstance(part, Not))
    return Every((positive,), unwanted) if unwanted else positive


def _runs(leaf: Leaf) -> Iterator[Run]:
    """All ways in which a leaf may end in a caption's own words."""
    words, is_open = _words(leaf)
    yield Run(words, is_open)
    for before in range(1, len(words)):
        marked = _marked(words[max(before - TAIL, 0) : before])
        yield Run((*marked, *words[before:]), is_open)


def _runs_before(leaf: Leaf) -> Iterator[Run]:
    words, is_open = _words(leaf)
    if len(words) <= TAIL:
        yield Run(_marked(words), is_open)


def _words(leaf: Leaf) -> tuple[tuple[str, ...], bool]:
    return (leaf.text,) if isinstance(leaf, Word) else leaf.words, isinstance(leaf, Prefix)


def _marked(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"{BEFORE}{word}" for word in words)
