"""Captions of many rooms, made up from words as frequent as those of a language, and queries."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

WORDS = 60_000
CAPTIONS_A_ROOM = 2_000
SPEAKERS_A_ROOM = 4
CAPTION_S = 3.6
KINDS = ("rare", "common", "phrase", "prefix", "filtered", "misheard")
_BLOCK = 20_000
_CONSONANTS, _VOWELS = "bdfghklmnprstvz", "aeiou"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One caption: the ``seq``-th of a room, from 1."""

    room: int
    seq: int
    speaker: int
    text: str

    @property
    def start_s(self) -> float:
        """When it began, in the room's clock."""
        return (self.seq - 1) * CAPTION_S


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is looked for: words that follow each other where it is a phrase."""

    kind: str
    words: tuple[str, ...]
    speaker: int | None = None


class Corpus:
    """``size`` captions of about eleven words each; the same for the same size.

    The frequency of words falls as in speech (Zipf-Mandelbrot, exponent 1.07, shift 2.7).
    """

    def __init__(self, size: int, *, seed: int = 1) -> None:
        self.size = size
        self._seed = seed

    @cached_property
    def vocabulary(self) -> Sequence[str]:
        """All words, the most frequent first."""
        chance = np.random.default_rng(self._seed)
        words: dict[str, None] = {}
        while len(words) < WORDS:
            syllables = 1 + min(3, len(words) // 900 and int(chance.integers(1, 4)))
            letters = [
                _CONSONANTS[int(chance.integers(15))] + _VOWELS[int(chance.integers(5))]
                for _ in range(syllables)
            ]
            words["".join(letters) + _CONSONANTS[int(chance.integers(15))]] = None
        return list(words)

    def captions(self) -> Iterator[Said]:
        """All captions, room after room, each in its order."""
        chance = np.random.default_rng(self._seed + 1)
        vocabulary = np.array(self.vocabulary, dtype=object)
        edges = np.cumsum(_frequencies())
        for begin in range(0, self.size, _BLOCK):
            count = min(_BLOCK, self.size - begin)
            lengths = chance.integers(5, 18, count)
            ranks = np.searchsorted(edges, chance.random(int(lengths.sum())), side="right")
            words = vocabulary[np.minimum(ranks, WORDS - 1)]
            speakers = chance.integers(0, SPEAKERS_A_ROOM, count)
            at = 0
            for offset, length in enumerate(lengths.tolist()):
                room, place = divmod(begin + offset, CAPTIONS_A_ROOM)
                yield Said(
                    room=room,
                    seq=place + 1,
                    speaker=room * SPEAKERS_A_ROOM // 2 + int(speakers[offset]),
                    text=" ".join(words[at : at + length]),
                )
                at += length

    def queries(self, count: int) -> list[Query]:
        """``count`` queries of each of `KINDS`, in turns."""
        chance = np.random.default_rng(self._seed + 2)
        said = self._some(chance, count)
        return [query for one in said for query in self._queries_of(one, chance)]

    def _some(self, chance: np.random.Generator, count: int) -> list[Said]:
        wanted = set(chance.integers(0, min(self.size, 100_000), count * 2).tolist())
        found = [
            one for at, one in zip(range(100_000), self.captions(), strict=False) if at in wanted
        ]
        return [found[at] for at in chance.permutation(len(found))[:count].tolist()]

    def _queries_of(self, said: Said, chance: np.random.Generator) -> Iterator[Query]:
        words = said.text.split()
        rare = self.vocabulary[int(chance.integers(20_000, WORDS))]
        common = self.vocabulary[int(chance.integers(10, 60))]
        at = int(chance.integers(0, len(words) - 2))
        middle = self.vocabulary[int(chance.integers(500, 5_000))]
        yield Query(kind="rare", words=(rare,))
        yield Query(kind="common", words=(common,))
        yield Query(kind="phrase", words=tuple(words[at : at + 3]))
        yield Query(kind="prefix", words=(middle[:4],))
        yield Query(kind="filtered", words=(common,), speaker=said.speaker)
        yield Query(kind="misheard", words=(_mistyped(rare, chance),))


def _frequencies() -> NDArray[np.float64]:
    weights: NDArray[np.float64] = np.power(np.arange(WORDS) + 2.7, -1.07)
    shares: NDArray[np.float64] = weights / weights.sum()
    return shares


def _mistyped(word: str, chance: np.random.Generator) -> str:
    at = int(chance.integers(1, len(word)))
    return word[:at] + "qxwy"[int(chance.integers(4))] + word[at + 1 :]
