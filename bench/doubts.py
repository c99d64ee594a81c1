"""How well an engine's confidence tells which of its words are wrong.

Run from the root of the repository::

    python -m bench.doubts                                  # what comes with the repository
    python -m bench.doubts --audio speech.flac words.txt    # and a file with what is said in it
    python -m bench.doubts --model FOLDER                   # other weights

Words are streamed through the endpointed path of a room and aligned with what was said. One below
the threshold is *marked*. Of the marked words, *precision* is the share that is wrong; *recall* is
the share of the wrong words that are marked. What an engine left out nobody can mark.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from asr import weights
from asr.engine import Engine
from asr.proving import Utterance, utterances
from asr.sphinx import SphinxEngine
from asr.whisper import WhisperEngine
from bench import page
from bench.engines import conversation, read
from bench.peers.scoring import align, plain_words
from bench.steadiness import clip_utterances
from models.transcript import Word
from tests.fixtures.clips import TINY_MODEL, clips

NAME = "doubts"
_THRESHOLDS = (0.2, 0.3, 0.4, 0.5, 0.7, 0.9)
_CHUNK = 512
_HEAD = [
    "engine",
    "audio",
    "words",
    "wrong",
    *(f"below {threshold:g}" for threshold in _THRESHOLDS),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A recognised word's confidence, and whether it was said."""

    confidence: float
    right: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Marking:
    """What marking does: shares of all words, of the marked ones and of the wrong ones."""

    marked: float
    precision: float
    recall: float


def judge(words: Sequence[Word], said: str) -> list[Judged]:
    """Align words with what was said; one that holds several counts as right when all are."""
    parts = [(index, part) for index, word in enumerate(words) for part in plain_words(word.text)]
    heard = align(plain_words(said), [part for _, part in parts]).pairs.values()
    wrong = {index for at, (index, _) in enumerate(parts) if at not in set(heard)}
    known = {index for index, _ in parts}
    return [
        Judged(confidence=word.confidence, right=index not in wrong)
        for index, word in enumerate(words)
        if index in known
    ]


def marking(judged: Sequence[Judged], threshold: float) -> Marking:
    """Measure one threshold; shares of nothing are 0."""
    marked = [one for one in judged if one.confidence < threshold]
    wrong = sum(not one.right for one in judged)
    hits = sum(not one.right for one in marked)
    return Marking(
        marked=len(marked) / max(1, len(judged)),
        precision=hits / max(1, len(marked)),
        recall=hits / max(1, wrong),
    )


def hear(engine: Engine, spoken: Sequence[Utterance]) -> Iterator[Word]:
    """Stream utterances into an engine and give the words of its finals."""
    stream = engine.stream(language="en")
    for utterance in spoken:
        stream.begin(utterance.start_s)
        for at in range(0, len(utterance.pcm), _CHUNK):
            for hypothesis in stream.feed(utterance.pcm[at : at + _CHUNK]):
                yield from hypothesis.words if hypothesis.final else ()
        for hypothesis in stream.end():
            yield from hypothesis.words if hypothesis.final else ()


def row(name: str, audio: str, judged: Sequence[Judged]) -> list[str]:
    """Lay an engine's figures out: for each threshold what is marked, precision and recall."""
    wrong = sum(not one.right for one in judged) / max(1, len(judged))
    found = [marking(judged, threshold) for threshold in _THRESHOLDS]
    cells = [f"{one.marked:.0%} · {one.precision:.0%} · {one.recall:.0%}" for one in found]
    return [name, audio, str(len(judged)), f"{wrong:.0%}", *cells]


def main() -> int:
    """Run the measurement."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--audio", nargs=2, action="append", default=[], type=Path)
    parser.add_argument("--model", default=str(TINY_MODEL))
    parser.add_argument("--write", action="store_true", help="put the table into the documentation")
    options = parser.parse_args()
    mix, script = conversation()
    material = {"conversation": (utterances(mix), script)}
    spoken = list(clips())
    material["clips"] = (
        clip_utterances([clip.pcm for clip in spoken]),
        " ".join(clip.text for clip in spoken),
    )
    for audio, text in options.audio:
        material[audio.name] = (utterances(read(audio)), text.read_text(encoding="utf-8"))
    engines: list[tuple[str, Callable[[], Engine]]] = [("pocketsphinx", SphinxEngine)]
    if folder := weights.find(options.model):
        engines.append(("faster-whisper", lambda: WhisperEngine(str(folder))))
    lines: list[list[str]] = []
    for name, load in engines:
        engine = load()
        judged = {
            audio: judge([*hear(engine, heard)], said) for audio, (heard, said) in material.items()
        }
        judged["all"] = [one for each in judged.values() for one in each]
        lines += [row(name, audio, each) for audio, each in judged.items()]
    print(page.table(_HEAD, lines))
    if options.write:
        page.write(page.table(_HEAD, lines), NAME)
    return 0


if __name__ == "__main__":
    sys.exit(main())
