"""How many words were wrong: the word error rate against a reference."""

import re

import jiwer


def words(text: str) -> str:
    """Leave only what is spoken: lower case, no punctuation."""
    return " ".join(re.sub(r"[^a-z0-9' ]", " ", text.lower()).split())


def word_error_rate(reference: str, heard: str) -> float:
    """Give substitutions, deletions and insertions per word of ``reference``.

    Raises `ValueError` for a reference without words.
    """
    spoken = words(reference)
    if not spoken:
        raise ValueError("the reference has no words")
    return float(jiwer.wer(spoken, words(heard)))
