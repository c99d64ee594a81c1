"""Word error rate and real-time factor of the engines, through the endpointed path of a room.

Run from the root of the repository::

    python bench/engines.py                          # the demonstration conversation
    python bench/engines.py speech.flac words.txt    # any file with what is said in it
    python bench/engines.py --model FOLDER           # whisper too

Text is only compared with what was heard; the recognisers never see it. The real-time factor is
processor time for each second of audio, of recognition alone.
"""

import argparse
import json
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

import av
import jiwer
import numpy as np

from asr import weights
from asr.engine import Engine
from asr.proving import hear, utterances
from asr.sphinx import SphinxEngine
from asr.whisper import WhisperEngine
from models.audio import RATE_HZ, Pcm

CONVERSATION = Path(__file__).resolve().parent.parent / "api" / "demo" / "conversation"


def read(path: Path) -> Pcm:
    """Read any media file as 48 kHz mono."""
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE_HZ)
    with av.open(str(path)) as media:
        frames = [r for frame in media.decode(audio=0) for r in resampler.resample(frame)]
        frames += resampler.resample(None)
    return np.concatenate([frame.to_ndarray().reshape(-1) for frame in frames]).astype(np.int16)


def plain(text: str) -> str:
    """Keep the words alone."""
    return " ".join(re.sub(r"[^a-z0-9' ]", " ", text.lower()).split())


def conversation() -> tuple[Pcm, str]:
    """Mix the demonstration's tracks, and give its script for comparison."""
    script = json.loads((CONVERSATION / "script.json").read_text(encoding="utf-8"))
    tracks = [read(path) for path in sorted(CONVERSATION.glob("*.opus"))]
    mix = np.zeros(max(len(track) for track in tracks), np.int32)
    for track in tracks:
        mix[: len(track)] += track
    text = " ".join(turn["text"] for turn in script["turns"])
    return np.clip(mix, -32768, 32767).astype(np.int16), text


def measure(name: str, load: Callable[[], Engine], pcm: Pcm, text: str) -> None:
    """Print one line for an engine."""
    began = time.perf_counter()
    engine = load()
    loaded_s = time.perf_counter() - began
    spoken = utterances(pcm)
    began = time.process_time()
    heard = plain(" ".join(hear(engine, spoken)))
    spent_s = time.process_time() - began
    length_s = sum(len(u.pcm) for u in spoken) / 16_000
    rate = jiwer.wer(plain(text), heard or "-")
    print(
        f"{name:28} WER {rate:.3f}  RTF {spent_s / length_s:.2f}  "
        f"loaded in {loaded_s:.1f} s  {length_s:.0f} s of speech"
    )


def main() -> int:
    """Run the measurement."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("audio", nargs="?", type=Path)
    parser.add_argument("text", nargs="?", type=Path)
    parser.add_argument("--model", default="base.en")
    options = parser.parse_args()
    if options.audio and options.text:
        pcm, text = read(options.audio), options.text.read_text(encoding="utf-8")
    else:
        pcm, text = conversation()
    measure("pocketsphinx", SphinxEngine, pcm, text)
    folder = weights.find(options.model)
    if folder is None:
        print(f"faster-whisper {options.model}: no weights on this machine")
    else:
        measure(f"faster-whisper {folder.name}", lambda: WhisperEngine(str(folder)), pcm, text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
