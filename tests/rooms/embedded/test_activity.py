"""Who speaks when: changes are few, and dated to when they happened."""

from models.audio import FRAME_SAMPLES
from rooms.embedded.activity import ActivityDetector, Change

LOUD, BETWEEN, QUIET = -20.0, -47.0, -80.0


def changes(levels: list[float]) -> list[Change]:
    detector = ActivityDetector()
    fed = [detector.feed(n * FRAME_SAMPLES, level) for n, level in enumerate(levels)]
    return [change for change in fed if change]


def test_speech_begins_where_it_became_loud_and_ends_where_it_became_quiet() -> None:
    found = changes([QUIET] * 10 + [LOUD] * 50 + [QUIET] * 30)

    assert found == [
        Change(on=True, sample=10 * FRAME_SAMPLES),
        Change(on=False, sample=60 * FRAME_SAMPLES),
    ]


def test_a_click_is_not_speech() -> None:
    assert changes([QUIET] * 5 + [LOUD] * 2 + [QUIET] * 30) == []


def test_a_pause_between_words_does_not_end_speech() -> None:
    found = changes([LOUD] * 20 + [QUIET] * 15 + [LOUD] * 20)

    assert found == [Change(on=True, sample=0)]


def test_a_level_between_the_thresholds_keeps_speech_and_does_not_begin_it() -> None:
    assert changes([BETWEEN] * 50) == []
    assert changes([LOUD] * 5 + [BETWEEN] * 50) == [Change(on=True, sample=0)]


def test_stopping_ends_speech_at_once_and_only_once() -> None:
    detector = ActivityDetector()
    for n in range(5):
        detector.feed(n * FRAME_SAMPLES, LOUD)

    assert detector.stop(4800) == Change(on=False, sample=4800)
    assert detector.stop(4800) is None
