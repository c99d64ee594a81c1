"""What is not heard, because the engine is too slow or dead, is said in gaps."""

import pytest

from models.audio import SPEECH_RATE_HZ, Frame
from models.caption import Rung
from models.transcript import GapReason
from pipeline.ladder import Step
from pipeline.listening import Listener, ListeningOptions
from pipeline.speech import WINDOW_S
from tests.pipeline.fakes import (
    FakeRecognition,
    frames,
    listener_of,
    push,
    silence,
    sound,
    tone,
)

ONE_SAMPLE_S = 1 / SPEECH_RATE_HZ


def _overloaded() -> tuple[Listener, FakeRecognition, list[Frame]]:
    """Let somebody talk for 30 s while the engine does nothing; hear 12 s of it."""
    recognition = FakeRecognition()
    listener = listener_of(recognition)
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
    assert push(listener, talk[:50]) == []
    assert len(recognition.utterances) == 1
    listener.progressed(6.5)
    (gap,) = push(listener, talk[50:60])

    first, second = recognition.utterances
    assert gap.reason is GapReason.OVERLOAD
    assert gap.start_s == pytest.approx(first.end_s, abs=ONE_SAMPLE_S)
    assert gap.end_s == pytest.approx(second.start_s, abs=ONE_SAMPLE_S)
    assert gap.end_s == pytest.approx(13.0, abs=2 * WINDOW_S)


def test_an_utterance_cut_by_overload_is_settled_by_its_own_end() -> None:
    listener, recognition, talk = _overloaded()

    listener.settled(recognition.utterances[0].end_s)

    assert listener.lag_s == 0.0
    assert len(push(listener, talk[:10])) == 1


def test_skipped_silence_is_no_gap() -> None:
    steps = {Rung.SKIPPING: Step(enter_s=1.2, leave_s=0.5, calm_s=0.0)}
    options = ListeningOptions(ladder=steps)
    recognition = FakeRecognition()
    listener = listener_of(recognition, options)
    push(listener, frames(sound(tone(1.0), silence(9))))
    listener.settled(10.0)

    gaps = push(listener, frames(silence(1), first=480_000))

    assert recognition.utterances[0].end_s < 1.5
    assert [gap for gap in gaps if gap.end_s > 1.6] == []


def test_a_gap_ends_where_the_speech_that_was_skipped_ended() -> None:
    listener, recognition, talk = _overloaded()
    end_s = 12.0 + 3.0
    push(listener, talk[:150])
    quiet = frames(silence(20), first=round(end_s * 48_000))
    push(listener, quiet[:500])
    listener.settled(recognition.utterances[0].end_s)

    (gap,) = push(listener, quiet[500:])

    assert gap.start_s == pytest.approx(recognition.utterances[0].end_s, abs=ONE_SAMPLE_S)
    assert end_s <= gap.end_s < end_s + 0.6


def test_an_overload_that_never_ends_is_said_at_the_end() -> None:
    listener, recognition, talk = _overloaded()
    push(listener, talk)

    (gap,) = listener.flush()

    assert gap.start_s == pytest.approx(recognition.utterances[0].end_s, abs=ONE_SAMPLE_S)
    assert gap.end_s == pytest.approx(30.0, abs=WINDOW_S)


def test_a_lost_engine_leaves_a_gap_from_the_first_unfinished_audio() -> None:
    recognition = FakeRecognition()
    listener = listener_of(recognition)
    talk = frames(sound(silence(1), tone(9)))
    push(listener, talk[:200])
    recognition.die()

    listener.engine_lost(0.0)
    assert listener.engine_down
    assert push(listener, talk[200:300]) == []
    recognition.come_back()
    (gap,) = listener.engine_back()
    push(listener, talk[300:])

    before, after = recognition.utterances
    assert gap.reason is GapReason.ENGINE_RESTART
    assert gap.start_s == before.start_s
    assert gap.end_s == pytest.approx(6.0, abs=2 * WINDOW_S)
    assert after.start_s == pytest.approx(gap.end_s, abs=ONE_SAMPLE_S)
    assert not listener.engine_down


def test_what_was_final_before_the_engine_was_lost_is_not_part_of_the_gap() -> None:
    listener = listener_of(FakeRecognition())
    talk = frames(tone(6))
    push(listener, talk[:200])

    listener.engine_lost(2.5)
    (gap,) = listener.engine_back()

    assert gap.start_s == 2.5


def test_a_lost_engine_is_no_gap_when_nobody_spoke() -> None:
    recognition = FakeRecognition()
    listener = listener_of(recognition)
    quiet = frames(sound(tone(1), silence(9)))
    push(listener, quiet[:200])
    listener.settled(recognition.utterances[0].end_s)

    listener.engine_lost(1.0)
    push(listener, quiet[200:])

    assert listener.engine_back() == []


def test_an_engine_that_is_lost_twice_leaves_one_gap_over_all_of_it() -> None:
    listener = listener_of(FakeRecognition())
    talk = frames(tone(6))
    push(listener, talk[:100])

    listener.engine_lost(0.0)
    push(listener, talk[100:200])
    listener.engine_lost(0.0)
    push(listener, talk[200:])
    (gap,) = listener.engine_back()

    assert (gap.start_s, round(gap.end_s, 1)) == (0.0, 6.0)


def test_a_trial_that_is_passed_closes_no_hole_of_overload() -> None:
    listener, _, talk = _overloaded()
    push(listener, talk)
    overloaded = listener.rung

    assert listener.engine_back() == []
    assert listener.rung is overloaded
    (gap,) = listener.flush()
    assert gap.reason is GapReason.OVERLOAD


def test_an_engine_that_is_lost_while_audio_is_skipped_leaves_one_gap() -> None:
    listener, _, talk = _overloaded()

    listener.engine_lost(4.0)
    push(listener, talk[:100])
    (gap,) = listener.engine_back()

    assert gap.reason is GapReason.ENGINE_RESTART
    assert gap.start_s == 4.0
    assert gap.end_s == pytest.approx(14.0, abs=2 * WINDOW_S)


def test_an_engine_that_is_down_at_the_end_leaves_its_gap() -> None:
    listener = listener_of(FakeRecognition())
    push(listener, frames(tone(3)))
    listener.engine_lost(0.0)

    (gap,) = listener.flush()

    assert gap.start_s == 0.0
    assert gap.end_s == pytest.approx(3.0, abs=WINDOW_S)


def test_giving_up_on_what_is_finished_leaves_no_gap() -> None:
    recognition = FakeRecognition()
    listener = listener_of(recognition)
    push(listener, frames(sound(tone(1), silence(1))))
    listener.flush()
    listener.settled(recognition.utterances[0].end_s)

    assert listener.abandon(1.0) == []


def test_a_gap_has_a_length() -> None:
    recognition = FakeRecognition()
    listener = listener_of(recognition)
    push(listener, frames(sound(tone(1), silence(2))))

    listener.engine_lost(recognition.utterances[0].end_s)

    assert listener.engine_back() == []
