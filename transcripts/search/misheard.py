"""Finding what was heard as something else: a query, widened by what its words may have become.

A recogniser takes words for others that sound like them, writes one word as two and two as one,
and people mistype. Each word of a query becomes a group: itself, and what may have been heard for
it (`vocabulary`). A caption is found that has something of every group; of three words and more,
one may be missing; and one rare word as it was typed is enough. `likeness` ranks them.

Phrases and prefixes are left as they are: who writes them means them. So is what must not be said.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from transcripts.search.numbers import otherwise
from transcripts.search.query import Alike, And, Expression, Not, Or, Phrase, Positive, Query, Word
from transcripts.search.vocabulary import LIMIT, Heard, Vocabulary

WORDS_LIMIT = 8
"""So many words of a query are widened."""

_ALTERNATIVES_LIMIT = 72
"""What stands for all of them together, so that what is asked of an index stays short."""

RARE = 500
"""A word that is in no more captions finds them without the others."""

_AS_GOOD = 0.9
"""How likely two words are to have been heard as one, or a number to be written otherwise."""

Alternatives = Mapping[str, dict[Heard, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Widened:
    """A query that finds more than what was typed, and what may stand for each word in it."""

    query: Query
    alternatives: Alternatives

    def heard_as(self, texts: Sequence[Sequence[str]]) -> dict[str, tuple[str, ...]]:
        """Say what was heard for which word, in captions that were found (their tokens).

        Only what stands in one of them is named: so nobody learns words of what they may not read.
        """
        said = {one for text in texts for one in _stretches(text)}
        found = {
            word: tuple(" ".join(heard) for heard in alternatives if heard in said)
            for word, alternatives in self.alternatives.items()
        }
        return {word: heard for word, heard in found.items() if heard}


def widen(query: Query, vocabulary: Vocabulary) -> Widened | None:
    """Widen a query; None where that would find no more."""
    parts = query.what.parts if isinstance(query.what, And) else (query.what,)
    wanted = [part for part in parts if part is not None and not isinstance(part, Not)]
    alternatives = _alternatives(wanted, vocabulary)
    groups = [_group(part, alternatives, vocabulary) for part in wanted]
    if len(groups) < 2 and not any(alternatives.values()):
        return None
    unwanted = [part for part in parts if isinstance(part, Not)]
    rare = [
        one for one in wanted if isinstance(one, Word) and vocabulary.count((one.text,)) <= RARE
    ]
    what = _all([_enough(groups, rare), *unwanted])
    return Widened(query=replace(query, what=what), alternatives=alternatives)


def _alternatives(wanted: Sequence[Positive], vocabulary: Vocabulary) -> Alternatives:
    words = list(dict.fromkeys(_words(wanted)))[:WORDS_LIMIT]
    most = min(LIMIT, _ALTERNATIVES_LIMIT // max(1, len(words)))
    found = {word: dict[Heard, float]() for word in words}
    for word in words:
        written = otherwise((word,))
        if written and all(part in vocabulary for part in written):
            found[word][written] = _AS_GOOD
    for pair in pairwise(wanted):
        for one in _as_one(pair, vocabulary):
            for word in _words(pair):
                if word in found:
                    found[word][one,] = _AS_GOOD
    return {word: vocabulary.alike(word, most) | found[word] for word in words}


def _words(parts: Sequence[Expression]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, Word):
            yield part.text
        elif isinstance(part, Or):
            yield from _words(part.parts)


def _as_one(pair: Sequence[Positive], vocabulary: Vocabulary) -> Iterator[str]:
    """What two words that follow one another are, written as one."""
    match pair:
        case (Word(first), Word(second)):
            texts = (first + second, *(otherwise((first, second)) or ()))
            yield from (text for text in texts if text in vocabulary)


def _group(part: Positive, alternatives: Alternatives, vocabulary: Vocabulary) -> Positive:
    match part:
        case Word(text) if text in alternatives:
            likely = {(text,): 1.0} | alternatives[text]
            own = vocabulary.rarity((text,))
            worths = (share * min(own, vocabulary.rarity(one)) for one, share in likely.items())
            return Alike(tuple(map(_leaf, likely)), tuple(worths))
        case Or(parts):
            return Or(tuple(_group(one, alternatives, vocabulary) for one in parts))
    return part


def _enough(groups: Sequence[Positive], rare: Sequence[Word]) -> Positive:
    """What a caption must have to be found."""
    if len(groups) == 1:
        return groups[0]
    if len(groups) == 2:
        return Or((And(tuple(groups)), *rare))
    all_but_one = (
        And((*groups[:left_out], *groups[left_out + 1 :])) for left_out in range(len(groups))
    )
    return Or((*all_but_one, *rare))


def _leaf(heard: Heard) -> Word | Phrase:
    return Word(heard[0]) if len(heard) == 1 else Phrase(heard)


def _all(parts: Sequence[Expression]) -> Expression:
    return And(tuple(parts)) if len(parts) > 1 else parts[0]


def _stretches(text: Sequence[str]) -> Iterator[Heard]:
    """Every word, and every two that stand side by side."""
    yield from ((word,) for word in text)
    yield from pairwise(text)
