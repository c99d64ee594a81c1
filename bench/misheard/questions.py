"""What people type who remember a sentence: its rarest words, as they were said."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bench.misheard.heard import Sentence
from transcripts.search.tokens import tokens

SIZES = (1, 2, 3)
RARE = 5
"""A single word is typed where so many captions at most are about it: all fit on the first page."""

_SHORTEST = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Words, and the captions (by number) in which all of them were said.

    ``target`` is the one that is remembered; ``clear`` when all words were heard there.
    """

    words: tuple[str, ...]
    relevant: frozenset[int]
    target: int
    clear: bool

    @property
    def text(self) -> str:
        """What is typed."""
        return " ".join(self.words)

    def renumbered(self, numbers: Sequence[int]) -> "Question":
        """Give the same for captions in another order: ``numbers`` tells where each one is."""
        relevant = frozenset(numbers[number] for number in self.relevant)
        return replace(self, relevant=relevant, target=numbers[self.target])


def questions(sentences: Sequence[Sentence], around: Sequence[str] = ()) -> list[Question]:
    """Make questions of each size for each sentence; ``around`` are the captions that follow."""
    said = [tokens(text) for text in (*(sentence.said for sentence in sentences), *around)]
    heard = [set(tokens(sentence.heard)) for sentence in sentences]
    holding: dict[str, set[int]] = {}
    for number, words in enumerate(said):
        for word in words:
            holding.setdefault(word, set()).add(number)
    counts = Counter({word: len(numbers) for word, numbers in holding.items()})
    return [
        Question(
            words=words,
            relevant=frozenset.intersection(*(frozenset(holding[word]) for word in words)),
            target=number,
            clear=heard[number].issuperset(words),
        )
        for number in range(len(sentences))
        for words in _typed(said[number], counts)
    ]


def _typed(said: Sequence[str], counts: Counter[str]) -> Iterator[tuple[str, ...]]:
    long = {word for word in said if len(word) >= _SHORTEST}
    rarest = sorted(long, key=lambda word: (counts[word], word))
    for size in SIZES:
        chosen = rarest[:size]
        if len(chosen) == size and (size > 1 or counts[chosen[0]] <= RARE):
            yield tuple(sorted(chosen, key=list(said).index))
