"""How steady captions are while they grow: pure measures over what readers were shown.

Every word that is taken back after it was read costs its reader time, so the less the better: 0 is
a caption that only ever grows. Words are compared as they are shown, with case and punctuation.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from models.caption import Interim
from models.transcript import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Steadiness:
    """Counts over all captions; ``words`` are those of the finals."""

    interims: int
    words: int
    erased: int
    rewritten: int

    @property
    def normalised_erasure(self) -> float:
        """Words behind the first change, for each word that stays.

        Source: Arivazhagan et al., arXiv 1912.03393. A word that is only pushed on by
        another one counts too, because its reader finds it elsewhere.
        """
        return self.erased / self.words if self.words else 0.0

    @property
    def upwr(self) -> float:
        """Words of interims that the next revision does not have, for each word that stays.

        Source: the unstable partial word ratio of Shangguan et al., arXiv 2006.01416. These are
        the rewrites that nobody needed: a word that is only pushed on does not count.
        """
        return self.rewritten / self.words if self.words else 0.0


def steadiness(shown: Iterable[Interim | Final]) -> Steadiness:
    """Measure captions in the order in which they were shown.

    Revisions are compared with the one before of the same caption. An interim without text takes
    its caption back, and a final ends it.
    """
    open_: dict[str, list[str]] = {}
    interims = words = erased = rewritten = 0
    for caption in shown:
        before, now = open_.pop(caption.id, []), caption.text.split()
        erased += erasure(before, now)
        rewritten += rewrites(before, now)
        if isinstance(caption, Final):
            words += len(now)
        else:
            interims += bool(now)
            open_[caption.id] = now
    return Steadiness(interims=interims, words=words, erased=erased, rewritten=rewritten)


def erasure(before: Sequence[str], now: Sequence[str]) -> int:
    """Count the words behind the longest beginning that both have."""
    kept = 0
    while kept < min(len(before), len(now)) and before[kept] == now[kept]:
        kept += 1
    return len(before) - kept


def rewrites(before: Sequence[str], now: Sequence[str]) -> int:
    """Count the words of ``before`` outside the longest common subsequence with ``now``."""
    row = [0] * (len(now) + 1)
    for old in before:
        diagonal = 0
        for j, new in enumerate(now, start=1):
            diagonal, row[j] = row[j], diagonal + 1 if old == new else max(row[j], row[j - 1])
    return len(before) - row[-1]
