"""The recorder's figures: that they are measured and laid out as they are read."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench.recorder import Finished, Memory, Plan, finish, report
from bench.recording_ways import WAYS, Sound, measure

ONE = Finished(job_s=2.0, job_cpu_s=1.0, job_kib=51_200, m4a_s=4.0, m4a_kib=20_480)


def test_others_stand_beside_ours_with_how_many_times_as_much_they_take() -> None:
    plan = Plan(rooms=(1, 20), live_s=10, lengths_s=(600, 3600), runs=3)
    used = {(way, rooms): rooms * 2.0 for way in WAYS for rooms in plan.rooms}
    used["ffmpeg", 20] = 100.0

    text = report(plan, used, {600: ONE, 3600: ONE})

    assert "| CPU of recording, % of one core | one room | 20 rooms |" in text
    assert "| 2.0 | 40.0 |" in text
    assert "| 2.0 (1.0 ×) | 100.0 (2.5 ×) |" in text
    assert "| finishing | 10 min | 1 h |" in text
    assert "| joined, measured and drawn | 2.0 s, 300 × | 2.0 s, 1800 × |" in text
    assert "| 50 MiB | 50 MiB |" in text


@pytest.mark.parametrize("way", WAYS)
def test_each_way_records(way: str, tmp_path: Path) -> None:
    used = measure(way, 1, 0.5, tmp_path / way)

    assert 0 < used < 400
    assert any(path.stat().st_size > 500 for path in (tmp_path / way).rglob("*.ogg"))


def test_a_room_is_finished_faster_than_it_lasted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))

    one = finish(20, Sound(), tmp_path)

    assert one.job_s < 20
    assert one.job_kib > 20_000
    assert (tmp_path / "room0-1" / "derived").is_dir()


def test_the_memory_of_processes_below_is_watched() -> None:
    script = "x = bytearray(80 << 20); import time; time.sleep(1)"
    with Memory() as memory:
        subprocess.run([sys.executable, "-c", script], env=os.environ, check=True)

    assert memory.peak_kib > 80 * 1024
