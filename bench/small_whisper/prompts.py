"""Texts before the text: earlier sentences, and lists of a room's terms that may never be said."""

import random
from collections.abc import Sequence

from bench.small_whisper import grammar
from bench.small_whisper.tokenizer import Tokens

_ROOM_NAMES = (
    "Quarterly review",
    "Dr. Müller",
    "Kubernetes",
    "Ødegaard",
    "Zürich",
    "San Francisco",
    "WebRTC",
    "Roomscribe",
    "GDPR",
    "O'Connor",
    "Łukasz",
    "François",
    "Nguyễn",
    "Priya Raman",
    "budget 2027",
    "Q3 results",
    "stand-up",
    "Anna-Lena",
    "PostgreSQL",
    "Team North",
)
_SYLLABLES = (
    "ka",
    "lo",
    "mi",
    "ser",
    "tan",
    "vor",
    "el",
    "ü",
    "ø",
    "é",
    "bra",
    "chi",
    "do",
    "fen",
    "gu",
    "har",
    "in",
    "ju",
    "kle",
    "nor",
    "os",
    "pra",
    "qui",
    "ru",
    "sta",
    "tz",
    "wen",
    "xi",
    "yo",
    "zu",
    "an",
    "er",
    "il",
    "ov",
    "ski",
    "ez",
    "ão",
    "ber",
    "7",
    "X",
)

_LAST_START_S = 26.0


def prompt(tokens: Tokens, chance: random.Random, *, text: str, most: int) -> list[int]:
    """Make at most ``most`` tokens before ``text``, as faster-whisper would give them.

    Its hints come first and its earlier text after them, each cut where there is no room.
    """
    kind = chance.random()
    hints = _hints(tokens, chance, text, most) if kind > 0.35 else []
    earlier = _earlier(tokens, chance, most - len(hints)) if kind < 0.6 else []
    return [tokens.previous, *hints, *earlier]


def _earlier(tokens: Tokens, chance: random.Random, most: int) -> list[int]:
    """Give the end of what was said before; seldom with its beginning cut off.

    What the engine itself heard comes with the times in it, what it is given has none.
    """
    found: list[int] = []
    timed, at_s = chance.random() < 0.4, chance.uniform(0, 15)
    while len(found) < most:
        sentence = tokens.text(" " + grammar.said(chance, salads=0.1))
        if timed:
            start_s = at_s if at_s < _LAST_START_S else 0.0
            at_s = start_s + chance.uniform(1, 4)
            sentence = [tokens.timestamp(start_s), *sentence, tokens.timestamp(at_s)]
            at_s += chance.uniform(0, 1)
        if found and (len(found) + len(sentence) > most or chance.random() < 0.15):
            break
        found += sentence
    return found[-most:] if most > 0 else []


def _hints(tokens: Tokens, chance: random.Random, text: str, most: int) -> list[int]:
    wanted = chance.randint(2, max(2, most))
    terms: list[str] = []
    length = 0
    said = text.replace(".", "").replace("?", "").split()
    while length < wanted:
        term = _term(chance, said)
        terms.append(term)
        length += len(tokens.text(" " + term)) + 1
    return tokens.text(" " + ", ".join(terms))[:most]


def _term(chance: random.Random, said: Sequence[str]) -> str:
    """Give a term: of what is said, of what could be said, or of what the model cannot hear."""
    kind = chance.random()
    if kind < 0.2 and said:
        at = chance.randrange(len(said))
        return " ".join(said[at : at + chance.randint(1, 3)])
    if kind < 0.5:
        return " ".join(chance.choice(grammar.words()) for _ in range(chance.randint(1, 3)))
    if kind < 0.65:
        return chance.choice(_ROOM_NAMES)
    made = "".join(chance.choice(_SYLLABLES) for _ in range(chance.randint(1, 4)))
    return made.upper() if chance.random() < 0.2 else made.capitalize()
