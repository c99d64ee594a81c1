"""How well captions answer a widened query (`misheard`): each word once, by what is likeliest.

BM25 would count what a word was misheard as the more the rarer it is, and add up several of them.
Here each group of a query (`query.Alike`) gives a caption what its best part in it is worth.
"""

from collections.abc import Sequence
from itertools import pairwise

from transcripts.search.query import Alike, And, Expression, Or, Phrase, Word

_LENGTH = 0.02
"""What each word of a caption takes from it, as a share."""


def alikes(what: Expression | None) -> list[Alike]:
    """Give the groups of a query, each once."""
    found = dict[Alike, None]()
    _gather(what, found)
    return list(found)


def likenesses(groups: Sequence[Alike], owns: Sequence[str]) -> list[float]:
    """How well each caption (its own words, with spaces between) answers all groups together."""
    worths = [dict(zip(map(_said, group.parts), group.worths, strict=True)) for group in groups]
    return [_likeness(worths, own.split()) for own in owns]


def _likeness(worths: Sequence[dict[str, float]], words: Sequence[str]) -> float:
    said = [*words, *(f"{first} {second}" for first, second in pairwise(words))]
    best = (max((worth[one] for one in said if one in worth), default=0.0) for worth in worths)
    return sum(best) / (1 + _LENGTH * len(words))


def _gather(what: Expression | None, found: dict[Alike, None]) -> None:
    match what:
        case Alike():
            found[what] = None
        case And(parts) | Or(parts):
            for part in parts:
                _gather(part, found)


def _said(part: Expression) -> str:
    match part:
        case Word(text):
            return text
        case Phrase(words):
            return " ".join(words)
    return ""
