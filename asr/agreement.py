"""LocalAgreement-2: words are agreed once two decodes in a row gave them.

After Macháček, Dabre and Bojar, "Turning Whisper into Real-Time Transcription System"
(arXiv 2307.14743), section 3: the longest common prefix of two consecutive hypotheses is agreed.
Pure: no clock, no audio.
"""

from collections.abc import Sequence
from unicodedata import category

from models.transcript import Word

TOLERANCE_S = 0.1
LONGEST_OVERLAP = 5
LEAST_WORD_S = 0.05
_NEAR_S = 1.0
_BACK_WORDS = 2


def key(text: str) -> str:
    """Give what two spellings of the same word share: no case and no punctuation.

    Vowel signs, as of Hindi or Thai, are part of the word.
    """
    return "".join(c for c in text if c.isalnum() or c in "_'" or category(c)[0] == "M").casefold()


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

        Words that end after ``before_s`` are not agreed yet: their sound may go on. Nor are words
        without any length at the end: the decoder expects them before they are said.
        """
        fresh = self._fresh(words)
        count = 0
        for new, old in zip(without_guesses(fresh), self._tentative, strict=False):
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
        """Drop what was agreed already: by time, then by the last agreed words where they stand.

        Times move by a tenth of a second or two between decodes, the words before a place do not.
        """
        cut = self._cut_by_time(words)
        if cut < len(words) and words[cut].start_s - self._until_s > _NEAR_S:
            return tuple(words[cut:])
        nearest_first = sorted(range(1, len(words) + 1), key=lambda end: abs(end - cut))
        for length in range(min(LONGEST_OVERLAP, len(self._recent)), 0, -1):
            for end in nearest_first:
                if self._ends_agreed(words, end, length, cut):
                    self._until_s = max(self._until_s, words[end - 1].end_s)
                    return tuple(words[end:])
        return tuple(words[cut:])

    def _cut_by_time(self, words: Sequence[Word]) -> int:
        before_s = self._until_s - TOLERANCE_S
        later = (n for n, w in enumerate(words) if (w.start_s + w.end_s) / 2 > before_s)
        return next(later, len(words))

    def _ends_agreed(self, words: Sequence[Word], end: int, length: int, cut: int) -> bool:
        """Whether the last ``length`` agreed words stand before ``end``, near the cut by time.

        A single word is heard again only if it is the first of all, or begins before its end.
        """
        if end < length or not -_BACK_WORDS <= end - cut <= length:
            return False
        agreed = [key(w.text) for w in self._recent[-length:]]
        if agreed != [key(w.text) for w in words[end - length : end]]:
            return False
        first_of_all = end == length == len(self._recent)
        return length > 1 or first_of_all or words[end - 1].start_s < self._until_s


def without_guesses(words: Sequence[Word]) -> Sequence[Word]:
    """Leave out the words at the end that are too short to be sound."""
    count = len(words)
    while count and words[count - 1].end_s - words[count - 1].start_s < LEAST_WORD_S:
        count -= 1
    return words[:count]
