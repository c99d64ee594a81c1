"""Ways of recording rooms in real time, each in a process of its own, whose processor time counts.

``python -m bench.recording_ways WAY ROOMS SECONDS FOLDER`` prints the seconds of processor time,
its own and its children's, from the first packet to the last file's end.
"""

import argparse
import asyncio
import fractions
import itertools
import resource
import subprocess
import sys
from collections.abc import Callable, Coroutine, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import av
import imageio_ffmpeg
from aiortc import MediaStreamTrack
from aiortc.contrib.media import MediaRecorder

from api.demo.conversation import load
from models.audio import FRAME_S, FRAME_SAMPLES, RATE_HZ, Frame, Pcm
from models.room import Room, RoomState
from pipeline.channel import Channel
from pipeline.tap import TapItem
from recorder.recording import Recorder
from rooms.embedded.client import frames_of, load_pcm
from rooms.embedded.opus import Encoder

SPEECH = load().voices[0].file

Play = Callable[[int], None]
Record = Callable[[int, Path, "Sound", int], Coroutine[Any, Any, None]]


class Sound:
    """The demonstration's first voice, over and over: blocks of 20 ms and their Opus packets."""

    def __init__(self) -> None:
        encoder = Encoder()
        self.pcm: Sequence[Pcm] = list(frames_of(load_pcm(SPEECH)))
        self.packets = [encoder.encode(block) for block in self.pcm]
        self.pre_skip = encoder.lookahead

    def frame(self, number: int) -> Frame:
        """Give a frame of the room's tap."""
        at = number % len(self.pcm)
        return Frame(sample=number * FRAME_SAMPLES, pcm=self.pcm[at], packet=self.packets[at])


def room(number: int) -> Room:
    """Make up a live room."""
    now = datetime.now(UTC)
    return Room(
        id=f"room{number}",
        title="Bench",
        language="en",
        host_id="ada",
        state=RoomState.LIVE,
        created_at=now,
        started_at=now,
        instance=1,
    )


async def _on_the_clock(frames: int, play: Play) -> None:
    loop = asyncio.get_running_loop()
    began_s = loop.time()
    for number in range(frames):
        await asyncio.sleep(max(0.0, began_s + number * FRAME_S - loop.time()))
        play(number)


async def _ours(rooms: int, folder: Path, sound: Sound, frames: int) -> None:
    """Hand each room's packets to the recorder, as a room's tap does."""
    recorder = Recorder(folder)
    taps: list[Channel[TapItem]] = [Channel(1500) for _ in range(rooms)]
    recording = [
        asyncio.create_task(recorder.record(room(number), tap, pre_skip=sound.pre_skip, join=False))
        for number, tap in enumerate(taps)
    ]

    def play(number: int) -> None:
        for tap in taps:
            tap.put_nowait(sound.frame(number))

    await _on_the_clock(frames, play)
    for tap in taps:
        tap.close()
    await asyncio.gather(*recording)


class _Track(MediaStreamTrack):
    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self.frames: Channel[av.AudioFrame] = Channel(1500)

    async def recv(self) -> av.AudioFrame:
        return await self.frames.get()


async def _media_recorder(rooms: int, folder: Path, sound: Sound, frames: int) -> None:
    """Have aiortc's MediaRecorder encode each room into an Ogg/Opus file."""
    tracks = [_Track() for _ in range(rooms)]
    recorders = [MediaRecorder(str(folder / f"{number}.ogg")) for number in range(rooms)]
    for recorder, track in zip(recorders, tracks, strict=True):
        recorder.addTrack(track)
        await recorder.start()

    def play(number: int) -> None:
        block = sound.frame(number)
        frame = av.AudioFrame.from_ndarray(block.pcm.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate, frame.pts = RATE_HZ, block.sample
        frame.time_base = fractions.Fraction(1, RATE_HZ)
        for track in tracks:
            track.frames.put_nowait(frame)

    await _on_the_clock(frames, play)
    while any(len(track.frames) for track in tracks):
        await asyncio.sleep(FRAME_S)
    await asyncio.gather(*(recorder.stop() for recorder in recorders))


def _ffmpeg(*codec: str) -> Record:
    async def record(rooms: int, folder: Path, sound: Sound, frames: int) -> None:
        line = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-re", "-stream_loop", "-1"]
        line += ["-i", str(SPEECH), "-t", str(frames * FRAME_S), *codec]
        running = [
            await asyncio.create_subprocess_exec(*line, str(folder / f"{number}.ogg"))
            for number in range(rooms)
        ]
        await asyncio.gather(*(process.wait() for process in running))

    return record


WAYS: dict[str, tuple[str, Record]] = {
    "ours": ("Roomscribe: the listeners' packets, segments and fsync", _ours),
    "copy": ("ffmpeg, packets copied (`-c copy`)", _ffmpeg("-c", "copy")),
    "ffmpeg": ("ffmpeg, encoded (libopus, 32 kbit/s)", _ffmpeg("-c:a", "libopus", "-b:a", "32k")),
    "aiortc": ("aiortc's MediaRecorder (libopus)", _media_recorder),
}
"""Each way's name in the table, and how it records."""


def _cpu_s() -> float:
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    used = itertools.chain.from_iterable(resource.getrusage(kind)[:2] for kind in kinds)
    return sum(used)


def measure(way: str, rooms: int, length_s: float, folder: Path) -> float:
    """Record in a new process; gives its processor time in percent of one core."""
    folder.mkdir()
    line = ["-m", "bench.recording_ways", way, str(rooms), str(length_s), str(folder)]
    done = subprocess.run(
        [sys.executable, *line], stdout=subprocess.PIPE, text=True, check=True, timeout=600
    )
    return 100 * float(done.stdout) / length_s


def main() -> None:
    """Record in this process, and say what it took."""
    parser = argparse.ArgumentParser(prog="python -m bench.recording_ways", description=__doc__)
    parser.add_argument("way", choices=WAYS)
    parser.add_argument("rooms", type=int)
    parser.add_argument("seconds", type=float)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    sound = Sound()
    record, frames = WAYS[options.way][1], round(options.seconds / FRAME_S)
    before_s = _cpu_s()
    asyncio.run(record(options.rooms, options.folder, sound, frames))
    print(_cpu_s() - before_s)


if __name__ == "__main__":
    main()
