"""A smaller model beside the usual one: which decodes what, and what is refused at the start."""

import asyncio
import os
import shutil
import signal
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from faster_whisper import WhisperModel
from huggingface_hub import constants

from asr.choose import choose, whisper_spec
from asr.host import Limits
from asr.process import WorkerSpec
from asr.room import RoomStream
from asr.streaming import Window
from asr.supervisor import Supervised
from asr.whisper import WhisperEngine, WhisperOptions
from asr.windows import WindowJob, WindowResult
from models.audio import SPEECH_RATE_HZ
from models.errors import Invalid
from models.transcript import Hypothesis
from pipeline.recognition import EngineBack, Progress
from tests.fixtures import random_whisper
from tests.fixtures.clips import TINY_MODEL, clips, word_error_rate


@pytest.fixture(autouse=True)
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same weights in another folder."""
    folder = tmp_path_factory.mktemp("models") / "other"
    shutil.copytree(TINY_MODEL, folder)
    return folder


@pytest.fixture(scope="module")
def deaf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Weights that hear nothing that was said."""
    return random_whisper.write(tmp_path_factory.mktemp("deaf"))


def test_the_smaller_model_decodes_from_the_next_window_on_and_no_longer_than_asked(
    monkeypatch: pytest.MonkeyPatch, other: Path
) -> None:
    used: list[WhisperModel] = []
    original = WhisperModel.transcribe

    def spy(self: WhisperModel, *arguments: Any, **options: Any) -> Any:
        used.append(self)
        return original(self, *arguments, **options)

    monkeypatch.setattr(WhisperModel, "transcribe", spy)
    options = WhisperOptions(threads=1, short_context=True)
    engine = WhisperEngine(str(TINY_MODEL), options, smaller=str(other), smaller_short_context=True)
    stream, neighbour = engine.stream(language="en"), engine.stream(language="en")
    pcm, second = clips()[0].pcm, SPEECH_RATE_HZ

    stream.begin(0.0)
    said: list[Hypothesis] = []
    for number, on in enumerate((False, True, True, False)):
        stream.lighten(on)  # type: ignore[attr-defined]  # only streams of whisper have it
        said += stream.feed(pcm[number * second : (number + 1) * second])
    said += stream.end(pcm[4 * second :])
    neighbour.begin(0.0)
    list(neighbour.end(pcm[:second]))
    engine.close()

    usual, smaller = used[0], used[1]
    assert usual is not smaller
    assert used[:5] == [usual, smaller, smaller, usual, usual]
    assert used[-1] is usual
    heard = " ".join(word.text for h in said if h.final for word in h.words)
    assert word_error_rate(clips()[0].text, heard) == 0.0
    assert engine.info.smaller == "other"


def test_windows_for_both_models_come_back_in_their_order_from_one_batch(deaf: Path) -> None:
    engine = WhisperEngine(
        str(deaf), WhisperOptions(threads=1, batch=4, hints=False), smaller=str(TINY_MODEL)
    )
    jobs = [
        WindowJob(
            window=Window(start_s=0.0, pcm=clip.pcm, last=True),
            language="en",
            hotwords="",
            light=light,
        )
        for clip, light in zip(clips(), (True, False, True, False), strict=False)
    ]

    results = engine.decode_all(jobs)
    engine.close()

    rates = [
        word_error_rate(clip.text, _text(result))
        for clip, result in zip(clips(), results, strict=False)
    ]
    assert [rates[0], rates[2]] == [0.0, 0.0]
    assert min(rates[1], rates[3]) > 0.9


def _text(result: WindowResult | Exception) -> str:
    assert isinstance(result, WindowResult)
    return " ".join(word.text for word in result.words)


def _spec(usual: Path, smaller: Path) -> WorkerSpec:
    return replace(whisper_spec(usual, "usual"), processes=1, smaller=str(smaller))


async def _hear(stream: RoomStream, start_s: float) -> str:
    """Say the first sentence; gives the words of its finals."""
    stream.begin(start_s)
    stream.feed(clips()[0].pcm)
    stream.end()
    words: list[str] = []
    async for event in stream.results():
        if isinstance(event, Hypothesis) and event.final:
            words += [word.text for word in event.words]
        if isinstance(event, Progress) and event.settled:
            break
    return " ".join(words)


async def test_a_room_goes_over_to_the_smaller_model_and_stays_there_after_a_restart(
    deaf: Path,
) -> None:
    recogniser = Supervised(_spec(deaf, TINY_MODEL), limits=Limits(first_retry_s=0.05))
    heard: list[str] = []
    async with asyncio.timeout(120):
        stream = await recogniser.open(language="en")
        heard.append(await _hear(stream, 0.0))
        stream.lighten(True)
        heard.append(await _hear(stream, 20.0))
        os.kill(recogniser.pids[0], signal.SIGKILL)
        async for event in stream.results():
            if isinstance(event, EngineBack):
                break
        heard.append(await _hear(stream, 40.0))
        stream.lighten(False)
        heard.append(await _hear(stream, 60.0))
        await recogniser.close()

    rates = [word_error_rate(clips()[0].text, text) for text in heard]
    assert rates[1:3] == [0.0, 0.0]
    assert min(rates[0], rates[3]) > 0.9


def test_a_smaller_model_is_named_and_reaches_the_processes(other: Path) -> None:
    choice = choose(model=str(TINY_MODEL), smaller=str(other))

    assert choice.recogniser.info.smaller == "other"
    assert choice.recogniser.info.model == TINY_MODEL.name
    assert choose(model=str(TINY_MODEL)).recogniser.info.smaller == ""


@pytest.mark.parametrize("smaller", ["tiny.en", "/nowhere/tiny"])
def test_a_smaller_model_that_is_not_here_is_refused_with_one_line(
    smaller: str, tmp_path: Path
) -> None:
    with pytest.raises(Invalid, match=r"tiny.*ROOMSCRIBE_SMALLER_MODEL") as refused:
        choose(model=str(TINY_MODEL), smaller=smaller, download=False, cache=tmp_path)
    assert "\n" not in str(refused.value)


def test_a_smaller_model_that_knows_less_languages_is_refused(deaf: Path) -> None:
    with pytest.raises(Invalid, match="does not know all languages"):
        choose(model=str(deaf), smaller=str(TINY_MODEL))


def test_files_are_captioned_without_a_smaller_model(other: Path) -> None:
    choice = choose(model=str(TINY_MODEL), smaller=str(other), patient=True)

    assert choice.recogniser.info.smaller == ""
