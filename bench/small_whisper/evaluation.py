"""What faster-whisper makes of held-out speech with a folder of weights: one line for each case."""

import difflib
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import jiwer
import numpy as np
from faster_whisper import WhisperModel
from numpy.typing import NDArray

from asr.context import shortened
from bench.small_whisper.speech import RATE_HZ, TimedWord, Utterance

Samples = NDArray[np.float32]

_TERMS = (
    "Quarterly review",
    "Åse Ødegaard",
    "Dr. Schmidt",
    "captions",
    "Peter",
    "the red door",
    "Kubernetes",
    "Wednesday",
    "microphone",
    "Team North",
)
_EARLIER = "Welcome to the office. The teacher will share the video after the meeting. Thank you."
_MARGIN_S = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """16 kHz samples within ±1, and the words that are said in them."""

    samples: Samples
    words: tuple[TimedWord, ...]

    @property
    def text(self) -> str:
        """What is said."""
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Talks of some kind, and how they are transcribed."""

    name: str
    talks: tuple[Talk, ...]
    options: dict[str, Any] = field(default_factory=dict)
    short_context: bool = False

    @property
    def said(self) -> bool:
        """Whether anything is said in it."""
        return any(talk.words for talk in self.talks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How many words were heard, their error rate, and how far off they start and end."""

    words: int
    error_rate: float
    start_median_s: float
    start_p90_s: float
    end_median_s: float


def evaluate(folder: Path, utterances: Sequence[Utterance]) -> Iterator[tuple[Case, Figures]]:
    """Measure all cases, one after the other."""
    model, short = _Model(folder, short=False), _Model(folder, short=True)
    for case in cases(utterances):
        yield case, measure(short if case.short_context else model, case)


def measure(model: "_Model", case: Case) -> Figures:
    """Transcribe all talks of a case."""
    said, heard, errors = list[str](), list[str](), list[tuple[float, float]]()
    for talk in case.talks:
        words = model.words(talk.samples, case.options)
        said.append(_plain(talk.text) or "-")
        heard.append(_plain(" ".join(word.text for word in words)) or "-")
        errors += _time_errors(talk.words, words)
    starts, ends = [start for start, _ in errors] or [0.0], [end for _, end in errors] or [0.0]
    return Figures(
        words=sum(len(text.split()) for text in heard if text != "-"),
        error_rate=float(jiwer.wer(said, heard)),
        start_median_s=median(starts),
        start_p90_s=float(np.quantile(starts, 0.9)),
        end_median_s=median(ends),
    )


class _Model:
    def __init__(self, folder: Path, *, short: bool) -> None:
        self._model = WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=1)
        if short:
            encode = self._model.encode
            self._model.encode = lambda features: encode(shortened(features))

    def words(self, samples: Samples, options: dict[str, Any]) -> list[TimedWord]:
        """Transcribe as the engine does: greedy, with word times, without a text before."""
        chosen = {"beam_size": 1, "temperature": 0.0, "condition_on_previous_text": False}
        segments, _ = self._model.transcribe(
            samples, language="en", word_timestamps=True, **(chosen | options)
        )
        return [
            TimedWord(text=word.word.strip(), start_s=float(word.start), end_s=float(word.end))
            for segment in segments
            for word in segment.words or ()
        ]


def cases(utterances: Sequence[Utterance]) -> tuple[Case, ...]:
    """Make the cases; the same at every call."""
    single = tuple(_talk([said], [0.2], _near) for said in utterances[:150])
    few = _talks(utterances, 40, longest_s=15.0, sound=_far)
    whole = _talks(utterances, 15, longest_s=29.5, sound=_near)
    long = _talks(utterances, 6, longest_s=75.0, sound=_far)
    hints = {"hotwords": ", ".join(_TERMS)}
    earlier = {"initial_prompt": _EARLIER}
    quiet = tuple(Talk(samples=sound, words=()) for sound in _without_speech())
    return (
        Case(name="one sentence", talks=single),
        Case(name="one sentence, beam 5", talks=single[:60], options={"beam_size": 5}),
        Case(name="one sentence, short context", talks=single[:60], short_context=True),
        Case(name="one sentence, room and Opus", talks=_singles(utterances, _far)),
        Case(name="one sentence, noise at 15 dB", talks=_singles(utterances, _noisy)),
        Case(name="one sentence, hotwords", talks=single[:60], options=hints),
        Case(name="one sentence, earlier text", talks=single[:60], options=earlier),
        Case(name="8 to 15 s", talks=few),
        Case(name="8 to 15 s, short context", talks=few, short_context=True),
        Case(name="8 to 15 s, hotwords", talks=few, options=hints),
        Case(name="8 to 15 s, both", talks=few[:20], options=hints | earlier),
        Case(name="30 s", talks=whole),
        Case(name="30 s, beam 5", talks=whole, options={"beam_size": 5}),
        Case(name="30 s, hotwords", talks=whole, options=hints),
        Case(name="75 s", talks=long),
        Case(
            name="75 s, on its own text", talks=long, options={"condition_on_previous_text": True}
        ),
        Case(name="no speech", talks=quiet),
    )


Sound = Callable[[Utterance, random.Random], Samples]


def _singles(utterances: Sequence[Utterance], sound: Sound) -> tuple[Talk, ...]:
    return tuple(_talk([said], [0.2], sound) for said in utterances[150:250])


def _talks(
    utterances: Sequence[Utterance], count: int, *, longest_s: float, sound: Sound
) -> tuple[Talk, ...]:
    """Put utterances one after the other until no more fit."""
    chance, talks = random.Random(7), list[Talk]()
    for _ in range(count):
        until_s = longest_s * (chance.uniform(0.55, 1.0) if longest_s < 20 else 1.0)
        said, pauses, length_s = list[Utterance](), list[float](), 0.0
        while True:
            utterance, pause_s = chance.choice(utterances), chance.uniform(0.2, 1.2)
            length_s += pause_s + utterance.frames / 100
            if length_s > until_s:
                break
            said.append(utterance)
            pauses.append(pause_s)
        talks.append(_talk(said, pauses, sound))
    return tuple(talks)


def _talk(said: Sequence[Utterance], pauses_s: Sequence[float], sound: Sound) -> Talk:
    chance = random.Random(said[0].text)
    parts, words, samples = list[Samples](), list[TimedWord](), 0
    for utterance, pause_s in zip(said, pauses_s, strict=True):
        parts += [np.zeros(round(pause_s * RATE_HZ), np.float32), sound(utterance, chance)]
        start_s = (samples + len(parts[-2])) / RATE_HZ
        words += [word.later(start_s) for word in utterance.words]
        samples += len(parts[-2]) + len(parts[-1])
    parts.append(np.zeros(round(_MARGIN_S * RATE_HZ), np.float32))
    hiss = np.random.default_rng(len(words)).standard_normal(samples + len(parts[-1])) * 2e-4
    return Talk(samples=np.concatenate(parts) + hiss.astype(np.float32), words=tuple(words))


def _near(utterance: Utterance, chance: random.Random) -> Samples:
    assert utterance.near_pcm is not None
    return (utterance.near_pcm / 32768).astype(np.float32)


def _far(utterance: Utterance, chance: random.Random) -> Samples:
    assert utterance.far_pcm is not None
    return (utterance.far_pcm / 32768).astype(np.float32)


def _noisy(utterance: Utterance, chance: random.Random) -> Samples:
    samples = _near(utterance, chance)
    noise = np.random.default_rng(chance.getrandbits(32)).standard_normal(len(samples))
    level = float(np.sqrt((samples**2).mean())) * 10 ** (-15 / 20)
    return samples + (noise * level).astype(np.float32)


def _without_speech() -> Iterator[Samples]:
    """Give silence, hisses and a chord, ten seconds each."""
    noise, t = np.random.default_rng(0), np.arange(10 * RATE_HZ) / RATE_HZ
    yield np.zeros(len(t), np.float32)
    for level in (1e-4, 1e-2, 0.1):
        yield (noise.standard_normal(len(t)) * level).astype(np.float32)
    chord = sum(np.sin(2 * np.pi * 220 * 2 ** (step / 12) * t) for step in (0, 4, 7))
    yield (0.1 * chord * np.exp(-3 * (t % 0.5))).astype(np.float32)
    yield (0.2 * np.sign(np.sin(2 * np.pi * 50 * t))).astype(np.float32)


def _time_errors(
    said: Sequence[TimedWord], heard: Sequence[TimedWord]
) -> Iterator[tuple[float, float]]:
    """Give the start's and the end's error of each word that was heard rightly."""
    first, second = ([_plain(word.text) for word in words] for words in (said, heard))
    for block in difflib.SequenceMatcher(None, first, second, autojunk=False).get_matching_blocks():
        for at in range(block.size):
            true, found = said[block.a + at], heard[block.b + at]
            yield abs(true.start_s - found.start_s), abs(true.end_s - found.end_s)


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^a-z' ]", " ", text.lower()).split())
