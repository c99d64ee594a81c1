"""What a language model invents: loops, more words than anyone can say, words where nobody speaks.

Pure. What is vetoed here reaches neither agreement nor any prompt. The thresholds are the usual
ones of Whisper, and beyond them such that the words of clear speech, and of speech as loud as the
noise around it, stay far from a veto: a ghost does less harm than a word that is kept back.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from asr.agreement import key
from models.transcript import Word

REPEATS = 3
LOOP_WORDS = 12
TOKENS_PER_S = 6.5
DENSE_TOKENS_PER_S = 13.0
SPARE_TOKENS = 16
MOST_TOKENS = 220

_REPETITIVE = 2.4
_WILD = -1.5
_NO_SPEECH, _UNSURE = 0.6, -1.0
_SURELY_NO_SPEECH, _RATHER_UNSURE = 0.9, -0.5
_DOUBTED, _DOUBTED_UNSURE = 0.6, -0.9
_GUESSED = 0.4

# Languages whose script takes Whisper more than a token for a letter or a syllable.
_DENSE = frozenset(
    (
        *("am", "ar", "bn", "el", "fa", "gu", "he", "hi", "hy", "ja", "ka", "km", "kn"),
        *("ko", "lo", "ml", "mr", "my", "ne", "pa", "ta", "te", "th", "ur", "zh"),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a decoder says about the words of one segment.

    ``no_speech`` is the probability that nobody speaks in the window, ``logprob`` the mean log
    probability of the window's tokens (times too), ``compression`` how many times shorter the text
    becomes when it is compressed, ``confidence`` the mean probability of the segment's words.
    """

    no_speech: float
    logprob: float
    compression: float
    confidence: float


def is_heard(evidence: Evidence) -> bool:
    """Tell words that somebody said from a repetition, a wild guess and what noise sounds like."""
    if not math.isfinite(evidence.logprob) or evidence.logprob <= _WILD:
        return False
    vetoes = (
        evidence.compression > _REPETITIVE,
        evidence.no_speech > _NO_SPEECH and evidence.logprob < _UNSURE,
        evidence.no_speech > _SURELY_NO_SPEECH and evidence.logprob < _RATHER_UNSURE,
        evidence.confidence < _DOUBTED and evidence.logprob < _DOUBTED_UNSURE,
        evidence.confidence < _GUESSED,
    )
    return not any(vetoes)


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
    that (a piece without a space before it is half a word), decoders without enough to go on do.
    """
    keys = [key(w.text) for w in words]
    for start in range(len(keys)):
        for length in range(1, (len(keys) - start) // REPEATS + 1):
            repeats = _repeats(keys, start, length)
            said = sum(0.5 if word.glued else 1.0 for word in words[start : start + length])
            if repeats >= REPEATS and repeats * said >= LOOP_WORDS:
                return tuple(words[: start + length])
    return tuple(words)


def _repeats(keys: list[str], start: int, length: int) -> int:
    phrase, count, at = keys[start : start + length], 0, start
    while keys[at : at + length] == phrase:
        count += 1
        at += length
    return count
