import numpy as np
import pytest

from models.audio import Pcm
from pipeline.resample import Resampler


def _in_blocks(pcm: Pcm, block: int) -> Pcm:
    resampler = Resampler()
    made = [resampler.push(pcm[at : at + block]) for at in range(0, len(pcm), block)]
    return np.concatenate([*made, resampler.flush()])


def _noise(samples: int) -> Pcm:
    return np.random.default_rng(7).normal(0, 4000, samples).astype(np.int16)


@pytest.mark.parametrize("block", [1, 137, 960, 4801])
def test_a_stream_sounds_as_if_it_had_come_in_one_piece(block: int) -> None:
    pcm = _noise(48_000)

    assert np.array_equal(_in_blocks(pcm, block), _in_blocks(pcm, len(pcm)))


@pytest.mark.parametrize("at", [3, 3000, 30_000, 47_991])
def test_a_click_stays_where_it_was(at: int) -> None:
    pcm = np.zeros(48_000, dtype=np.int16)
    pcm[at] = 20_000

    heard = _in_blocks(pcm, 960)

    assert abs(int(np.argmax(np.abs(heard))) - at // 3) <= 1


@pytest.mark.parametrize("frames", [1, 2, 50, 333])
def test_frames_come_out_in_exactly_their_length(frames: int) -> None:
    assert len(_in_blocks(_noise(960 * frames), 960)) == 320 * frames


def test_the_tail_comes_with_the_flush() -> None:
    resampler, pcm = Resampler(), _noise(4800)
    pushed = resampler.push(pcm)

    tail = resampler.flush()

    assert 0 < len(tail) == 1600 - len(pushed)
    assert np.abs(tail).max() > 1000


def test_silence_stays_silent() -> None:
    assert not _in_blocks(np.zeros(48_000, dtype=np.int16), 960).any()


def test_the_loudest_sound_does_not_wrap_around() -> None:
    square = np.where(np.arange(48_000) // 100 % 2, 32_767, -32_768).astype(np.int16)

    heard = _in_blocks(square, 960)

    middles = np.arange(50, 48_000, 100)
    assert heard.max() == 32_767
    assert heard.min() == -32_768
    assert np.array_equal(heard[middles // 3] > 0, square[middles] > 0)


def test_nothing_in_gives_nothing_out() -> None:
    resampler = Resampler()

    assert len(resampler.push(np.zeros(0, dtype=np.int16))) == 0
    assert len(resampler.flush()) == 0
