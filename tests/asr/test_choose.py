from pathlib import Path

import pytest
from huggingface_hub import constants

from asr import proof
from asr.choose import PADDED, SHORT, choose, whisper_spec
from models.errors import EngineUnavailable, Invalid
from tests.asr.test_weights import put_weights
from tests.fixtures.clips import TINY_MODEL


@pytest.fixture(autouse=True)
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)


def test_cached_weights_are_used(tmp_path: Path) -> None:
    put_weights(tmp_path / "models--Systran--faster-whisper-base.en" / "snapshots" / "abc")
    choice = choose(cache=tmp_path)
    assert (choice.recogniser.info.name, choice.recogniser.info.model) == (
        "faster-whisper",
        "base.en",
    )
    assert choice.notice == ""


def test_without_weights_and_network_the_embedded_engine_captions_and_says_so(
    tmp_path: Path,
) -> None:
    choice = choose(cache=tmp_path)
    assert choice.recogniser.info.name == "pocketsphinx"
    assert "basic" in choice.notice
    assert "--model" in choice.notice


def test_a_folder_of_weights_is_used() -> None:
    choice = choose(model=str(TINY_MODEL))
    assert choice.recogniser.info.quality == "good"


def test_a_folder_that_is_not_there_is_not_looked_for_elsewhere(tmp_path: Path) -> None:
    with pytest.raises(EngineUnavailable, match="not on this machine"):
        choose(model=str(tmp_path / "weights"))


def test_an_engine_that_was_asked_for_is_not_replaced(tmp_path: Path) -> None:
    with pytest.raises(EngineUnavailable):
        choose("faster-whisper", cache=tmp_path)


@pytest.mark.parametrize(
    ("cores", "workers", "threads"), [(1, 1, 1), (2, 2, 1), (4, 4, 1), (8, 4, 2), (64, 4, 4)]
)
def test_cores_become_workers_before_they_become_threads(
    monkeypatch: pytest.MonkeyPatch, cores: int, workers: int, threads: int
) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda _: set(range(cores)))
    spec = whisper_spec(TINY_MODEL, "tiny")
    assert (spec.workers, spec.threads) == (workers, threads)


def test_an_unknown_engine_is_refused() -> None:
    with pytest.raises(Invalid, match="no engine called loud"):
        choose("loud")


@pytest.mark.parametrize(
    ("asked", "is_proven", "work"),
    [
        ("auto", True, SHORT),
        ("auto", False, PADDED),
        ("on", False, SHORT),
        ("off", True, PADDED),
    ],
)
def test_a_short_context_is_used_where_it_is_proven_or_asked_for(
    tmp_path: Path, asked: str, is_proven: bool, work: str
) -> None:
    put_weights(tmp_path / "weights")
    if is_proven:
        good = proof.Run(wer=0.0, cpu=0.1)
        figures = proof.Figures(whole=good, streamed=good)
        proof.write(tmp_path / "weights", figures, figures)

    assert choose(model=str(tmp_path / "weights"), short_context=asked).work == work
