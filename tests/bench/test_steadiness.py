from collections.abc import Iterable

import numpy as np

from bench.steadiness import Material, activities, clip_utterances, published, read_along, row
from models.audio import Pcm
from models.caption import EngineInfo
from models.transcript import Hypothesis, Word


def _word(text: str) -> Word:
    return Word(text=text, start_s=0.0, end_s=0.1, confidence=1.0)


class _Hesitant:
    """Shows a wrong word with each utterance's first second and the right one at its end."""

    info = EngineInfo(name="hesitant", model="none", quality="basic")

    def __init__(self) -> None:
        self._segment = -1
        self._samples = 0

    def stream(self, *, language: str, terms: object = (), translate: bool = False) -> "_Hesitant":
        return self

    def begin(self, start_s: float) -> None:
        self._segment, self._samples = self._segment + 1, 0

    def learn(self, terms: object) -> bool:
        return True

    def feed(self, pcm: Pcm) -> Iterable[Hypothesis]:
        before, self._samples = self._samples, self._samples + len(pcm)
        if before < 16_000 <= self._samples:
            yield Hypothesis(segment=self._segment, words=(_word("cattle"),))

    def end(self, rest: Pcm | None = None) -> Iterable[Hypothesis]:
        yield Hypothesis(segment=self._segment, words=(_word("kettle"),), final=True)


def test_what_an_engine_shows_is_measured_at_each_pace() -> None:
    spoken = clip_utterances([np.zeros(24_000, np.int16), np.zeros(8_000, np.int16)])
    captions = published(_Hesitant(), Material(spoken=spoken))

    fast, steady = read_along(captions, "fast"), read_along(captions, "steady")

    assert (fast.interims, fast.words, fast.rewritten) == (1, 2, 1)
    assert (steady.interims, steady.words, steady.rewritten) == (0, 2, 0)
    assert row("hesitant", "clips", "fast", fast) == [
        "hesitant",
        "clips",
        "fast",
        "1",
        "0.50 / 0.50",
        "2.65 s",
        "3.77 s",
    ]


def test_who_was_active_is_known_a_little_later() -> None:
    quiet, loud = np.zeros(4800, np.int16), np.full(48_000, 5000, np.int16)

    ((known_s, began),) = activities([np.concatenate([quiet, loud])])

    assert (began.on, began.t_s) == (True, 0.1)
    assert known_s == 0.16


def test_clips_follow_each_other_on_one_clock() -> None:
    spoken = clip_utterances([np.zeros(16_000, np.int16), np.zeros(16_000, np.int16)])

    assert [utterance.start_s for utterance in spoken] == [0.0, 3.0]
