from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from faster_whisper import WhisperModel

from asr.engine import Stream
from asr.whisper import WhisperEngine, WhisperOptions
from models.audio import SPEECH_RATE_HZ, Pcm
from models.errors import EngineUnavailable
from models.transcript import Hypothesis
from tests.fixtures.clips import TINY_MODEL, Clip, clips, word_error_rate


@pytest.fixture(scope="module")
def engine() -> WhisperEngine:
    return WhisperEngine(str(TINY_MODEL), WhisperOptions(threads=1))


@pytest.fixture(scope="module")
def short() -> WhisperEngine:
    return WhisperEngine(str(TINY_MODEL), WhisperOptions(threads=1, short_context=True))


def hear(stream: Stream, pcm: Pcm, start_s: float = 0.0, *, chunk: int = 1600) -> list[Hypothesis]:
    stream.begin(start_s)
    said: list[Hypothesis] = []
    for at in range(0, len(pcm), chunk):
        said += stream.feed(pcm[at : at + chunk])
    return [*said, *stream.end()]


def streamed_error_rate(engine: WhisperEngine, spoken: Sequence[Clip]) -> float:
    heard = [text(hear(engine.stream(language="en"), clip.pcm)) for clip in spoken]
    return word_error_rate(" ".join(clip.text for clip in spoken), " ".join(heard))


def text(said: list[Hypothesis]) -> str:
    return " ".join(word.text for h in said if h.final for word in h.words)


def test_streamed_sentences_are_heard_within_ten_percent(engine: WhisperEngine) -> None:
    assert streamed_error_rate(engine, clips()[:3]) <= 0.10


def test_a_short_context_loses_no_words_with_the_small_model(short: WhisperEngine) -> None:
    assert streamed_error_rate(short, clips()[:6]) <= 0.10


def test_speech_longer_than_the_window_is_heard_to_the_end(short: WhisperEngine) -> None:
    spoken = clips()[:4]
    said = hear(short.stream(language="en"), np.concatenate([clip.pcm for clip in spoken]))
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


@pytest.mark.parametrize("short_context", [False, True])
def test_rooms_side_by_side_hear_what_each_hears_alone(short_context: bool) -> None:
    both = WhisperEngine(
        str(TINY_MODEL), WhisperOptions(workers=2, threads=1, short_context=short_context)
    )
    spoken = clips()[:4]

    def room(clip: Clip) -> str:
        return text(hear(both.stream(language="en"), clip.pcm, chunk=len(clip.pcm)))

    with ThreadPoolExecutor(len(spoken)) as rooms:
        heard = list(rooms.map(room, spoken))
    both.close()

    assert [word_error_rate(clip.text, said) for clip, said in zip(spoken, heard, strict=True)] == [
        0.0
    ] * len(spoken)


def test_terms_cost_no_words_with_weights_that_know_no_hints(engine: WhisperEngine) -> None:
    stream = engine.stream(language="en", terms=("Quarterly review in Zürich", "Åse Ødegaard"))
    clip = clips()[1]
    assert word_error_rate(clip.text, text(hear(stream, clip.pcm, chunk=len(clip.pcm)))) == 0.0


def test_terms_are_a_hint_for_every_window_and_are_not_said_in_silence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    prompts: list[str | None] = []
    original = WhisperModel.get_prompt

    def spy(*arguments: Any, hotwords: str | None = None, **options: Any) -> Any:
        prompts.append(hotwords)
        return original(*arguments, hotwords=hotwords, **options)

    monkeypatch.setattr(WhisperModel, "get_prompt", spy)
    hinting = WhisperEngine(
        str(TINY_MODEL), WhisperOptions(threads=1, short_context=True, hints=True)
    )
    stream = hinting.stream(language="en", terms=("the red door", "<|en|>Peter"))
    hiss = np.random.default_rng(0).normal(0, 20, 2 * SPEECH_RATE_HZ).astype(np.int16)

    said = hear(stream, hiss, chunk=SPEECH_RATE_HZ)
    hinting.close()

    assert text(said) == ""
    assert len(prompts) >= 3
    assert set(prompts) == {"the red door, Peter"}


def test_new_terms_are_a_hint_from_the_next_window_on(monkeypatch: pytest.MonkeyPatch) -> None:
    hints: list[str | None] = []
    original = WhisperModel.get_prompt

    def spy(*arguments: Any, hotwords: str | None = None, **options: Any) -> Any:
        hints.append(hotwords)
        return original(*arguments, hotwords=hotwords, **options)

    monkeypatch.setattr(WhisperModel, "get_prompt", spy)
    hinting = WhisperEngine(
        str(TINY_MODEL), WhisperOptions(threads=1, short_context=True, hints=True)
    )
    stream, other = [hinting.stream(language="en", terms=("Ada",)) for _ in range(2)]
    pcm = clips()[0].pcm[:SPEECH_RATE_HZ]

    stream.begin(0.0)
    list(stream.feed(pcm))
    learnt = stream.learn(("Ada", "Ben"))
    list(stream.feed(pcm))
    other.begin(0.0)
    list(other.feed(pcm))
    hinting.close()

    assert learnt
    assert list(dict.fromkeys(hints)) == ["Ada", "Ada, Ben"]
    assert hints[-1] == "Ada"


def test_a_folder_without_weights_is_refused() -> None:
    with pytest.raises(EngineUnavailable, match="no whisper weights"):
        WhisperEngine("nowhere")
