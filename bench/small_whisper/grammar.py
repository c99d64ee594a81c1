"""The small language that the model knows: sentences about rooms, people and captions.

No two of its words sound alike, so that what was said can be told from the sound (a test holds it).
"""

import random
import re
import zlib
from functools import cache

NAMES = ("Alice", "David", "Maria", "Peter", "Sarah", "Thomas")
ONES = ("one", "three", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
DIGITS = ("one", "three", "five", "six", "seven", "eight", "nine")
TENS = ("twenty", "thirty", "forty", "fifty")
COLOURS = ("red", "blue", "green", "yellow", "white", "black")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
THINGS = ("door", "window", "screen", "light", "camera", "microphone", "speaker")
MEDIA = ("captions", "music", "video", "transcript", "recording", "chat")
PEOPLE = ("host", "guest", "teacher", "student", "doctor", "driver")
HANDLE = ("open", "close", "move", "check")
USE = ("start", "stop", "save", "share", "show", "hide")
STATES = ("quiet", "loud", "small", "large", "empty", "full", "ready", "late")
PLACES = ("room", "hall", "garden", "office", "kitchen", "station")
TOPICS = ("question", "answer", "story", "letter", "number", "name")

_PATTERNS = (
    "please {handle} the {colour} {thing}.",
    "please {use} the {media} {when}.",
    "the {person} will {use} the {media} {when}.",
    "{who} can see the {thing} in room {number}.",
    "can you see the {person} in the {place}?",
    "there are {number} people in the {state} {place}.",
    "the next {topic} is from {name}.",
    "welcome to {where}.",
    "thank you for the {topic}.",
    "good morning {greeted}.",
    "the meeting will {meet} {when}.",
    "{who} will join the meeting {when}.",
    "{what} is {how}{state} {when}.",
    "is {what} {state}?",
    "my {topic} is about {what}.",
    "{name} and {name} are in the {place}.",
    "who has the {colour} {thing}?",
    "where is {what}?",
    "do not {handle} the {thing} {when}.",
    "the number is {number} {number} {number}.",
    "we have {number} minutes for the {topic}.",
    "{who} will send the {topic} {when}.",
    "yes, {what} is here.",
    "no, that is not the {topic}.",
)
_CHOICES: dict[str, tuple[str, ...]] = {
    "handle": HANDLE,
    "use": USE,
    "colour": COLOURS,
    "thing": THINGS,
    "media": MEDIA,
    "person": PEOPLE,
    "state": STATES,
    "place": PLACES,
    "topic": TOPICS,
    "name": NAMES,
    "day": DAYS,
    "ten": TENS,
    "digit": DIGITS,
    "number": (*["{one}"] * 13, *["{ten}"] * 3, *["{ten} {digit}"] * 4),
    "one": ONES,
    "what": (
        "the {person}",
        "{name}",
        "the {colour} {thing}",
        "the {state} {place}",
        "the {thing}",
        "room {number}",
    ),
    "who": ("the {person}", "{name}", "I", "we", "they", "everyone"),
    "where": ("the {place}", "room {number}"),
    "greeted": ("everyone", "{name}", "and welcome"),
    "meet": ("start", "stop", "open", "close"),
    "how": ("very ", "not ", ""),
    "when": (
        "today",
        "tomorrow",
        "now",
        "again",
        "on {day}",
        "in {number} minutes",
        "at {number}",
        "this morning",
        "this evening",
        "after the meeting",
        "before lunch",
    ),
}


def sentence(chance: random.Random) -> str:
    """Make a sentence, with its capital and its full stop or question mark."""
    return _capital(_filled(chance.choice(_PATTERNS), chance))


def salad(chance: random.Random) -> str:
    """Put two to eight words together without sense, so that the model listens to each."""
    said = " ".join(chance.choice(words()) for _ in range(chance.randint(2, 8)))
    return _capital(said) + ("." if chance.random() < 0.8 else "?")


def said(chance: random.Random, *, salads: float) -> str:
    """Make a sentence or, with the probability ``salads``, a salad."""
    return salad(chance) if chance.random() < salads else sentence(chance)


def held_out(text: str) -> bool:
    """Whether a text belongs to the eighth of all texts that training never uses."""
    return zlib.crc32(text.lower().encode()) % 8 == 0


def is_sentence(text: str) -> bool:
    """Whether a text is one that `sentence` may make."""
    return any(re.fullmatch(pattern, text, re.IGNORECASE) for pattern in _expressions())


@cache
def words() -> tuple[str, ...]:
    """All words, sorted, as they are written in the middle of a sentence."""
    parts = (*_PATTERNS, *(text for texts in _CHOICES.values() for text in texts))
    bare = {word.strip(".,?") for part in parts for word in part.split()}
    return tuple(sorted(word for word in bare if "{" not in word))


def _filled(pattern: str, chance: random.Random) -> str:
    while "{" in pattern:
        before, _, rest = pattern.partition("{")
        name, _, after = rest.partition("}")
        pattern = before + chance.choice(_CHOICES[name]) + after
    return pattern


@cache
def _expressions() -> tuple[str, ...]:
    return tuple(_expression(pattern) for pattern in _PATTERNS)


def _expression(pattern: str) -> str:
    """Write as a regular expression what a pattern stands for."""
    parts = re.split(r"\{(\w+)\}", pattern)
    fixed = [re.escape(part) for part in parts[::2]]
    choices = ["|".join(map(_expression, dict.fromkeys(_CHOICES[name]))) for name in parts[1::2]]
    return (
        "".join(f"{text}({either})" for text, either in zip(fixed, choices, strict=False))
        + (fixed[-1])
    )


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
