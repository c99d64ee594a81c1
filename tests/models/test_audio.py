import dataclasses
from itertools import pairwise

import numpy as np
import pytest

from models.audio import FRAME_S, FRAME_SAMPLES, RATE_HZ, SPEECH_RATE_HZ, Frame, seconds


def test_a_frame_is_twenty_milliseconds() -> None:
    assert FRAME_S == 0.02
    assert FRAME_SAMPLES == RATE_HZ // 50
    assert RATE_HZ == 3 * SPEECH_RATE_HZ


def test_samples_are_shown_in_seconds() -> None:
    assert seconds(0) == 0.0
    assert seconds(72_000) == 1.5
    assert seconds(48_000 * 86_400) == 86_400.0


def test_a_frame_knows_where_it_begins_and_ends() -> None:
    frame = Frame(sample=96_000, pcm=np.zeros(960, dtype=np.int16))

    assert (frame.start_s, frame.end_s) == (2.0, 2.02)
    assert frame.packet == b""


def test_frames_that_follow_each_other_meet() -> None:
    pcm = np.zeros(FRAME_SAMPLES, dtype=np.int16)
    frames = [Frame(sample=n * FRAME_SAMPLES, pcm=pcm) for n in range(1000)]

    assert all(one.end_s == next_.start_s for one, next_ in pairwise(frames))


def test_a_frame_does_not_change() -> None:
    frame = Frame(sample=0, pcm=np.zeros(960, dtype=np.int16))

    with pytest.raises(dataclasses.FrozenInstanceError):
        frame.sample = 1  # type: ignore[misc]
