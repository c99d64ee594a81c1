import asyncio
import subprocess
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Protocol

import imageio_ffmpeg
import numpy as np
import pytest

from models.audio import FRAME_SAMPLES, RATE_HZ, Frame, Pcm
from models.errors import Invalid, StorageFailed, UnreadableMedia
from models.room import Room
from recorder import media
from recorder.recording import Recorder


class Sound(Protocol):
    @property
    def frames(self) -> list[Frame]: ...
    @property
    def pre_skip(self) -> int: ...


Play = Callable[[Sequence[Frame]], AsyncIterator[Frame]]


def make(path: Path, *arguments: str) -> Path:
    exe = imageio_ffmpeg.get_ffmpeg_exe()
    subprocess.run([exe, "-v", "error", *arguments, str(path)], check=True)
    return path


@pytest.fixture
def tone(tmp_path: Path) -> Path:
    """A stereo file of 1.01 s at 44.1 kHz."""
    source = "sine=frequency=330:sample_rate=44100:duration=1.01"
    return make(tmp_path / "a tone.wav", "-f", "lavfi", "-i", source, "-ac", "2")


async def all_blocks(path: Path, rate_hz: int = RATE_HZ) -> list[Pcm]:
    return [block async for block in media.decode(path, rate_hz=rate_hz)]


async def test_a_file_comes_as_whole_blocks(tone: Path) -> None:
    blocks = await all_blocks(tone)

    assert {(block.shape, block.dtype.name) for block in blocks} == {((FRAME_SAMPLES,), "int16")}
    assert len(blocks) == -(-48_480 // FRAME_SAMPLES)
    assert np.abs(blocks[10]).max() > 1000
    assert not blocks[-1][600:].any()


async def test_a_file_comes_at_the_rate_asked_for(tone: Path) -> None:
    assert len(await all_blocks(tone, rate_hz=16_000)) == -(-16_160 // FRAME_SAMPLES)


@pytest.mark.parametrize("content", [None, b"", b"no sound here, only words\n" * 50, bytes(9000)])
@pytest.mark.parametrize("name", ["talk.mp3", "-i.txt", "http:talk.m3u8"])
async def test_a_file_without_sound_is_unreadable_in_one_line(
    tmp_path: Path, content: bytes | None, name: str
) -> None:
    path = tmp_path / name
    if content is not None:
        await asyncio.to_thread(path.write_bytes, content)

    with pytest.raises(UnreadableMedia) as caught:
        await all_blocks(path)

    assert str(caught.value) == f"no sound could be read from {name}"


async def test_a_film_without_sound_is_unreadable(tmp_path: Path) -> None:
    film = make(tmp_path / "film.mp4", "-f", "lavfi", "-i", "color=size=64x64:duration=1")

    with pytest.raises(UnreadableMedia):
        await all_blocks(film)


async def test_reading_can_be_given_up(tmp_path: Path) -> None:
    long = make(tmp_path / "long.wav", "-f", "lavfi", "-i", "sine=duration=600")
    blocks = media.decode(long)

    first = await anext(blocks)
    await blocks.aclose()  # type: ignore[attr-defined]

    assert first.shape == (FRAME_SAMPLES,)


async def test_the_length_of_a_file(tone: Path, tmp_path: Path) -> None:
    assert await media.duration(tone) == pytest.approx(1.01)
    assert await media.duration(tmp_path / "missing.wav") is None


@pytest.mark.parametrize("format", ["m4a", "mp3", "wav"])
async def test_a_recording_can_be_had_in_other_formats(
    tmp_path: Path, room: Room, clicks: Sound, clicks_at: Sequence[int], tap: Play, format: str
) -> None:
    recorder = Recorder(tmp_path)
    recording = await recorder.record(room, tap(clicks.frames), pre_skip=clicks.pre_skip)
    target = tmp_path / f"talk.{format}"

    await asyncio.gather(
        *(media.convert(recorder.media_path(recording.id), format, target) for _ in range(2))
    )

    pcm = np.concatenate(await all_blocks(target))
    assert abs(len(pcm) - recording.samples) <= RATE_HZ // 20
    for at in clicks_at[:3]:
        loudest = at - 4800 + int(np.abs(pcm[at - 4800 : at + 4800].astype(int)).argmax())
        assert abs(loudest - at) <= RATE_HZ // 500
    assert not await asyncio.to_thread(lambda: list(tmp_path.glob("*.part")))


async def test_an_unknown_format_is_refused(tone: Path, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="m4a"):
        await media.convert(tone, "exe", tmp_path / "x")


async def test_converting_nothing_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(UnreadableMedia):
        await media.convert(tmp_path / "none.ogg", "mp3", tmp_path / "x.mp3")

    assert not await asyncio.to_thread(lambda: list(tmp_path.iterdir()))


async def test_converting_into_nowhere_is_a_storage_failure(tone: Path, tmp_path: Path) -> None:
    with pytest.raises(StorageFailed):
        await media.convert(tone, "mp3", tmp_path / "no folder" / "x.mp3")
