"""Held-out speech for the tests: small files, what is said in each, and when each word is said."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from bench.small_whisper import grammar
from bench.small_whisper.speech import RATE_HZ, Utterance

_CLIPS = 24
_LEAST_WORDS = 4
# The model's first edition did not know these; the clips compare editions.
_LATER_WORDS = frozenset({"see", "send"})
_BITS_PER_S = 24_000


def write_clips(folder: Path, utterances: Sequence[Utterance]) -> None:
    """Write sentences, by turns near and through a room and a codec; replaces what was there."""
    folder.mkdir(exist_ok=True)
    fit = {each.text: each for each in reversed(utterances) if _fit(each)}
    entries = []
    for number, utterance in enumerate([*reversed(fit.values())][:_CLIPS]):
        name = f"{number:02}-{'far' if number % 2 else 'near'}.opus"
        pcm = utterance.far_pcm if number % 2 else utterance.near_pcm
        assert pcm is not None
        _write(folder / name, pcm)
        entries.append({"file": name, "text": utterance.text, "words": _times(utterance)})
    text = json.dumps(entries, indent=1) + "\n"
    (folder / "texts.json").write_text(text, encoding="utf-8")


def _fit(utterance: Utterance) -> bool:
    """Leave out texts without sense and shouts of two words."""
    known = _LATER_WORDS.isdisjoint(utterance.text.split())
    return known and len(utterance.words) >= _LEAST_WORDS and grammar.is_sentence(utterance.text)


def _times(utterance: Utterance) -> list[Any]:
    return [[round(w.start_s, 2), round(w.end_s, 2)] for w in utterance.words]


def _write(path: Path, pcm: NDArray[np.int16]) -> None:
    with av.open(str(path), "w", format="ogg") as media:
        stream = media.add_stream("libopus", rate=RATE_HZ, options={"application": "voip"})
        stream.layout, stream.bit_rate = "mono", _BITS_PER_S
        frame = av.AudioFrame.from_ndarray(pcm.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = RATE_HZ
        media.mux([*stream.encode(frame), *stream.encode(None)])
