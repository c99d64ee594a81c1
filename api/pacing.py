"""How soon one reader sees words that may still change: the dial from fast to steady, pure.

A *look* is an interim as it was published. ``fast`` shows every look. ``balanced`` lets new words
through at once, but changes or takes back what its reader sees only when two looks in a row say so,
or the recogniser promises it: most changes are undone by the next look, and nobody has to see them.
The idea of holding revisions back until they are stable is that of Arivazhagan et al., arXiv
1912.03393. ``steady`` shows only what is promised not to change, so nothing that was read is ever
taken back before its final. What a person types is shown as it is typed, but to ``steady`` readers.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from models.caption import Interim
from models.style import Pace
from models.transcript import Source
from models.writing import Piece, joined, pieces

_Words = tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The newest interim of a caption, and how many of its words the look before it had too."""

    item: Interim
    confirmed: int = 0

    def then(self, item: Interim) -> "Look":
        """Take the next interim of the same caption."""
        return Look(item=item, confirmed=same(pieces(self.item.text), pieces(item.text)))


def paced(pace: Pace, look: Look, seen: Interim | None) -> Interim | None:
    """Give what a reader who sees ``seen`` of a caption is shown next; None for nothing new.

    An interim without text takes its caption back at any pace.
    """
    item = look.item
    if not item.text:
        return item if seen else None
    if item.done:
        return item
    is_typed = item.source is not Source.ASR
    if pace == "fast" or (pace == "balanced" and is_typed):
        return item
    shown = pieces(seen.text) if seen else ()
    fixed = _promised_count(seen) if seen else 0
    words = _words(pace, look, shown, fixed)
    if not words:
        return None
    text = joined(words)
    stable = min(item.stable, len(text))
    is_promised = pace == "balanced" and seen is not None and stable > seen.stable
    if seen and words == shown and seen.speaker == item.speaker and not is_promised:
        return None
    return replace(item, text=text, stable=stable)


def same(one: Sequence[object], other: Sequence[object]) -> int:
    """Count the words at the beginning that both have."""
    count = 0
    while count < min(len(one), len(other)) and one[count] == other[count]:
        count += 1
    return count


def _promised_count(item: Interim) -> int:
    """Count the pieces that are stable whole."""
    return same(pieces(item.text[: item.stable]), pieces(item.text))


def _words(pace: Pace, look: Look, shown: _Words, fixed: int) -> _Words:
    words, promised = pieces(look.item.text), _promised_count(look.item)
    if pace == "steady":
        return _promised(words[:promised], shown, fixed)
    only_grows = same(words, shown) == len(shown)
    certain = words[: max(promised, look.confirmed)]
    is_wrong = same(certain, shown) < min(len(certain), len(shown))
    return words if only_grows or is_wrong else shown


def _promised(words: _Words, shown: _Words, fixed: int) -> _Words:
    """Keep the ``fixed`` words, which were promised before, whatever the recogniser says now."""
    only_shrinks = same(words, shown) == len(words)
    is_broken = same(words, shown[:fixed]) < fixed
    return shown if only_shrinks or is_broken else words
