"""How text becomes what is looked for: the same tokens for what was said and what is typed.

Both indexes are given these tokens and cut nothing themselves, so that they agree. Letters lose
case and diacritics; words are parted at all that is neither letter, number nor vowel sign, so
"e-mail" is two tokens, one after the other. "Don't" is one, and so is "1,000". Scripts without
spaces between words are cut at each letter: their words are found as phrases.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from unicodedata import category, normalize

from models.writing import is_unspaced

LENGTH_LIMIT = 64
"""Characters of a token; what is longer is found by its beginning."""

REPEATS_LIMIT = 250
"""How often a token of one text is kept: PostgreSQL keeps 255 places of each."""

_DIACRITICS = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f]+"
)
_ALIKE = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe"})
_ASCII = re.compile("[a-z0-9]+")
_INSIDE = re.compile(
    r"(?<![\d,])\d{1,3}(?:,\d{3})+(?![\d,])|(?<=n)['\u2019](?=t\b)", re.ASCII | re.IGNORECASE
)
"""A number with thousands apart, or the apostrophe of "don't": what does not part a word."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token, and where it stands in the text (code points)."""

    text: str
    start: int
    end: int


def tokens(text: str) -> list[str]:
    """Cut a text into tokens, in their order."""
    if text.isascii() and not _INSIDE.search(text):
        found = [token[:LENGTH_LIMIT] for token in _ASCII.findall(text.lower())]
        return found if len(found) <= REPEATS_LIMIT else list(_kept(found))
    return [token.text for token in located(text)]


def located(text: str) -> list[Token]:
    """Cut a text into the same tokens, with their places."""
    found: list[Token] = []
    counts: Counter[str] = Counter()
    for token in _cut(text):
        counts[token.text] += 1
        if counts[token.text] <= REPEATS_LIMIT:
            found.append(token)
    return found


def _kept(found: list[str]) -> Iterator[str]:
    counts: Counter[str] = Counter()
    for token in found:
        counts[token] += 1
        if counts[token] <= REPEATS_LIMIT:
            yield token


def _cut(text: str) -> Iterator[Token]:
    passed_over = _passed_over(text)
    letters, start, end = "", 0, 0
    for at, character in enumerate(text):
        if at in passed_over:
            continue
        for letter in _folded(character):
            kind = category(letter)[0]
            mark = kind == "M"
            # A mark without its letter is nothing; a letter of an unspaced script stands alone.
            if letters and not mark and (kind not in "LN" or _alone(letter) or _alone(letters)):
                yield Token(_composed(letters), start, end)
                letters = ""
            if kind in "LN" or (mark and letters):
                start = start if letters else at
                letters, end = letters + letter, at + 1
        if letters and not _folded(character) and end == at:
            end = at + 1  # a diacritic of its own belongs to the token that it was taken from
    if letters:
        yield Token(_composed(letters), start, end)


def _passed_over(text: str) -> set[int]:
    return {
        at
        for match in _INSIDE.finditer(text)
        for at in range(match.start(), match.end())
        if not text[at].isdigit()
    }


def _composed(letters: str) -> str:
    # Composing can make a letter longer when it is taken apart again, so it is cut before.
    return normalize("NFC", letters[:LENGTH_LIMIT])


def _alone(letter: str) -> bool:
    return is_unspaced(letter)


@lru_cache(maxsize=8192)
def _folded(character: str) -> str:
    """A character without case and diacritics: nothing of a diacritic, several of a ligature."""
    if character.isascii():
        return character.lower()
    apart = normalize("NFKD", normalize("NFKD", character).casefold()).translate(_ALIKE)
    return normalize("NFC", _DIACRITICS.sub("", apart))
