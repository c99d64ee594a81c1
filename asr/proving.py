"""Measures how a model hears with a whole and with a short context (`asr.proof`)."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import jiwer
import numpy as np

from asr.agreement import key
from asr.engine import Engine
from asr.proof import Figures, Run
from asr.whisper import WhisperEngine, WhisperOptions
from models.audio import FRAME_SAMPLES, SPEECH_RATE_HZ, Frame, Pcm
from models.transcript import Hypothesis
from pipeline.listening import Listener
from pipeline.silero import SileroDetector

_LIVE = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """16 kHz mono samples from ``start_s`` on."""

    start_s: float
    pcm: Pcm


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """Utterances, and the words in them."""

    utterances: list[Utterance]
    text: str

    @property
    def length_s(self) -> float:
        """How much speech it is."""
        return sum(len(utterance.pcm) for utterance in self.utterances) / SPEECH_RATE_HZ


class Collector:
    """Takes the place of a recognition and keeps the utterances."""

    def __init__(self) -> None:
        self.utterances: list[Utterance] = []

    def begin(self, start_s: float) -> None:
        self.utterances.append(Utterance(start_s=start_s, pcm=np.zeros(0, np.int16)))

    def feed(self, pcm: Pcm) -> None:
        last = self.utterances[-1]
        heard = np.concatenate((last.pcm, pcm))
        self.utterances[-1] = Utterance(start_s=last.start_s, pcm=heard)

    def end(self) -> None:
        pass


def utterances(pcm: Pcm) -> list[Utterance]:
    """Cut 48 kHz samples into utterances as a room does."""
    collector = Collector()
    listener = Listener(collector, SileroDetector())  # type: ignore[arg-type]
    for at in range(0, len(pcm) - FRAME_SAMPLES + 1, FRAME_SAMPLES):
        listener.push(Frame(sample=at, pcm=pcm[at : at + FRAME_SAMPLES]))
        listener.settled(listener.now_s)
    listener.flush()
    return collector.utterances


def hear(
    engine: Engine, spoken: Sequence[Utterance], *, chunk: int = _LIVE, language: str = "en"
) -> Iterator[str]:
    """Stream utterances into an engine, ``chunk`` samples at a time, and give the final words."""
    stream = engine.stream(language=language)
    for utterance in spoken:
        stream.begin(utterance.start_s)
        said: list[Hypothesis] = []
        for at in range(0, len(utterance.pcm), chunk):
            said += stream.feed(utterance.pcm[at : at + chunk])
        said += stream.end()
        yield from (word.text for h in said if h.final for word in h.words)


def measure(
    folder: Path,
    spoken: Sequence[Spoken],
    *,
    short_context: bool,
    language: str = "en",
    threads: int = 1,
) -> Figures:
    """Hear everything as whole utterances and as a room does. Raises `EngineUnavailable`."""
    engine = WhisperEngine(
        str(folder), WhisperOptions(threads=threads, short_context=short_context)
    )
    longest = max(len(u.pcm) for each in spoken for u in each.utterances)
    try:
        return Figures(
            whole=_run(engine, spoken, longest, language),
            streamed=_run(engine, spoken, _LIVE, language),
        )
    finally:
        engine.close()


def _run(engine: Engine, spoken: Sequence[Spoken], chunk: int, language: str) -> Run:
    began_s = time.process_time()
    heard = [list(hear(engine, each.utterances, chunk=chunk, language=language)) for each in spoken]
    spent_s = time.process_time() - began_s
    return Run(
        wer=float(jiwer.wer([_plain(s.text.split()) for s in spoken], [_plain(h) for h in heard])),
        cpu=spent_s / sum(each.length_s for each in spoken),
    )


def _plain(words: Sequence[str]) -> str:
    """Keep the words alone, without case and punctuation."""
    return " ".join(filter(None, map(key, words))) or "-"
