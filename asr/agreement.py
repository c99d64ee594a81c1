"""LocalAgreement-2: words are agreed once two decodes in a row gave them.

After Macháček, Dabre and Bojar, "Turning Whisper into Real-Time Transcription System"
(arXiv 2307.14743), section 3: the longest common prefix of two consecutive hypotheses is agreed.
Pure: no clock, no audio.
"""

import re
from collections.abc import Sequence

from models.transcript import Word

TOLERANCE_S = 0.1
LONGEST_OVERLAP = 5
_NEAR_S = 1.0
_MARKS = re.compile(r"[^\w']+")


def key(text: str) -> str:
    """Give what two spellings of the same word share: no case and no punctuation."""
    return _MARKS.sub("", text).casefold()


class Agreement:
    """What is agreed of one utterance, and what the newest decode adds to it."""

    def __init__(self) -> None:
        self._recent: tuple[Word, ...] = ()
        self._tentative: tuple[Word, ...] = ()
        self._until_s = float("-inf")

    @property
    def until_s(self) -> float:
        """Where the last agreed word ends; minus infinity before the first."""
        return self._until_s

    @property
    def tentative(self) -> tuple[Word, ...]:
        """The words of the newest decode that are not agreed yet."""
        return self._tentative

    def insert(self, words: Sequence[Word], *, before_s: float = float("inf")) -> tuple[Word, ...]:
        """Take the newest decode of the window; give the words that are agreed now.

        Words that end after ``before_s`` are not agreed yet: their sound may go on.
        """
        fresh = self._fresh(words)
        count = 0
        for new, old in zip(fresh, self._tentative, strict=False):
            if key(new.text) != key(old.text) or new.end_s > before_s:
                break
            count += 1
        self._tentative = fresh[count:]
        return self._agree(fresh[:count])

    def commit(self, count: int | None = None) -> tuple[Word, ...]:
        """Agree to the first ``count`` tentative words, or to all, without a second decode."""
        cut = len(self._tentative) if count is None else count
        committed, self._tentative = self._tentative[:cut], self._tentative[cut:]
        return self._agree(committed)

    def _agree(self, words: tuple[Word, ...]) -> tuple[Word, ...]:
        if words:
            self._recent = (*self._recent, *words)[-LONGEST_OVERLAP:]
            self._until_s = max(self._until_s, words[-1].end_s)
        return words

    def _fresh(self, words: Sequence[Word]) -> tuple[Word, ...]:
        """Drop what was agreed already: by time, then by an overlap of up to five words."""
        fresh = tuple(w for w in words if (w.start_s + w.end_s) / 2 > self._until_s - TOLERANCE_S)
        if not fresh or fresh[0].start_s - self._until_s > _NEAR_S:
            return fresh
        for length in range(min(LONGEST_OVERLAP, len(self._recent), len(fresh)), 0, -1):
            agreed = [key(w.text) for w in self._recent[-length:]]
            if agreed == [key(w.text) for w in fresh[:length]] and self._overlaps(fresh, length):
                return fresh[length:]
        return fresh

    def _overlaps(self, fresh: tuple[Word, ...], length: int) -> bool:
        """Tell a single word heard again from a word said twice: only the former begins before."""
        return length > 1 or fresh[0].start_s < self._until_s
