"""What a language model invents: loops."""

from collections.abc import Sequence

from asr.agreement import key
from models.transcript import Word

REPEATS = 3
LOOP_WORDS = 12


def without_loop(words: Sequence[Word]) -> tuple[Word, ...]:
    """Cut a phrase that runs on and on down to its first occurrence, and drop what follows it.

    A loop is a phrase said at least three times in a row, twelve words in all; people do not do
    that, decoders without enough to go on do.
    """
    keys = [key(w.text) for w in words]
    for start in range(len(keys)):
        for length in range(1, (len(keys) - start) // REPEATS + 1):
            repeats = _repeats(keys, start, length)
            if repeats >= REPEATS and repeats * length >= LOOP_WORDS:
                return tuple(words[: start + length])
    return tuple(words)


def _repeats(keys: list[str], start: int, length: int) -> int:
    phrase, count, at = keys[start : start + length], 0, start
    while keys[at : at + length] == phrase:
        count += 1
        at += length
    return count
