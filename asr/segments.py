"""Agreed words become captions: pure, and nothing is ever taken back.

A caption ends with its sentence. One that would become too long is cut at the best place that is
known, looking ahead at words that are not agreed yet; never before a word that was shown as stable,
for that would move it under its reader's eyes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from models.transcript import Hypothesis, Word
from pipeline.breaks import BREATH, break_costs, ends_sentence
from pipeline.lines import Widths

_FULL_ENOUGH = 0.6
_SHORT_WEIGHT = 2.0
_ALONE_COST = 0.4


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptionLength:
    """How long a caption may become; it also has to fit into two lines (`pipeline.lines`)."""

    longest_s: float = 12.0
    longest_chars: int = 80


class Segments:
    """Numbers the captions of one stream and says each one's hypotheses.

    ``language`` may be set anew where it is found out while people speak.
    """

    def __init__(self, *, language: str, length: CaptionLength | None = None) -> None:
        self.language = language
        self._length = length or CaptionLength()
        self._number = 0
        self._words: tuple[Word, ...] = ()
        self._shown: tuple[str, ...] = ()
        self._shown_stable = 0

    def add(self, agreed: Sequence[Word], ahead: Sequence[Word] = ()) -> list[Hypothesis]:
        """Take agreed words; give the captions that they finish.

        ``ahead`` are words that will probably follow: they help to choose where to cut.
        """
        done: list[Hypothesis] = []
        self._words = (*self._words, *agreed)
        while count := self._finished(ahead):
            rest = self._words[count:]
            self._words = self._words[:count]
            done += self._finish()
            self._words = rest
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

    def flush(self, unheard: tuple[float, float] | None = None) -> list[Hypothesis]:
        """Finish what is open; what was shown and not agreed is withdrawn.

        ``unheard`` says where audio after it was given up.
        """
        return self._finish(unheard)

    def _finish(self, unheard: tuple[float, float] | None = None) -> list[Hypothesis]:
        if not (self._words or self._shown or unheard):
            return []
        hypothesis = replace(self._hypothesis(self._words, final=True), unheard=unheard)
        self._number += 1
        self._words, self._shown, self._shown_stable = (), (), 0
        return [hypothesis]

    def _hypothesis(self, words: tuple[Word, ...], *, final: bool) -> Hypothesis:
        return Hypothesis(
            segment=self._number,
            words=words,
            stable=len(self._words),
            final=final,
            language=self.language,
        )

    def _finished(self, ahead: Sequence[Word]) -> int:
        """Count the words of the caption that is finished, 0 when it may go on."""
        known, agreed = (*self._words, *ahead), len(self._words)
        most = self._room(known)
        ends = (at for at, word in enumerate(known[:most], start=1) if ends_sentence(word.text))
        sentence = next(ends, 0)
        if sentence:
            return sentence if sentence <= agreed else 0
        if agreed > most:
            return self._best_cut(known, most)
        if len(known) > most:
            best = self._best_cut(known, most)
            return best if best <= agreed else 0
        return self._good_cut(known, agreed)

    def _room(self, words: Sequence[Word]) -> int:
        """Count the words that fit into one caption, one at least."""
        widths, count = Widths(words), 0
        while (
            count < len(words)
            and widths.fit(0, count + 1)
            and widths.chars(0, count + 1) <= self._length.longest_chars
            and words[count].end_s - words[0].start_s <= self._length.longest_s
        ):
            count += 1
        return max(count, 1)

    def _best_cut(self, words: Sequence[Word], most: int) -> int:
        """Find where to cut words that do not fit, after ``most`` of them or before."""
        costs = break_costs(words[: most + 1], self.language)
        widths = Widths(words)
        longest = self._length.longest_chars

        def cost(at: int) -> float:
            empty = 1 - min(1.0, widths.chars(0, at) / longest)
            alone = len(words) - at == 1 and ends_sentence(words[-1].text)
            return costs[at] + _SHORT_WEIGHT * empty**2 + _ALONE_COST * alone

        return min(range(self._least, most + 1), key=cost)

    def _good_cut(self, words: Sequence[Word], agreed: int) -> int:
        """Find where a speaker has paused in a caption that is nearly full; 0 for nowhere."""
        costs = break_costs(words, self.language)
        widths = Widths(words)
        full = _FULL_ENOUGH * self._length.longest_chars
        good = [
            at
            for at in range(self._least, min(agreed, len(words) - 1) + 1)
            if costs[at] <= BREATH and widths.chars(0, at) >= full
        ]
        return min(good, key=costs.__getitem__, default=0)

    @property
    def _least(self) -> int:
        """What was shown as stable stays in its caption."""
        return max(1, self._shown_stable)
