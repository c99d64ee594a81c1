import hashlib
from pathlib import Path

import numpy as np
import pytest

from models.audio import Pcm
from models.errors import StorageFailed
from recorder import peaks
from recorder.peaks import Peaks, PeaksMaker


def made(pcm: Pcm, block: int = 1000) -> Peaks:
    maker = PeaksMaker()
    for at in range(0, len(pcm), block):
        maker.add(pcm[at : at + block])
    return maker.end()


@pytest.fixture
def noise() -> Pcm:
    loud = np.random.default_rng(3).integers(-32768, 32768, 100_000)
    return loud.astype(np.int16)


@pytest.mark.parametrize("block", [1, 959, 960, 10_000, 1_000_000])
def test_blocks_of_any_length_make_the_same_points(noise: Pcm, block: int) -> None:
    pcm = noise[:3000]

    found = made(pcm, block)

    assert found.samples == 3000
    assert found.points.shape == (4, 2)
    for number, (low, high) in enumerate(found.points):
        part = pcm[number * 960 : (number + 1) * 960] / 256
        assert (low, high) == (np.floor(part.min()), min(np.ceil(part.max()), 127))


def test_a_soft_word_is_not_drawn_as_silence() -> None:
    pcm = np.zeros(1920, np.int16)
    pcm[100:110] = (3, -3) * 5

    assert made(pcm).points.tolist() == [[-1, 1], [0, 0]]


def test_fewer_points_hold_the_same_extremes(noise: Pcm) -> None:
    found = made(noise)

    few = found.fewer(10)

    assert len(few.points) <= 10
    assert few.points[:, 0].min() == found.points[:, 0].min()
    assert few.points[:, 1].max() == found.points[:, 1].max()
    assert len(few.points) == -(-few.samples // few.samples_per_point)
    assert found.fewer(1000) is found


def test_a_part_holds_all_that_is_asked_for(noise: Pcm) -> None:
    found = made(noise)

    part = found.between(1000, 5000)

    assert part.points.tolist() == found.points[1:6].tolist()
    assert part.samples == 5 * 960
    assert found.between(99_000, 200_000).samples == 100_000 - 103 * 960


def test_what_was_kept_is_read_back(tmp_path: Path, noise: Pcm) -> None:
    found = made(noise)
    peaks.save(tmp_path, found)

    kept = peaks.load(tmp_path)

    assert kept is not None
    assert (kept.samples, kept.samples_per_point) == (100_000, 960)
    assert kept.points.tolist() == found.points.tolist()
    content = (tmp_path / "peaks.bin").read_bytes()
    assert content[:4] == b"RSPK"
    assert hashlib.sha256(content[56:]).digest() == content[24:56]


def test_a_damaged_file_is_noticed(tmp_path: Path, noise: Pcm) -> None:
    assert peaks.load(tmp_path) is None
    peaks.save(tmp_path, made(noise))
    path = tmp_path / "peaks.bin"
    whole = path.read_bytes()

    for damaged in (whole[:-1], whole[:30], b"", whole[:60] + b"x" + whole[61:]):
        path.write_bytes(damaged)
        with pytest.raises(StorageFailed):
            peaks.load(tmp_path)


def test_eight_hours_fit_into_three_megabytes() -> None:
    maker, minute = PeaksMaker(), np.zeros(60 * 48_000, np.int16)
    for _ in range(8 * 60):
        maker.add(minute)

    found = maker.end()

    assert found.points.nbytes == 8 * 3600 * 50 * 2
    assert len(found.fewer(2000).points) == 2000
