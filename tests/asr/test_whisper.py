import numpy as np
import pytest

from asr.engine import Stream
from asr.whisper import WhisperEngine
from models.audio import SPEECH_RATE_HZ, Pcm
from models.errors import EngineUnavailable
from models.transcript import Hypothesis
from tests.fixtures.clips import TINY_MODEL, clips, word_error_rate


@pytest.fixture(scope="module")
def engine() -> WhisperEngine:
    return WhisperEngine(str(TINY_MODEL), threads=1)


def hear(stream: Stream, pcm: Pcm, start_s: float = 0.0) -> list[Hypothesis]:
    stream.begin(start_s)
    said: list[Hypothesis] = []
    for at in range(0, len(pcm), 1600):
        said += stream.feed(pcm[at : at + 1600])
    return [*said, *stream.end()]


def text(said: list[Hypothesis]) -> str:
    return " ".join(word.text for h in said if h.final for word in h.words)


def test_streamed_sentences_are_heard_within_ten_percent(engine: WhisperEngine) -> None:
    heard = [text(hear(engine.stream(language="en"), clip.pcm)) for clip in clips()]
    reference = " ".join(clip.text for clip in clips())
    assert word_error_rate(reference, " ".join(heard)) <= 0.10


def test_speech_longer_than_the_window_is_heard_to_the_end(engine: WhisperEngine) -> None:
    spoken = clips()[:4]
    said = hear(engine.stream(language="en"), np.concatenate([clip.pcm for clip in spoken]))
    assert word_error_rate(" ".join(clip.text for clip in spoken), text(said)) <= 0.10


def test_each_sentence_is_a_caption_of_its_own(engine: WhisperEngine) -> None:
    finals = [h for h in hear(engine.stream(language="en"), clips()[0].pcm) if h.final]
    assert [h.words[-1].text[-1] for h in finals] == [".", "."]


def test_the_first_word_begins_with_the_sound_not_with_the_window(engine: WhisperEngine) -> None:
    silence = np.zeros(SPEECH_RATE_HZ, np.int16)
    said = hear(engine.stream(language="en"), np.concatenate([silence, clips()[7].pcm]), 100.0)
    first = next(h for h in said if h.final).words[0]
    assert first.start_s == pytest.approx(101.2, abs=0.25)


def test_silence_says_nothing(engine: WhisperEngine) -> None:
    silence = np.zeros(2 * SPEECH_RATE_HZ, np.int16)
    assert text(hear(engine.stream(language="en"), silence)) == ""


def test_a_folder_without_weights_is_refused() -> None:
    with pytest.raises(EngineUnavailable, match="no whisper weights"):
        WhisperEngine("nowhere")
