import numpy as np
import pytest

from asr import whisper
from asr.guards import Evidence
from bench import page
from bench.ghosts import NAME, error_rate, speech, without_guards
from models.audio import RATE_HZ
from tests.fixtures.clips import clips

WILD = Evidence(no_speech=1.0, logprob=-3.0, compression=9.0, confidence=0.0)


def test_speech_has_a_second_of_silence_around_each_sentence() -> None:
    pcm, text = speech(clips()[:2])

    length_s = 3 + sum(clip.length_s for clip in clips()[:2])
    assert len(pcm) / RATE_HZ == pytest.approx(length_s, abs=0.01)
    assert not np.any(pcm[:RATE_HZ])
    assert text == f"{clips()[0].text} {clips()[1].text}"


def test_wrong_words_are_counted_clip_by_clip() -> None:
    texts = iter([clips()[0].text, ""])
    told = error_rate(lambda _: next(texts).split(), clips()[:2])

    first, second = (len(clip.text.split()) for clip in clips()[:2])
    assert told == pytest.approx(second / (first + second))


def test_guards_are_only_gone_for_the_measurement() -> None:
    with without_guards():
        assert vars(whisper)["is_heard"](WILD)

    assert not vars(whisper)["is_heard"](WILD)


def test_the_benchmarks_have_a_place_for_the_table() -> None:
    written = page.placed(page.BENCHMARKS.read_text(encoding="utf-8"), "| table |", NAME)

    assert "\n| table |\n" in written
