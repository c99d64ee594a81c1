"""A room's own words, made fit to be a hint: pure."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

MOST_TERMS = 100
MOST_CHARS = 600

_CONTROL_TOKENS = re.compile(r"<\|.*?\|>|[<>|]")


def fit(terms: Iterable[str]) -> tuple[str, ...]:
    """Clean terms that people typed, drop repetitions, and keep what a prompt has room for.

    A title may hold anything: what a tokenizer would read as one of its control tokens is taken
    out, and so are control characters and line ends.
    """
    kept: list[str] = []
    seen: set[str] = set()
    room = MOST_CHARS
    for term in terms:
        text = _clean(term)
        if not text or text.casefold() in seen or len(text) > room:
            continue
        if len(kept) == MOST_TERMS:
            break
        kept.append(text)
        seen.add(text.casefold())
        room -= len(text) + 2
    return tuple(kept)


def hotwords(terms: Sequence[str]) -> str:
    """Write terms as one hint; empty when there are none."""
    return ", ".join(terms)


def _clean(term: str) -> str:
    bare = _CONTROL_TOKENS.sub(" ", unicodedata.normalize("NFC", term))
    return " ".join("".join(c if c.isprintable() else " " for c in bare).split())
