import json
from pathlib import Path

import pytest

from asr import proof
from asr.proof import Figures, Run, proven


def figures(*, whole: float, streamed: float, cpu: float) -> Figures:
    return Figures(whole=Run(wer=whole, cpu=cpu), streamed=Run(wer=streamed, cpu=cpu))


FULL = figures(whole=0.10, streamed=0.12, cpu=0.4)
SHORT = figures(whole=0.10, streamed=0.124, cpu=0.1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "weights"
    made.mkdir()
    (made / "model.bin").write_bytes(b"weights")
    return made


def test_as_accurate_and_faster_is_proven() -> None:
    assert proven(FULL, SHORT)


@pytest.mark.parametrize(
    ("full", "short"),
    [
        (FULL, figures(whole=0.12, streamed=0.12, cpu=0.1)),
        (FULL, figures(whole=0.10, streamed=0.13, cpu=0.1)),
        (FULL, figures(whole=0.10, streamed=0.12, cpu=0.38)),
        (figures(whole=1.0, streamed=1.0, cpu=0.4), figures(whole=1.0, streamed=1.0, cpu=0.1)),
    ],
    ids=["worse in one window", "worse streamed", "no faster", "nothing understood at all"],
)
def test_words_lost_or_nothing_gained_is_not_proven(full: Figures, short: Figures) -> None:
    assert not proven(full, short)


def test_a_written_proof_holds_for_its_weights(folder: Path, tmp_path: Path) -> None:
    assert not proof.holds(folder, cache=tmp_path)

    written = proof.write(folder, FULL, SHORT, cache=tmp_path)

    assert written.parent == folder
    assert proof.holds(folder, cache=tmp_path)


@pytest.mark.parametrize("changed", [b"other weights", b"WEIGHTS"], ids=["size", "content"])
def test_other_weights_are_not_proven(folder: Path, tmp_path: Path, changed: bytes) -> None:
    proof.write(folder, FULL, SHORT, cache=tmp_path)
    (folder / "model.bin").write_bytes(changed)

    assert not proof.holds(folder, cache=tmp_path)


def test_weights_in_a_folder_that_cannot_be_written_are_proven_in_the_cache(
    folder: Path, tmp_path: Path
) -> None:
    (folder / proof.FILE).mkdir()  # nobody can write a file there, root neither

    written = proof.write(folder, FULL, SHORT, cache=tmp_path / "proofs")

    assert written.parent == tmp_path / "proofs"
    assert proof.holds(folder, cache=tmp_path / "proofs")


def test_a_proof_of_other_lengths_does_not_hold(folder: Path, tmp_path: Path) -> None:
    file = proof.write(folder, FULL, SHORT, cache=tmp_path)
    content = json.loads(file.read_text())
    file.write_text(json.dumps(content | {"lengths_frames": [0, 100, 100]}))

    assert not proof.holds(folder, cache=tmp_path)


@pytest.mark.parametrize("content", ["", "{", "[]", "null", "{}"])
def test_what_is_no_proof_proves_nothing(folder: Path, tmp_path: Path, content: str) -> None:
    (folder / proof.FILE).write_text(content)

    assert not proof.holds(folder, cache=tmp_path)


def test_a_proof_is_taken_back(folder: Path, tmp_path: Path) -> None:
    written = proof.write(folder, FULL, SHORT, cache=tmp_path)

    assert proof.withdraw(folder, cache=tmp_path) == [written]

    assert not proof.holds(folder, cache=tmp_path)
