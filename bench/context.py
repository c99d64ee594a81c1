"""Whether a model hears as well when it encodes only what was said, and how much faster it is.

``python -m bench.context --model FOLDER`` decodes speech whose words are known with whisper's full
thirty seconds and with the shortened context (`asr.context`): each clip as one window, and streamed
in growing windows as a room does. It ends with whether to set ``ROOMSCRIBE_SHORT_CONTEXT``.

The clips of the tests are synthesised, in the small model's own domain. For weights of OpenAI's
size give your own: ``--audio talk.wav --text talk.txt``, as often as there are files.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import jiwer

from asr import weights
from asr.whisper import WhisperEngine, WhisperOptions
from bench.engines import Utterance, hear, plain, read, utterances
from models.audio import SPEECH_RATE_HZ
from tests.fixtures.clips import clips

WORSE = 0.005
FASTER = 1.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """Utterances, and the words in them."""

    utterances: list[Utterance]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Word error rate and processor seconds for each second of audio."""

    wer: float
    cpu: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """One model run one way: each utterance as one window, and streamed."""

    whole: Run
    streamed: Run


def proven(full: Figures, short: Figures) -> bool:
    """Whether the short context is faster by a fifth and loses no more than half a point."""
    pairs = ((full.whole, short.whole), (full.streamed, short.streamed))
    as_good = all(after.wer <= before.wer + WORSE for before, after in pairs)
    return as_good and full.streamed.cpu >= FASTER * short.streamed.cpu


def measure(engine: WhisperEngine, spoken: Sequence[Spoken]) -> Figures:
    """Hear everything in both ways."""
    return Figures(whole=_run(engine, spoken, 30.0), streamed=_run(engine, spoken, 0.032))


def _run(engine: WhisperEngine, spoken: Sequence[Spoken], chunk_s: float) -> Run:
    chunk = round(chunk_s * SPEECH_RATE_HZ)
    began_s = time.process_time()
    heard = [" ".join(hear(engine, each.utterances, chunk=chunk)) for each in spoken]
    spent_s = time.process_time() - began_s
    samples = sum(len(u.pcm) for each in spoken for u in each.utterances)
    return Run(
        wer=float(jiwer.wer([plain(s.text) for s in spoken], [plain(h) or "-" for h in heard])),
        cpu=spent_s / (samples / SPEECH_RATE_HZ),
    )


def material(audio: Sequence[Path], texts: Sequence[Path]) -> list[Spoken]:
    """Read files and what is said in them; the clips of the tests when there are none."""
    if not audio:
        return [
            Spoken(utterances=[Utterance(start_s=0.0, pcm=clip.pcm)], text=clip.text)
            for clip in clips()
        ]
    return [
        Spoken(utterances=utterances(read(sound)), text=text.read_text(encoding="utf-8"))
        for sound, text in zip(audio, texts, strict=True)
    ]


def _line(name: str, figures: Figures) -> str:
    return (
        f"{name:14} one window: WER {figures.whole.wer:.3f}, CPU {figures.whole.cpu:.3f}"
        f"   streamed: WER {figures.streamed.wer:.3f}, CPU {figures.streamed.cpu:.3f}"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and say what to do; exits 0 when the short context is proven."""
    parser = argparse.ArgumentParser(prog="python -m bench.context", description=__doc__)
    parser.add_argument("--model", required=True, help="a folder of weights, or a name")
    parser.add_argument("--audio", action="append", type=Path, default=[])
    parser.add_argument("--text", action="append", type=Path, default=[])
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args(arguments)
    if len(options.audio) != len(options.text):
        parser.error("give a --text for each --audio")
    folder = weights.find(options.model)
    if folder is None:
        print(f"There are no weights in {options.model}.")
        return 2
    spoken = material(options.audio, options.text)
    figures: list[Figures] = []
    print("CPU is processor seconds for each second of audio.")
    for short in (False, True):
        choices = WhisperOptions(threads=options.threads, short_context=short)
        engine = WhisperEngine(str(folder), choices)
        figures.append(measure(engine, spoken))
        engine.close()
        print(_line("short context" if short else "thirty seconds", figures[-1]), flush=True)
    if proven(*figures):
        print("It hears as well: set ROOMSCRIBE_SHORT_CONTEXT=true for this model.")
        return 0
    print("It hears worse or gains nothing: leave ROOMSCRIBE_SHORT_CONTEXT off for this model.")
    return 1


if __name__ == "__main__":
    sys.exit(main())
