"""How much captions change under their readers' eyes, for each engine that this machine has.

``python -m bench.steadiness`` feeds the demonstration conversation and the tests' clips to each
engine in this process, as a room does, and prints normalised erasure and the unstable partial word
ratio (`pipeline.steadiness`). Audio time alone decides when interims come, so the figures do not
depend on how fast the machine is. ``--model FOLDER`` names whisper weights.
"""

import argparse
import sys
from collections.abc import Callable, Sequence

import numpy as np

from asr import weights
from asr.engine import Engine
from asr.proving import Utterance, utterances
from asr.sphinx import SphinxEngine
from asr.whisper import WhisperEngine
from bench.engines import conversation
from models.audio import FRAME_SAMPLES, RATE_HZ, SPEECH_RATE_HZ, Pcm
from models.caption import Interim
from models.transcript import Final
from pipeline.attribution import SpeakerTimeline
from pipeline.captioning import Captioner
from pipeline.steadiness import Steadiness, steadiness
from tests.fixtures.clips import TINY_MODEL, clips

_PIECE = FRAME_SAMPLES * SPEECH_RATE_HZ // RATE_HZ
_BETWEEN_S = 2.0
_HEADER = f"{'engine':36} {'audio':14} {'interims':>8} {'words':>6} {'erasure':>8} {'UPWR':>6}"


def shown(engine: Engine, spoken: Sequence[Utterance]) -> list[Interim | Final]:
    """Caption utterances as a room without known speakers does."""
    stream = engine.stream(language="en")
    captioner = Captioner("i1s", SpeakerTimeline())
    captions: list[Interim | Final] = []
    for utterance in spoken:
        stream.begin(utterance.start_s)
        for at in range(0, len(utterance.pcm), _PIECE):
            for hypothesis in stream.feed(utterance.pcm[at : at + _PIECE]):
                captions += captioner.captions(hypothesis)
        for hypothesis in stream.end():
            captions += captioner.captions(hypothesis)
    return captions


def clip_utterances(pcms: Sequence[Pcm]) -> list[Utterance]:
    """Put 16 kHz clips one after another on a room's clock."""
    spoken: list[Utterance] = []
    start_s = 0.0
    for pcm in pcms:
        spoken.append(Utterance(start_s=start_s, pcm=np.asarray(pcm, np.int16)))
        start_s += len(pcm) / SPEECH_RATE_HZ + _BETWEEN_S
    return spoken


def row(name: str, audio: str, measured: Steadiness) -> str:
    """Lay one line of the table out."""
    return (
        f"{name:36} {audio:14} {measured.interims:8d} {measured.words:6d} "
        f"{measured.normalised_erasure:8.2f} {measured.upwr:6.2f}"
    )


def engines(model: str) -> list[tuple[str, Callable[[], Engine]]]:
    """Name the engines that can run here."""
    found: list[tuple[str, Callable[[], Engine]]] = [("pocketsphinx", SphinxEngine)]
    folder = weights.find(model)
    if folder is None:
        print(f"faster-whisper {model}: no weights on this machine")
    else:
        found.append((f"faster-whisper {folder.name}", lambda: WhisperEngine(str(folder))))
    return found


def main() -> int:
    """Run the measurement."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--model", default=str(TINY_MODEL))
    options = parser.parse_args()
    talk, _ = conversation()
    material = {
        "conversation": utterances(talk),
        "clips": clip_utterances([clip.pcm for clip in clips()]),
    }
    print(_HEADER)
    for name, load in engines(options.model):
        engine = load()
        for audio, spoken in material.items():
            print(row(name, audio, steadiness(shown(engine, spoken))), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
