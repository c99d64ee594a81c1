from itertools import pairwise

import numpy as np
import pytest

from models.audio import SPEECH_RATE_HZ, Pcm
from models.caption import Rung
from models.transcript import Gap, GapReason
from pipeline.listening import Listener
from pipeline.speech import WINDOW_S, LevelDetector
from tests.pipeline.fakes import (
    FakeRecognition,
    Utterance,
    at_16_khz,
    frames,
    listener_of,
    push,
    silence,
    sound,
    tone,
    without,
)

ONE_SAMPLE_S = 1 / SPEECH_RATE_HZ


def _hear(pcm: Pcm) -> list[Utterance]:
    recognition = FakeRecognition()
    listener = listener_of(recognition)
    assert push(listener, frames(pcm)) == []
    assert listener.flush() == []
    return recognition.utterances


def _part(pcm: Pcm, utterance: Utterance, *, origin_s: float = 0.0) -> Pcm:
    """Cut what an utterance must hold from all the audio."""
    whole = np.concatenate([at_16_khz(pcm), np.zeros(512, dtype=np.int16)])
    start = round((utterance.start_s - origin_s) * SPEECH_RATE_HZ)
    return whole[start : start + len(utterance.pcm)]


def test_an_utterance_is_fed_whole_with_padding_and_silence() -> None:
    pcm = sound(silence(1), tone(2), silence(2))

    (utterance,) = _hear(pcm)

    assert utterance.ended
    assert 0.7 < utterance.start_s < 0.8
    assert 3.45 < utterance.end_s < 3.6
    assert np.array_equal(utterance.pcm, _part(pcm, utterance))


def test_speech_at_the_very_beginning_is_fed_from_there() -> None:
    pcm = sound(tone(1), silence(1))

    (utterance,) = _hear(pcm)

    assert utterance.start_s == 0.0
    assert np.array_equal(utterance.pcm, _part(pcm, utterance))


@pytest.mark.parametrize("length_s", [1.0, 1.02, 1.5, 2.34])
def test_speech_that_the_end_cuts_off_is_fed_to_its_last_sample(length_s: float) -> None:
    pcm = sound(silence(0.5), tone(length_s))

    (utterance,) = _hear(pcm)

    assert utterance.ended
    assert 0.5 + length_s <= utterance.end_s < 0.5 + length_s + WINDOW_S
    assert np.array_equal(utterance.pcm, _part(pcm, utterance))


def test_endless_speech_is_fed_in_utterances_that_meet() -> None:
    pcm = tone(40)

    utterances = _hear_at_once(pcm)

    assert len(utterances) == 3
    for one, following in pairwise(utterances):
        assert one.end_s == pytest.approx(following.start_s, abs=ONE_SAMPLE_S)
    assert np.array_equal(
        np.concatenate([u.pcm for u in utterances])[: 16_000 * 40], at_16_khz(pcm)
    )


def _hear_at_once(pcm: Pcm) -> list[Utterance]:
    """Hear with an engine that is never behind."""
    recognition = FakeRecognition()
    listener = listener_of(recognition)
    for frame in frames(pcm):
        assert listener.push(frame) == []
        listener.settled(listener.now_s)
    assert listener.flush() == []
    return recognition.utterances


def test_silence_is_not_fed() -> None:
    assert _hear(silence(20)) == []


def test_flushing_without_any_audio_does_nothing() -> None:
    assert listener_of(FakeRecognition()).flush() == []


def test_what_the_tap_lost_is_silence_of_the_same_length_and_a_gap() -> None:
    pcm = sound(silence(1), tone(3), silence(2))
    lost = pcm.copy()
    lost[96_000 : 96_000 + 14_400] = 0
    recognition = FakeRecognition()
    listener = listener_of(recognition)

    gaps = push(listener, without(frames(pcm), 2.0, 2.3))
    listener.flush()

    (utterance,) = recognition.utterances
    assert gaps == [Gap(start_s=2.0, end_s=2.3, reason=GapReason.TAP_LOST)]
    assert np.array_equal(utterance.pcm, _part(lost, utterance))


def test_speech_after_a_long_loss_keeps_its_time() -> None:
    pcm = sound(silence(1), tone(1), silence(75), tone(1), silence(1))
    recognition = FakeRecognition()
    listener = listener_of(recognition)

    gaps = push(listener, without(frames(pcm), 3.0, 76.0))

    assert gaps == [Gap(start_s=3.0, end_s=76.0, reason=GapReason.TAP_LOST)]
    assert [0 < at - u.start_s < 0.3 for at, u in zip((1, 77), recognition.utterances, strict=True)]
    assert np.array_equal(recognition.utterances[1].pcm, _part(pcm, recognition.utterances[1]))


def test_a_tap_that_began_late_says_what_was_missed_and_keeps_the_clock() -> None:
    pcm = sound(silence(1), tone(1), silence(1))
    recognition = FakeRecognition()
    listener = listener_of(recognition)

    gaps = push(listener, frames(pcm, first=48_000 * 7))

    (utterance,) = recognition.utterances
    assert gaps == [Gap(start_s=0.0, end_s=7.0, reason=GapReason.TAP_LOST)]
    assert 7.7 < utterance.start_s < 7.8
    assert np.array_equal(utterance.pcm, _part(pcm, utterance, origin_s=7.0))
    assert listener.now_s == 10.0


def test_a_frame_that_comes_twice_is_heard_once() -> None:
    pcm = sound(silence(1), tone(1), silence(1))
    recognition = FakeRecognition()
    listener = listener_of(recognition)
    heard = frames(pcm)

    gaps = push(listener, [*heard[:75], *heard[70:]])

    (utterance,) = recognition.utterances
    assert gaps == []
    assert np.array_equal(utterance.pcm, _part(pcm, utterance))


def test_lag_is_the_speech_that_was_fed_and_not_worked_on() -> None:
    listener = listener_of(FakeRecognition())
    push(listener, frames(sound(silence(5), tone(4))))
    fed_s = 9.0 - 4.75

    assert listener.lag_s == pytest.approx(fed_s, abs=0.1)
    listener.progressed(7.0)
    assert listener.lag_s == pytest.approx(2.0, abs=0.1)
    listener.progressed(6.0)
    assert listener.lag_s == pytest.approx(2.0, abs=0.1)


def test_silence_is_no_lag() -> None:
    recognition = FakeRecognition()
    listener = listener_of(recognition)
    push(listener, frames(sound(tone(1), silence(60))))
    listener.settled(recognition.utterances[0].end_s)

    assert listener.lag_s == 0.0


def test_a_slow_engine_is_given_speech_in_larger_pieces() -> None:
    recognition = FakeRecognition()
    listener = listener_of(recognition)
    talk = frames(tone(30))
    push(listener, talk[:130])
    assert listener.rung is Rung.STRETCHED
    listener.progressed(listener.now_s)
    before = len(recognition.utterances[0].parts)

    push(listener, talk[130:280])

    pieces = recognition.utterances[0].parts[before:]
    assert [len(piece) / SPEECH_RATE_HZ for piece in pieces] == pytest.approx(
        [1.25, 1.25], abs=0.04
    )


def test_no_speech_is_kept_back_when_an_utterance_ends() -> None:
    recognition = FakeRecognition()
    listener = listener_of(recognition)
    pcm = sound(tone(5), silence(2))

    push(listener, frames(pcm))

    (utterance,) = recognition.utterances
    assert utterance.ended
    assert np.array_equal(utterance.pcm, _part(pcm, utterance))


def test_hours_that_the_tap_lost_are_passed_in_a_moment_and_keep_the_clock() -> None:
    class Counting(LevelDetector):
        heard = 0

        def probability(self, window: Pcm) -> float:
            self.heard += 1
            return super().probability(window)

    recognition, detector = FakeRecognition(), Counting()
    listener = Listener(recognition, detector)
    eight_h = 8 * 3600
    push(listener, frames(sound(silence(1), tone(1))))

    (gap,) = push(listener, frames(sound(silence(1), tone(1), silence(1)), first=eight_h * 48_000))

    before, after = recognition.utterances
    assert (gap.start_s, gap.end_s) == (2.0, eight_h)
    assert before.ended
    assert 0 < eight_h + 1 - after.start_s < 0.3
    assert detector.heard < 100 / WINDOW_S
