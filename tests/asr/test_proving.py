from collections.abc import Iterator, Sequence

import numpy as np
import pytest

from asr.engine import Stream
from asr.proving import Spoken, Utterance, hear, measure, utterances
from models.audio import RATE_HZ, SPEECH_RATE_HZ, Pcm
from models.caption import EngineInfo
from models.transcript import Hypothesis, Word
from tests.fixtures.clips import TINY_MODEL, clips


class _Counting:
    """An engine that says how many samples it was given at a time."""

    info = EngineInfo(name="counting", model="", quality="good")

    def stream(
        self, *, language: str, terms: Sequence[str] = (), translate: bool = False
    ) -> Stream:
        return self

    def begin(self, start_s: float) -> None:
        pass

    def feed(self, pcm: Pcm) -> Iterator[Hypothesis]:
        said = Word(text=str(len(pcm)), start_s=0.0, end_s=0.1, confidence=1.0)
        yield Hypothesis(segment=0, words=(said,), final=True)

    def end(self, rest: Pcm | None = None) -> Iterator[Hypothesis]:
        yield from ()

    def learn(self, terms: Sequence[str]) -> bool:
        return True


def test_speech_is_cut_where_a_room_would_cut_it() -> None:
    speech = np.repeat(clips()[7].pcm, RATE_HZ // SPEECH_RATE_HZ)
    pause = np.zeros(2 * RATE_HZ, np.int16)

    cut = utterances(np.concatenate((pause, speech, pause, speech, pause)))

    second = next(u for u in cut if u.start_s > 2 + clips()[7].length_s)
    assert len(cut) >= 2
    assert cut[0].start_s == pytest.approx(2.0, abs=0.4)
    assert second.start_s == pytest.approx(4 + clips()[7].length_s, abs=0.4)


def test_speech_is_given_in_pieces() -> None:
    spoken = [Utterance(start_s=0.0, pcm=np.zeros(1200, np.int16))]

    assert list(hear(_Counting(), spoken, chunk=512)) == ["512", "512", "176"]


def test_words_and_processor_time_are_measured_in_both_ways() -> None:
    clip = clips()[0]
    spoken = [Spoken(utterances=[Utterance(start_s=0.0, pcm=clip.pcm)], text=clip.text.upper())]

    figures = measure(TINY_MODEL, spoken, short_context=True)

    assert figures.whole.wer == figures.streamed.wer == 0.0
    assert figures.streamed.cpu > figures.whole.cpu > 0.0
