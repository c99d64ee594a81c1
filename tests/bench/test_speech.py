import numpy as np
import pytest

from bench.peers.speech import Sentence, sentences, speech, speeches
from models.audio import SPEECH_RATE_HZ


def _loudness(sentence: Sentence, from_s: float, until_s: float) -> float:
    part = sentence.pcm[round(from_s * SPEECH_RATE_HZ) : round(until_s * SPEECH_RATE_HZ)]
    return float(np.abs(part.astype(np.float64)).mean())


def test_every_sentence_ends_in_silence_right_after_its_last_word() -> None:
    for sentence in sentences():
        end_s = sentence.words[-1].end_s

        said = _loudness(sentence, sentence.words[0].start_s, end_s)

        assert _loudness(sentence, end_s + 0.05, sentence.length_s) < said / 10, sentence.text


def test_words_follow_each_other() -> None:
    for said in speeches(2, 30.0):
        times = [time for word in said.words for time in (word.start_s, word.end_s)]

        assert times == sorted(times)
        assert times[-1] < said.length_s


def test_a_speech_is_as_long_as_asked_for_and_the_same_every_time() -> None:
    first, second = speeches(2, 20.0)

    assert 15.0 < first.length_s < 21.5
    assert [word.text for word in first.words] != [word.text for word in second.words]
    assert np.array_equal(first.pcm, speeches(2, 20.0)[0].pcm)


def test_a_speech_holds_the_sound_of_its_words() -> None:
    said = speech(sentences(), 10.0, seed=1)
    word = said.words[0]

    heard = said.pcm[round(word.start_s * SPEECH_RATE_HZ) : round(word.end_s * SPEECH_RATE_HZ)]

    assert np.abs(heard).max() > 1000
    assert np.abs(said.pcm[: SPEECH_RATE_HZ // 4]).max() < 100


def test_more_speech_than_there_are_sentences_repeats_them() -> None:
    once = sum(len(sentence.words) for sentence in sentences())

    assert len(speech(sentences()[:2], 30.0, seed=1).words) > 20
    assert len(speech(sentences(), 300.0, seed=1).words) > once
    assert speech(sentences(), 1.0, seed=1).words == pytest.approx(())
