from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest

from models.audio import SPEECH_RATE_HZ, Frame, Pcm
from models.caption import Rung
from models.transcript import Gap, GapReason
from pipeline.ladder import Step
from pipeline.listening import Listener, ListeningOptions
from pipeline.speech import WINDOW_S, LevelDetector
from tests.pipeline.fakes import (
    FakeRecognition,
    Utterance,
    at_16_khz,
    frames,
    silence,
    sound,
    tone,
    without,
)

ONE_SAMPLE_S = 1 / SPEECH_RATE_HZ


def _listener(recognition: FakeRecognition, options: ListeningOptions | None = None) -> Listener:
    return Listener(recognition, LevelDetector(), options)


def _push(listener: Listener, heard: Sequence[Frame]) -> list[Gap]:
    return [gap for frame in heard for gap in listener.push(frame)]


def _hear(pcm: Pcm) -> list[Utterance]:
    recognition = FakeRecognition()
    listener = _listener(recognition)
    assert _push(listener, frames(pcm)) == []
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
    listener = _listener(recognition)
    for frame in frames(pcm):
        assert listener.push(frame) == []
        listener.settled(listener.now_s)
    assert listener.flush() == []
    return recognition.utterances


def test_silence_is_not_fed() -> None:
    assert _hear(silence(20)) == []


def test_flushing_without_any_audio_does_nothing() -> None:
    assert _listener(FakeRecognition()).flush() == []


def test_what_the_tap_lost_is_silence_of_the_same_length_and_a_gap() -> None:
    pcm = sound(silence(1), tone(3), silence(2))
    lost = pcm.copy()
    lost[96_000 : 96_000 + 14_400] = 0
    recognition = FakeRecognition()
    listener = _listener(recognition)

    gaps = _push(listener, without(frames(pcm), 2.0, 2.3))
    listener.flush()

    (utterance,) = recognition.utterances
    assert gaps == [Gap(start_s=2.0, end_s=2.3, reason=GapReason.TAP_LOST)]
    assert np.array_equal(utterance.pcm, _part(lost, utterance))


def test_speech_after_a_long_loss_keeps_its_time() -> None:
    pcm = sound(silence(1), tone(1), silence(75), tone(1), silence(1))
    recognition = FakeRecognition()
    listener = _listener(recognition)

    gaps = _push(listener, without(frames(pcm), 3.0, 76.0))

    assert gaps == [Gap(start_s=3.0, end_s=76.0, reason=GapReason.TAP_LOST)]
    assert [0 < at - u.start_s < 0.3 for at, u in zip((1, 77), recognition.utterances, strict=True)]
    assert np.array_equal(recognition.utterances[1].pcm, _part(pcm, recognition.utterances[1]))


def test_a_tap_that_began_late_says_what_was_missed_and_keeps_the_clock() -> None:
    pcm = sound(silence(1), tone(1), silence(1))
    recognition = FakeRecognition()
    listener = _listener(recognition)

    gaps = _push(listener, frames(pcm, first=48_000 * 7))

    (utterance,) = recognition.utterances
    assert gaps == [Gap(start_s=0.0, end_s=7.0, reason=GapReason.TAP_LOST)]
    assert 7.7 < utterance.start_s < 7.8
    assert np.array_equal(utterance.pcm, _part(pcm, utterance, origin_s=7.0))
    assert listener.now_s == 10.0


def test_a_frame_that_comes_twice_is_heard_once() -> None:
    pcm = sound(silence(1), tone(1), silence(1))
    recognition = FakeRecognition()
    listener = _listener(recognition)
    heard = frames(pcm)

    gaps = _push(listener, [*heard[:75], *heard[70:]])

    (utterance,) = recognition.utterances
    assert gaps == []
    assert np.array_equal(utterance.pcm, _part(pcm, utterance))


def test_lag_is_the_speech_that_was_fed_and_not_worked_on() -> None:
    listener = _listener(FakeRecognition())
    _push(listener, frames(sound(silence(5), tone(4))))
    fed_s = 9.0 - 4.75

    assert listener.lag_s == pytest.approx(fed_s, abs=0.1)
    listener.progressed(7.0)
    assert listener.lag_s == pytest.approx(2.0, abs=0.1)
    listener.progressed(6.0)
    assert listener.lag_s == pytest.approx(2.0, abs=0.1)


def test_silence_is_no_lag() -> None:
    recognition = FakeRecognition()
    listener = _listener(recognition)
    _push(listener, frames(sound(tone(1), silence(60))))
    listener.settled(recognition.utterances[0].end_s)

    assert listener.lag_s == 0.0


def _overloaded() -> tuple[Listener, FakeRecognition, list[Frame]]:
    """Let somebody talk for 30 s while the engine does nothing; hear 12 s of it."""
    recognition = FakeRecognition()
    listener = _listener(recognition)
    talk = frames(tone(30))
    for frame in talk[:600]:
        assert listener.push(frame) == []
        assert listener.lag_s <= 6.4 + WINDOW_S
    return listener, recognition, talk[600:]


def test_audio_is_skipped_when_the_engine_is_too_far_behind() -> None:
    _, recognition, _ = _overloaded()

    (utterance,) = recognition.utterances
    assert utterance.ended
    assert utterance.end_s == pytest.approx(6.4, abs=2 * WINDOW_S)


def test_skipping_goes_on_until_the_engine_has_nearly_caught_up() -> None:
    listener, recognition, talk = _overloaded()

    listener.progressed(5.0)
    assert _push(listener, talk[:50]) == []
    assert len(recognition.utterances) == 1
    listener.progressed(6.5)
    (gap,) = _push(listener, talk[50:60])

    first, second = recognition.utterances
    assert gap.reason is GapReason.OVERLOAD
    assert gap.start_s == pytest.approx(first.end_s, abs=ONE_SAMPLE_S)
    assert gap.end_s == pytest.approx(second.start_s, abs=ONE_SAMPLE_S)
    assert gap.end_s == pytest.approx(13.0, abs=2 * WINDOW_S)


def test_an_utterance_cut_by_overload_is_settled_by_its_own_end() -> None:
    listener, recognition, talk = _overloaded()

    listener.settled(recognition.utterances[0].end_s)

    assert listener.lag_s == 0.0
    assert len(_push(listener, talk[:10])) == 1


def test_skipped_silence_is_no_gap() -> None:
    steps = {Rung.SKIPPING: Step(enter_s=1.2, leave_s=0.5, calm_s=0.0)}
    options = ListeningOptions(ladder=steps)
    recognition = FakeRecognition()
    listener = _listener(recognition, options)
    _push(listener, frames(sound(tone(1.0), silence(9))))
    listener.settled(10.0)

    gaps = _push(listener, frames(silence(1), first=480_000))

    assert recognition.utterances[0].end_s < 1.5
    assert [gap for gap in gaps if gap.end_s > 1.6] == []


def test_a_gap_ends_where_the_speech_that_was_skipped_ended() -> None:
    listener, recognition, talk = _overloaded()
    end_s = 12.0 + 3.0
    _push(listener, talk[:150])
    quiet = frames(silence(20), first=round(end_s * 48_000))
    _push(listener, quiet[:500])
    listener.settled(recognition.utterances[0].end_s)

    (gap,) = _push(listener, quiet[500:])

    assert gap.start_s == pytest.approx(recognition.utterances[0].end_s, abs=ONE_SAMPLE_S)
    assert end_s <= gap.end_s < end_s + 0.6


def test_a_slow_engine_is_given_speech_in_larger_pieces() -> None:
    recognition = FakeRecognition()
    listener = _listener(recognition)
    talk = frames(tone(30))
    _push(listener, talk[:130])
    assert listener.rung is Rung.STRETCHED
    listener.progressed(listener.now_s)
    before = len(recognition.utterances[0].parts)

    _push(listener, talk[130:280])

    pieces = recognition.utterances[0].parts[before:]
    assert [len(piece) / SPEECH_RATE_HZ for piece in pieces] == pytest.approx(
        [1.25, 1.25], abs=0.04
    )


def test_no_speech_is_kept_back_when_an_utterance_ends() -> None:
    recognition = FakeRecognition()
    listener = _listener(recognition)
    pcm = sound(tone(5), silence(2))

    _push(listener, frames(pcm))

    (utterance,) = recognition.utterances
    assert utterance.ended
    assert np.array_equal(utterance.pcm, _part(pcm, utterance))


def test_an_overload_that_never_ends_is_said_at_the_end() -> None:
    listener, recognition, talk = _overloaded()
    _push(listener, talk)

    (gap,) = listener.flush()

    assert gap.start_s == pytest.approx(recognition.utterances[0].end_s, abs=ONE_SAMPLE_S)
    assert gap.end_s == pytest.approx(30.0, abs=WINDOW_S)


def test_a_lost_engine_leaves_a_gap_from_the_first_unfinished_audio() -> None:
    recognition = FakeRecognition()
    listener = _listener(recognition)
    talk = frames(sound(silence(1), tone(9)))
    _push(listener, talk[:200])
    recognition.die()

    listener.engine_lost(0.0)
    assert listener.engine_down
    assert _push(listener, talk[200:300]) == []
    recognition.come_back()
    (gap,) = listener.engine_back()
    _push(listener, talk[300:])

    before, after = recognition.utterances
    assert gap.reason is GapReason.ENGINE_RESTART
    assert gap.start_s == before.start_s
    assert gap.end_s == pytest.approx(6.0, abs=2 * WINDOW_S)
    assert after.start_s == pytest.approx(gap.end_s, abs=ONE_SAMPLE_S)
    assert not listener.engine_down


def test_what_was_final_before_the_engine_was_lost_is_not_part_of_the_gap() -> None:
    listener = _listener(FakeRecognition())
    talk = frames(tone(6))
    _push(listener, talk[:200])

    listener.engine_lost(2.5)
    (gap,) = listener.engine_back()

    assert gap.start_s == 2.5


def test_a_lost_engine_is_no_gap_when_nobody_spoke() -> None:
    recognition = FakeRecognition()
    listener = _listener(recognition)
    quiet = frames(sound(tone(1), silence(9)))
    _push(listener, quiet[:200])
    listener.settled(recognition.utterances[0].end_s)

    listener.engine_lost(1.0)
    _push(listener, quiet[200:])

    assert listener.engine_back() == []


def test_an_engine_that_is_lost_twice_leaves_one_gap_over_all_of_it() -> None:
    listener = _listener(FakeRecognition())
    talk = frames(tone(6))
    _push(listener, talk[:100])

    listener.engine_lost(0.0)
    _push(listener, talk[100:200])
    listener.engine_lost(0.0)
    _push(listener, talk[200:])
    (gap,) = listener.engine_back()

    assert (gap.start_s, round(gap.end_s, 1)) == (0.0, 6.0)


def test_a_trial_that_is_passed_closes_no_hole_of_overload() -> None:
    listener, _, talk = _overloaded()
    _push(listener, talk)
    overloaded = listener.rung

    assert listener.engine_back() == []
    assert listener.rung is overloaded
    (gap,) = listener.flush()
    assert gap.reason is GapReason.OVERLOAD


def test_an_engine_that_is_lost_while_audio_is_skipped_leaves_one_gap() -> None:
    listener, _, talk = _overloaded()

    listener.engine_lost(4.0)
    _push(listener, talk[:100])
    (gap,) = listener.engine_back()

    assert gap.reason is GapReason.ENGINE_RESTART
    assert gap.start_s == 4.0
    assert gap.end_s == pytest.approx(14.0, abs=2 * WINDOW_S)


def test_an_engine_that_is_down_at_the_end_leaves_its_gap() -> None:
    listener = _listener(FakeRecognition())
    _push(listener, frames(tone(3)))
    listener.engine_lost(0.0)

    (gap,) = listener.flush()

    assert gap.start_s == 0.0
    assert gap.end_s == pytest.approx(3.0, abs=WINDOW_S)


def test_giving_up_on_what_is_finished_leaves_no_gap() -> None:
    recognition = FakeRecognition()
    listener = _listener(recognition)
    _push(listener, frames(sound(tone(1), silence(1))))
    listener.flush()
    listener.settled(recognition.utterances[0].end_s)

    assert listener.abandon(1.0) == []


def test_a_gap_has_a_length() -> None:
    recognition = FakeRecognition()
    listener = _listener(recognition)
    _push(listener, frames(sound(tone(1), silence(2))))

    listener.engine_lost(recognition.utterances[0].end_s)

    assert listener.engine_back() == []


def test_hours_that_the_tap_lost_are_passed_in_a_moment_and_keep_the_clock() -> None:
    class Counting(LevelDetector):
        heard = 0

        def probability(self, window: Pcm) -> float:
            self.heard += 1
            return super().probability(window)

    recognition, detector = FakeRecognition(), Counting()
    listener = Listener(recognition, detector)
    eight_h = 8 * 3600
    _push(listener, frames(sound(silence(1), tone(1))))

    (gap,) = _push(listener, frames(sound(silence(1), tone(1), silence(1)), first=eight_h * 48_000))

    before, after = recognition.utterances
    assert (gap.start_s, gap.end_s) == (2.0, eight_h)
    assert before.ended
    assert 0 < eight_h + 1 - after.start_s < 0.3
    assert detector.heard < 100 / WINDOW_S
