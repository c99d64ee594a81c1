import os
import time
from pathlib import Path

import pytest

from bench.peers.plan import Step
from bench.peers.results import Results, fingerprint
from tests.bench.made_runs import made_run

STEP = Step(rooms=4, run=1, system="ours")


def test_a_run_comes_back_as_it_was(tmp_path: Path) -> None:
    Results(tmp_path / "new").put(STEP, made_run(1.0, 2.0))

    assert Results(tmp_path / "new").get(STEP) == made_run(1.0, 2.0)


def test_what_was_not_measured_is_not_there(tmp_path: Path) -> None:
    assert Results(tmp_path).get(STEP) is None


def test_yesterdays_runs_are_measured_again(tmp_path: Path) -> None:
    results = Results(tmp_path)
    results.put(STEP, made_run(1.0))
    yesterday_s = time.time() - 86_400
    for file in tmp_path.iterdir():
        os.utime(file, (yesterday_s, yesterday_s))

    assert results.get(STEP) is None


@pytest.mark.parametrize("content", ["", "{", '{"scores": 1}', "[]"])
def test_half_a_result_is_none(tmp_path: Path, content: str) -> None:
    results = Results(tmp_path)
    results.put(STEP, made_run(1.0))
    for file in tmp_path.iterdir():
        file.write_text(content)

    assert results.get(STEP) is None


def test_everything_can_be_forgotten(tmp_path: Path) -> None:
    results = Results(tmp_path)
    results.put(STEP, made_run(1.0))

    results.clear()

    assert results.get(STEP) is None


def test_other_code_or_weights_or_speech_are_another_measurement(tmp_path: Path) -> None:
    (tmp_path / "asr").mkdir()
    code, weights = tmp_path / "asr" / "a.py", tmp_path / "model.bin"
    code.write_text("1")
    weights.write_text("1")

    def mark(length_s: float) -> str:
        return fingerprint(tmp_path, tmp_path, length_s, ["asr"])

    first = mark(20.0)
    marks = [first, mark(20.0), mark(40.0)]
    code.write_text("2")
    marks.append(mark(20.0))
    code.write_text("1")
    weights.write_text("2")
    marks.append(mark(20.0))

    assert marks.count(first) == 2
    assert len(set(marks)) == 4
