import asyncio
import subprocess
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pytest

from models.audio import FRAME_SAMPLES, RATE_HZ, Pcm
from models.errors import UnreadableMedia
from recorder import media


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
