from pathlib import Path

import pytest

from asr import proof
from bench import context
from tests.fixtures.clips import TINY_MODEL


def test_the_small_model_is_proven() -> None:
    assert proof.holds(TINY_MODEL), (
        "The small model has changed: "
        "python -m bench.context --model tests/fixtures/whisper-tiny-domain --write"
    )


def test_a_folder_without_weights_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert context.main(["--model", str(tmp_path)]) == 2
    assert "no weights" in capsys.readouterr().out
