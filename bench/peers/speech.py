"""Speech with known words and known word times, for any number of rooms.

The sentences are those of ``tests/fixtures/speech``. Where their words begin and end is found by
forced alignment with pocketsphinx's acoustic model, which is told the text: it is no part of any
system that is measured, and its steps are 10 ms.
"""

import itertools
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import av
import numpy as np
from pocketsphinx import Decoder

from bench.peers.scoring import SpokenWord, plain_words
from models.audio import RATE_HZ, SPEECH_RATE_HZ, Pcm
from tests.fixtures.clips import Clip, clips

_FRAME_S = 0.01
_LEAD_S = 0.5
_PAUSE_S = (0.4, 1.2)
_NOISE = 6.0
_NOT_WORDS = re.compile(r"<.*>|\[.*\]")
_VARIANT = re.compile(r"\(\d+\)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """16 kHz mono samples of one sentence; word times from its first sample."""

    pcm: Pcm
    text: str
    words: tuple[SpokenWord, ...]

    @property
    def length_s(self) -> float:
        """How long the sentence is."""
        return len(self.pcm) / SPEECH_RATE_HZ


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """What is said in one room: 16 kHz mono samples, the same at 48 kHz, and its words, in order.

    Both are made beforehand: whoever computes while others speak delays them.
    """

    pcm: Pcm
    pcm_48_khz: Pcm
    words: tuple[SpokenWord, ...]

    @property
    def length_s(self) -> float:
        """How long the speech is."""
        return len(self.pcm) / SPEECH_RATE_HZ


def speeches(rooms: int, length_s: float) -> tuple[Speech, ...]:
    """Make a speech for each room, as long as whole sentences allow; the same at every call."""
    return tuple(speech(sentences(), length_s, seed=100 + room) for room in range(rooms))


def speech(said: Sequence[Sentence], length_s: float, *, seed: int) -> Speech:
    """Say ``said`` in an order of its own, over and over, with pauses between."""
    chance = random.Random(seed)
    noise = np.random.default_rng(seed)
    parts = [_quiet(_LEAD_S, noise)]
    words: list[SpokenWord] = []
    for sentence in _shuffled(said, chance):
        start_s = sum(len(part) for part in parts) / SPEECH_RATE_HZ
        if start_s + sentence.length_s > length_s:
            break
        words += [word.later(start_s) for word in sentence.words]
        parts += [sentence.pcm, _quiet(chance.uniform(*_PAUSE_S), noise)]
    pcm = np.concatenate(parts)
    return Speech(pcm=pcm, pcm_48_khz=_at_48_khz(pcm), words=tuple(words))


@cache
def sentences() -> tuple[Sentence, ...]:
    """Cut the clips into sentences of which every word's time is known."""
    decoder = Decoder(loglevel="FATAL", lm=None, beam=1e-80, wbeam=1e-60, pbeam=1e-80)
    return tuple(itertools.chain.from_iterable(_cut(clip, decoder) for clip in clips()))


def _at_48_khz(pcm: Pcm) -> Pcm:
    frame = av.AudioFrame.from_ndarray(pcm.reshape(1, -1), format="s16", layout="mono")
    frame.sample_rate = SPEECH_RATE_HZ
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE_HZ)
    parts = [*resampler.resample(frame), *resampler.resample(None)]
    return np.concatenate([part.to_ndarray().reshape(-1) for part in parts]).astype(np.int16)


def _shuffled(said: Sequence[Sentence], chance: random.Random) -> Iterator[Sentence]:
    while said:
        yield from chance.sample(said, len(said))


def _quiet(length_s: float, noise: np.random.Generator) -> Pcm:
    return (noise.standard_normal(round(length_s * SPEECH_RATE_HZ)) * _NOISE).astype(np.int16)


def _cut(clip: Clip, decoder: Decoder) -> Iterator[Sentence]:
    """Cut in the middle of the pause between two sentences; pauses outside stay 0.1 s long."""
    words = _aligned(clip, decoder)
    for text in re.split(r"(?<=[.?!]) ", clip.text):
        own, words = words[: len(text.split())], words[len(text.split()) :]
        start_s = max(0.0, own[0].start_s - 0.1)
        until_s = min(clip.length_s, own[-1].end_s + 0.1)
        pcm = clip.pcm[round(start_s * SPEECH_RATE_HZ) : round(until_s * SPEECH_RATE_HZ)]
        yield Sentence(pcm=pcm, text=text, words=tuple(w.later(-start_s) for w in own))


def _aligned(clip: Clip, decoder: Decoder) -> list[SpokenWord]:
    decoder.set_align_text(" ".join(plain_words(clip.text)))
    decoder.start_utt()
    decoder.process_raw(clip.pcm.tobytes(), full_utt=True)
    decoder.end_utt()
    found = [
        SpokenWord(
            text=_VARIANT.sub("", part.word),
            start_s=part.start_frame * _FRAME_S,
            end_s=(part.end_frame + 1) * _FRAME_S,
        )
        for part in decoder.seg() or ()
        if not _NOT_WORDS.fullmatch(part.word)
    ]
    if [word.text for word in found] != plain_words(clip.text):
        raise ValueError("a clip could not be aligned with its text")
    return found
