"""Sentences, and what pocketsphinx made of them when flite said them.

They are kept in `tests/fixtures/misheard`, so that all that is measured with them stays the same.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from asr.sphinx import SphinxEngine
from bench.make_conversation import synthesise
from models.audio import SPEECH_RATE_HZ, Pcm

FIXTURE = Path(__file__).resolve().parents[2] / "tests" / "fixtures" / "misheard" / "heard.json"

_CHUNK = SPEECH_RATE_HZ // 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """What a voice of flite said, and what was heard; ``noise`` is the deviation of a hiss."""

    said: str
    heard: str
    voice: str
    noise: int


def sentences() -> list[Sentence]:
    """Read what was heard."""
    return [Sentence(**one) for one in json.loads(FIXTURE.read_text(encoding="utf-8"))]


def make() -> None:
    """Say and hear the sentences anew (half an hour); needs Debian's flite."""
    found = list(_heard(sentences()))
    lines = ",\n".join(json.dumps(asdict(sentence)) for sentence in found)
    FIXTURE.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def _heard(said: list[Sentence]) -> Iterator[Sentence]:
    stream = SphinxEngine().stream(language="en")
    noise, start_s = np.random.default_rng(3), 0.0
    for sentence in said:
        pcm = _spoken(sentence, noise)
        stream.begin(start_s)
        fed = (stream.feed(pcm[at : at + _CHUNK]) for at in range(0, len(pcm), _CHUNK))
        hypotheses = [h for given in (*fed, stream.end()) for h in given if h.final]
        text = " ".join(word.text for h in hypotheses for word in h.words)
        start_s += len(pcm) / SPEECH_RATE_HZ + 1
        yield replace(sentence, heard=text)


def _spoken(sentence: Sentence, noise: np.random.Generator) -> Pcm:
    samples = np.pad(synthesise(sentence.said, sentence.voice) * 32767, SPEECH_RATE_HZ // 4)
    hiss = noise.normal(0, max(sentence.noise, 1), len(samples))
    return np.clip(samples + hiss, -32768, 32767).astype(np.int16)
