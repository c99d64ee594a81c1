"""A room's own words as entries for a decoder: what is shown, how it is said, how likely it is.

A term of several words is one entry, so that its words are expected together, and each of its rarer
words is an entry too. Every entry gets a name of its own in the decoder, also where its dictionary
knows the word, so that the likelihood of ordinary words stays what it was. Pure.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product

from asr.pronunciation import Phones, by_rules, continental, plain_letters, spelled

LARGEST = 100
LONGEST_TERM = 6
LONGEST_WORD = 40
_MOST_WAYS = 4
_PARTS = re.compile(r"[\s/_+&.-]+|(?<=[a-z])(?=[A-Z])|(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])")
_EDGES = "\"“”‘’'(),.;:!?[]{}<>«»*#"

Way = tuple[Phones, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """``words`` as they are shown; each of ``ways`` has the phones of every word.

    ``likelihood`` is the probability of the entry where nothing is known about what came before.
    """

    words: tuple[str, ...]
    ways: tuple[Way, ...]
    likelihood: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Likelihoods:
    """How likely entries are made.

    Short words are heard where nobody said them: an entry of ``long`` phones or more gets
    ``most``, and each phone less divides that by ``shorter``. Words more likely than ``common``
    without our help get none.
    """

    most: float = 4e-4
    long: int = 6
    shorter: float = 2.0
    common: float = 1e-4

    def of(self, ways: Sequence[Way]) -> float:
        """Give the likelihood of something that is said in these ways."""
        phones = min(sum(len(word) for word in way) for way in ways)
        return self.most / self.shorter ** max(0, self.long - phones)


class Dictionary:
    """What the decoder knows: ``say`` gives a lower-case word's phones, ``likely`` its odds."""

    def __init__(self, say: Callable[[str], str | None], likely: Callable[[str], float]) -> None:
        self._say = say
        self.likely = likely

    def ways(self, word: str) -> tuple[Phones, ...]:
        """Give the ways the dictionary says a word; none when it does not hold it."""
        first = self._say(word)
        if first is None:
            return ()
        others = (self._say(f"{word}({number})") for number in range(2, _MOST_WAYS + 1))
        return tuple(tuple(way.split()) for way in (first, *others) if way)


def entries(
    terms: Sequence[str], dictionary: Dictionary, likelihoods: Likelihoods | None = None
) -> tuple[Entry, ...]:
    """Give the entries of the first ``LARGEST`` terms; what cannot be said is left out."""
    odds = likelihoods or Likelihoods()
    found: dict[str, Entry] = {}
    for term in terms[:LARGEST]:
        for entry in _of_term(term, dictionary, odds):
            found.setdefault(" ".join(entry.words).casefold(), entry)
    return tuple(found.values())


def _of_term(term: str, dictionary: Dictionary, odds: Likelihoods) -> Iterator[Entry]:
    parts = (part.strip(_EDGES) for part in term.split())
    words = tuple(part for part in parts if 0 < len(plain_letters(part)) <= LONGEST_WORD)
    ways = [pronunciations(word, dictionary) for word in words]
    if not all(ways):
        return
    # A capital at the start of a title says nothing about the word.
    sentence = any(word[0].islower() for word in words)
    if 1 < len(words) <= LONGEST_TERM:
        together = tuple(islice(product(*ways), _MOST_WAYS))
        shown = words
        if sentence and dictionary.likely(plain_letters(words[0])) >= odds.common:
            shown = (words[0].lower(), *words[1:])
        yield Entry(words=shown, ways=together, likelihood=odds.of(together))
    for number, (word, said) in enumerate(zip(words, ways, strict=True)):
        known = dictionary.likely(plain_letters(word))
        alone = tuple((way,) for way in said)
        likelihood = odds.of(alone)
        if known < min(odds.common, likelihood):
            text = word.lower() if sentence and not number and known else word
            yield Entry(words=(text,), ways=alone, likelihood=likelihood)


def pronunciations(word: str, dictionary: Dictionary) -> tuple[Phones, ...]:
    """Give up to four ways to say a word, the likeliest first."""
    letters = plain_letters(word)
    if known := dictionary.ways(letters):
        return known
    parts = [part for part in _PARTS.split(word) if plain_letters(part)]
    ways = [_part(part, dictionary) for part in parts]
    joined = (tuple(p for part in way for p in part) for way in product(*ways))
    unique = dict.fromkeys(way for way in joined if way)
    return tuple(islice(unique, _MOST_WAYS))


def _part(part: str, dictionary: Dictionary) -> tuple[Phones, ...]:
    letters = plain_letters(part)
    if known := dictionary.ways(letters):
        return known
    if letters.isdigit():
        return (spelled(letters),)
    ways: list[Phones] = []
    if part.isupper() and len(letters) <= 5:
        ways.append(spelled(letters))
    ways += _inflected(letters, dictionary) or _compound(letters, dictionary)
    bare = re.sub(r"[^a-z]", "", letters)
    ways += (by_rules(bare), continental(bare))
    return tuple(ways)


def _inflected(letters: str, dictionary: Dictionary) -> list[Phones]:
    """Say a plural or a possessive by what it is made of."""
    stem = letters.removesuffix("s").removesuffix("'")
    if stem == letters or len(stem) < 3:
        return []
    base = dictionary.ways(stem) or ((by_rules(stem),) if "'" in letters else ())
    return [(*way, *_ending(way[-1])) for way in base if way]


def _ending(phone: str) -> Phones:
    if phone in {"S", "Z", "SH", "ZH", "CH", "JH"}:
        return ("IH", "Z")
    return ("S",) if phone in {"P", "T", "K", "F", "TH"} else ("Z",)


def _compound(letters: str, dictionary: Dictionary) -> list[Phones]:
    """Say a word as two that the dictionary holds, as even in length as can be."""
    middle = len(letters) / 2
    for cut in sorted(range(4, len(letters) - 3), key=lambda at: abs(at - middle)):
        first, second = dictionary.ways(letters[:cut]), dictionary.ways(letters[cut:])
        if first and second:
            return [(*first[0], *second[0])]
    return []
