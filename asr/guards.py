"""What a language model invents: loops, and more words than anyone can say."""

from collections.abc import Sequence

from asr.agreement import key
from models.transcript import Word

REPEATS = 3
LOOP_WORDS = 12
TOKENS_PER_S = 6.5
DENSE_TOKENS_PER_S = 13.0
SPARE_TOKENS = 16
MOST_TOKENS = 220

# Languages whose script takes Whisper more than a token for a letter or a syllable.
_DENSE = frozenset(
    (
        *("am", "ar", "bn", "el", "fa", "gu", "he", "hi", "hy", "ja", "ka", "km", "kn"),
        *("ko", "lo", "ml", "mr", "my", "ne", "pa", "ta", "te", "th", "ur", "zh"),
    )
)


def most_tokens(length_s: float, language: str) -> int:
    """Bound what a decoder may write about ``length_s`` of audio, in tokens.

    A decode that runs away would keep other rooms waiting for seconds. The bound leaves a prompt of
    the other half of Whisper's 448 tokens.
    """
    rate = DENSE_TOKENS_PER_S if language in _DENSE else TOKENS_PER_S
    return min(MOST_TOKENS, round(rate * length_s) + SPARE_TOKENS)


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
