import numpy as np
import pytest
from numpy.typing import NDArray

from asr.context import shortened


def padded(content: int) -> NDArray[np.float32]:
    features = np.zeros((80, 3000), np.float32)
    features[:, :content] = np.random.default_rng(0).normal(0, 1, (80, content))
    return features


@pytest.mark.parametrize(
    ("content", "kept"), [(0, 400), (50, 400), (301, 500), (1500, 1600), (2950, 3000), (3000, 3000)]
)
def test_padding_is_cut_to_about_a_second(content: int, kept: int) -> None:
    assert shortened(padded(content)).shape == (80, kept)


def test_what_was_heard_is_kept_as_it_is() -> None:
    features = padded(777)
    before = features.copy()

    short = shortened(features)

    assert np.array_equal(short, before[:, : short.shape[1]])
    assert np.array_equal(features, before)
    short[:] = 0
    assert np.array_equal(features, before)


def test_silence_is_no_padding() -> None:
    features = np.zeros((80, 3000), np.float32)
    features[:, :900] = -1.5

    assert shortened(features).shape == (80, 1000)
