"""Captions that nobody misheard, of words as frequent as in pocketsphinx's language model."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np
from pocketsphinx import Decoder, NGramModel, get_model_path

T = TypeVar("T")

WORDS = 10
_DICTIONARY, _MODEL = "en-us/cmudict-en-us.dict", "en-us/en-us.lm.bin"
_PLAIN = re.compile("[a-z]+")


def dictionary() -> list[str]:
    """Give the words that pocketsphinx can hear."""
    lines = Path(get_model_path(_DICTIONARY)).read_text(encoding="utf-8").splitlines()
    return [word for line in lines if _PLAIN.fullmatch(word := line.split()[0])]


def haystack(count: int) -> list[str]:
    """Make captions of ten words each, the same ones every time."""
    decoder = Decoder(lm=None, loglevel="FATAL")
    model = NGramModel(decoder.config, decoder.logmath, get_model_path(_MODEL))
    words = dictionary()
    likely = np.array([decoder.logmath.exp(model.prob([word])) for word in words])
    numbers = np.random.default_rng(5).choice(
        len(words), size=(count, WORDS), p=likely / likely.sum()
    )
    return [" ".join(words[number] for number in row) for row in numbers]


def mixed(first: Sequence[T], others: Sequence[T]) -> tuple[list[T], list[int]]:
    """Put captions among others, and tell the new numbers: many ways favour what comes first."""
    numbers = np.random.default_rng(9).permutation(len(first) + len(others)).tolist()
    places = sorted(range(len(numbers)), key=numbers.__getitem__)
    together = [*first, *others]
    return [together[place] for place in places], numbers
