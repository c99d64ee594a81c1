from asr.lateness import Lateness


def test_the_window_that_was_least_late_is_the_measure() -> None:
    lateness = Lateness()

    assert lateness.of(1.0, now_s=101.5) == 0.0
    assert lateness.of(2.0, now_s=102.1) == 0.0
    assert abs(lateness.of(3.0, now_s=108.1) - 5.0) < 0.01


def test_audio_that_comes_faster_than_time_is_never_late() -> None:
    lateness = Lateness()

    assert [lateness.of(10.0 * n, now_s=100.0 + n) for n in range(10)] == [0.0] * 10


def test_a_clock_that_is_a_little_slow_makes_nothing_late_in_eight_hours() -> None:
    lateness = Lateness()

    late_s = [lateness.of(n * 0.9999, now_s=100.0 + n) for n in range(8 * 3600)]

    assert max(late_s) < 0.1
