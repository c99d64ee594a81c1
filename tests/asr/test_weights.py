import json
from pathlib import Path
from typing import Any

import huggingface_hub
import pytest
from huggingface_hub import constants

from asr import weights
from asr.language import LANGUAGES
from models.errors import EngineUnavailable
from tests.fixtures.clips import TINY_MODEL


def put_weights(folder: Path) -> Path:
    folder.mkdir(parents=True)
    for name in weights.NEEDED:
        (folder / name).write_bytes(b"x")
    return folder


def test_a_folder_is_found_as_it_is() -> None:
    assert weights.find(str(TINY_MODEL)) == TINY_MODEL


def test_a_cached_model_is_found_by_name(tmp_path: Path) -> None:
    folder = put_weights(tmp_path / "models--Systran--faster-whisper-base.en" / "snapshots" / "abc")
    assert weights.find("base.en", cache=tmp_path) == folder


def test_the_snapshot_that_main_points_to_is_preferred(tmp_path: Path) -> None:
    model = tmp_path / "models--Systran--faster-whisper-base"
    wanted = put_weights(model / "snapshots" / "aaa")
    put_weights(model / "snapshots" / "bbb")
    (model / "refs").mkdir()
    (model / "refs" / "main").write_text("aaa")
    assert weights.find("base", cache=tmp_path) == wanted


def test_a_download_that_was_broken_off_is_not_taken_for_weights(tmp_path: Path) -> None:
    folder = put_weights(tmp_path / "models--Systran--faster-whisper-base" / "snapshots" / "abc")
    (folder / "model.bin").unlink()
    assert weights.find("base", cache=tmp_path) is None


def test_the_model_follows_the_language() -> None:
    assert weights.default_model("en-GB") == "base.en"
    assert weights.default_model("de") == "base"
    assert weights.default_model("auto") == "base"


@pytest.mark.parametrize(
    ("tokens", "known"),
    [
        (["!", "<|endoftext|>"], ("en",)),
        (["!", "", "<|endoftext|>", "<|de|>"], LANGUAGES),
        (["!", "", "<|endoftext|>", "<|yue|>"], (*LANGUAGES, "yue")),
    ],
    ids=["English only", "multilingual", "the largest"],
)
@pytest.mark.parametrize("name", ["vocabulary.txt", "vocabulary.json"])
def test_the_vocabulary_says_which_languages_weights_know(
    tmp_path: Path, tokens: list[str], known: tuple[str, ...], name: str
) -> None:
    text = json.dumps(tokens) if name.endswith("json") else "\n".join(tokens) + "\n"
    (tmp_path / name).write_text(text)

    assert weights.languages(tmp_path) == known


@pytest.mark.parametrize(
    ("name", "may"), [("small", True), ("distil-large-v3", False), ("large-v3-turbo", False)]
)
def test_weights_that_were_only_trained_to_transcribe_do_not_translate(
    name: str, may: bool
) -> None:
    assert weights.may_translate(name) is may


def test_a_vocabulary_that_cannot_be_read_rules_no_language_out(tmp_path: Path) -> None:
    (tmp_path / "vocabulary.json").write_text("{")

    assert weights.languages(tmp_path) == ()
    assert weights.languages(tmp_path / "elsewhere") == ()


def test_without_a_network_a_download_is_refused_in_one_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(EngineUnavailable, match="no network"):
        weights.download("base.en")


def test_progress_is_told_in_bytes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def fetch(repository: str, *, tqdm_class: Any, **options: Any) -> str:
        files = tqdm_class(total=5, unit="it", desc="Fetching 5 files")
        written = tqdm_class(total=0, unit="B", desc="Reconstructing")
        written.total += 100
        for _ in range(2):
            written.update(50)
            files.update(1)
        return str(put_weights(tmp_path / repository))

    monkeypatch.setattr(weights, "reachable", lambda: True)
    monkeypatch.setattr(huggingface_hub, "snapshot_download", fetch)
    told: list[tuple[int, int]] = []
    path = weights.download("base.en", lambda done, total: told.append((done, total)))
    assert path == tmp_path / "Systran" / "faster-whisper-base.en"
    assert told == [(50, 100), (100, 100)]


def test_a_download_that_fails_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def fetch(repository: str, **options: Any) -> str:
        raise OSError

    monkeypatch.setattr(weights, "reachable", lambda: True)
    monkeypatch.setattr(huggingface_hub, "snapshot_download", fetch)
    with pytest.raises(EngineUnavailable, match="could not be downloaded"):
        weights.download("base.en")
