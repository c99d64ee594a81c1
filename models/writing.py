"""How words stand together as text: with spaces between them, or, in some scripts, without.

Chinese, Japanese, Thai, Lao, Khmer and Burmese put no space between words. There a recogniser's
words are pieces of a letter or more, each of which knows whether a space stands before it. What a
person wrote is cut into such `Piece`s where a line might be broken: at spaces, and in those
scripts between letters, though never before a mark or what closes, nor behind what opens (after
Unicode Standard Annex 14). No dictionary is used, so a piece may be less than a word.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from typing import Protocol
from unicodedata import category

_ABUGIDAS = "\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\uaa60-\uaa7f"  # Thai, Lao, Burmese, Khmer
_EAST_ASIAN = (
    "\u2e80-\u2fdf\u3001-\u312f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\ufe30-\ufe4f\uff01-\uff9f\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)
_UNSPACED = re.compile(f"[{_ABUGIDAS}{_EAST_ASIAN}]")
_ABUGIDA = re.compile(f"[{_ABUGIDAS}]")
_CJK = re.compile(f"[{_EAST_ASIAN}]")

_LEADING_VOWELS = "เแโใไເແໂໃໄ"
_FOLLOWING = (
    "ะาำๅๆฯະາຳໆຯៗ"  # vowels and signs of Thai, Lao and Khmer behind their letter
    "ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶー々ゝゞヽヾ〻～〜…‥"
)
_STACKING = "\u17d2\u1039"  # the next letter stands below
_CLOSES, _OPENS = ("Pe", "Pf", "Po"), ("Ps", "Pi")

_RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"})

_LETTERS_A_WORD = 2  # Chinese and Japanese; both are what takes as long to read as a spaced word
_SIGNS_A_WORD = 5


class Written(Protocol):
    """A word or a part of one; ``glued`` where no space stands before it."""

    @property
    def text(self) -> str:
        """What is written."""
        ...

    @property
    def glued(self) -> bool:
        """Whether it follows what is before it without a space."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A part of a text before which a line might be broken; `Written`."""

    text: str
    glued: bool = False


def joined(parts: Iterable[Written]) -> str:
    """Write words one after another; the first one's ``glued`` says nothing."""
    return "".join(f"{'' if part.glued else ' '}{part.text}" for part in parts).removeprefix(" ")


@lru_cache(maxsize=4096)  # every reader of a room asks for the same
def pieces(text: str) -> tuple[Piece, ...]:
    """Cut a text into pieces; joined they are the text, but for what kind of space is in it."""
    if not _UNSPACED.search(text):
        return tuple(Piece(text=token) for token in text.split())
    return tuple(
        Piece(text=part, glued=at > 0)
        for token in text.split()
        for at, part in enumerate(_parts(token))
    )


def between(before: str, after: str) -> str:
    """Give what stands between two texts that follow each other: a space, or nothing."""
    unspaced = _CJK.fullmatch(before[-1:]) and _CJK.fullmatch(after[:1])
    return "" if unspaced else " "


def is_unspaced(text: str) -> bool:
    """Whether a text begins with a letter of a script without spaces between words."""
    return _UNSPACED.match(text) is not None


def may_part(before: str, after: str) -> bool:
    """Whether a line may end between two texts without a space between them."""
    one, other = before[-1:], after[:1]
    if not (_UNSPACED.fullmatch(one) or _UNSPACED.fullmatch(other)):
        return False
    follows = other in _FOLLOWING or category(other)[0] == "M" or category(other) in _CLOSES
    leads = one in _LEADING_VOWELS or one in _STACKING or category(one) in _OPENS
    return not (follows or leads)


def parts_words(before: str, after: str) -> bool:
    """Whether what parts two such texts may be inside a word that only a dictionary knows."""
    return bool(_ABUGIDA.fullmatch(before[-1:]) and _ABUGIDA.fullmatch(after[:1]))


def is_right_to_left(language: str) -> bool:
    """Whether a language is written from right to left."""
    return language.partition("-")[0].casefold() in _RIGHT_TO_LEFT


def word_count(text: str) -> int:
    """Count what takes as long to read as so many words with spaces between them.

    Reading speeds in subtitling are 17 to 20 characters a second in Latin letters and in Thai, and
    half of that or less in Chinese and Japanese.
    """
    if not _UNSPACED.search(text):
        return len(text.split())
    letters: int = sum(character.isalnum() for character in _CJK.findall(text))
    spaced = [part for part in _UNSPACED.sub(" ", text).split() if any(map(str.isalnum, part))]
    return len(spaced) + ceil(
        letters / _LETTERS_A_WORD + len(_ABUGIDA.findall(text)) / _SIGNS_A_WORD
    )


def _parts(token: str) -> list[str]:
    starts = [0, *(at for at in range(1, len(token)) if may_part(token[at - 1], token[at]))]
    return [token[start:end] for start, end in zip(starts, [*starts[1:], len(token)], strict=True)]
