"""Torture: kill -9 at any moment of a room, of joining and of recovering; no more is lost."""

import asyncio
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import pytest

from models.audio import FRAME_SAMPLES, Frame, Pcm, seconds
from models.transcript import Final
from recorder import ogg
from recorder.recording import Recorder
from tests.recorder.killed import Plan, words_of
from transcripts.journal import SqliteJournal

SCRIPT = Path(__file__).with_name("killed.py")
FLUSHED = 50
Decoded = Callable[[Path], Pcm]


class Sound(Protocol):
    @property
    def frames(self) -> list[Frame]: ...


class Victims:
    """Starts processes that record or recover, and kills them."""

    def __init__(self, packets: Path, root: Path) -> None:
        environment = {**os.environ, "PYTHONPATH": str(SCRIPT.parents[2])}
        self._server = subprocess.Popen(
            [sys.executable, str(SCRIPT), str(packets), str(root)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )

    def run(self, what: str, *, kill_after_s: float | None) -> None:
        """Let a process do something until it is done, or is killed."""
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        after = "never" if kill_after_s is None else f"{kill_after_s:.6f}"
        self._server.stdin.write(f"{after} {what}\n")
        self._server.stdin.flush()
        assert self._server.stdout.readline() == "gone\n"

    def close(self) -> None:
        self._server.communicate(timeout=20)


@pytest.fixture
def packets_file(tmp_path: Path, hum: Sound) -> Path:
    path = tmp_path / "packets"
    packets = [frame.packet for frame in hum.frames]
    path.write_bytes(b"".join(len(p).to_bytes(2, "big") + p for p in packets))
    return path


@pytest.fixture
def victims(tmp_path: Path, packets_file: Path) -> Iterator[Victims]:
    started = Victims(packets_file, tmp_path / "room" / "recordings")
    yield started
    started.close()


def torture(victims: Victims, home: Path, hum: Sound, decoded: Decoded, rounds: int) -> set[str]:
    """Kill so many rooms; gives the moments at which that was."""
    chance = random.Random(5)
    folder = home / "room"
    whole_s = rehearse(victims, folder)
    seen: set[str] = set()
    for seed in range(rounds):
        fresh(folder)
        length_s = whole_s * Plan.of(seed).frames / 1000
        victims.run(f"record {seed}", kill_after_s=chance.uniform(0, 1.3 * length_s))
        seen.add(moment(folder))
        if chance.random() < 0.5:
            victims.run("recover", kill_after_s=chance.uniform(0, 0.03))
            seen.add(f"recovering: {moment(folder)}")
        check(folder, Plan.of(seed), hum, decoded)
    return seen


def rehearse(victims: Victims, folder: Path) -> float:
    """How long a thousand frames take here, joined, at the speed of this machine."""
    fresh(folder)
    seed = max(range(20), key=lambda seed: Plan.of(seed).frames)
    began = time.monotonic()
    victims.run(f"record {seed}", kill_after_s=None)
    return (time.monotonic() - began) / Plan.of(seed).frames * 1000


def fresh(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()


def check(folder: Path, plan: Plan, hum: Sound, decoded: Decoded) -> None:
    """What was flushed before the kill is whole, and captions are where they were said."""
    progress = folder / "progress"
    flushed = int(progress.read_text() or 0) if progress.exists() else 0
    recorder = Recorder(folder / "recordings")
    recorder.recover()
    recordings = recorder.recordings()
    if not recordings:
        assert flushed == 0
        return
    (recording,) = recordings
    frames = recording.samples // FRAME_SAMPLES
    assert flushed <= frames <= plan.frames
    media = recorder.media_path(recording.id)
    packets = [p for page in ogg.audio_pages(media.read_bytes()) for p in page.packets]
    assert packets[:-1] == [expected(plan, hum, index) for index in range(frames)]
    spans = [(loss.first_sample, loss.samples, loss.reason) for loss in recording.losses]
    said = min(frames, plan.end) - plan.first
    off_record = (plan.first * FRAME_SAMPLES, said * FRAME_SAMPLES, "off-record")
    assert spans == ([off_record] if said > 0 else [])
    assert len(decoded(media)) == recording.samples
    for one in asyncio.run(captions(folder)):
        index = round(one.start_s / seconds(FRAME_SAMPLES))
        assert index >= frames or one.text == words_of(packets[index])


def expected(plan: Plan, hum: Sound, index: int) -> bytes:
    return ogg.SILENCE if plan.is_off_record(index) else hum.frames[index % 500].packet


def moment(folder: Path) -> str:
    """Where in its life a recording was killed, by what is on the disk."""
    names = {path.name for path in folder.rglob("*")}
    if any(name.endswith(".ogg.part") for name in names):
        return "joining"
    if "tea-1.ogg" in names:
        return "tidying" if "segments" in names else "joined"
    return "recording" if "segments" in names else "beginning"


async def captions(folder: Path) -> list[Final]:
    path = folder / "transcripts.db"
    if not path.exists():
        return []
    async with SqliteJournal(path) as journal:
        return [one for one in await journal.transcript("tea") if isinstance(one, Final)]


def test_whatever_was_flushed_survives_a_kill_at_any_moment(
    victims: Victims, tmp_path: Path, hum: Sound, decoded: Decoded
) -> None:
    seen = torture(victims, tmp_path, hum, decoded, rounds=10)

    assert "recording" in seen


@pytest.mark.soak
def test_two_hundred_kills_lose_nothing_that_was_flushed(
    victims: Victims, tmp_path: Path, hum: Sound, decoded: Decoded
) -> None:
    seen = torture(victims, tmp_path, hum, decoded, rounds=200)

    assert {"recording", "joining", "joined", "recovering: joining"} <= seen
