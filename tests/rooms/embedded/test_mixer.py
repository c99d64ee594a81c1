"""The sum of voices, and the sum without one."""

import numpy as np
import pytest

from models.audio import FRAME_SAMPLES, Pcm
from rooms.embedded.mixer import level_dbov, limit, mix


def tone(peak: int, hz: int = 500) -> Pcm:
    t = np.arange(FRAME_SAMPLES) / 48_000
    return (peak * np.sin(2 * np.pi * hz * t)).astype(np.int16)


def test_a_single_voice_of_moderate_level_passes_unchanged() -> None:
    voice = tone(20_000)

    assert np.array_equal(mix({"a": voice}).common, voice)


def test_voices_add_up() -> None:
    one, two = tone(8_000), tone(6_000, 700)

    assert np.array_equal(mix({"a": one, "b": two}).common, one + two)


def test_overlapping_loud_voices_bend_and_never_wrap() -> None:
    loud = tone(30_000)

    common = mix({"a": loud, "b": loud, "c": loud}).common

    assert common.max() <= 32_767
    assert np.array_equal(np.sign(common), np.sign(loud))
    assert common.max() > 32_000


def test_the_limiter_is_monotonous_and_transparent_below_its_knee() -> None:
    ramp = np.linspace(-90_000, 90_000, 4001, dtype=np.float32)

    limited = limit(ramp)

    assert (np.diff(limited.astype(np.int32)) >= 0).all()
    below = np.abs(ramp) < 26_000
    assert np.array_equal(limited[below], np.rint(ramp[below]).astype(np.int16))


def test_speakers_hear_the_mix_without_themselves() -> None:
    one, two = tone(8_000), tone(6_000, 700)

    mixed = mix({"a": one, "b": two}, minus=["a", "b", "quiet"])

    assert np.array_equal(mixed.minus["a"], two)
    assert np.array_equal(mixed.minus["b"], one)
    assert np.array_equal(mixed.minus["quiet"], mixed.common)


def test_nobody_is_silence() -> None:
    assert not mix({}).common.any()


def test_levels_are_counted_from_full_scale_down() -> None:
    assert level_dbov(np.zeros(FRAME_SAMPLES, np.int16)) == -127
    assert level_dbov(np.full(FRAME_SAMPLES, 32_767, np.int16)) == pytest.approx(0, abs=0.01)
    assert level_dbov(tone(3_277)) == pytest.approx(-23, abs=0.1)
