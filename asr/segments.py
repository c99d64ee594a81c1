"""Agreed words become captions: pure, and nothing is ever taken back."""

from collections.abc import Sequence
from dataclasses import dataclass

from models.transcript import Hypothesis, Word

_ABBREVIATIONS = frozenset({"mr.", "mrs.", "ms.", "dr.", "st.", "vs.", "e.g.", "i.e.", "etc."})


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptionLength:
    """How long a caption may become before it is cut at a gap between words."""

    longest_s: float = 12.0
    longest_chars: int = 80


def ends_sentence(text: str) -> bool:
    """Whether a word with its punctuation ends a sentence."""
    bare = text.rstrip("\"'”’)")
    return bare.endswith((".", "?", "!", "…")) and bare.casefold() not in _ABBREVIATIONS


class Segments:
    """Numbers the captions of one stream and says each one's hypotheses."""

    def __init__(self, *, language: str, length: CaptionLength | None = None) -> None:
        self._language = language
        self._length = length or CaptionLength()
        self._number = 0
        self._words: tuple[Word, ...] = ()
        self._shown: tuple[str, ...] = ()
        self._shown_stable = 0

    def add(self, agreed: Sequence[Word]) -> list[Hypothesis]:
        """Take agreed words; give the captions that they finish."""
        done: list[Hypothesis] = []
        for word in agreed:
            if self._words and self._too_long(word):
                cut = self._widest_gap()
                rest = self._words[cut:]
                self._words = self._words[:cut]
                done += self._finish()
                self._words = rest
            self._words = (*self._words, word)
            if ends_sentence(word.text):
                done += self._finish()
        return done

    def show(self, tentative: Sequence[Word]) -> list[Hypothesis]:
        """Give the open caption as it looks with ``tentative`` words, if that is new.

        That a word will not change any more is news too.
        """
        words = (*self._words, *tentative)
        texts = tuple(w.text for w in words)
        if not texts or (texts == self._shown and len(self._words) == self._shown_stable):
            return []
        self._shown, self._shown_stable = texts, len(self._words)
        return [self._hypothesis(words, final=False)]

    def flush(self) -> list[Hypothesis]:
        """Finish what is open; what was shown and not agreed is withdrawn."""
        return self._finish()

    def _finish(self) -> list[Hypothesis]:
        if not self._words and not self._shown:
            return []
        hypothesis = self._hypothesis(self._words, final=True)
        self._number += 1
        self._words, self._shown, self._shown_stable = (), (), 0
        return [hypothesis]

    def _hypothesis(self, words: tuple[Word, ...], *, final: bool) -> Hypothesis:
        return Hypothesis(
            segment=self._number,
            words=words,
            stable=len(self._words),
            final=final,
            language=self._language,
        )

    def _too_long(self, word: Word) -> bool:
        chars = sum(len(w.text) + 1 for w in self._words) + len(word.text)
        seconds = word.end_s - self._words[0].start_s
        return chars > self._length.longest_chars or seconds > self._length.longest_s

    def _widest_gap(self) -> int:
        """Find where to cut: before the word in the second half with the longest pause before."""
        first = max(1, len(self._words) // 2)
        gaps = {
            at: self._words[at].start_s - self._words[at - 1].end_s
            for at in range(first, len(self._words))
        }
        best = max(gaps.values(), default=0.0)
        # Without a real pause the caption may as well be full.
        return max(gaps, key=gaps.__getitem__) if best >= 0.15 else len(self._words)
