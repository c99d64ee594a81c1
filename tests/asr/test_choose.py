from pathlib import Path

import pytest
from huggingface_hub import constants

from asr import proof
from asr.choose import PADDED, SHORT, choose, whisper_spec
from asr.machine import Wish
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


def test_multilingual_weights_go_before_english_only_ones_unless_english_is_spoken(
    tmp_path: Path,
) -> None:
    for name in ("base", "base.en"):
        put_weights(tmp_path / f"models--Systran--faster-whisper-{name}" / "snapshots" / "abc")

    assert choose(cache=tmp_path).recogniser.info.model == "base"
    assert choose(cache=tmp_path, language="en").recogniser.info.model == "base.en"
    assert choose(cache=tmp_path, language="de").recogniser.info.model == "base"


def test_english_only_weights_are_not_taken_for_another_language(tmp_path: Path) -> None:
    put_weights(tmp_path / "models--Systran--faster-whisper-base.en" / "snapshots" / "abc")

    assert choose(cache=tmp_path, language="de").recogniser.info.name == "pocketsphinx"


def test_our_small_weights_know_english_only() -> None:
    assert whisper_spec(TINY_MODEL, "tiny").languages == ("en",)


def test_without_weights_and_network_the_embedded_engine_captions_and_says_so(
    tmp_path: Path,
) -> None:
    choice = choose(cache=tmp_path)
    assert choice.recogniser.info.name == "pocketsphinx"
    assert "basic" in choice.notice
    assert "--model" in choice.notice


@pytest.mark.parametrize("engine", ["auto", "pocketsphinx", "scripted"])
def test_a_smaller_model_that_the_engine_cannot_use_is_named_in_a_line_of_its_own(
    tmp_path: Path, engine: str
) -> None:
    script = tmp_path / "script.json"
    script.write_text('{"lines": []}')
    model = str(script) if engine == "scripted" else ""

    without = choose(engine, model, cache=tmp_path).notice
    notice = choose(engine, model, smaller="tiny", cache=tmp_path).notice

    (line,) = set(notice.splitlines()) - set(without.splitlines())
    assert line.startswith("ROOMSCRIBE_SMALLER_MODEL has no effect")


def test_a_folder_of_weights_is_used() -> None:
    choice = choose(model=str(TINY_MODEL))
    assert choice.recogniser.info.quality == "good"


def test_a_folder_that_is_not_there_is_not_looked_for_elsewhere(tmp_path: Path) -> None:
    with pytest.raises(EngineUnavailable, match="not on this machine"):
        choose(model=str(tmp_path / "weights"))


def test_an_engine_that_was_asked_for_is_not_replaced(tmp_path: Path) -> None:
    with pytest.raises(EngineUnavailable):
        choose("faster-whisper", cache=tmp_path)


def test_what_was_set_about_the_machine_reaches_the_processes() -> None:
    choice = choose(model=str(TINY_MODEL), wish=Wish(processes=3, workers=2, threads=1))
    assert choice.share is not None
    assert (choice.share.processes, choice.share.workers, choice.share.threads) == (3, 2, 1)

    spec = whisper_spec(TINY_MODEL, "tiny", taken=choice.share)
    assert (spec.processes, spec.workers, spec.threads) == (3, 2, 1)
    assert (spec.device, spec.compute_type) == (choice.share.device, choice.share.compute_type)


def test_a_gpu_that_was_asked_for_is_not_replaced_by_another_engine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ctranslate2.get_cuda_device_count", lambda: 0)
    with pytest.raises(Invalid, match="no NVIDIA GPU"):
        choose(wish=Wish(device="cuda"))


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
