"""The real engine on sentences that its weights never saw, whose words' times are known."""

from collections.abc import Iterator, Sequence
from statistics import median

import numpy as np
import pytest
from faster_whisper import WhisperModel

from asr.engine import Stream
from asr.whisper import WhisperEngine, WhisperOptions
from models.audio import SPEECH_RATE_HZ, Pcm
from models.transcript import Hypothesis, Word
from tests.fixtures.clips import TINY_MODEL, TimedClip, held_out, word_error_rate

LEAD_S = 0.2
TAIL_S = 0.3
PAUSE_S = 0.6
TERMS = ("Quarterly review", "Åse Ødegaard", "Peter", "captions", "the red door", "Kubernetes")
WHOLE = SPEECH_RATE_HZ * 30
LIVE = SPEECH_RATE_HZ // 10


@pytest.fixture(scope="module")
def engine() -> Iterator[WhisperEngine]:
    engine = WhisperEngine(str(TINY_MODEL), WhisperOptions(threads=1, short_context=True))
    yield engine
    engine.close()


def silence(length_s: float) -> Pcm:
    noise = np.random.default_rng(0).normal(0, 5, round(length_s * SPEECH_RATE_HZ))
    return noise.astype(np.int16)


def alone(clip: TimedClip) -> Pcm:
    return np.concatenate([silence(LEAD_S), clip.pcm, silence(TAIL_S)])


def talk(said: Sequence[TimedClip]) -> Pcm:
    """Say one after the other, with pauses."""
    parts = [part for clip in said for part in (silence(PAUSE_S), clip.pcm)]
    return np.concatenate([*parts, silence(TAIL_S)])


def hear(stream: Stream, pcm: Pcm, *, chunk: int) -> list[Word]:
    stream.begin(0.0)
    told: list[Hypothesis] = []
    for at in range(0, len(pcm), chunk):
        told += stream.feed(pcm[at : at + chunk])
    told += stream.end()
    return [word for hypothesis in told if hypothesis.final for word in hypothesis.words]


def text(words: Sequence[Word]) -> str:
    return " ".join(word.text for word in words)


@pytest.fixture(scope="module")
def heard(engine: WhisperEngine) -> list[tuple[TimedClip, list[Word]]]:
    """Each sentence by itself, in one window."""
    stream, found = engine.stream(language="en"), []
    for clip in held_out():
        found.append((clip, hear(stream, alone(clip), chunk=WHOLE)))
    return found


def test_held_out_sentences_are_heard_within_ten_percent(
    heard: list[tuple[TimedClip, list[Word]]],
) -> None:
    said = " ".join(clip.text for clip, _ in heard)

    assert word_error_rate(said, " ".join(text(words) for _, words in heard)) <= 0.10


def test_words_begin_and_end_when_they_are_said(
    heard: list[tuple[TimedClip, list[Word]]],
) -> None:
    right = [(clip, words) for clip, words in heard if text(words) == clip.text]
    starts, ends = [], []
    for clip, words in right:
        for word, (start_s, end_s) in zip(words, clip.times_s, strict=True):
            starts.append(abs(word.start_s - LEAD_S - start_s))
            ends.append(abs(word.end_s - LEAD_S - end_s))

    assert len(starts) >= 60
    assert median(starts) <= 0.06
    assert median(ends) <= 0.10
    assert np.quantile(starts, 0.9) <= 0.35


def test_sentences_are_written_with_capitals_and_full_stops(
    heard: list[tuple[TimedClip, list[Word]]],
) -> None:
    right = sum(text(words) == clip.text for clip, words in heard)

    assert right >= 0.75 * len(heard)


def test_live_speech_is_heard_within_ten_percent(engine: WhisperEngine) -> None:
    clips, said = held_out(), list[list[Word]]()
    for first in range(0, len(clips), 6):
        said.append(hear(engine.stream(language="en"), talk(clips[first : first + 6]), chunk=LIVE))

    heard = " ".join(text(words) for words in said)
    assert word_error_rate(" ".join(clip.text for clip in clips), heard) <= 0.10
    for words in said:
        assert (times := [word.start_s for word in words]) == sorted(times)


def test_hints_cost_no_words(heard: list[tuple[TimedClip, list[Word]]]) -> None:
    engine = WhisperEngine(
        str(TINY_MODEL), WhisperOptions(threads=1, short_context=True, hints=True)
    )
    stream = engine.stream(language="en", terms=TERMS)
    said = [
        text(
            hear(stream, np.concatenate([silence(LEAD_S), clip.pcm, silence(TAIL_S)]), chunk=WHOLE)
        )
        for clip, _ in heard
    ]
    engine.close()

    assert word_error_rate(" ".join(clip.text for clip, _ in heard), " ".join(said)) <= 0.10


@pytest.mark.parametrize("first", [0, 12])
def test_a_whole_window_of_thirty_seconds_is_heard_within_ten_percent(first: int) -> None:
    said, pcm = list[TimedClip](), silence(0.0)
    for clip in held_out()[first:]:
        longer = talk([*said, clip])
        if len(longer) > WHOLE:
            break
        said, pcm = [*said, clip], longer
    model = WhisperModel(str(TINY_MODEL), device="cpu", compute_type="int8", cpu_threads=1)

    segments, _ = model.transcribe(pcm.astype(np.float32) / 32768, language="en", beam_size=5)

    heard = "".join(segment.text for segment in segments)
    assert len(pcm) > 0.9 * WHOLE
    assert word_error_rate(" ".join(clip.text for clip in said), heard) <= 0.10
