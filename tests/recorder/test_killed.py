"""Torture: kill -9 at any moment of a room, of joining, of moving and deleting; no more is lost."""

import asyncio
import hashlib
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from models.audio import FRAME_SAMPLES, Pcm, seconds
from models.recording import Recording
from models.transcript import Final
from recorder import copies, forgotten, ogg, peaks
from recorder.finalise import NOT_ON_DISK
from recorder.job import is_left
from recorder.object_store import content_sha256
from recorder.recording import Recorder
from recorder.sounds import sounds_of
from recorder.transfer import remove
from tests.recorder.killed import CountedStore, Plan, words_of
from tests.recorder.taps import Sound
from tests.s3_server import S3Server, s3_server
from transcripts.journal import SqlJournal

SCRIPT = Path(__file__).with_name("killed.py")
BEAT_FRAMES = 10
Decoded = Callable[[Path], Pcm]


class Victims:
    """Starts processes that record, recover, move or delete, and kills them."""

    def __init__(self, packets: Path, root: Path, s3: str) -> None:
        environment = {**os.environ, "PYTHONPATH": str(SCRIPT.parents[2])}
        self._server = subprocess.Popen(
            [sys.executable, str(SCRIPT), str(packets), str(root), s3],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )

    def run(self, what: str, *, after: tuple[int, float] | None) -> int:
        """Let a process do something until it is done, or is killed; gives its beats.

        It is killed ``after`` so many beats, and some seconds more.
        """
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        moment = "never" if after is None else f"{after[0]}:{after[1]:.6f}"
        self._server.stdin.write(f"{moment} {what}\n")
        self._server.stdin.flush()
        gone, beats = self._server.stdout.readline().split()
        assert gone == "gone"
        return int(beats)

    def close(self) -> None:
        self._server.communicate(timeout=20)


@pytest.fixture
def packets_file(tmp_path: Path, hum: Sound) -> Path:
    path = tmp_path / "packets"
    packets = [frame.packet for frame in hum.frames]
    path.write_bytes(b"".join(len(p).to_bytes(2, "big") + p for p in packets))
    return path


@pytest.fixture(scope="module")
def server() -> Iterator[S3Server]:
    with s3_server() as started:
        yield started


@pytest.fixture
def victims(tmp_path: Path, packets_file: Path, server: S3Server) -> Iterator[Victims]:
    started = Victims(packets_file, tmp_path / "room" / "recordings", server.url)
    yield started
    started.close()


def torture(
    victims: Victims, home: Path, hum: Sound, decoded: Decoded, server: S3Server, rounds: int
) -> set[str]:
    """Kill so many rooms, more than once each; gives the moments at which that was."""
    chance = random.Random(5)
    folder = home / "room"
    job_beats = rehearse(victims, folder)
    upload_beats = victims.run("upload", after=None)
    seen: set[str] = set()
    for seed in range(rounds):
        fresh(folder)
        server.empty()
        beats = Plan.of(seed).frames // BEAT_FRAMES
        after = min(beats, chance.randrange(round(1.3 * beats) + 1))
        victims.run(f"record {seed}", after=(after, chance.uniform(0, 0.02)))
        seen.add(moment(folder))
        if chance.random() < 0.5:
            victims.run("recover", after=(0, chance.uniform(0, 0.03)))
            seen.add(f"recovering: {moment(folder)}")
        if finished := chance.random() < 0.5:
            after = chance.randrange(job_beats + 1)
            victims.run("finish", after=(after, chance.uniform(0, 0.02)))
            seen.add(f"finishing: {moment(folder)}")
        check(folder, Plan.of(seed), hum, decoded)
        if finished:
            victims.run("finish", after=None)
            assert not [one for one in (folder / "recordings").glob("*") if is_left(one)]
        for _ in range(chance.randrange(3)):
            after = chance.randrange(upload_beats + 1)
            victims.run("upload", after=(after, chance.uniform(0, 0.02)))
            seen.add(f"moving: {check_copies(folder, server)}")
        if chance.random() < 0.3:
            victims.run("upload", after=None)
            check_copies(folder, server)
            check(folder, Plan.of(seed), hum, decoded, server)  # which fetches the sound again
        if chance.random() < 0.4:
            victims.run("delete", after=(chance.randrange(4), chance.uniform(0, 0.02)))
            seen.add(f"deleting: {check_deleted(folder, server)}")
    return seen


def rehearse(victims: Victims, folder: Path) -> int:
    """How often the finishing job says how far it is, for the longest room."""
    fresh(folder)
    seed = max(range(20), key=lambda seed: Plan.of(seed).frames)
    victims.run(f"record {seed}", after=None)
    return victims.run("finish", after=None)


def fresh(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()


def check(
    folder: Path, plan: Plan, hum: Sound, decoded: Decoded, server: S3Server | None = None
) -> None:
    """What was flushed before the kill is whole, and captions are where they were said."""
    progress = folder / "progress"
    flushed = int(progress.read_text() or 0) if progress.exists() else 0
    store = CountedStore(server.url) if server else None
    recorder = Recorder(folder / "recordings", store=store)
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
    gone = being_flushed(recording, flushed)
    said = [ogg.SILENCE if n in gone else expected(plan, hum, n) for n in range(frames)]
    assert packets[:-1] == said
    spans = [
        (loss.first_sample, loss.samples, loss.reason)
        for loss in recording.losses
        if loss.reason != NOT_ON_DISK
    ]
    silent = min(frames, plan.end) - plan.first
    off_record = (plan.first * FRAME_SAMPLES, silent * FRAME_SAMPLES, "off-record")
    assert spans == ([off_record] if silent > 0 else [])
    assert len(decoded(media)) == recording.samples
    check_track(recorder, recording, plan, hum, flushed)
    for one in asyncio.run(captions(folder)):
        index = round(one.start_s / seconds(FRAME_SAMPLES))
        assert index >= frames or index in gone or one.text == words_of(packets[index])


def being_flushed(recording: Recording, flushed: int) -> set[int]:
    """Frames of which only what is off the record behind them was written when the kill came."""
    gone = set()
    for loss in recording.losses:
        if loss.reason == NOT_ON_DISK:
            first = loss.first_sample // FRAME_SAMPLES
            gone |= set(range(first, first + loss.samples // FRAME_SAMPLES))
    assert min(gone, default=flushed) >= flushed
    return gone


def check_track(
    recorder: Recorder, recording: Recording, plan: Plan, hum: Sound, flushed: int
) -> None:
    """What Ada sent is what the mix holds while she speaks, and else silence.

    Of what was being flushed at the kill it may be silence although the mix holds it.
    """
    if any(plan.is_ada(index) and not plan.is_off_record(index) for index in range(flushed)):
        assert [track.speaker.name for track in recording.tracks] == ["Ada"]
    for track in recording.tracks:
        assert track.losses == ()
        path = recorder.track_path(recording.id, track.id)
        packets = [p for page in ogg.audio_pages(path.read_bytes()) for p in page.packets]
        assert len(packets) == recording.samples // FRAME_SAMPLES
        for index, packet in enumerate(packets):
            said = expected(plan, hum, index) if plan.is_ada(index) else ogg.SILENCE
            assert packet == said or (index >= flushed and packet == ogg.SILENCE)


def check_copies(folder: Path, server: S3Server) -> str:
    """Each sound is here or in the store, bit for bit, and all that is noted is in the store."""
    store = CountedStore(server.url)
    moment = "nothing"
    for recording in Recorder(folder / "recordings").recordings():
        home = folder / "recordings" / recording.id
        there = {one.key: content_sha256(store, one) for one in store.list(recording.id)}
        noted = copies.load(home).files
        moment = "noted" if noted else "there" if there else "here"
        for name, sha256 in sounds_of(recording).items():
            if (home / name).exists():
                assert hashlib.sha256((home / name).read_bytes()).hexdigest() == sha256
            else:
                assert there[f"{recording.id}/{name}"] == sha256
                moment = "gone"
            assert there.get(f"{recording.id}/{name}", sha256) == sha256
        for name, copy in noted.items():
            assert there[f"{recording.id}/{name}"] == copy.sha256
    return moment


def check_deleted(folder: Path, server: S3Server) -> str:
    """A recording is there, with one of its copies, or all of it is or will be gone."""
    store = CountedStore(server.url)
    recorder = Recorder(folder / "recordings", store=store)
    left = recorder.left()
    doomed = forgotten.all_of(recorder.root)
    assert not set(left) & set(doomed)
    for name in doomed:
        remove(store, recorder.root, name)
    for name in left:
        assert recorder.media_path(name).exists()
    assert {one.key.partition("/")[0] for one in store.list("")} <= set(left)
    return "not yet" if left else "noted" if doomed else "gone"


def expected(plan: Plan, hum: Sound, index: int) -> bytes:
    return ogg.SILENCE if plan.is_off_record(index) else hum.frames[index % 500].packet


def moment(folder: Path) -> str:
    """Where in its life a recording was killed, by what is on the disk."""
    names = {path.name for path in folder.rglob("*")}
    if any(name.endswith(".ogg.part") for name in names):
        return "joining"
    if peaks.FILE in names:
        return "measured"
    if "tea-1.ogg" in names:
        return "tidying" if "segments" in names else "joined"
    return "recording" if "segments" in names else "beginning"


async def captions(folder: Path) -> list[Final]:
    path = folder / "transcripts.db"
    if not path.exists():
        return []
    async with SqlJournal(path) as journal:
        return [one for one in await journal.transcript("tea") if isinstance(one, Final)]


def test_whatever_was_flushed_survives_a_kill_at_any_moment(
    victims: Victims, tmp_path: Path, hum: Sound, decoded: Decoded, server: S3Server
) -> None:
    seen = torture(victims, tmp_path, hum, decoded, server, rounds=8)

    assert "recording" in seen
    assert any(moment.startswith("moving") for moment in seen)


@pytest.mark.soak
def test_two_hundred_kills_lose_nothing_that_was_flushed(
    victims: Victims, tmp_path: Path, hum: Sound, decoded: Decoded, server: S3Server
) -> None:
    seen = torture(victims, tmp_path, hum, decoded, server, rounds=200)

    assert {"recording", "joining", "joined", "recovering: joining"} <= seen
    assert {"finishing: joining", "finishing: joined", "finishing: measured"} <= seen
    assert {"moving: there", "moving: noted", "moving: gone"} <= seen
    assert {"deleting: not yet", "deleting: noted", "deleting: gone"} <= seen
