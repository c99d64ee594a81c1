"""Decoders that are slower than their steps, in virtual time: words come later, not never."""

import random
from collections.abc import Callable, Sequence

import numpy as np
import pytest

from asr.streaming import Window
from models.audio import RATE_HZ, SPEECH_RATE_HZ, Pcm
from models.transcript import Word
from tests.asr.slow_engine import Decode, Told, play
from tests.pipeline.fakes import silence, tone

TALK_S, PAUSE_S, TURNS = 4.0, 1.0, 12
TURN_S = TALK_S + PAUSE_S
SAID = [
    Word(text=f"w{turn}x{n}", start_s=at_s, end_s=at_s + 0.35, confidence=1.0)
    for turn in range(TURNS)
    for n in range(8)
    if (at_s := 1.0 + turn * TURN_S + n * 0.5) is not None
]


def room() -> Pcm:
    """Speak for four seconds, pause for one, and again."""
    t = np.arange(round(TALK_S * RATE_HZ)) / RATE_HZ
    turn = np.concatenate((8000 * np.sin(2 * np.pi * 440 * t), np.zeros(round(PAUSE_S * RATE_HZ))))
    quiet = np.zeros(RATE_HZ)
    return np.concatenate((quiet, *[turn] * TURNS, quiet, quiet)).astype(np.int16)


def hearing(said: Sequence[Word]) -> Decode:
    """Hear whole words; one that the window cuts short, or nearly, is misheard."""

    def hears(window: Window) -> Sequence[Word]:
        end_s = window.start_s + len(window.pcm) / SPEECH_RATE_HZ
        heard = [w for w in said if w.start_s >= window.start_s - 1e-6 and w.start_s + 0.1 <= end_s]
        if heard and not window.last and heard[-1].end_s > end_s - 0.05:
            last = heard[-1]
            heard[-1] = Word(text="hm", start_s=last.start_s, end_s=end_s, confidence=0.1)
        return heard

    return hears


hears = hearing(SAID)


def talk(talk_s: float, pause_s: float, *, until_s: float) -> tuple[Pcm, list[Word]]:
    """Speak two words in a second, and pause, again and again."""
    turn_s = talk_s + pause_s
    turns = round(until_s / turn_s)
    said = [
        Word(text=f"{n}", start_s=at_s, end_s=at_s + 0.35, confidence=1.0)
        for n in range(round(2 * turns * turn_s))
        if (at_s := n * 0.5) % turn_s < talk_s - 0.35
    ]
    turn = np.concatenate((tone(talk_s), silence(pause_s)))
    return np.tile(turn, turns), said


def irregular(seed: int) -> Callable[[int], float]:
    chance = random.Random(seed)
    return lambda _: chance.choice((0.05, 0.2, 0.5, 1.0, 1.5))


def delays(told: Told) -> list[float]:
    return [at_s - word.end_s for word, at_s in told.words]


@pytest.mark.parametrize("cost_s", [0.02, 0.3, 0.8, 1.2, 1.6])
def test_every_word_is_told_once_as_long_as_half_the_time_is_enough(cost_s: float) -> None:
    told = play(room(), hears, lambda _: cost_s)

    assert told.gaps == []
    assert told.texts == [word.text for word in SAID]
    assert max(delays(told)) < 4 * cost_s + TALK_S + 1.0


@pytest.mark.parametrize("seed", range(12))
def test_every_word_is_told_once_when_decodes_are_now_quick_and_now_slow(seed: int) -> None:
    told = play(room(), hears, irregular(seed))

    assert told.gaps == []
    assert told.texts == [word.text for word in SAID]


@pytest.mark.parametrize("cost_s", [3.0, 4.0, 6.0])
def test_a_word_that_a_hopeless_decoder_does_not_tell_lies_in_a_gap(cost_s: float) -> None:
    told = play(room(), hears, lambda _: cost_s)

    untold = [word for word in SAID if word.text not in told.texts]
    for word in untold:
        assert any(g.start_s < word.end_s and word.start_s < g.end_s for g in told.gaps), word
    assert [text for text in told.texts if text != "hm"] == [
        word.text for word in SAID if word not in untold
    ]


@pytest.mark.parametrize("cost_s", [0.5, 1.5, 3.0, 6.0])
@pytest.mark.parametrize(("talk_s", "pause_s"), [(4.0, 1.0), (12.0, 1.0), (1.5, 0.8)])
def test_captions_come_within_ten_seconds_whatever_a_decode_costs(
    talk_s: float, pause_s: float, cost_s: float
) -> None:
    pcm, said = talk(talk_s, pause_s, until_s=80.0)

    told = play(pcm, hearing(said), lambda _: cost_s)

    # What the decoder costs has to be seen once; three utterances may have begun by then.
    ends_s: dict[float, float] = {}
    for word, at_s in told.words:
        ends_s[at_s] = max(ends_s.get(at_s, 0.0), word.end_s)
    assert max(at_s - end_s for at_s, end_s in ends_s.items() if at_s > 25.0) <= 10.0
    assert len(told.words) >= 0.25 * len(said)
    if cost_s <= 1.5:
        assert told.gaps == []


@pytest.mark.parametrize("cost_s", [0.5, 1.0, 1.5, 2.0, 3.0])
def test_the_rung_does_not_flap_at_any_cost_that_can_be_borne(cost_s: float) -> None:
    pcm, said = talk(12.0, 1.0, until_s=120.0)

    told = play(pcm, hearing(said), lambda _: cost_s)

    assert told.rung_changes <= 8  # in two minutes


def _lost_s(told: Told) -> float:
    return sum(gap.end_s - gap.start_s for gap in told.gaps)


@pytest.mark.parametrize("cost_s", [3.0, 4.0, 6.0])
@pytest.mark.parametrize(("talk_s", "pause_s"), [(4.0, 1.0), (12.0, 1.0), (1.5, 0.8)])
def test_a_smaller_model_hears_what_would_be_skipped(
    talk_s: float, pause_s: float, cost_s: float
) -> None:
    pcm, said = talk(talk_s, pause_s, until_s=80.0)

    alone = play(pcm, hearing(said), lambda _: cost_s)
    helped = play(pcm, hearing(said), lambda _: cost_s, smaller=True)

    assert _lost_s(helped) <= 0.25 * _lost_s(alone)
    assert helped.lightened in ([], [True])
    assert len(helped.words) >= 0.9 * len(said)


def test_the_usual_model_is_back_after_the_overload() -> None:
    pcm, said = talk(4.0, 1.0, until_s=150.0)

    told = play(pcm, hearing(said), lambda n: 6.0 if n < 10 else 0.1, smaller=True)

    assert told.lightened == [True, False]
