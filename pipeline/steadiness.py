"""How steady captions are while they grow: pure measures over what readers were shown.

Every word that is taken back after it was read costs its reader time, so the less the better: 0 is
a caption that only ever grows. Words are compared as they are shown, with case and punctuation.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from models.caption import Interim
from models.transcript import Final
from models.writing import pieces


@dataclass(frozen=True, slots=True, kw_only=True)
class Steadiness:
    """Counts over all captions; ``words`` are those of the finals.

    ``delays_s`` has one number for each of them: how long after its end it stood on the screen for
    good, as itself. It is empty when nobody said when things were shown.
    """

    interims: int
    words: int
    erased: int
    rewritten: int
    delays_s: tuple[float, ...] = ()

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


@dataclass(frozen=True, slots=True)
class _Seen:
    """A word on the screen, and when it appeared."""

    text: str
    since_s: float


def steadiness(
    shown: Iterable[Interim | Final], times_s: Iterable[float] | None = None
) -> Steadiness:
    """Measure captions in the order in which they were shown, at ``times_s`` in the room clock.

    Revisions are compared with the one before of the same caption. An interim without text takes
    its caption back, and a final ends it. When a final ends before what was shown of it does, its
    rest is compared with the caption that opens next: that is where a reader finds it.
    """
    screen = _Screen()
    if times_s is None:
        for caption in shown:
            screen.show(caption, 0.0)
    else:
        for caption, at_s in zip(shown, times_s, strict=True):
            screen.show(caption, at_s)
    return screen.measured(timed=times_s is not None)


class _Screen:
    """What a reader has before them."""

    def __init__(self) -> None:
        self._open: dict[str, list[_Seen]] = {}
        self._rest: list[_Seen] = []
        self._interims = self._words = self._erased = self._rewritten = 0
        self._delays_s: list[float] = []

    def show(self, caption: Interim | Final, at_s: float) -> None:
        """Show a revision in the place of the one before."""
        texts = [piece.text for piece in pieces(caption.text)]
        before = self._open.pop(caption.id, [])
        if not before and texts:
            before, self._rest = self._rest, []
        now = self._revised(before, texts, at_s)
        shown = [word.text for word in before]
        ends_early = isinstance(caption, Final) and shown[: len(texts)] == texts != []
        if ends_early:
            self._rest = before[len(texts) :] + self._rest
        else:
            self._erased += erasure(shown, texts)
            self._rewritten += rewrites(shown, texts)
        if isinstance(caption, Final):
            self._words += len(texts)
            self._delays_s += [
                seen.since_s - word.end_s for seen, word in zip(now, caption.words, strict=False)
            ]
        else:
            self._interims += bool(texts)
            self._open[caption.id] = now

    def measured(self, *, timed: bool) -> Steadiness:
        """Sum up; what is left of a final and came nowhere was taken back."""
        return Steadiness(
            interims=self._interims,
            words=self._words,
            erased=self._erased + len(self._rest),
            rewritten=self._rewritten + len(self._rest),
            delays_s=tuple(self._delays_s) if timed else (),
        )

    @staticmethod
    def _revised(before: Sequence[_Seen], texts: Sequence[str], at_s: float) -> list[_Seen]:
        """Words that stay have stood there since they appeared; the others appear now."""
        stays = dict(kept([word.text for word in before], texts))
        since = {new: before[old].since_s for old, new in stays.items()}
        return [_Seen(text, since.get(at, at_s)) for at, text in enumerate(texts)]


def erasure(before: Sequence[str], now: Sequence[str]) -> int:
    """Count the words behind the longest beginning that both have."""
    same = 0
    while same < min(len(before), len(now)) and before[same] == now[same]:
        same += 1
    return len(before) - same


def rewrites(before: Sequence[str], now: Sequence[str]) -> int:
    """Count the words of ``before`` outside the longest common subsequence with ``now``."""
    return len(before) - len(kept(before, now))


def kept(before: Sequence[str], now: Sequence[str]) -> list[tuple[int, int]]:
    """Pair the places of the longest common subsequence, ascending."""
    longest = [[0] * (len(now) + 1) for _ in range(len(before) + 1)]
    for i in reversed(range(len(before))):
        for j in reversed(range(len(now))):
            if before[i] == now[j]:
                longest[i][j] = longest[i + 1][j + 1] + 1
            else:
                longest[i][j] = max(longest[i + 1][j], longest[i][j + 1])
    pairs: list[tuple[int, int]] = []
    i = j = 0
    while i < len(before) and j < len(now):
        if before[i] == now[j]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif longest[i + 1][j] >= longest[i][j + 1]:
            i += 1
        else:
            j += 1
    return pairs
