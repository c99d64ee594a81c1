"""The roads of faster-whisper that only multilingual weights have, with weights of random numbers.

What such weights say is noise: that these roads run, and which prompts and languages they use, is
what is tested. No real multilingual weights were at hand.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from faster_whisper import WhisperModel

from asr import weights
from asr.choose import whisper_spec
from asr.engine import Stream
from asr.language import LANGUAGES
from asr.whisper import WhisperEngine, WhisperOptions
from models.audio import SPEECH_RATE_HZ, Pcm
from models.transcript import Hypothesis
from tests.fixtures import random_whisper
from tests.fixtures.clips import TINY_MODEL

Prompts = list[list[str]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return random_whisper.write(tmp_path_factory.mktemp("multilingual"))


@pytest.fixture(scope="module", params=[1, 2], ids=["alone", "in batches"])
def engine(request: pytest.FixtureRequest, folder: Any) -> Any:
    loaded = WhisperEngine(str(folder), WhisperOptions(threads=1, batch=request.param))
    yield loaded
    loaded.close()


@pytest.fixture
def prompts(monkeypatch: pytest.MonkeyPatch) -> Prompts:
    """The control tokens of each window that is decoded, in words."""
    seen: Prompts = []
    original = WhisperModel.get_prompt

    def spy(self: Any, tokenizer: Any, *arguments: Any, **options: Any) -> Any:
        prompt = original(self, tokenizer, *arguments, **options)
        seen.append([tokenizer.tokenizer.id_to_token(token) for token in prompt])
        return prompt

    monkeypatch.setattr(WhisperModel, "get_prompt", spy)
    return seen


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How many seconds each detection of the language was given."""
    lengths: list[float] = []
    original = WhisperModel.detect_language

    def spy(self: Any, audio: Any, **options: Any) -> Any:
        lengths.append(len(audio) / SPEECH_RATE_HZ)
        return original(self, audio, **options)

    monkeypatch.setattr(WhisperModel, "detect_language", spy)
    return lengths


def noise(length_s: float, seed: int = 0) -> Pcm:
    samples = np.random.default_rng(seed).normal(0, 3000, round(length_s * SPEECH_RATE_HZ))
    return samples.astype(np.int16)


def hear(stream: Stream, pcm: Pcm) -> list[Hypothesis]:
    stream.begin(0.0)
    said: list[Hypothesis] = []
    for at in range(0, len(pcm), SPEECH_RATE_HZ // 2):
        said += stream.feed(pcm[at : at + SPEECH_RATE_HZ // 2])
    return [*said, *stream.end()]


def starts(prompts: Sequence[Sequence[str]]) -> set[tuple[str, ...]]:
    """The language and the task of each prompt."""
    return {tuple(p[p.index("<|startoftranscript|>") + 1 :][:2]) for p in prompts}


def test_the_weights_are_taken_for_multilingual_ones(folder: Any, engine: WhisperEngine) -> None:
    spec = whisper_spec(folder, "random")

    assert weights.languages(folder) == LANGUAGES
    assert spec.languages == LANGUAGES
    assert spec.info.translates
    assert engine.info.translates


def test_our_small_english_weights_do_not_translate() -> None:
    assert not whisper_spec(TINY_MODEL, "tiny").info.translates


def test_a_chosen_language_is_the_prompt_s_and_is_not_detected(
    engine: WhisperEngine, prompts: Prompts, asked: list[float]
) -> None:
    hear(engine.stream(language="nb-NO"), noise(2.0))

    assert starts(prompts) == {("<|no|>", "<|transcribe|>")}
    assert asked == []


def test_an_unknown_language_is_listened_for_before_words_are_decoded(
    engine: WhisperEngine, prompts: Prompts, asked: list[float]
) -> None:
    hear(engine.stream(language="auto"), noise(2.0))

    assert asked[0] == pytest.approx(1.0)
    languages = {language for language, _ in starts(prompts)}
    assert languages < {f"<|{code}|>" for code in LANGUAGES}
    assert len(languages) == 1


def test_hypotheses_say_the_language_that_was_detected(
    engine: WhisperEngine, monkeypatch: pytest.MonkeyPatch, prompts: Prompts
) -> None:
    found = [("fr", 0.9), ("en", 0.1)]
    monkeypatch.setattr(WhisperModel, "detect_language", lambda *_, **__: ("fr", 0.9, found))
    monkeypatch.setattr("asr.whisper.is_heard", lambda _: True)

    said = hear(engine.stream(language="auto"), noise(3.0))

    assert starts(prompts) == {("<|fr|>", "<|transcribe|>")}
    assert {hypothesis.language for hypothesis in said} == {"fr"}


def test_a_translation_decodes_each_utterance_once_with_its_own_task(
    engine: WhisperEngine, prompts: Prompts, asked: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    windows: list[float] = []
    original = WhisperModel.transcribe

    def spy(self: Any, audio: Any, **options: Any) -> Any:
        windows.append(len(audio) / SPEECH_RATE_HZ)
        return original(self, audio, **options)

    monkeypatch.setattr(WhisperModel, "transcribe", spy)
    monkeypatch.setattr("asr.whisper.is_heard", lambda _: True)
    stream = engine.stream(language="de", terms=("Ødegaard",), translate=True)

    said = [*hear(stream, noise(3.0)), *hear(stream, noise(2.0, seed=1))]

    assert starts(prompts) == {("<|de|>", "<|translate|>")}
    assert windows == [3.0, 2.0]
    assert asked == []
    assert all(hypothesis.final for hypothesis in said)
    assert {hypothesis.language for hypothesis in said} <= {"en"}
