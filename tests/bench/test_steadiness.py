from collections.abc import Iterable

import numpy as np

from bench.steadiness import clip_utterances, row, shown
from models.audio import Pcm
from models.caption import EngineInfo
from models.transcript import Hypothesis, Word
from pipeline.steadiness import steadiness


def _word(text: str) -> Word:
    return Word(text=text, start_s=0.0, end_s=0.1, confidence=1.0)


class _Hesitant:
    """Shows a wrong word with each utterance's first second and the right one at its end."""

    info = EngineInfo(name="hesitant", model="none", quality="basic")

    def __init__(self) -> None:
        self._segment = -1
        self._samples = 0

    def stream(self, *, language: str, terms: object = ()) -> "_Hesitant":
        return self

    def begin(self, start_s: float) -> None:
        self._segment, self._samples = self._segment + 1, 0

    def learn(self, terms: object) -> bool:
        return True

    def feed(self, pcm: Pcm) -> Iterable[Hypothesis]:
        before, self._samples = self._samples, self._samples + len(pcm)
        if before < 16_000 <= self._samples:
            yield Hypothesis(segment=self._segment, words=(_word("cattle"),))

    def end(self) -> Iterable[Hypothesis]:
        yield Hypothesis(segment=self._segment, words=(_word("kettle"),), final=True)


def test_what_an_engine_shows_is_measured() -> None:
    spoken = clip_utterances([np.zeros(24_000, np.int16), np.zeros(8_000, np.int16)])

    measured = steadiness(shown(_Hesitant(), spoken))

    assert (measured.interims, measured.words, measured.rewritten) == (1, 2, 1)
    assert row("hesitant", "clips", measured).split() == [
        "hesitant",
        "clips",
        "1",
        "2",
        "0.50",
        "0.50",
    ]


def test_clips_follow_each_other_on_one_clock() -> None:
    spoken = clip_utterances([np.zeros(16_000, np.int16), np.zeros(16_000, np.int16)])

    assert [utterance.start_s for utterance in spoken] == [0.0, 3.0]
