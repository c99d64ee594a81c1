import json
from functools import cache
from pathlib import Path

import av
import numpy as np
import pytest

from models.audio import Pcm
from models.errors import EngineUnavailable
from pipeline import silero
from pipeline.silero import SileroDetector
from pipeline.speech import WINDOW_S, WINDOW_SAMPLES
from tests.pipeline.fakes import at_16_khz

_CONVERSATION = Path(__file__).parents[2] / "api" / "demo" / "conversation"

needs_speech = pytest.mark.skipif(
    not (_CONVERSATION / "ada.opus").is_file(), reason="the demo conversation is not here"
)


@cache
def _voice(name: str) -> Pcm:
    with av.open(str(_CONVERSATION / f"{name}.opus")) as media:
        to_mono = av.AudioResampler(format="s16", layout="mono", rate=48_000)
        parts = [p.to_ndarray()[0] for f in media.decode(audio=0) for p in to_mono.resample(f)]
    return at_16_khz(np.concatenate(parts).astype(np.int16))


def _probabilities(
    detector: SileroDetector, pcm: Pcm
) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    whole = len(pcm) // WINDOW_SAMPLES * WINDOW_SAMPLES
    windows = pcm[:whole].reshape(-1, WINDOW_SAMPLES)
    return np.array([detector.probability(window) for window in windows])


def _turns(name: str) -> list[tuple[float, float]]:
    script = json.loads((_CONVERSATION / "script.json").read_text(encoding="utf-8"))
    return [(t["start_s"], t["end_s"]) for t in script["turns"] if t["speaker"] == name]


@needs_speech
@pytest.mark.parametrize("name", ["ada", "ben"])
def test_it_hears_when_somebody_talks_and_when_nobody_does(name: str) -> None:
    heard = _probabilities(SileroDetector(), _voice(name)) > 0.5
    times = np.arange(len(heard)) * WINDOW_S
    talking = np.zeros(len(heard), dtype=bool)
    near = np.zeros(len(heard), dtype=bool)
    for start_s, end_s in _turns(name):
        talking |= (times >= start_s + 0.2) & (times <= end_s - 0.2)
        near |= (times >= start_s - 0.3) & (times <= end_s + 0.5)

    assert heard[talking].mean() > 0.85
    assert heard[~near].mean() < 0.02


def _chord(length_s: float) -> Pcm:
    t = np.arange(round(length_s * 16_000)) / 16_000
    notes = sum(np.sin(2 * np.pi * hz * t) for hz in (261.6, 329.6, 392.0, 523.3))
    beat = 0.6 + 0.4 * np.exp(-4 * (t % 0.5))
    return np.asarray(3000 * notes * beat, dtype=np.int16)


def _hiss(length_s: float) -> Pcm:
    noise = np.random.default_rng(3).normal(0, 1500, round(length_s * 16_000))
    return np.asarray(noise, dtype=np.int16)


@pytest.mark.parametrize(
    "pcm",
    [np.zeros(160_000, dtype=np.int16), _hiss(10), _chord(10)],
    ids=["silence", "noise", "music"],
)
def test_what_is_not_speech_is_not_taken_for_it(pcm: Pcm) -> None:
    assert (_probabilities(SileroDetector(), pcm) > 0.5).mean() < 0.1


@needs_speech
def test_it_remembers_what_came_before() -> None:
    start = round((_turns("ada")[0][0] + 0.5) * 16_000)
    speech = _voice("ada")[start : start + WINDOW_SAMPLES * 12]
    informed = SileroDetector()

    *_, after_speech = _probabilities(informed, speech)

    assert after_speech != SileroDetector().probability(speech[-WINDOW_SAMPLES:])


@needs_speech
def test_two_rooms_do_not_hear_each_other() -> None:
    one, other = _voice("ada")[: WINDOW_SAMPLES * 200], _hiss(200 * WINDOW_S)
    alone = _probabilities(SileroDetector(), one)
    first, second = SileroDetector(), SileroDetector()

    beside = []
    for at in range(0, len(one), WINDOW_SAMPLES):
        beside.append(first.probability(one[at : at + WINDOW_SAMPLES]))
        second.probability(other[at : at + WINDOW_SAMPLES])

    assert np.array_equal(alone, beside)


def test_a_missing_model_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    silero._model.cache_clear()
    monkeypatch.setattr(silero, "find_spec", lambda name: None)

    with pytest.raises(EngineUnavailable, match="install faster-whisper"):
        SileroDetector()
