import numpy as np

from pipeline.speech import WINDOW_S, WINDOW_SAMPLES, LevelDetector


def test_a_window_is_thirty_two_milliseconds() -> None:
    assert WINDOW_SAMPLES == 512
    assert WINDOW_S == 0.032


def test_the_level_detector_hears_what_is_loud() -> None:
    detector = LevelDetector(threshold=300)

    assert detector.probability(np.full(512, 301, dtype=np.int16)) == 1.0
    assert detector.probability(np.full(512, 299, dtype=np.int16)) == 0.0
    assert detector.probability(np.full(512, -32_768, dtype=np.int16)) == 1.0
