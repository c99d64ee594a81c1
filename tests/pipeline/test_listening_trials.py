"""Engines that die again and again: what their trials leave behind."""

from collections.abc import Sequence

import pytest

from models.audio import Frame
from models.transcript import Gap, GapReason
from pipeline.listening import Listener
from pipeline.speech import WINDOW_S, LevelDetector
from tests.pipeline.fakes import FakeRecognition, frames, silence, sound, tone


def _listener(recognition: FakeRecognition) -> Listener:
    return Listener(recognition, LevelDetector())


def _push(listener: Listener, heard: Sequence[Frame]) -> list[Gap]:
    return [gap for frame in heard for gap in listener.push(frame)]


def test_an_engine_that_dies_of_all_its_trials_leaves_one_gap() -> None:
    recognition = FakeRecognition()
    listener = _listener(recognition)
    talk = frames(tone(8))
    told = _push(listener, talk[:100])
    for at in (100, 200):
        recognition.die()
        listener.engine_lost(0.0)
        told += _push(listener, talk[at : at + 50])
        recognition.come_back(on_trial=True)
        told += listener.engine_back(on_trial=True)
        told += _push(listener, talk[at + 50 : at + 100])
    _push(listener, talk[300:])
    (gap,) = listener.engine_back()

    assert told == []
    assert gap.reason is GapReason.ENGINE_RESTART
    assert gap.start_s == 0.0
    assert gap.end_s == pytest.approx(5.0, abs=2 * WINDOW_S)
    assert listener.flush() == []


def test_words_that_were_shown_in_a_trial_part_the_gap() -> None:
    recognition = FakeRecognition()
    listener = _listener(recognition)
    talk = frames(tone(6))
    _push(listener, talk[:50])
    recognition.die()
    listener.engine_lost(0.0)
    _push(listener, talk[50:100])
    recognition.come_back(on_trial=True)
    listener.engine_back(on_trial=True)
    _push(listener, talk[100:200])
    listener.engine_lost(3.0)
    gaps = [*_push(listener, talk[200:]), *listener.flush()]

    assert [(round(gap.start_s), round(gap.end_s)) for gap in gaps] == [(0, 2), (3, 6)]


def test_the_gap_of_a_trial_that_nobody_spoke_in_is_told_at_the_end() -> None:
    listener = _listener(FakeRecognition())
    _push(listener, frames(sound(tone(2), silence(1))))
    listener.engine_lost(0.0)
    listener.engine_back(on_trial=True)

    (gap,) = listener.flush()

    assert gap.start_s == 0.0
    assert 2.0 < gap.end_s < 3.0
